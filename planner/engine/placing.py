"""From chosen starts to a whole plan: a room and devices for each visit, and the cost by term."""

from collections import Counter
from typing import NamedTuple

from planner.engine.availability import Availability
from planner.engine.calendar import day_date, day_number, weekday
from planner.engine.cells import Searched
from planner.engine.cost import (
    finish_cost,
    gap_cost,
    move_cost,
    practitioner_cost,
    room_cost,
    start_cost,
    time_cost,
    weekday_cost,
)
from planner.engine.model import Booked, Placement, Plan, Practitioner, Role, Room, Term, Visit, Weights


class Chosen(NamedTuple):
    """A start: day number, practitioner, tick."""

    day: int
    practitioner: str
    tick: int


def placed(searched: Searched, chosen: list[Chosen], weights: Weights) -> Plan:
    """The plan of these starts, which must be free."""
    return summed(tuple(placement(searched, chosen, index, weights) for index in range(len(chosen))))


def summed(visits: tuple[Placement, ...]) -> Plan:
    """The plan of placed visits with its cost by term."""
    breakdown: Counter[Term] = Counter()
    for visit in visits:
        breakdown.update(visit.costs)
    return Plan(visits, sum(breakdown.values()), dict(breakdown))


def placement(searched: Searched, chosen: list[Chosen], index: int, weights: Weights) -> Placement:
    """One visit of a course placed; its own start must be free, those of the others need not be."""
    _, practitioner, tick = chosen[index]
    free, visit = searched.availability, searched.visits[index]
    person = next(one for one in free.diary.practitioners if one.id == practitioner)
    current = searched.problem.request.current
    room = best_room(free, visit, person, tick, current[index] if current else None)
    tools = devices(free, visit, room, tick) or ()
    return placement_in(searched, chosen, index, weights, room.id, tools)


def placement_in(
    searched: Searched, chosen: list[Chosen], index: int, weights: Weights, room: str, tools: tuple[str, ...]
) -> Placement:
    """One visit of a course in a given room with given devices, and what it costs there."""
    day, practitioner, tick = chosen[index]
    current = searched.problem.request.current
    costs = own_costs(searched, chosen[index], index, weights)
    costs[Term.MOVE] += room_cost(current[index] if current else None, room, weights)
    costs.update(chain_costs(searched, chosen, index, weights))
    return Placement(
        minute=searched.availability.ticks.minute(tick),
        on=day_date(day),
        practitioner=practitioner,
        room=room,
        devices=tools,
        costs={term: cost for term, cost in costs.items() if cost},
    )


def best_room(
    free: Availability, visit: Visit, practitioner: Practitioner, tick: int, booked: Booked | None
) -> Room:
    """The booked room where it is free, else the one whose free time is filled best (the least is left)."""
    rooms = [
        room for room in free.rooms_for(practitioner, visit) if free.room_starts(room, visit) >> tick & 1
    ]
    kept = booked.room if booked is not None else None
    return min(rooms, key=lambda room: (room.id != kept, _free_run(free, room, tick)))


def _free_run(free: Availability, room: Room, tick: int) -> int:
    """The length in ticks of the free run of a room around a free tick."""
    line = free.free[room.id]
    before = tick - (~line & ((1 << tick) - 1)).bit_length()
    after = ~(line >> tick)
    return before + (after & -after).bit_length() - 1


def devices(free: Availability, visit: Visit, room: Room, tick: int) -> tuple[str, ...] | None:
    """One free device of each pool for this room, all different; None when there are none."""
    claim = visit.claim(Role.DEVICE)
    pools = [
        [one for one in pool if free.starts(one, claim) >> tick & 1] for pool in free.pools_in(room, visit)
    ]
    return _all_different(pools, ())


def _all_different(pools: list[list[str]], taken: tuple[str, ...]) -> tuple[str, ...] | None:
    if len(taken) == len(pools):
        return taken
    for device in pools[len(taken)]:
        if device not in taken:
            found = _all_different(pools, (*taken, device))
            if found is not None:
                return found
    return None


def own_costs(searched: Searched, chosen: Chosen, index: int, weights: Weights) -> Counter[Term]:
    """The terms that depend on this visit alone."""
    free, request, visit = searched.availability, searched.problem.request, searched.visits[index]
    day, practitioner, tick = chosen
    here = free.days[day]
    minute = free.ticks.minute(tick)
    wall = next(
        (w for bit, w in here.walls or () if bit == tick - here.low), (tick - here.low) * free.ticks.size
    )
    edges = [side >> tick & 1 for side in searched.edges(visit, practitioner)]
    booked = request.current[index] if request.current else None
    booked_day = free.clock.day_of(booked.start) if booked else day
    wished = request.patient.preferred_times
    return Counter(
        {
            Term.WEEKDAY: weekday_cost(request.patient, day, weights),
            Term.TIME_OF_DAY: time_cost(wished, weekday(day), wall, visit.minutes, weights),
            Term.PRACTITIONER_NOT_PREFERRED: practitioner_cost(request.patient, practitioner, weights),
            Term.FRAGMENT: weights.fragment * sum(edges),
            Term.MOVE: move_cost(booked, booked_day, minute, day, practitioner, weights),
        }
    )


def chain_costs(searched: Searched, chosen: list[Chosen], index: int, weights: Weights) -> dict[Term, int]:
    """The terms of the visit and the one before it, and those of the ends of the course."""
    request, day = searched.problem.request, chosen[index].day
    found: Counter[Term] = Counter()
    previous = request.previous
    before: tuple[int, str | None] | None = None
    if index > 0:
        before, gap = (chosen[index - 1].day, chosen[index - 1].practitioner), request.gaps[index - 1]
    elif previous is not None:
        before, gap = (day_number(previous.on), previous.practitioner), previous.gap
    if before is not None:
        found[Term.GAP] = gap_cost(gap, day - before[0], weights)
        if before[1] not in (None, chosen[index].practitioner):
            found[Term.PRACTITIONER_CHANGE] = weights.practitioner_change
    if index == 0:
        found[Term.START_DELAY] = start_cost(request, day, weights)
    if index == len(chosen) - 1:
        found[Term.FINISH_DELAY] = finish_cost(request, day, weights)
    return dict(found)
