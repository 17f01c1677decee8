"""The planning problem of a course as a file: for support, bug reports and tests."""

import datetime as dt
import json

from clinic import clock
from clinic.refusals import Refusal
from planner.engine.dump import problem_json
from planner.engine.model import Problem
from planner.engine.reflow import replanning
from planner.models import TreatmentCourse
from planner.replanning import first_day_of, gate_of, read_replanning, timeline_of


def problem_of(course: TreatmentCourse, at: dt.datetime) -> Problem | None:
    """What the planner would be asked to re-flow this course now; None when no visit is ahead."""
    timeline = timeline_of(course, at)
    items = timeline.items(timeline.missing)
    if not items:
        return None
    previous = timeline.behind[-1] if timeline.behind else None
    reading = read_replanning(course, items, previous, earliest_on=_earliest(course, at), at=at)
    return replanning(reading.problem)


def problem_text(problem: Problem) -> str:
    """The problem as JSON, series-plan/1. It holds times and numbers, no names."""
    return json.dumps(problem_json(problem), indent=1)


def _earliest(course: TreatmentCourse, at: dt.datetime) -> dt.date:
    """The first day for new dates; today where the screening allows none."""
    try:
        return first_day_of(course, gate_of(course, at), at)
    except Refusal:
        return clock.local_date(at, course.location.time_zone)
