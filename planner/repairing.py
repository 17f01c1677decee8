"""Courses that lost places together, because somebody is away or a day is closed: one repair for all."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from clinic import clock
from clinic.models import Location
from clinic.refusals import Refusal
from planner import diary
from planner.engine import model as engine
from planner.engine.departures import Reason, departures
from planner.engine.reflow import Reflow, VisitChange, reflow
from planner.engine.repair import RepairProblem, Series, claims_of, repair, unaffected_kept
from planner.engine.taken import with_claims
from planner.models import Appointment, TreatmentCourse
from planner.previews import Kind, Preview, Wanted, built
from planner.replanning import FURTHER_DAYS
from planner.running import OpenCourse, open_courses
from planner.site import Site, read_site

REASON = "The old time was lost"


@dataclass(frozen=True)
class CourseRepair:
    """What one course lost, and where its visits would go; without a preview, why not."""

    course: TreatmentCourse
    lost: tuple[Appointment, ...]
    preview: Preview | None = None
    why: str = ""


def repair_of(
    location: Location,
    lost: Sequence[Appointment],
    *,
    at: dt.datetime,
    seconds_left: Callable[[], float],
) -> list[CourseRepair]:
    """New places for visits that lost theirs, all courses together; what holds stays where it is.

    `seconds_left` bounds the search for the proven optimum; a good answer is there at once.
    """
    by_course: dict[TreatmentCourse, list[Appointment]] = {}
    for visit in lost:
        by_course.setdefault(visit.course, []).append(visit)
    site, _ = read_site(location, None, first_date=clock.local_date(at, location.time_zone))
    asked = open_courses(list(by_course), site, at)
    open_ones = [one for one in asked.values() if isinstance(one, OpenCourse)]
    refused = [
        CourseRepair(course, tuple(visits), why=str(asked[course.pk]))
        for course, visits in by_course.items()
        if isinstance(asked[course.pk], Refusal)
    ]
    found = _repaired(location, open_ones, site, at, seconds_left) if open_ones else {}
    solved = [_in_words(one, tuple(by_course[one.course]), found[one.course.pk]) for one in open_ones]
    return sorted([*solved, *refused], key=lambda one: (one.lost[0].start, one.course.pk))


def _repaired(
    location: Location, courses: Sequence[OpenCourse], site: Site, at: dt.datetime, seconds_left
) -> dict[int, Sequence[VisitChange] | None]:
    """The changes of every course, planned together; a course left out is tried alone around the others."""
    free = _free(location, courses, site, at)
    problem = RepairProblem(free, tuple(Series(str(one.course.pk), one.request) for one in courses))
    plans = repair(unaffected_kept(problem), seconds_left).plans
    taken = [claim for one in courses for claim in _claims(free, one, plans[str(one.course.pk)])]
    found: dict[int, Sequence[VisitChange] | None] = {}
    for one in courses:
        plan, alone = plans[str(one.course.pk)], engine.Problem(free, one.request)
        if plan is not None:
            found[one.course.pk] = _changes(alone, plan)
            continue
        around = reflow(replace(alone, diary=replace(free, busy=with_claims(free.busy, taken))))
        found[one.course.pk] = around.changes if isinstance(around, Reflow) else None
        taken += _claims(free, one, around.plan if isinstance(around, Reflow) else None)
    return found


def _free(location: Location, courses: Sequence[OpenCourse], site: Site, at: dt.datetime) -> engine.Diary:
    """The diary without any visit of these courses that lies ahead."""
    rows = [item.row for one in courses for item in one.items if item.row is not None]
    return diary.read_diary(
        location,
        practitioners=site.people,
        rooms=site.rooms,
        devices=site.devices,
        first_date=clock.local_date(at, location.time_zone),
        last_date=max(row.on for row in rows) + dt.timedelta(days=FURTHER_DAYS),
        not_before=at,
        without=[row.pk for row in rows],
        site=site,
    )


def _claims(diary: engine.Diary, one: OpenCourse, plan: engine.Plan | None) -> list[engine.Claimed]:
    """What a plan takes of people, rooms and devices."""
    if plan is None:
        return []
    visits = zip(one.request.visits, plan.visits, strict=True)
    return [claim for visit, placed in visits for claim in claims_of(diary, visit, placed)]


def _changes(problem: engine.Problem, plan: engine.Plan) -> tuple[VisitChange, ...]:
    reasons = departures(problem)
    current = problem.request.current or ()
    changes = [
        VisitChange(index, before, after)
        for index, (before, after) in enumerate(zip(current, plan.visits, strict=True))
    ]
    return tuple(
        replace(change, reason=reasons[change.index] or Reason.GAP) if change.moves else change
        for change in changes
    )


def _in_words(
    one: OpenCourse, lost: tuple[Appointment, ...], changes: Sequence[VisitChange] | None
) -> CourseRepair:
    if changes is None:
        return CourseRepair(one.course, lost, why="No free place keeps the gaps of this course.")
    wanted = Wanted(Kind.REPLANNED, reason=REASON)
    return CourseRepair(one.course, lost, built(one.course, wanted, one.timeline, one.items, changes))
