"""Three whole-course proposals from one reading of the diary."""

from collections.abc import Iterator
from dataclasses import replace
from heapq import heappop, heappush

from planner.engine.availability import Availability
from planner.engine.calendar import weekday
from planner.engine.cells import Cells, Searched
from planner.engine.model import Infeasible, Kind, Plan, Problem, Proposal, Proposals
from planner.engine.placing import Chosen, placed
from planner.engine.series import Course, Layer, ending, forward, search

Pair = tuple[int, int, str, list[Chosen]]  # cost, weekday, practitioner, starts

SOONEST_FINISH_DELAY = 100  # per day: ten times a day of gap, so no wish outweighs an earlier finish


def proposals(problem: Problem, availability: Availability | None = None) -> Proposals:
    """Best fit, soonest finish, and the same day and person, each the exact optimum of its kind.

    Best fit uses the problem's weights (the documented defaults unless the caller changed them). Soonest
    finish puts 100 on each day of the finish and keeps the rest; wishes stay soft and gaps hard in all three.
    Same day and person holds one weekday and one practitioner for the whole course.
    """
    searched = Searched(problem, availability)
    cells = [searched.cells(index) for index in range(len(searched.visits))]
    reached = forward(problem.request, cells, problem.weights)
    best = ending(problem, cells, reached, problem.weights)
    starts = _starts(searched)
    if isinstance(best, Infeasible):
        nothing = [Proposal(kind, None) for kind in Kind]
        return Proposals(nothing[0], nothing[1], nothing[2], starts, best)
    best_fit = Proposal(Kind.BEST_FIT, placed(searched, best.chosen, problem.weights))
    soonest = _soonest(searched, cells, reached, best_fit)
    return Proposals(best_fit, soonest, _same(searched, cells, [best_fit, soonest]), starts)


def _soonest(searched: Searched, cells: list[Cells], reached: list[Layer], best_fit: Proposal) -> Proposal:
    """The earliest finish; the best fit itself where it already ends on that date."""
    problem = searched.problem
    weights = replace(problem.weights, finish_delay=SOONEST_FINISH_DELAY)
    found = ending(problem, cells, reached, weights)
    if isinstance(found, Infeasible) or best_fit.plan is None:
        return Proposal(Kind.SOONEST_FINISH, None)
    plan = placed(searched, found.chosen, weights)
    if plan.visits[-1].on == best_fit.plan.visits[-1].on:
        return Proposal(Kind.SOONEST_FINISH, best_fit.plan, same_as=Kind.BEST_FIT)
    return Proposal(Kind.SOONEST_FINISH, plan)


def _same(searched: Searched, cells: list[Cells], shown: list[Proposal]) -> Proposal:
    """The cheapest course on one weekday with one practitioner that is not shown already."""
    kind = Kind.SAME_DAY_AND_PERSON
    twin: tuple[int, str, Proposal] | None = None
    for _, on_weekday, practitioner, chosen in _cheapest_pairs(searched.problem, cells):
        same = next((one for one in shown if _is_plan(searched, chosen, one.plan)), None)
        if same is None:
            plan = placed(searched, chosen, searched.problem.weights)
            return Proposal(kind, plan, None, twin is not None, on_weekday, practitioner)
        twin = twin or (on_weekday, practitioner, same)
    if twin is None:
        return Proposal(kind, None)
    on_weekday, practitioner, same = twin
    return Proposal(kind, same.plan, same.kind, False, on_weekday, practitioner)


def _cheapest_pairs(problem: Problem, cells: list[Cells]) -> Iterator[Pair]:
    """The optimum of every weekday and practitioner held fixed, cheapest first.

    A pair is searched only when its visits, each at its cheapest, cost no more than what was found.
    """
    found: list[Pair] = []
    for least, on_weekday, person in _least_of_pairs(cells):
        while found and found[0][0] < least:
            yield heappop(found)
        held = [_held(layer, on_weekday, person) for layer in cells]
        course = search(problem, held, problem.weights)
        if isinstance(course, Course):
            heappush(found, (course.cost, on_weekday, person, course.chosen))
    while found:
        yield heappop(found)


def _least_of_pairs(cells: list[Cells]) -> list[tuple[int, int, str]]:
    """For every weekday and practitioner with a date for each visit the sum of their cheapest starts."""
    sums: dict[tuple[int, str], int] = {}
    for index, layer in enumerate(cells):
        here: dict[tuple[int, str], int] = {}
        for day, row in layer.items():
            on_weekday = weekday(day)
            for person, (cost, _) in row.items():
                pair = (on_weekday, person)
                if cost < here.get(pair, cost + 1):
                    here[pair] = cost
        sums = here if index == 0 else {p: sums[p] + cost for p, cost in here.items() if p in sums}
    return sorted((least, *pair) for pair, least in sums.items())


def _held(cells: Cells, on_weekday: int, person: str) -> Cells:
    first = next((day for day in sorted(cells) if weekday(day) == on_weekday), None)
    if first is None:
        return {}
    days = range(first, max(cells) + 1, 7)
    return {day: {person: cells[day][person]} for day in days if day in cells and person in cells[day]}


def _is_plan(searched: Searched, chosen: list[Chosen], plan: Plan | None) -> bool:
    """Whether the plan has these starts and practitioners."""
    minute = searched.availability.ticks.minute
    mine = [(minute(one.tick), one.practitioner) for one in chosen]
    return plan is not None and mine == [(visit.minute, visit.practitioner) for visit in plan.visits]


def _starts(searched: Searched) -> int:
    """How many free starts the search looked at, over all visits and their windows."""
    free, found = searched.availability, 0
    for index, visit in enumerate(searched.visits):
        mask = 0
        for practitioner in searched.practitioners(visit):
            mask |= searched.feasible(visit, practitioner)
        line = free.sliced(mask)
        days = searched.days_within(index)
        found += sum((line.part(day.low, day.high) & day.starts).bit_count() for day in days)
    return found
