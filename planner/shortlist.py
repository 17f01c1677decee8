"""The short-notice list of a location: who would come earlier, and what the planner needs of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from clinic.models import Location
from clinic.refusals import Refusal
from planner.models import Appointment, TreatmentCourse
from planner.running import OpenCourse, open_courses
from planner.site import Site


@dataclass(frozen=True)
class Waiter:
    """A course on the list; `why` says why it is not offered anything now."""

    course: TreatmentCourse
    following: Appointment | None
    known: OpenCourse | None = None
    why: str = ""


def waiters_of(location: Location, site: Site, at: dt.datetime) -> list[Waiter]:
    """The courses of the list, the longest waiting first; as many queries for thirty as for one."""
    courses = list(
        TreatmentCourse.objects.filter(location=location, status="active", earlier_since__isnull=False)
        .select_related("patient", "indication", "location")
        .order_by("earlier_since", "pk")
    )
    if not courses:
        return []
    found, ahead = open_courses(courses, site, at), _ahead(courses, at)
    return [_waiter(course, found[course.pk], ahead.get(course.pk)) for course in courses]


def _waiter(course: TreatmentCourse, found: OpenCourse | Refusal, ahead: Appointment | None) -> Waiter:
    if isinstance(found, Refusal):
        return Waiter(course, ahead, why=str(found))
    return Waiter(course, ahead, found)


def _ahead(courses: Sequence[TreatmentCourse], at: dt.datetime) -> dict[int, Appointment]:
    """The next booked visit of each course."""
    rows = Appointment.objects.filter(course__in=courses, status="booked", start__gt=at)
    return {row.course_id: row for row in rows.order_by("course_id", "start").distinct("course_id")}
