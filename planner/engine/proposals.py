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
from planner.engine.ticks import union

Pair = tuple[int, str]  # weekday, practitioner
Held = tuple[int, int, str, list[Chosen]]  # cost, the pair, starts

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
    return Proposals(best_fit, soonest, _same(searched, cells, reached[0], [best_fit, soonest]), starts)


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


def _same(searched: Searched, cells: list[Cells], first: Layer, shown: list[Proposal]) -> Proposal:
    """The cheapest course on one weekday with one practitioner that is not shown already."""
    kind = Kind.SAME_DAY_AND_PERSON
    twin: tuple[int, str, Proposal] | None = None
    for _, on_weekday, practitioner, chosen in _cheapest_pairs(searched.problem, cells, first):
        same = next((one for one in shown if _is_plan(searched, chosen, one.plan)), None)
        if same is None:
            plan = placed(searched, chosen, searched.problem.weights)
            return Proposal(kind, plan, None, twin is not None, on_weekday, practitioner)
        twin = twin or (on_weekday, practitioner, same)
    if twin is None:
        return Proposal(kind, None)
    on_weekday, practitioner, same = twin
    return Proposal(kind, same.plan, same.kind, False, on_weekday, practitioner)


def _cheapest_pairs(problem: Problem, cells: list[Cells], first: Layer) -> Iterator[Held]:
    """The optimum of every weekday and practitioner held fixed, cheapest first.

    A pair is searched only when its visits, each at its cheapest, cost less than what was found.
    """
    found: list[Held] = []
    layers = [_by_weekday(layer) for layer in cells]
    for least, on_weekday, person in _least_of_pairs(cells, first):
        while found and found[0][:3] <= (least, on_weekday, person):
            yield heappop(found)
        course = search(problem, [_held(days[on_weekday], person) for days in layers], problem.weights)
        if isinstance(course, Course):
            heappush(found, (course.cost, on_weekday, person, course.chosen))
    while found:
        yield heappop(found)


def _least_of_pairs(cells: list[Cells], first: Layer) -> list[tuple[int, int, str]]:
    """For every weekday and practitioner the least a course of theirs can cost, gaps not counted.

    `first` is what the first visits cost, a late beginning included.
    """
    later = {id(row): (day, row) for layer in cells[1:] for day, row in layer.items()}  # mostly the same rows
    each: dict[Pair, int] = {}
    for day, row in later.values():
        on_weekday = weekday(day)
        for person, (cost, _) in row.items():
            if cost < each.get((on_weekday, person), cost + 1):
                each[on_weekday, person] = cost
    least: dict[Pair, int] = {}
    for day, costs in first.items():
        for person, cost in costs.items():
            pair = (weekday(day), person)
            rest = each.get(pair, 0) * (len(cells) - 1)
            if cost + rest < least.get(pair, cost + rest + 1):
                least[pair] = cost + rest
    return sorted((cost, *pair) for pair, cost in least.items())


def _by_weekday(cells: Cells) -> list[Cells]:
    found: list[Cells] = [{} for _ in range(7)]
    for day, row in cells.items():
        found[weekday(day)][day] = row
    return found


def _held(cells: Cells, person: str) -> Cells:
    return {day: {person: row[person]} for day, row in cells.items() if person in row}


def _is_plan(searched: Searched, chosen: list[Chosen], plan: Plan | None) -> bool:
    """Whether the plan has these starts and practitioners."""
    minute = searched.availability.ticks.minute
    mine = [(minute(one.tick), one.practitioner) for one in chosen]
    return plan is not None and mine == [(visit.minute, visit.practitioner) for visit in plan.visits]


def _starts(searched: Searched) -> int:
    """How many free starts the search looked at, over all visits and their windows."""
    free, found = searched.availability, 0
    for index, visit in enumerate(searched.visits):
        days = [day for day in searched.days_within(index) if day.starts]
        if days:
            mask = union([searched.feasible(visit, one) for one in searched.practitioners(visit)]) & free.grid
            found += (mask >> days[0].low & ((1 << days[-1].high - days[0].low) - 1)).bit_count()
    return found
