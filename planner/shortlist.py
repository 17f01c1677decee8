"""The short-notice list of a location: who would come earlier, and what the planner needs of them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clinic.models import Location
from clinic.refusals import Refusal
from patients.judgement import PatientFile
from planner.models import Appointment, TreatmentCourse
from planner.running import OpenCourse, live_visits, open_courses
from planner.site import Site


@dataclass(frozen=True)
class Waiter:
    """A course on the list; `why` says why it is not offered anything now."""

    course: TreatmentCourse
    following: Appointment | None
    known: OpenCourse | None = None
    why: str = ""


def listed_courses(location: Location) -> list[TreatmentCourse]:
    """The courses of the list, the longest waiting first; one query."""
    rows = TreatmentCourse.objects.filter(location=location, status="active", earlier_since__isnull=False)
    return list(rows.select_related("patient", "indication", "location").order_by("earlier_since", "pk"))


def waiters_of(
    location: Location,
    site: Site,
    at: dt.datetime,
    courses: Sequence[TreatmentCourse] | None = None,
    files: Mapping[int, PatientFile] | None = None,
) -> list[Waiter]:
    """The same with what the planner needs of them; as many queries for thirty as for one.

    `courses` and the whole `files` of their patients, if they are read already.
    """
    courses = listed_courses(location) if courses is None else courses
    if not courses:
        return []
    live = live_visits(courses)
    found = open_courses(courses, site, at, live, files)
    return [_waiter(course, found[course.pk], _next(live[course.pk], at)) for course in courses]


def _waiter(course: TreatmentCourse, found: OpenCourse | Refusal, ahead: Appointment | None) -> Waiter:
    if isinstance(found, Refusal):
        return Waiter(course, ahead, why=str(found))
    return Waiter(course, ahead, found)


def _next(visits: Sequence[Appointment], at: dt.datetime) -> Appointment | None:
    """The next booked visit of a course."""
    return next((one for one in visits if one.status == "booked" and one.start > at), None)
