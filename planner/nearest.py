"""Free places for one visit near a wanted time, its neighbours staying where they are."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinic import clock
from clinic.timeline import Window
from planner import diary
from planner.engine import model as engine
from planner.engine.alternatives import alternatives
from planner.engine.reflow import REPLANNING
from planner.models import Appointment, TreatmentCourse
from planner.planning import Slot
from planner.replanning import Item, Replanning, gap_between, read_replanning, timeline_of

LOOKED_AT = 300  # the cheapest places by the planner's cost, of which the nearest are shown
A_DAY = 2  # at most so many places of one day, so that the list shows more than one


@dataclass(frozen=True)
class Option:
    """A free place, with the gaps it makes in days and the days outside the window of the gap before it."""

    slot: Slot
    on: dt.date
    gap_before: int | None
    gap_after: int | None
    late_days: int
    practitioner: str
    room: str


def free_near(
    course: TreatmentCourse,
    row: Appointment,
    near: dt.datetime,
    *,
    earliest_on: dt.date,
    at: dt.datetime,
    practitioner_id: int | None = None,
    anywhere: bool = False,
    until: dt.date | None = None,
    limit: int = 6,
) -> tuple[Option, ...]:
    """Free places for a booked visit, nearest to `near` first in choice, by time in order.

    Places inside the windows of both gaps come alone; only where there is none, later ones are offered.
    `anywhere`: the visits after it may move along, and the longest gap before it may be exceeded. `until`:
    nothing after this local day.
    """
    timeline = timeline_of(course, at)
    later = timeline.after(row)
    around = Around(timeline.before(row), later[0] if later else None)
    slot = Slot(near, row.practitioner_id, row.room_id, None)
    return free_around(
        course,
        Item(row.number, row),
        slot,
        around,
        earliest_on=earliest_on,
        at=at,
        practitioner_id=practitioner_id,
        anywhere=anywhere,
        until=until,
        limit=limit,
    )


@dataclass(frozen=True)
class Around:
    """The neighbours of a visit, where they are or will be; `moving` are visits that leave their places."""

    previous: Appointment | None
    following: Appointment | None
    moving: tuple[Appointment, ...] = ()


def free_around(
    course: TreatmentCourse,
    item: Item,
    near: Slot,
    around: Around,
    *,
    earliest_on: dt.date,
    at: dt.datetime,
    practitioner_id: int | None = None,
    anywhere: bool = False,
    until: dt.date | None = None,
    limit: int = 6,
) -> tuple[Option, ...]:
    """Like `free_near`, for a visit with or without a date, between given neighbours."""
    previous, following = around.previous, around.following
    on, last = clock.local_date(near.start, course.location.time_zone), until
    if not anywhere and following:
        shortest = item.row.gap_days if item.row and item.row.gap_days else course.gap_min_days
        last = following.on - dt.timedelta(days=shortest)
    reading = read_replanning(
        course,
        [item],
        previous,
        earliest_on=earliest_on,
        at=at,
        finish_by=last,
        near=[on],
        moving=around.moving,
    )
    reading = _of_person(reading, practitioner_id)
    inside = None if anywhere else _inside(reading, item, following)
    found = _found(reading, inside, near) if inside else []
    found = found or _found(reading, _open_ended(reading.problem.request), near)
    return tuple(
        _option(reading, placement, previous, following) for placement in _spread(found, near.start, limit)
    )


def _of_person(reading: Replanning, practitioner_id: int | None) -> Replanning:
    if practitioner_id is None:
        return reading
    request = reading.problem.request
    visit = replace(request.visits[0], practitioners=frozenset({diary.practitioner_id(practitioner_id)}))
    return replace(reading, problem=replace(reading.problem, request=replace(request, visits=(visit,))))


def _inside(reading: Replanning, item: Item, following: Appointment | None) -> engine.Request | None:
    """The request that keeps the longest gap to the visit after as well; None where that is impossible."""
    request = reading.problem.request
    if following is None:
        return request
    longest = gap_between(reading.course, item, Item(following.number, following)).max_days
    earliest = max(request.earliest, following.on - dt.timedelta(days=longest or 0))
    return replace(request, earliest=earliest) if earliest <= following.on else None


def _open_ended(request: engine.Request) -> engine.Request:
    if request.previous is None:
        return request
    gap = replace(request.previous.gap, max_days=None)
    return replace(request, previous=replace(request.previous, gap=gap))


def _found(reading: Replanning, request: engine.Request, near: Slot) -> list[engine.Placement]:
    """The cheapest places of a request, the wanted one taken for the booked one."""
    zone = reading.course.location.time_zone
    minute = engine.epoch_minute(near.start)
    person, room = diary.practitioner_id(near.practitioner_id), diary.room_id(near.room_id)
    request = replace(request, pins=(), current=(engine.Booked(minute, person, room),))
    problem = replace(reading.problem, request=request, weights=REPLANNING)
    wanted = engine.Placement(minute, clock.local_date(near.start, zone), person, room, (), {})
    plan = engine.Plan((wanted,), 0, {})
    return [one.placement for one in alternatives(problem, plan, 0, LOOKED_AT)]


def _spread(found: Sequence[engine.Placement], near: dt.datetime, limit: int) -> list[engine.Placement]:
    """The nearest places, few of each day, in order of time."""
    chosen: list[engine.Placement] = []
    days: Counter[dt.date] = Counter()
    for placement in sorted(found, key=lambda one: (abs(one.start - near), one.start)):
        if days[placement.on] < A_DAY and len(chosen) < limit:
            days[placement.on] += 1
            chosen.append(placement)
    return sorted(chosen, key=lambda one: one.start)


def _option(reading: Replanning, placement: engine.Placement, previous, following) -> Option:
    course, slot = reading.course, Slot.of(placement)
    gap = (placement.on - previous.on).days if previous else None
    steps = max(reading.items[0].number - previous.number, 1) if previous else 1
    window = Window(course.gap_min_days, course.gap_max_days * steps)
    people = {one.pk: str(one) for one in reading.practitioners}
    rooms = {one.pk: str(one) for one in reading.rooms}
    return Option(
        slot,
        placement.on,
        gap,
        (following.on - placement.on).days if following else None,
        window.lateness(gap) if gap is not None else 0,
        people[slot.practitioner_id],
        rooms[slot.room_id],
    )
