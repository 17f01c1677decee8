"""The exact optimum of a whole course: a shortest path through layers of (date, practitioner).

The cost of a gap depends on two dates and that of a change on two practitioners; rooms and devices carry
nothing from one visit to the next. So the cheapest start of each cell is enough, and the cheapest path is the
optimum.
"""

from operator import add
from typing import NamedTuple

from planner.engine.availability import Availability
from planner.engine.calendar import day_number
from planner.engine.cells import Cells, Searched
from planner.engine.cost import finish_cost, gap_cost, start_cost
from planner.engine.model import Gap, Infeasible, Plan, Problem, Request, Weights
from planner.engine.placing import Chosen, placed

NEVER = 1 << 62  # more than any plan costs
Layer = dict[int, dict[str, int]]  # day -> practitioner -> least cost of all visits up to this one


class Course(NamedTuple):
    """The starts of a cheapest course and what it costs."""

    cost: int
    chosen: list[Chosen]


def solve(problem: Problem, availability: Availability | None = None) -> Plan | Infeasible:
    """The cheapest plan that keeps every hard rule, or the visit at which every attempt ends.

    `availability` of an earlier call with the same diary spares reading the busy rows again.
    """
    searched = Searched(problem, availability)
    found = search(problem, [searched.cells(index) for index in range(len(searched.visits))], problem.weights)
    return found if isinstance(found, Infeasible) else placed(searched, found.chosen, problem.weights)


def search(problem: Problem, cells: list[Cells], weights: Weights) -> Course | Infeasible:
    """The cheapest chain of cells, one per visit."""
    return ending(problem, cells, forward(problem.request, cells, weights), weights)


def ending(
    problem: Problem, cells: list[Cells], so_far: list[Layer], weights: Weights
) -> Course | Infeasible:
    """The cheapest chain, given what `forward` found; weights may differ from its only in the finish."""
    if not so_far[-1]:
        return Infeasible(blocked=len(so_far) - 1)
    return _walk_back(problem.request, cells, _finished(problem.request, cells, so_far, weights), weights)


def layers(request: Request, cells: list[Cells], weights: Weights) -> list[Layer]:
    """The least cost of reaching each cell, visit by visit, up to the first that cannot be reached."""
    return _finished(request, cells, forward(request, cells, weights), weights)


def forward(request: Request, cells: list[Cells], weights: Weights) -> list[Layer]:
    """The same without what a late finish costs."""
    reached = [_first_layer(request, cells[0], weights)]
    for index in range(1, len(cells)):
        if not reached[-1]:
            break
        reached.append(_next_layer(reached[-1], cells[index], request.gaps[index - 1], weights))
    return reached


def _finished(request: Request, cells: list[Cells], reached: list[Layer], weights: Weights) -> list[Layer]:
    if len(reached) < len(cells) or not weights.finish_delay:
        return reached
    last = {
        day: {one: cost + late for one, cost in row.items()}
        for day, row in reached[-1].items()
        for late in (finish_cost(request, day, weights),)
    }
    return [*reached[:-1], last]


def _first_layer(request: Request, cells: Cells, weights: Weights) -> Layer:
    layer: Layer = {}
    previous = request.previous
    for day, row in cells.items():
        opening = start_cost(request, day, weights)
        if previous is not None:
            days = day - day_number(previous.on)
            if not allowed(previous.gap, days):
                continue
            opening += gap_cost(previous.gap, days, weights)
        keeps = None if previous is None else previous.practitioner
        layer[day] = {
            practitioner: cost
            + opening
            + (weights.practitioner_change if keeps not in (None, practitioner) else 0)
            for practitioner, (cost, _) in row.items()
        }
    return layer


def _next_layer(before: Layer, cells: Cells, gap: Gap, weights: Weights) -> Layer:
    earliest, latest = min(before), max(before)
    cheapest = [NEVER] * (latest - earliest + 1)
    for day, reached in before.items():
        cheapest[day - earliest] = min(reached.values())
    farthest = max(cells, default=0) - earliest
    longest = farthest if gap.max_days is None else min(farthest, gap.max_days)
    costs = [gap_cost(gap, days, weights) for days in range(longest, gap.min_days - 1, -1)]
    layer: Layer = {}
    for day, row in cells.items():
        first = day - longest - earliest  # place of the date that is the longest gap away
        window = cheapest[max(first, 0) : max(day - gap.min_days - earliest + 1, 0)]
        offered = costs[-first:] if first < 0 else costs
        steps = list(map(add, window, offered))
        least = min(steps, default=NEVER)
        if least < NEVER:
            anyone = least + weights.practitioner_change
            # a step that costs as much without a change of practitioner cannot be part of anything better
            start = earliest + max(first, 0)
            near = [(offered[at], before[start + at]) for at, cost in enumerate(steps) if cost < anyone]
            layer[day] = _row(row, anyone, near)
    return layer


def _row(
    row: dict[str, tuple[int, int]], anyone: int, steps: list[tuple[int, dict[str, int]]]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for practitioner, (own, _) in row.items():
        best = anyone
        for gap, before in steps:
            cost = before.get(practitioner)
            if cost is not None and cost + gap < best:
                best = cost + gap
        found[practitioner] = best + own
    return found


def allowed(gap: Gap, days: int) -> bool:
    """Whether a gap of so many days keeps its limits."""
    return gap.min_days <= days and (gap.max_days is None or days <= gap.max_days)


def _walk_back(request: Request, cells: list[Cells], reached: list[Layer], weights: Weights) -> Course:
    """The cells of a cheapest path, found from its end by looking for the step that explains each cost."""
    last = len(cells) - 1
    total, day, practitioner = min((c, day, p) for day, row in reached[last].items() for p, c in row.items())
    chosen = [Chosen(day, practitioner, cells[last][day][practitioner][1])]
    for index in range(last, 0, -1):
        left = reached[index][day][practitioner] - cells[index][day][practitioner][0]
        if index == last:
            left -= finish_cost(request, day, weights)
        gap = request.gaps[index - 1]
        day, practitioner = next(
            (earlier, other)
            for earlier, row in reached[index - 1].items()
            if allowed(gap, day - earlier)
            for other, cost in row.items()
            if cost
            + gap_cost(gap, day - earlier, weights)
            + (weights.practitioner_change if other != practitioner else 0)
            == left
        )
        chosen.append(Chosen(day, practitioner, cells[index - 1][day][practitioner][1]))
    return Course(total, chosen[::-1])
