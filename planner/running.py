"""Running courses read together: what each asks the planner for, in as many queries for thirty as for one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import prefetch_related_objects

from clinic import clock
from clinic.refusals import Refusal
from patients.gates import ScreeningGate, booking_gate_of_file
from patients.judgement import PatientFile, read_files
from planner import diary
from planner.engine import model as engine
from planner.models import Appointment, TreatmentCourse
from planner.models.diary import LIVE
from planner.queries.events import rested_on, rests_of
from planner.replanning import Item, Timeline, refuse_new_dates, request_of
from planner.site import PatientDays, Site, days_of, read_patients


@dataclass(frozen=True)
class OpenCourse:
    """A course that may be planned: its visits ahead, and what it asks for."""

    course: TreatmentCourse
    timeline: Timeline
    items: tuple[Item, ...]
    previous: Appointment | None
    first_on: dt.date
    request: engine.Request


def open_courses(
    courses: Sequence[TreatmentCourse],
    site: Site,
    at: dt.datetime,
    live: Mapping[int, Sequence[Appointment]] | None = None,
    files: Mapping[int, PatientFile] | None = None,
) -> dict[int, OpenCourse | Refusal]:
    """What each running course of one location asks for among the people, rooms and devices of `site`.

    A Refusal stands where a course may have no new dates or nothing lies ahead. Plain reads, no locks.
    `live` are the visits of the courses and `files` those of their patients, if they are read already.
    """
    prefetch_related_objects(courses, "areas", "location", "patient")
    patients = {course.patient_id for course in courses}
    files, rests = read_files(patients) if files is None else files, rests_of(patients)
    known, live = read_patients(patients, at=at), live_visits(courses) if live is None else live
    found: dict[int, OpenCourse | Refusal] = {}
    for course in courses:
        areas = list(course.areas.all())
        today = clock.local_date(at, course.location.time_zone)
        gate = booking_gate_of_file(files[course.patient_id], areas=areas, on=today)
        keys = {area.pk for area in areas}
        first_on = _latest(today, gate.earliest_on, rested_on(rests, course.patient_id, keys))
        timeline = Timeline(tuple(live[course.pk]), (), at)
        items = timeline.items(())
        days = days_of(
            known[course.patient_id], areas=keys, without=[item.row.pk for item in items if item.row]
        )
        try:
            found[course.pk] = _opened(course, timeline, items, gate, first_on, site, days)
        except Refusal as refusal:
            found[course.pk] = refusal
    return found


def live_visits(courses: Sequence[TreatmentCourse]) -> dict[int, list[Appointment]]:
    """The live treatments of these courses, each by time; one query."""
    by_key = {course.pk: course for course in courses}
    rows = Appointment.objects.filter(course__in=by_key, status__in=LIVE, kind="treatment")
    found: dict[int, list[Appointment]] = defaultdict(list)
    for row in rows.select_related("practitioner", "room").order_by("start"):
        row.course = by_key[row.course_id]
        row.patient = row.course.patient
        found[row.course_id].append(row)
    return found


def _latest(*days: dt.date | None) -> dt.date:
    return max(day for day in days if day)


def _opened(
    course: TreatmentCourse,
    timeline: Timeline,
    items: tuple[Item, ...],
    gate: ScreeningGate,
    first_on: dt.date,
    site: Site,
    known: PatientDays,
) -> OpenCourse:
    if course.status != TreatmentCourse.Status.ACTIVE:
        raise Refusal("course_state", f"The course is {course.get_status_display().lower()}.")
    refuse_new_dates(gate)
    trained = [one for one in site.people if course.indication_id in one.indications]
    if not trained or not site.rooms:
        raise Refusal("nobody_treats_here", "Nobody who is trained for this is left.")
    if not items:
        raise Refusal("nothing_ahead", "No visit is booked ahead.")
    previous = timeline.behind[-1] if timeline.behind else None
    places = (trained, site.rooms, site.devices)
    request = request_of(course, items, previous, places, known, earliest_on=first_on)
    allowed = frozenset(diary.practitioner_id(one.pk) for one in trained)
    visits = tuple(_done_by(visit, allowed) for visit in request.visits)
    return OpenCourse(course, timeline, items, previous, first_on, replace(request, visits=visits))


def _done_by(visit: engine.Visit, allowed: frozenset[str]) -> engine.Visit:
    wished = visit.practitioners
    return replace(visit, practitioners=allowed if wished is None else wished & allowed)
