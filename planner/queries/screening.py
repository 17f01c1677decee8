"""Who is held up by the screen at a location."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from clinic.models import Location, User
from patients.gates import Safety, safety_of
from patients.models import Patient
from patients.queries import held_up_patients, who_decides
from patients.results import seen_by
from planner.models import Appointment
from planner.models.diary import AppointmentStatus

AHEAD_DAYS = 14  # visits further ahead are screened later: a screen is good for 30 days at most
MOST = 50  # rows of one section


@dataclass(frozen=True)
class Row:
    """One patient with what holds them up; `visit` is their next one."""

    patient: Patient
    safety: Safety
    visit: Appointment | None


@dataclass(frozen=True)
class Section:
    """One heading with its rows."""

    key: str
    title: str
    note: str
    rows: tuple[Row, ...]


def held_up(location: Location, today: dt.date, user: User) -> list[Section]:
    """Three lists, each patient in one of them only, judged on the local day `today`."""
    deciding, held = held_up_patients(location, MOST)
    visits = _next_visits(location, today)
    people = {one.pk: one for one in (*deciding, *held, *(visit.patient for visit in visits.values()))}
    safety = {pk: seen_by(one, user) for pk, one in safety_of(people, today).items()}
    first = [one.pk for one in deciding]
    second = [one.pk for one in held if one.pk not in first and safety[one.pk].state in _HELD]
    third = [pk for pk in visits if pk not in (*first, *second) and safety[pk].state == "missing"]
    return [
        Section(
            key,
            title,
            note or who_decides(location),
            tuple(Row(people[pk], safety[pk], visits.get(pk)) for pk in keys),
        )
        for (key, title, note), keys in zip(_SECTIONS, (first, second, third), strict=True)
    ]


_HELD = ("deferred", "unsuitable")
_SECTIONS = (
    ("decision", "Needs decision", ""),
    ("deferred", "Deferred or not suitable", "With what would change it"),
    ("missing", "Not screened for a visit soon", f"Visits of the next {AHEAD_DAYS} days"),
)


def _next_visits(location: Location, today: dt.date) -> dict[int, Appointment]:
    """The next booked visit of each patient within the days ahead."""
    visits: Sequence[Appointment] = (
        Appointment.objects.filter(
            location=location,
            status=AppointmentStatus.BOOKED,
            on__gte=today,
            on__lte=today + dt.timedelta(days=AHEAD_DAYS),
        )
        .select_related("patient", "practitioner")
        .order_by("start")
    )
    return {visit.patient_id: visit for visit in reversed(list(visits))}
