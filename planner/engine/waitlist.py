"""Short notice: a slot came free; which courses could take it with every gap kept, and at what cost?

Of each course it is the first visit that does not come before the slot anyway: booked later, or not at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.engine.availability import Availability
from planner.engine.calendar import day_number
from planner.engine.cost import gap_cost, move_cost, practitioner_cost, time_cost, weekday_cost
from planner.engine.departures import Reason, departures, local
from planner.engine.model import Booked, Claimed, Diary, Pin, Plan, Previous, Problem, Request, Visit
from planner.engine.reflow import REPLANNING, Reflow, VisitChange, reflow, replanning
from planner.engine.series import solve
from planner.engine.taken import without_claims

Place = tuple[int, str | None]  # arrival in epoch minutes, practitioner


@dataclass(frozen=True, slots=True)
class Freed:
    """A slot: the patient's arrival in epoch minutes, and who, where and with which devices (empty = any)."""

    start: int
    practitioner: str
    room: str
    devices: tuple[str, ...] = ()

    @property
    def place(self) -> Booked:
        return Booked(self.start, self.practitioner, self.room)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A course as it goes on from today: `current` is what is booked, `claims` are its rows in the diary."""

    id: str
    request: Request
    claims: tuple[Claimed, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A course that can take the slot with the visit `visit` (0-based).

    `extra` is what that costs, by the costs of re-planning, beyond leaving everything as it is; it may be
    negative. `changes` are the visits that get another place.
    """

    id: str
    visit: int
    extra: int
    changes: tuple[VisitChange, ...]


@dataclass(frozen=True, slots=True)
class NoMatch:
    """A course that cannot. `visit` and `reason` None: no visit is left that would come sooner."""

    id: str
    visit: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """Who can take the slot, the cheapest first, and who cannot."""

    fitting: tuple[Match, ...]
    others: tuple[NoMatch, ...]


def match(freed: Freed, diary: Diary, courses: Iterable[Waiting], others_may_move: bool = False) -> Matches:
    """Who can take a freed slot, ranked by what it costs, and why the others cannot.

    The other visits of a course stay where they are booked; with `others_may_move` they are re-flowed, and
    then the diary must reach to the end of every course. The slot itself must be free in the diary.
    """
    shared: Availability | None = None
    found: list[Match | NoMatch] = []
    for course in courses:
        index = next_visit(course.request, freed.start)
        if index is None:
            found.append(NoMatch(course.id))
            continue
        problem = replanning(Problem(_without(diary, course, freed, others_may_move), course.request))
        if others_may_move:
            found.append(_reflowed(freed, course.id, problem, index))
        else:
            free = shared if shared and shared.serves(problem) else Availability(problem)
            shared = free if problem.diary is diary else shared
            found.append(_others_kept(freed, course.id, problem, index, free))
    fitting = sorted((one for one in found if isinstance(one, Match)), key=lambda one: (one.extra, one.id))
    return Matches(tuple(fitting), tuple(one for one in found if isinstance(one, NoMatch)))


def next_visit(request: Request, start: int) -> int | None:
    """The first visit (0-based) booked after an instant or not at all, None when there is none."""
    current = request.current or (None,) * len(request.visits)
    return next((at for at, booked in enumerate(current) if booked is None or booked.start > start), None)


def _without(diary: Diary, course: Waiting, freed: Freed, everywhere: bool) -> Diary:
    """The diary without the course's own rows; the same object where they are nowhere near the slot."""
    near = any(abs(begin - freed.start) < 2 * 1440 for _, begin, _ in course.claims)
    if not near and not everywhere:
        return diary
    return replace(diary, busy=without_claims(diary.busy, course.claims))


def _others_kept(
    freed: Freed, name: str, problem: Problem, index: int, free: Availability
) -> Match | NoMatch:
    """The visit alone, between the one before and the one after where they are booked."""
    alone = replace(problem, request=_alone(problem, index, freed))
    found = solve(replace(alone, request=_pinned(alone.request, 0, freed)), free)
    if not isinstance(found, Plan):
        there = replace(alone, request=replace(alone.request, current=(freed.place,)))
        return NoMatch(name, index, departures(there, free)[0] or Reason.ROOM)
    current = problem.request.current or (None,) * len(problem.request.visits)
    change = VisitChange(index, current[index], found.visits[0], Reason.ASKED)
    return Match(name, index, _extra(problem, (change,)), (change,))


