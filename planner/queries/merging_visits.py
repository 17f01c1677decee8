"""How the visits of two files go together: what stands against one file, and what was held too close."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clinic.words import day_date
from patients.models import Patient, PatientMerge
from planner.models import Appointment, AppointmentArea, CourseReview, TreatmentSession
from planner.models.diary import LIVE

AREAS = AppointmentArea._meta.db_table  # the key under which a merge names what it joined


@dataclass(frozen=True)
class Obstacle:
    """What stands against one file, and the visit that has to be seen to first."""

    words: str
    visit: Appointment
    is_record: bool = False

    @property
    def may_move(self) -> bool:
        """Whether moving the visit is the way out."""
        return not self.is_record and self.visit.status == "booked" and self.visit.course_id is not None


@dataclass(frozen=True)
class Close:
    """Two held visits of one area that lie closer together than the gap of the first."""

    one: Appointment
    other: Appointment
    rows: tuple[AppointmentArea, ...]

    @property
    def words(self) -> str:
        """What was done, and from when on the area may be treated again."""
        areas = ", ".join(sorted({row.area.name.lower() for row in self.rows}))
        apart = (self.other.on - self.one.on).days
        return (
            f"{_days(self.one, self.other)} both treated {areas}, {apart} days apart instead of "
            f"{self.one.gap_days}. Both were held and stay on file. The next treatment of this area is on "
            f"{day_date(max(self.one.next_earliest_on, self.other.next_earliest_on))} or later."
        )


def obstacles_of(kept: Patient, merged: Patient) -> list[Obstacle]:
    """What stands against one file: records under way, visits at one time, a visit ahead too close."""
    return [*_open_records(kept, merged), *_clashes(kept, merged)]


def close_of(kept: Patient, merged: Patient) -> list[Close]:
    """Held visits of the two files that are too close together: facts that a merge shows and keeps."""
    return [found for pair in _pairs(kept, merged, ["fulfilled"]) if (found := _close(*pair))]


def joined_by(merge: PatientMerge) -> list[Close]:
    """The same of a merge that was made."""
    visits = _visits(Appointment.objects.filter(areas__in=merge.moved.get(AREAS, ())).distinct())
    return [found for pair in itertools.combinations(visits, 2) if (found := _close(*pair))]


def _open_records(*patients: Patient) -> list[Obstacle]:
    rows = [
        row
        for table in (TreatmentSession, CourseReview)
        for row in table.objects.filter(patient__in=patients, signed_at=None)
        .select_related("appointment__location", "patient")
        .order_by("pk")
    ]
    return [
        Obstacle(
            f"The record of {day_date(one.appointment.on)} ({one.patient.record_number}) is not signed. "
            "Sign or close it first.",
            one.appointment,
            is_record=True,
        )
        for one in rows
    ]


def _clashes(kept: Patient, merged: Patient) -> list[Obstacle]:
    return [found for pair in _pairs(kept, merged, LIVE) if (found := _clash(*pair))]


def _pairs(
    kept: Patient, merged: Patient, statuses: Sequence[str]
) -> Iterable[tuple[Appointment, Appointment]]:
    """Every visit of one file with every visit of the other, the earlier one first."""
    rows = _visits(Appointment.objects.filter(patient__in=[kept, merged], status__in=statuses))
    own, others = ([one for one in rows if one.patient_id == pk] for pk in (kept.pk, merged.pk))
    return (sorted(pair, key=lambda one: one.start) for pair in itertools.product(own, others))


def _visits(rows) -> list[Appointment]:
    related = rows.select_related("patient", "location").prefetch_related("areas__area")
    return list(related.order_by("start", "pk"))


def _clash(one: Appointment, other: Appointment) -> Obstacle | None:
    if one.start < other.end and other.start < one.end:
        if one.status == other.status == "fulfilled":
            words = f"{_days(one, other)} were held at the same time. Nobody is in two places at once."
        else:
            words = f"{_days(one, other)} are at the same time. Move or cancel one of them first."
        return Obstacle(words, _first_to_move(one, other))
    if one.status == other.status == "fulfilled" or not (rows := _shared(one, other)):
        return None
    areas = ", ".join(sorted({row.area.name.lower() for row in rows}))
    return Obstacle(
        f"{_days(one, other)} treat one area ({areas}) too close together. {_way_out(one, other)}",
        _first_to_move(one, other),
    )


def _way_out(one: Appointment, other: Appointment) -> str:
    """Which visit has to go first, and from when on it fits."""
    visit = _first_to_move(one, other)
    whose = f"that of {day_date(visit.on)} ({visit.patient.record_number})"
    if visit.status == "arrived":
        return f"First finish {whose}, who is here, or take the check-in back."
    if visit is other:
        return f"First move {whose} to {day_date(one.next_earliest_on)} or later, or cancel it."
    return f"First move or cancel {whose}."


def _first_to_move(one: Appointment, other: Appointment) -> Appointment:
    """The later of those that are not over."""
    return one if other.status == "fulfilled" else other


def _close(one: Appointment, other: Appointment) -> Close | None:
    rows = _shared(one, other)
    return Close(one, other, tuple(rows)) if rows else None


def _shared(one: Appointment, other: Appointment) -> list[AppointmentArea]:
    """The rows of the areas that both treat too close together; `one` is the earlier."""
    if one.next_earliest_on is None or other.next_earliest_on is None or other.on >= one.next_earliest_on:
        return []
    both = {row.area_id for row in one.areas.all()} & {row.area_id for row in other.areas.all()}
    return [row for visit in (one, other) for row in visit.areas.all() if row.area_id in both]


def _days(one: Appointment, other: Appointment) -> str:
    days = " and ".join(f"{day_date(row.on)} ({row.patient.record_number})" for row in (one, other))
    return f"The visits of {days}"
