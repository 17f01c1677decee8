"""The joint optimum of many courses with OR-Tools CP-SAT: the only module that knows it.

Without OR-Tools on the machine there is no proof, and the quick answer stands.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.engine.model import Plan, Role
from planner.engine.repair_options import Option, Options, Ways

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver

WORKERS = 2
ROUNDING = 1e-6  # the solver's bound is a float of what must be a whole number

Literal = Any  # OR-Tools has no public name for what its constraints accept


class Taken(NamedTuple):
    """One visit placed."""

    option: Option
    room: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joint:
    """What was found: `taken` per course (None: left without), `proven` least of these options."""

    taken: Mapping[str, list[Taken] | None] | None
    bound: int
    proven: bool


def joint_optimum(
    ways: Mapping[str, Ways],
    within: Mapping[str, Options],
    unplaced: Mapping[str, int],
    known: Mapping[str, Plan | None],
    seconds_left: Callable[[], float],
) -> Joint | None:
    """The cheapest choice among the options that lets no two visits share anybody or anything.

    `known` is an answer to start from. None when OR-Tools is not there.
    """
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        return None
    model = _Model(cp_model.CpModel(), ways)
    for name, options in within.items():
        model.add_series(name, options, unplaced[name], known[name])
    model.keep_apart()
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds_left(), 0.01)
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = 1
    status = solver.solve(model.model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    bound = ceil(solver.best_objective_bound - ROUNDING)
    return Joint(model.taken(solver) if found else None, bound, status == cp_model.OPTIMAL)


@dataclass(frozen=True, slots=True)
class _Start:
    """A start with its literals: the start itself, a room each, a device of each pool."""

    option: Option
    chosen: Literal
    rooms: Mapping[str, Literal]
    pools: tuple[Mapping[str, Literal], ...]


class _Model:
    """The Boolean model: one literal per start, room and device, one per step between dates."""

    def __init__(self, model: "CpModel", ways: Mapping[str, Ways]) -> None:
        self.model = model
        self.ways = ways
        self.starts: dict[str, list[_Start]] = {}
        self.left_out: dict[str, Literal] = {}
        self.costs: list[Any] = []
        self.claims: defaultdict[str, list[tuple[int, int, Literal]]] = defaultdict(list)

    def add_series(self, name: str, options: Options, unplaced: int, known: Plan | None) -> None:
        """A course takes one start per visit and the steps between them, or is left out."""
        left_out = self.model.new_bool_var("")
        self.left_out[name] = left_out
        self.costs.append(unplaced * left_out)
        self.model.add_hint(left_out, known is None)
        self.starts[name] = [self._start(name, option, known) for option in options.options]
        for index in range(len(self.ways[name].cells)):
            here = [start.chosen for start in self.starts[name] if start.option.visit == index]
            self.model.add_exactly_one([*here, left_out])
        self._add_steps(name, options)

    def _start(self, name: str, option: Option, known: Plan | None) -> _Start:
        ways = self.ways[name]
        visit = ways.searched.visits[option.visit]
        chosen = self.model.new_bool_var("")
        self.costs.append(option.cost * chosen)
        rooms = {room: self.model.new_bool_var("") for room in option.rooms}
        self.model.add(sum(rooms.values()) == chosen)
        self.costs += [cost * rooms[room] for room, cost in option.rooms.items() if cost]
        pools = tuple(
            {one: self.model.new_bool_var("") for one in pool if self._is_free(ways, option, one)}
            for pool in visit.device_pools
        )
        for pool in pools:
            self.model.add(sum(pool.values()) == chosen)
        start = _Start(option, chosen, rooms, pools)
        self._add_claims(ways, start)
        self._pair(ways, start)
        if known is not None:
            there = known.visits[option.visit]
            minute = ways.searched.availability.ticks.minute(option.tick)
            same = (there.minute, there.practitioner) == (minute, option.at[1])
            self.model.add_hint(chosen, same)
        return start

    def _is_free(self, ways: Ways, option: Option, device: str) -> bool:
        free, visit = ways.searched.availability, ways.searched.visits[option.visit]
        return bool(free.starts(device, visit.claim(Role.DEVICE)) >> option.tick & 1)

    def _pair(self, ways: Ways, start: _Start) -> None:
        """A device only in a room it may be used in."""
        rooms_of = {one.id: one.rooms for one in ways.problem.diary.devices}
        for pool in start.pools:
            for device, used in pool.items():
                allowed = rooms_of[device]
                for room, stands in start.rooms.items():
                    if allowed is not None and room not in allowed:
                        self.model.add_at_most_one([used, stands])

    def _add_claims(self, ways: Ways, start: _Start) -> None:
        visit = ways.searched.visits[start.option.visit]
        minute = ways.searched.availability.ticks.minute(start.option.tick)
        used = [(Role.PRACTITIONER, start.option.at[1], start.chosen)]
        used += [(Role.ROOM, room, literal) for room, literal in start.rooms.items()]
        used += [(Role.DEVICE, one, literal) for pool in start.pools for one, literal in pool.items()]
        for role, one, literal in used:
            claim = ways.problem.diary.claim(one, visit.claim(role))
            self.claims[one].append((minute + claim.begin, minute + claim.end, literal))

    def _add_steps(self, name: str, options: Options) -> None:
        """A step leads from the cell of a visit to the cell of the next."""
        at_cell: defaultdict[Any, list[Literal]] = defaultdict(list)
        for start in self.starts[name]:
            at_cell[start.option.visit, start.option.at].append(start.chosen)
        away: defaultdict[Any, list[Literal]] = defaultdict(list)
        onto: defaultdict[Any, list[Literal]] = defaultdict(list)
        for step in options.steps:
            taken = self.model.new_bool_var("")
            self.costs.append(step.cost * taken)
            away[step.visit - 1, step.before].append(taken)
            onto[step.visit, step.after].append(taken)
        last = len(self.ways[name].cells) - 1
        for (index, at), starts in at_cell.items():
            if index < last:
                self.model.add(sum(away[index, at]) == sum(starts))
            if index > 0:
                self.model.add(sum(onto[index, at]) == sum(starts))

    def keep_apart(self) -> None:
        """No two visits share a practitioner, room or device at any time; then the cost is set."""
        for claims in self.claims.values():
            for together in _overlapping(claims):
                self.model.add_at_most_one(together)
        self.model.minimize(sum(self.costs))

    def taken(self, solver: "CpSolver") -> dict[str, list[Taken] | None]:
        """What a solution chose."""
        found: dict[str, list[Taken] | None] = {}
        for name, starts in self.starts.items():
            chosen = sorted(
                (one for one in starts if solver.boolean_value(one.chosen)), key=lambda one: one.option.visit
            )
            found[name] = (
                None
                if solver.boolean_value(self.left_out[name])
                else [
                    Taken(
                        one.option,
                        next(room for room, literal in one.rooms.items() if solver.boolean_value(literal)),
                        tuple(
                            next(tool for tool, literal in pool.items() if solver.boolean_value(literal))
                            for pool in one.pools
                        ),
                    )
                    for one in chosen
                ]
            )
        return found


def _overlapping(claims: list[tuple[int, int, Literal]]) -> Iterator[list[Literal]]:
    """The largest sets of claims that share a moment: a set is complete when one of it ends."""
    moments = sorted(
        [(begin, 1, at) for at, (begin, _, _) in enumerate(claims)]
        + [(end, 0, at) for at, (_, end, _) in enumerate(claims)]
    )
    present: set[int] = set()
    grown = False
    for _, begins, at in moments:
        if begins:
            present.add(at)
            grown = True
            continue
        if grown and len(present) > 1:
            yield [claims[one][2] for one in sorted(present)]
        grown = False
        present.discard(at)
