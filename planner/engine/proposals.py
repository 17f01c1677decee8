"""Three whole-course proposals from one reading of the diary."""

from dataclasses import replace

from planner.engine.availability import Availability
from planner.engine.calendar import weekday
from planner.engine.cells import Cells, Searched
from planner.engine.model import Infeasible, Kind, Plan, Problem, Proposal, Proposals
from planner.engine.placing import Chosen, placed
from planner.engine.series import Course, search

SOONEST_FINISH_DELAY = 100  # per day: ten times a day of gap, so no wish outweighs an earlier finish


def proposals(problem: Problem, availability: Availability | None = None) -> Proposals:
    """Best fit, soonest finish, and the same day and person, each the exact optimum of its kind.

    Best fit uses the problem's weights (the documented defaults unless the caller changed them). Soonest
    finish puts 100 on each day of the finish and keeps the rest; wishes stay soft and gaps hard in all three.
    Same day and person holds one weekday and one practitioner for the whole course.
    """
    searched = Searched(problem, availability)
    cells = [searched.cells(index) for index in range(len(searched.visits))]
    best = search(problem, cells, problem.weights)
    starts = _starts(searched)
    if isinstance(best, Infeasible):
        nothing = [Proposal(kind, None) for kind in Kind]
        return Proposals(nothing[0], nothing[1], nothing[2], starts, best)
    best_fit = Proposal(Kind.BEST_FIT, placed(searched, best.chosen, problem.weights))
    soonest = _soonest(searched, cells, best_fit)
    return Proposals(best_fit, soonest, _same(searched, cells, [best_fit, soonest]), starts)


def _soonest(searched: Searched, cells: list[Cells], best_fit: Proposal) -> Proposal:
    """The earliest finish; the best fit itself where it already ends on that date."""
    problem = searched.problem
    weights = replace(problem.weights, finish_delay=SOONEST_FINISH_DELAY)
    found = search(problem, cells, weights)
    if isinstance(found, Infeasible) or best_fit.plan is None:
        return Proposal(Kind.SOONEST_FINISH, None)
    plan = placed(searched, found.chosen, weights)
    if plan.visits[-1].on == best_fit.plan.visits[-1].on:
        return Proposal(Kind.SOONEST_FINISH, best_fit.plan, same_as=Kind.BEST_FIT)
    return Proposal(Kind.SOONEST_FINISH, plan)


def _same(searched: Searched, cells: list[Cells], shown: list[Proposal]) -> Proposal:
    """The cheapest course on one weekday with one practitioner that is not shown already."""
    kind = Kind.SAME_DAY_AND_PERSON
    ranked = _ranked_pairs(searched.problem, cells)
    for place, (_, on_weekday, practitioner, chosen) in enumerate(ranked):
        if all(not _is_plan(searched, chosen, proposal.plan) for proposal in shown):
            plan = placed(searched, chosen, searched.problem.weights)
            return Proposal(kind, plan, None, place > 0, on_weekday, practitioner)
    if not ranked:
        return Proposal(kind, None)
    _, on_weekday, practitioner, chosen = ranked[0]
    twin = next(one for one in shown if _is_plan(searched, chosen, one.plan))
    return Proposal(kind, twin.plan, twin.kind, False, on_weekday, practitioner)


def _ranked_pairs(problem: Problem, cells: list[Cells]) -> list[tuple[int, int, str, list[Chosen]]]:
    """The optimum of every weekday and practitioner held fixed, cheapest first."""
    pairs = sorted({(weekday(day), person) for day, row in cells[0].items() for person in row})
    found: list[tuple[int, int, str, list[Chosen]]] = []
    for on_weekday, person in pairs:
        held = [_held(layer, on_weekday, person) for layer in cells]
        course = search(problem, held, problem.weights) if all(held) else None
        if isinstance(course, Course):
            found.append((course.cost, on_weekday, person, course.chosen))
    return sorted(found)


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
