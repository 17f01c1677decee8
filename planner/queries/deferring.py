"""What a deferral would do to a patient's courses: where the next visit could be, and what moves with it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from clinic import clock
from clinic.models import Location
from clinic.refusals import Refusal
from planner.models import Appointment, TreatmentCourse
from planner.previews import Kind, Line, Wanted, preview_of

DAYS = (7, 14)  # how long a deferral is tried: the two rows of the page


@dataclass(frozen=True)
class Deferral:
    """One row: deferred until a day, the visit is then, so long after the one before, others move."""

    until: dt.date
    start: dt.datetime | None = None
    gap_days: int | None = None
    late_days: int = 0
    moved: int = 0
    shift_days: int = 0
    none: str = ""


@dataclass(frozen=True)
class Deferring:
    """The rows of one course; `visit` is the next one, `before_on` the day of the one before it."""

    course: TreatmentCourse
    visit: Appointment
    before_on: dt.date | None
    rows: tuple[Deferral, ...]


def if_deferred(patient_id: int, location: Location, at: dt.datetime) -> list[Deferring]:
    """Try each deferral on the running courses of a patient at a location; nothing is written."""
    today = clock.local_date(at, location.time_zone)
    courses = TreatmentCourse.objects.filter(
        patient=patient_id, location=location, status=TreatmentCourse.Status.ACTIVE
    )
    found = []
    for course in courses.select_related("patient", "location", "indication", "protocol").order_by("pk"):
        rows = course.appointments.select_related("location", "session").order_by("start")
        visit = rows.filter(status__in=("booked", "arrived"), on__gte=today, session=None).first()
        if visit is None:
            continue
        visit.course = course
        before = rows.filter(status="fulfilled", start__lt=visit.start).last()
        tried = tuple(_tried(course, visit, today + dt.timedelta(days=days), at) for days in DAYS)
        found.append(Deferring(course, visit, before and before.on, tried))
    return found


def _tried(course: TreatmentCourse, visit: Appointment, until: dt.date, at: dt.datetime) -> Deferral:
    wanted = Wanted(Kind.REPLANNED, not_before=until)
    if visit.status == "arrived" or visit.start <= at:  # it has come: another date for it
        wanted = Wanted(Kind.CANCELLED, row=visit, new_date=True, not_before=until)
    try:
        lines = preview_of(course, wanted, earliest_on=until, at=at).lines
    except Refusal as refusal:
        return Deferral(until, none=refusal.sentence)
    own = next(line for line in lines if line.number == visit.number)
    later = [line for line in lines if line.is_changed and line.number != visit.number]
    return Deferral(
        until,
        own.after and own.after.start,
        own.gap_after,
        own.late_days,
        len(later),
        _shift(later),
    )


def _shift(later: Sequence[Line]) -> int:
    return max((line.shift_days for line in later), default=0)