def _reflowed(freed: Freed, name: str, problem: Problem, index: int) -> Match | NoMatch:
    request = problem.request
    visits = [*request.visits]
    visits[index] = _with_devices(visits[index], freed)
    asked = replace(problem, request=replace(request, visits=tuple(visits)))
    found = reflow(replace(asked, request=_pinned(asked.request, index, freed)))
    if isinstance(found, Reflow) and not any(change.late_days for change in found.changes):
        changes = tuple(change for change in found.changes if not change.stays)
        return Match(name, index, _extra(problem, found.changes), changes)
    current = [*(request.current or (None,) * len(visits))]
    current[index] = freed.place
    there = replace(asked, request=replace(asked.request, current=tuple(current)))
    return NoMatch(name, index, departures(there)[index] or Reason.GAP)


def _alone(problem: Problem, index: int, freed: Freed) -> Request:
    """The request for this visit only; its neighbours' dates are its limits."""
    request, tz = problem.request, problem.diary.tz
    current = request.current or (None,) * len(request.visits)
    earliest, finish_by, previous = request.earliest, request.finish_by, request.previous
    before = current[index - 1] if index else None
    if before is not None:
        previous = Previous(local(tz, before.start).date(), request.gaps[index - 1], before.practitioner)
    after = current[index + 1] if index + 1 < len(current) else None
    if after is not None:
        on, gap = local(tz, after.start).date(), request.gaps[index]
        nearest = on - timedelta(days=gap.min_days)
        finish_by = nearest if finish_by is None else min(finish_by, nearest)
        if gap.max_days is not None:
            earliest = max(earliest, on - timedelta(days=gap.max_days))
    return replace(
        request,
        visits=(_with_devices(request.visits[index], freed),),
        gaps=(),
        earliest=earliest,
        latest=request.latest if index == 0 else None,
        finish_by=finish_by,
        previous=previous,
        pins=tuple(replace(pin, index=0) for pin in request.pins if pin.index == index),
        current=(current[index],),
    )


def _pinned(request: Request, index: int, freed: Freed) -> Request:
    pin = Pin(index, start=freed.start, practitioner=freed.practitioner, room=freed.room)
    return replace(request, pins=(*request.pins, pin))


def _with_devices(visit: Visit, freed: Freed) -> Visit:
    if not freed.devices:
        return visit
    pools = tuple(tuple(one for one in pool if one in freed.devices) for pool in visit.device_pools)
    return replace(visit, device_pools=pools)


def _extra(problem: Problem, changes: Sequence[VisitChange]) -> int:
    """What the course costs with these changes, moves included, less what it costs as it is booked."""
    tz = problem.diary.tz
    current = problem.request.current or (None,) * len(problem.request.visits)
    before = [None if one is None else (one.start, one.practitioner) for one in current]
    after = list(before)
    moving = 0
    for change in changes:
        place = change.after
        after[change.index] = (place.minute, place.practitioner)
        if change.before is not None:
            was, day = day_number(local(tz, change.before.start).date()), day_number(place.on)
            moving += move_cost(change.before, was, place.minute, day, place.practitioner, REPLANNING)
    return moving + _cost(problem, after) - _cost(problem, before)


def _cost(problem: Problem, places: Sequence[Place | None]) -> int:
    """Gaps and wishes of the visits that have a place."""
    request, total = problem.request, 0
    dates: list[date | None] = [request.previous.on if request.previous else None]
    gaps = [request.previous.gap if request.previous else None, *request.gaps]
    for visit, gap, place in zip(request.visits, gaps, places, strict=True):
        if place is None:
            dates.append(None)
            continue
        wall = local(problem.diary.tz, place[0])
        before, day = dates[-1], day_number(wall.date())
        if before is not None and gap is not None:
            total += gap_cost(gap, day - day_number(before), REPLANNING)
        times, minute = request.patient.preferred_times, wall.hour * 60 + wall.minute
        total += time_cost(times, wall.weekday(), minute, visit.minutes, REPLANNING)
        total += weekday_cost(request.patient, day, REPLANNING)
        if place[1] is not None:
            total += practitioner_cost(request.patient, place[1], REPLANNING)
        dates.append(wall.date())
    return total
