"""Why there is no plan, and what would help: facts that can be run again, as numbers and enumerations.

Every relaxation offered was solved first, alone. None at all means that two causes meet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planner.engine.availability import Availability, Day
from planner.engine.calendar import day_date
from planner.engine.cells import Searched
from planner.engine.model import Plan, Problem, Role
from planner.engine.relaxations import Change, hard, soft
from planner.engine.series import Layer, allowed, layers, solve


class Stage(StrEnum):
    """Starts left when each of these is asked for as well, in this order."""

    OPEN = "open"  # the clinic is open for the treatment
    PRACTITIONER = "practitioner"
    PATIENT = "patient"
    ROOM = "room"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class VisitWindow:
    """The dates left to a visit (first after last: none) and the free starts on them, stage by stage."""

    first: date
    last: date
    starts: Mapping[Stage, int]

    @property
    def is_empty(self) -> bool:
        return self.first > self.last


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change that alone makes a plan possible. `gained` = more free starts for the blocked visit."""

    change: Change
    plan: Plan
    gained: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why a problem has no plan. `blocked` is the first visit (0-based) that cannot be reached.

    Up to that visit the windows hold only dates some earlier visits lead to; after it, what the gaps leave.
    `several_causes`: no single relaxation helps.
    """

    blocked: int
    windows: tuple[VisitWindow, ...]
    relaxations: tuple[Relaxation, ...]

    @property
    def several_causes(self) -> bool:
        return not self.relaxations


@dataclass(frozen=True, slots=True)
class Saving:
    """What a plan costs less once one limit or wish is given up."""

    change: Change
    saved: int
    plan: Plan


def explain(problem: Problem, availability: Availability | None = None) -> Why | None:
    """The reasons why a problem has no plan, and the verified single relaxations, cheapest first.

    Those beyond the protocol come last. None when there is a plan.
    """
    searched = Searched(problem, availability)
    cells = [searched.cells(index) for index in range(len(searched.visits))]
    reached = layers(problem.request, cells, problem.weights)
    if reached[-1]:
        return None
    blocked = len(reached) - 1
    found = tuple(_window(searched, index, reached) for index in range(len(searched.visits)))
    before = found[blocked].starts[Stage.DEVICE]
    helping = _relaxations(problem, searched.availability, blocked, before)
    return Why(blocked, found, tuple(helping))


def savings(
    problem: Problem, plan: Plan, availability: Availability | None = None, least: int = 1
) -> tuple[Saving, ...]:
    """What giving up each limit or wish alone would save, the most first; under `least` is left out.

    `plan` is the optimum of the problem.
    """
    free = availability or Availability(problem)
    found: list[Saving] = []
    for change, relaxed in (*hard(problem), *soft(problem)):
        other = solve(relaxed, free)
        if isinstance(other, Plan) and plan.cost - other.cost >= least:
            found.append(Saving(change, plan.cost - other.cost, other))
    return tuple(sorted(found, key=lambda one: (one.change.beyond_protocol, -one.saved)))


def _relaxations(problem: Problem, free: Availability, blocked: int, before: int) -> list[Relaxation]:
    found: list[Relaxation] = []
    for change, relaxed in hard(problem):
        plan = solve(relaxed, free)
        if isinstance(plan, Plan):
            found.append(Relaxation(change, plan, _starts_of(relaxed, free, blocked) - before))
    return sorted(found, key=lambda one: (one.change.beyond_protocol, one.plan.cost))


def _starts_of(problem: Problem, free: Availability, index: int) -> int:
    searched = Searched(problem, free)
    cells = [searched.cells(at) for at in range(len(searched.visits))]
    reached = layers(problem.request, cells, problem.weights)
    return _window(searched, index, reached).starts[Stage.DEVICE]


def _window(searched: Searched, index: int, reached: list[Layer]) -> VisitWindow:
    days = _days(searched, index, reached)
    low, high = searched.windows[index]
    if days:
        low, high = days[0].number, days[-1].number
    return VisitWindow(day_date(low), day_date(high), _funnel(searched, index, days))


def _days(searched: Searched, index: int, reached: list[Layer]) -> list[Day]:
    """The dates of a visit's window that some run of the visits before leads to, so far as that is known."""
    days, request = searched.days_within(index), searched.problem.request
    if index == 0 or index >= len(reached):
        return days
    before = reached[index - 1]
    gap = request.gaps[index - 1]
    return [day for day in days if any(allowed(gap, day.number - earlier) for earlier in before)]


def _funnel(searched: Searched, index: int, days: list[Day]) -> dict[Stage, int]:
    """How many starts are left after each stage, some practitioner, room and devices fitting together."""
    free, visit = searched.availability, searched.visits[index]
    patient = free.from_line(free.patient(searched.problem.request.patient), visit.claim(Role.PATIENT))
    masks = dict.fromkeys(Stage, 0)
    masks[Stage.OPEN] = free.from_line(free.open, visit.claim(Role.PRACTITIONER))
    for practitioner in searched.practitioners(visit):
        own = free.starts(practitioner.id, visit.claim(Role.PRACTITIONER))
        masks[Stage.PRACTITIONER] |= own
        masks[Stage.PATIENT] |= own & patient
        for room in free.rooms_for(practitioner, visit):
            masks[Stage.ROOM] |= own & patient & free.room_starts(room, visit, with_devices=False)
            masks[Stage.DEVICE] |= own & patient & free.room_starts(room, visit)
    pinned = searched.fixed_starts(index)
    return {stage: _count(free, mask, days, pinned) for stage, mask in masks.items()}


def _count(free: Availability, mask: int, days: list[Day], pinned: list[int]) -> int:
    line = free.sliced(mask)
    found = 0
    for day in days:
        starts = line.part(day.low, day.high) & day.starts
        for minute in pinned:
            at = free.ticks.index(minute) - day.low
            exact = at >= 0 and free.ticks.minute(at + day.low) == minute
            starts &= 1 << at if exact else 0
        found += starts.bit_count()
    return found
