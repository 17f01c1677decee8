"""Somebody is here without an appointment: who is free now, and what this patient could have today."""

import datetime as dt
from dataclasses import dataclass

from clinic import clock
from clinic.models import Location, User
from clinic.refusals import Refusal
from clinic.words import day_date, gap_words
from patients.models import Patient
from planner.models import Appointment, TreatmentCourse
from planner.nearest import Option, free_near
from planner.queries.gaps import OpenGap, free_stretches
from planner.replanning import Item, Timeline, first_day_of, gap_between, gate_of, timeline_of
from planner.site import read_site


@dataclass(frozen=True)
class FreeTime:
    """A stretch of today in which a person and a room are free; `is_now`: it has begun, or does at once."""

    gap: OpenGap
    is_now: bool


@dataclass(frozen=True)
class EarlyVisit:
    """The next visit of a running course, and where it could be today; without places, why not."""

    visit: Appointment
    options: tuple[Option, ...] = ()
    why: str = ""


LEAST = 30  # minutes


def free_today(location: Location, at: dt.datetime) -> list[FreeTime]:
    """Who is free from now on for half an hour or more, until when and in which room; two queries."""
    day = clock.local_date(at, location.time_zone)
    site, _ = read_site(location, None, first_date=day)
    soon = at + dt.timedelta(minutes=location.grid_minutes)
    return [FreeTime(gap, gap.start <= soon) for gap in free_stretches(location, site, day, at, LEAST)]


def visits_today(patient: Patient, location: Location, at: dt.datetime) -> list[Appointment]:
    """What the patient has here today that is not over: then it is no walk-in."""
    rows = Appointment.objects.filter(
        patient=patient,
        location=location,
        on=clock.local_date(at, location.time_zone),
        status__in=("booked", "arrived"),
    )
    return list(rows.select_related("practitioner", "room", "course__indication").order_by("start"))


def early_visits(patient: Patient, location: Location, at: dt.datetime, by: User) -> list[EarlyVisit]:
    """For each running course of the patient here, its next visit and today's places; `by` reads why not."""
    courses = TreatmentCourse.objects.filter(patient=patient, location=location, status="active")
    found = []
    for course in courses.select_related("location", "patient", "indication", "protocol"):
        timeline = timeline_of(course, at)
        if timeline.ahead:
            found.append(_early(course, timeline, at, by))
    return found


def _early(course: TreatmentCourse, timeline: Timeline, at: dt.datetime, by: User) -> EarlyVisit:
    visit = timeline.ahead[0]
    today = clock.local_date(at, course.location.time_zone)
    try:
        allowed = first_day_of(course, gate_of(course, at, by=by), at)
    except Refusal as refusal:
        return EarlyVisit(visit, why=str(refusal))
    first = max(allowed, _after_the_gap(course, timeline, visit))
    if first > today:
        return EarlyVisit(visit, why=_too_early(timeline, visit, first, course))
    options = free_near(course, visit, at, earliest_on=today, at=at, anywhere=True, until=today)
    minutes = course.numbing_minutes + course.treatment_minutes
    return EarlyVisit(visit, options, "" if options else f"No {minutes} minutes are free today for it.")


def _after_the_gap(course: TreatmentCourse, timeline: Timeline, visit: Appointment) -> dt.date:
    before = timeline.before(visit)
    if before is None:
        return dt.date.min
    shortest = gap_between(course, Item(before.number, before), Item(visit.number, visit)).min_days
    return before.on + dt.timedelta(days=shortest)


def _too_early(timeline: Timeline, visit: Appointment, first: dt.date, course: TreatmentCourse) -> str:
    before = timeline.before(visit)
    words = f"Visit {visit.number} may be from {day_date(first)} on"
    if before is not None and first == _after_the_gap(course, timeline, visit):
        return f"{words}, {gap_words((first - before.on).days)} after visit {before.number}."
    return f"{words}: the screening or a reaction asks to wait."
