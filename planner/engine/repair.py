"""Repair: many courses planned anew together, because a practitioner, a room or a device is away.

A good answer at once: one course after the other, then each once more around the rest. The proven optimum
where OR-Tools finds it in time, on the few places that a bound leaves (repair_options.py); else its bound.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from planner.engine.availability import Availability
from planner.engine.departures import departures
from planner.engine.model import (
    Claimed,
    Costs,
    Diary,
    Infeasible,
    Placement,
    Plan,
    Problem,
    Request,
    Role,
    Visit,
    Weights,
)
from planner.engine.placing import Chosen, placement_in, summed
from planner.engine.reflow import held, replanning
from planner.engine.repair_exact import Taken, joint_optimum
from planner.engine.repair_options import Ways
from planner.engine.series import solve
from planner.engine.ticks import Ticks

UNPLACED = 1_000_000  # per visit of a course that finds no place
ROUNDS = 2  # how often each course is tried again around the others
RESTARTS = 3  # how often all begin anew because somebody was left out


@dataclass(frozen=True, slots=True)
class Series:
    """One course to be planned anew; its `current` is not in the diary's busy rows."""

    id: str
    request: Request


@dataclass(frozen=True, slots=True)
class RepairProblem:
    """All courses that are touched. A course is planned whole or costs `unplaced` for each of its visits."""

    diary: Diary
    series: tuple[Series, ...]
    weights: Weights = field(default_factory=Weights)
    unplaced: int = UNPLACED

    def __post_init__(self) -> None:
        if len({one.id for one in self.series}) < len(self.series):
            raise ValueError("the ids of the series must differ")
        if self.unplaced < 0:
            raise ValueError("the weight unplaced must not be negative")

    def problem_of(self, series: Series) -> Problem:
        """The planning problem of one course, as if it were alone."""
        return Problem(self.diary, series.request, self.weights)


@dataclass(frozen=True, slots=True)
class Repair:
    """A plan for every course, None where it is left without one. No answer can cost less than `bound`."""

    plans: Mapping[str, Plan | None]
    cost: int
    bound: int

    @property
    def status(self) -> str:
        return "optimal" if self.cost == self.bound else "feasible"

    @property
    def breakdown(self) -> Costs:
        """The cost of all plans by term, without what the unplaced visits cost."""
        return summed(tuple(one for plan in self.plans.values() if plan for one in plan.visits)).breakdown


def repair(problem: RepairProblem, seconds_left: Callable[[], float]) -> Repair:
    """The best answer within the time: the proven optimum, or the best found with its bound."""
    work = Workshop(problem)
    return work.improved(work.quick(), seconds_left)


def quick_repair(problem: RepairProblem) -> Repair:
    """A good answer at once, with the bound of every course on its own."""
    return Workshop(problem).quick()


def unaffected_kept(problem: RepairProblem) -> RepairProblem:
    """The problem at the costs of a re-flow, every booked visit that still holds on its own pinned."""
    made: list[Series] = []
    for one in problem.series:
        alone = replanning(problem.problem_of(one))
        made.append(Series(one.id, held(alone, departures(alone)).request))
    weights = replanning(problem.problem_of(problem.series[0])).weights if problem.series else problem.weights
    return replace(problem, series=tuple(made), weights=weights)


