"""The places a series may take within a given cost above its own optimum: all that a joint optimum can need.

A shortest path from both ends gives the least cost of any plan through each cell. If all series together cost
k more than the sum of their own optima, then none of them costs more than k above its own.
"""

from typing import NamedTuple

from planner.engine.availability import Availability
from planner.engine.cells import Cells, Searched
from planner.engine.cost import finish_cost, gap_cost, move_cost, room_cost
from planner.engine.model import Gap, Problem, Weights
from planner.engine.series import Layer, allowed, layers

At = tuple[int, str]  # day number, practitioner


class Option(NamedTuple):
    """A start of one visit. `cost` is its own, that of opening and finishing the course included."""

    visit: int
    at: At
    tick: int
    cost: int
    rooms: dict[str, int]  # room -> cost of leaving the booked one


class Step(NamedTuple):
    """From a cell of one visit to a cell of the next, whose index is `visit`; the gap and the change."""

    visit: int
    before: At
    after: At
    cost: int


class Options(NamedTuple):
    """What is left within a slack. `complete`: no place of the series was left out."""

    options: list[Option]
    steps: list[Step]
    complete: bool


class Ways:
    """All plans of one series at once: the least cost of getting to each cell, and on from it."""

    def __init__(self, problem: Problem, availability: Availability) -> None:
        self.problem = problem
        self.searched = Searched(problem, availability)
        self.cells = [self.searched.cells(index) for index in range(len(self.searched.visits))]
        self.reached = layers(problem.request, self.cells, problem.weights)
        self.least: int | None = None  # the cost of its own optimum, None when it has no plan
        self.through: list[dict[At, int]] = []  # the least cost of a plan through each cell
        if self.reached[-1]:
            self.least = min(min(row.values()) for row in self.reached[-1].values())
            self.onward = _onward(problem, self.cells)
            self.through = [self._through(index) for index in range(len(self.cells))]

    def within(self, slack: int) -> Options:
        """The starts and steps of all plans that cost at most so much more than the least."""
        if self.least is None:
            return Options([], [], True)
        limit = self.least + slack
        options: list[Option] = []
        complete = True
        for index, through in enumerate(self.through):
            for at, least in through.items():
                if least > limit:
                    complete = False
                    continue
                own = self.cells[index][at[0]][at[1]][0]
                found, is_all = self._starts(index, at, limit - least + own)
                options += found
                complete = complete and is_all
        steps, is_all = self._steps(limit)
        return Options(options, steps, complete and is_all)

    def _through(self, index: int) -> dict[At, int]:
        found: dict[At, int] = {}
        last = index == len(self.cells) - 1
        for day, row in self.onward[index].items():
            before = self.reached[index].get(day, {})
            finish = self._finish(day) if last else 0  # counted from both sides
            for practitioner, after in row.items():
                if practitioner in before:
                    own = self.cells[index][day][practitioner][0]
                    found[day, practitioner] = before[practitioner] + after - own - finish
        return found

    def _finish(self, day: int) -> int:
        return finish_cost(self.problem.request, day, self.problem.weights)

    def _edges(self, index: int, at: At) -> int:
        """The cost of opening the course at a cell, or of finishing there."""
        day, practitioner = at
        cost = self._finish(day) if index == len(self.cells) - 1 else 0
        if index == 0:
            cost += self.reached[0][day][practitioner] - self.cells[0][day][practitioner][0]
            cost -= self._finish(day) if len(self.cells) == 1 else 0
        return cost

    def _starts(self, index: int, at: At, most: int) -> tuple[list[Option], bool]:
        """The starts of a cell that cost at most so much on their own, and whether that is all."""
        searched, request, weights = self.searched, self.problem.request, self.problem.weights
        free, visit, (number, practitioner) = searched.availability, searched.visits[index], at
        person = next(one for one in free.diary.practitioners if one.id == practitioner)
        day, booked = free.days[number], request.current[index] if request.current else None
        fixed = searched.fixed_starts(index)
        starts = searched.day_starts(visit, person, day)
        found: list[Option] = []
        complete = True
        while starts:
            lowest = starts & -starts
            starts ^= lowest
            tick = day.low + lowest.bit_length() - 1
            minute = free.ticks.minute(tick)
            if any(minute != one for one in fixed):
                continue
            cost = searched.start_cost(visit, practitioner, day, tick)
            if booked is not None:
                was = free.clock.day_of(booked.start)
                cost += move_cost(booked, was, minute, number, practitioner, weights)
            rooms = {
                room.id: room_cost(booked, room.id, weights)
                for room in free.rooms_for(person, visit)
                if free.room_starts(room, visit) >> tick & 1
            }
            if cost + min(rooms.values()) <= most:
                found.append(Option(index, at, tick, cost + self._edges(index, at), rooms))
            else:
                complete = False
        return found, complete

    def _steps(self, limit: int) -> tuple[list[Step], bool]:
        """The steps between cells that lie on a plan within the limit, and whether that is all of them."""
        found: list[Step] = []
        alive = [[at for at, least in through.items() if least <= limit] for through in self.through]
        complete = all(len(some) == len(row) for some, row in zip(alive, self.through, strict=True))
        for index in range(1, len(self.cells)):
            gap, weights = self.problem.request.gaps[index - 1], self.problem.weights
            for before in alive[index - 1]:
                so_far = self.reached[index - 1][before[0]][before[1]]
                for after in alive[index]:
                    if not allowed(gap, after[0] - before[0]):
                        continue
                    cost = gap_cost(gap, after[0] - before[0], weights)
                    cost += weights.practitioner_change if before[1] != after[1] else 0
                    if so_far + cost + self.onward[index][after[0]][after[1]] <= limit:
                        found.append(Step(index, before, after, cost))
                    else:
                        complete = False
        return found, complete


def _onward(problem: Problem, cells: list[Cells]) -> list[Layer]:
    """The least cost of each cell and all that follows it, visit by visit from the last."""
    request, weights = problem.request, problem.weights
    last: Layer = {
        day: {one: own + finish_cost(request, day, weights) for one, (own, _) in row.items()}
        for day, row in cells[-1].items()
    }
    found = [last]
    for index in range(len(cells) - 2, -1, -1):
        found.append(_layer_before(found[-1], cells[index], request.gaps[index], weights))
    return found[::-1]


def _layer_before(after: Layer, cells: Cells, gap: Gap, weights: Weights) -> Layer:
    layer: Layer = {}
    if not after:
        return layer
    cheapest = {day: min(row.values()) for day, row in after.items()}
    farthest = max(after) - min(cells, default=0)
    longest = farthest if gap.max_days is None else min(farthest, gap.max_days)
    costs = {days: gap_cost(gap, days, weights) for days in range(gap.min_days, longest + 1)}
    for day, row in cells.items():
        steps = [(cost, day + days) for days, cost in costs.items() if day + days in after]
        if not steps:
            continue
        anyone = min(cheapest[later] + cost for cost, later in steps) + weights.practitioner_change
        layer[day] = {
            one: own
            + min([anyone, *(after[later][one] + cost for cost, later in steps if one in after[later])])
            for one, (own, _) in row.items()
        }
    return layer