class Workshop:
    """One reading of the diary and, for each course, all its ways; then quick and exact answers."""

    def __init__(self, problem: RepairProblem) -> None:
        self.problem = problem
        self.ways: dict[str, Ways] = {}
        if problem.series:
            requests = [one.request for one in problem.series]
            self.free = Availability(problem.problem_of(problem.series[0]), *requests)
            self.ways = {one.id: Ways(problem.problem_of(one), self.free) for one in problem.series}
        self.unplaced = {one.id: problem.unplaced * len(one.request.visits) for one in problem.series}
        self.bound = sum(self.alone(one.id) for one in problem.series)

    def alone(self, name: str) -> int:
        """The least a course can cost whatever the others do."""
        least = self.ways[name].least
        return self.unplaced[name] if least is None else min(least, self.unplaced[name])

    def quick(self) -> Repair:
        """One course after the other, those with the fewest places first; one left out goes first next."""
        order = sorted(self.ways, key=lambda name: (sum(map(len, self.ways[name].through)), name))
        best = self._in_turn(order)
        for _ in range(RESTARTS):
            left_out = [one for one in order if best.plans[one] is None and self.ways[one].least is not None]
            if not left_out:
                break
            order = [*left_out, *(one for one in order if one not in left_out)]
            best = min(best, self._in_turn(order), key=lambda found: found.cost)
        return best

    def _in_turn(self, order: list[str]) -> Repair:
        """Each course around those before it and the pins of those after, then again around all others."""
        plans: dict[str, Plan | None] = dict.fromkeys(self.ways)
        waiting = {name: _pinned_claims(ways.problem) for name, ways in self.ways.items()}
        for name in order:
            del waiting[name]
            plans[name] = self._around(name, [*self._taken(plans, name), *waiting.values()])
        for _ in range(ROUNDS):
            for name in order:
                if self._price(name, plans[name]) > self.alone(name):
                    found = self._around(name, self._taken(plans, name))
                    if self._price(name, found) < self._price(name, plans[name]):
                        plans[name] = found
        cost = sum(self._price(name, plan) for name, plan in plans.items())
        return Repair({one.id: plans[one.id] for one in self.problem.series}, cost, min(self.bound, cost))

    def _taken(self, plans: Mapping[str, Plan | None], name: str) -> list[list[Claimed]]:
        """What the plans of all other courses take."""
        return [_claims(plan, self.ways[one]) for one, plan in plans.items() if plan and one != name]

    def _around(self, name: str, others: Iterable[Iterable[Claimed]]) -> Plan | None:
        """The best plan of one course around the claims of others, priced on the diary alone."""
        ways = self.ways[name]
        if ways.least is None:
            return None
        found = solve(ways.problem, self.free.without(row for rows in others for row in rows))
        if isinstance(found, Infeasible):
            return None
        return self._priced(ways, found.visits)

    def _priced(self, ways: Ways, visits: Iterable[Placement]) -> Plan:
        ticks: Ticks = self.free.ticks
        placed = list(visits)
        day_of = self.free.clock.day_of
        chosen = [Chosen(day_of(one.minute), one.practitioner, ticks.index(one.minute)) for one in placed]
        weights = self.problem.weights
        return summed(
            tuple(
                placement_in(ways.searched, chosen, index, weights, one.room, one.devices)
                for index, one in enumerate(placed)
            )
        )

    def _price(self, name: str, plan: Plan | None) -> int:
        return self.unplaced[name] if plan is None else plan.cost

    def improved(self, best: Repair, seconds_left: Callable[[], float]) -> Repair:
        """The same or better: the joint optimum over places within a growing slack, until it is proven."""
        slack, bound = 0, self.bound
        while bound < best.cost and seconds_left() > 0:
            within = {name: ways.within(slack) for name, ways in self.ways.items()}
            found = joint_optimum(self.ways, within, self.unplaced, best.plans, seconds_left)
            if found is None:
                break
            if found.taken is not None:
                best = self._better(best, found.taken)
            everything = all(options.complete for options in within.values())
            least_outside = found.bound if everything else min(found.bound, self.bound + slack + 1)
            bound = max(bound, min(least_outside, best.cost))
            if everything or not found.proven:
                break
            slack = max(1, 2 * slack)
        return replace(best, bound=bound)

    def _better(self, best: Repair, taken: Mapping[str, list[Taken] | None]) -> Repair:
        plans: dict[str, Plan | None] = {}
        for name, places in taken.items():
            plans[name] = None if places is None else self._plan(self.ways[name], places)
        cost = sum(self._price(name, plan) for name, plan in plans.items())
        return Repair(plans, cost, best.bound) if cost < best.cost else best

    def _plan(self, ways: Ways, places: list[Taken]) -> Plan:
        chosen = [Chosen(*one.option.at, one.option.tick) for one in places]
        weights = self.problem.weights
        return summed(
            tuple(
                placement_in(ways.searched, chosen, index, weights, one.room, one.devices)
                for index, one in enumerate(places)
            )
        )


def _claims(plan: Plan, ways: Ways) -> list[Claimed]:
    """What a plan takes of practitioners, rooms and devices."""
    visits = ways.problem.request.visits
    diary = ways.problem.diary
    return [
        row for visit, one in zip(visits, plan.visits, strict=True) for row in claims_of(diary, visit, one)
    ]


def claims_of(diary: Diary, visit: Visit, placed: Placement) -> list[Claimed]:
    """What one placed visit takes, buffers included."""
    taken = [(placed.practitioner, Role.PRACTITIONER), (placed.room, Role.ROOM)]
    taken += [(device, Role.DEVICE) for device in placed.devices]
    return [claimed(diary, visit, role, one, placed.minute) for one, role in taken]


def claimed(diary: Diary, visit: Visit, role: Role, one: str, start: int) -> Claimed:
    """What a visit at a start (epoch minutes) takes of one resource."""
    claim = diary.claim(one, visit.claim(role))
    return one, start + claim.begin, start + claim.end


def _pinned_claims(problem: Problem) -> list[Claimed]:
    """What the pinned visits of a course will take for certain."""
    found: list[Claimed] = []
    for pin in problem.request.pins:
        visit = problem.request.visits[pin.index]
        for one, role in ((pin.practitioner, Role.PRACTITIONER), (pin.room, Role.ROOM)):
            if pin.start is not None and one is not None:
                found.append(claimed(problem.diary, visit, role, one, pin.start))
    return found
