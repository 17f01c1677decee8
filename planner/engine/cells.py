"""The cheapest free start of every cell (visit, date, practitioner): all that the search over dates needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from planner.engine.availability import Availability, Day
from planner.engine.calendar import day_number, weekday
from planner.engine.cost import move_cost, practitioner_cost, time_cost, weekday_cost
from planner.engine.model import Booked, Practitioner, PreferredTime, Problem, Role, Visit, Weights

Cell = tuple[int, int]  # cost of the visit on its own, tick of its start
Cells = dict[int, dict[str, Cell]]  # day number -> practitioner -> cell
Lines = tuple[bytes, bytes, bytes]  # free starts by the unusable rests they leave: none, one at most, any
Wished = tuple[PreferredTime, ...] | None  # parts of a day
Window = tuple[int, int]  # first and last day number, empty when the first is greater


def windows(problem: Problem) -> list[Window]:
    """The dates the gaps, the limits and the pins leave to each visit, chained forward from the first."""
    diary, request = problem.diary, problem.request
    end = day_number(min(diary.last_date, request.finish_by or diary.last_date))
    low = max(day_number(diary.first_date), day_number(request.earliest))
    high = end if request.latest is None else min(end, day_number(request.latest))
    if request.previous is not None:
        gap, on = request.previous.gap, day_number(request.previous.on)
        low = max(low, on + gap.min_days)
        high = high if gap.max_days is None else min(high, on + gap.max_days)
    found: list[Window] = []
    for index in range(len(request.visits)):
        for pin in request.pins:
            if pin.index == index and pin.on is not None:
                low, high = max(low, day_number(pin.on)), min(high, day_number(pin.on))
        found.append((low, high))
        if index < len(request.gaps):
            gap = request.gaps[index]
            low, high = low + gap.min_days, end if gap.max_days is None else min(end, high + gap.max_days)
    return found


class Searched:
    """A problem made ready: its windows, its visits with their pins, and the cells of each visit."""

    def __init__(self, problem: Problem, availability: Availability | None = None) -> None:
        self.problem = problem
        given = availability is not None and availability.serves(problem)
        self.availability = availability if availability and given else Availability(problem)
        self.windows = windows(problem)
        self.visits = [_pinned(problem, index) for index in range(len(problem.request.visits))]
        line = self.availability.patient(problem.request.patient)
        self._patient = {v: self.availability.from_line(line, v.claim(Role.PATIENT)) for v in self.visits}
        self._of_all_dates: dict[Visit, Cells] = {}
        self._cheapest: dict[tuple[Visit, str], dict[int, Cell]] = {}
        self._dates: dict[Visit, list[_Date]] = {}
        self._edges: dict[tuple[Visit, str], tuple[int, int]] = {}
        self._times: dict[tuple[int, Wished], Times] = {}

    def practitioners(self, visit: Visit) -> list[Practitioner]:
        """The practitioners a visit allows."""
        everyone = self.availability.diary.practitioners
        return [one for one in everyone if visit.practitioners is None or one.id in visit.practitioners]

    def patient_starts(self, visit: Visit) -> int:
        """The ticks at which a visit may start so far as the patient is concerned."""
        return self._patient[visit]

    def feasible(self, visit: Visit, practitioner: Practitioner) -> int:
        """The ticks at which practitioner, patient, a room and the devices are all free."""
        free = self.availability
        mask = self._patient[visit] & free.starts(practitioner.id, visit.claim(Role.PRACTITIONER))
        return mask & free.places(practitioner, visit) if mask else 0

    def day_starts(self, visit: Visit, practitioner: Practitioner, day: Day) -> int:
        """The free starts of one date, as bits above its first tick."""
        mask = self.feasible(visit, practitioner)
        return (mask >> day.low) & day.starts if mask else 0

    def fixed_starts(self, index: int) -> list[int]:
        """The starts the pins of a visit name, in epoch minutes."""
        pins = self.problem.request.pins
        return [pin.start for pin in pins if pin.index == index and pin.start is not None]

    def days_within(self, index: int) -> list[Day]:
        """The dates of the window of a visit."""
        (low, high), days = self.windows[index], self.availability.days
        return [days[number] for number in range(low, high + 1) if number in days]

    def cells(self, index: int) -> Cells:
        """The cells of one visit inside its window, moves from the booked plan included in the cost."""
        visit, (low, high) = self.visits[index], self.windows[index]
        fixed = self.fixed_starts(index)
        if not fixed and not self._may_move(index):
            rows = self._rows(visit)
            return {day: rows[day] for day in range(low, high + 1) if day in rows}
        found: Cells = {}
        for practitioner in self.practitioners(visit):
            for day, cell in self._visit_cells(index, practitioner, fixed).items():
                if low <= day <= high:
                    found.setdefault(day, {})[practitioner.id] = cell
        return found

    def _rows(self, visit: Visit) -> Cells:
        """The cells of every date on which a visit like this may lie, moves not counted."""
        if visit not in self._of_all_dates:
            found = self._of_all_dates[visit] = {}
            for practitioner in self.practitioners(visit):
                for day, cell in self._cheapest_starts(visit, practitioner).items():
                    found.setdefault(day, {})[practitioner.id] = cell
        return self._of_all_dates[visit]

    def _may_move(self, index: int) -> bool:
        """Whether the visit is booked somewhere and leaving that place costs something."""
        weights, current = self.problem.weights, self.problem.request.current
        costly = weights.move or weights.move_day or weights.move_practitioner or weights.move_room
        return bool(costly and current and current[index])

    def _visit_cells(self, index: int, practitioner: Practitioner, fixed: list[int]) -> dict[int, Cell]:
        visit, current = self.visits[index], self.problem.request.current
        booked = current[index] if current else None
        if booked is not None and self._may_move(index):
            return self._moved(visit, practitioner, booked, fixed)
        return self._at(visit, practitioner, fixed)

    def _moved(
        self, visit: Visit, practitioner: Practitioner, booked: Booked, fixed: list[int]
    ) -> dict[int, Cell]:
        """Cells with the cost of moving: the cheapest of staying, keeping the room, and leaving it."""
        weights, clock, ticks = self.problem.weights, self.availability.clock, self.availability.ticks
        booked_day = clock.day_of(booked.start)
        best: dict[int, Cell] = {}
        for wanted, left in self._rooms_kept(visit, booked, weights):
            anywhere = (
                self._at(wanted, practitioner, fixed)
                if fixed
                else self._cheapest_starts(wanted, practitioner)
            )
            staying = self._at(wanted, practitioner, [*fixed, booked.start])
            for cells in (anywhere, staying):
                for day, (cost, tick) in cells.items():
                    minute = ticks.minute(tick)
                    moved = move_cost(booked, booked_day, minute, day, practitioner.id, weights)
                    total = cost + left + moved
                    if day not in best or total < best[day][0]:
                        best[day] = (total, tick)
        return best

    def _rooms_kept(self, visit: Visit, booked: Booked, weights: Weights) -> list[tuple[Visit, int]]:
        """The visit as it is at the cost of leaving its room, and bound to its room at no cost."""
        room = booked.room
        if room is None or not weights.move_room:
            return [(visit, 0)]
        if visit.rooms is not None and room not in visit.rooms:
            return [(visit, weights.move_room)]
        bound = replace(visit, rooms=frozenset({room}))
        self._patient[bound] = self._patient[visit]
        return [(bound, 0), (visit, weights.move_room)]

    def _at(self, visit: Visit, practitioner: Practitioner, minutes: list[int]) -> dict[int, Cell]:
        """The cell of one exact start, empty when it is not free or two different ones are asked for."""
        free = self.availability
        minute = minutes[0]
        if len(set(minutes)) > 1 or not free.clock.begin <= minute < free.clock.end:
            return {}
        tick = free.ticks.index(minute)
        day = free.days.get(free.clock.day_of(minute))
        if day is None or free.ticks.minute(tick) != minute or not day.starts >> (tick - day.low) & 1:
            return {}
        if not self.feasible(visit, practitioner) >> tick & 1:
            return {}
        return {day.number: (self.start_cost(visit, practitioner.id, day, tick), tick)}

    def start_cost(self, visit: Visit, practitioner: str, day: Day, tick: int) -> int:
        """The cost of one start on its own, without moves, gaps and changes of practitioner."""
        time = self.times(visit.minutes, day).costs[1 << (tick - day.low)]
        edges = self.problem.weights.fragment and sum(
            side >> tick & 1 for side in self.edges(visit, practitioner)
        )
        return time + edges * self.problem.weights.fragment + self.fixed_cost(day.number, practitioner)

    def fixed_cost(self, day: int, practitioner: str) -> int:
        """The part of a cell's cost that does not depend on the start."""
        patient, weights = self.problem.request.patient, self.problem.weights
        return weekday_cost(patient, day, weights) + practitioner_cost(patient, practitioner, weights)

    def _cheapest_starts(self, visit: Visit, practitioner: Practitioner) -> dict[int, Cell]:
        """For every date with a free start the cheapest one, moves not counted."""
        key = (visit, practitioner.id)
        if key not in self._cheapest:
            self._cheapest[key] = self._search_days(visit, practitioner)
        return self._cheapest[key]

    def _search_days(self, visit: Visit, practitioner: Practitioner) -> dict[int, Cell]:
        feasible = self.feasible(visit, practitioner) & self.availability.grid
        if not feasible:
            return {}
        found: dict[int, Cell] = {}
        calm, _, every = lines = self._by_rests(visit, practitioner, feasible)
        wanted = practitioner_cost(self.problem.request.patient, practitioner.id, self.problem.weights)
        bits = int.from_bytes
        for date in self._dates_of(visit):  # the inner loop of all planning
            day, low, begin, end, shift, starts, times, wished = date
            free = bits(every[begin:end], "little") >> shift & starts
            if not free:
                continue
            hits = bits(calm[begin:end], "little") >> shift & times.cheapest
            if hits:  # nothing is cheaper
                found[day] = (times.least + wished + wanted, low + (hits & -hits).bit_length() - 1)
            else:
                cost, bit = self._best_of(free, lines, date)
                found[day] = (cost + wished + wanted, low + bit)
        return found

    def _best_of(self, free: int, lines: Lines, date: _Date) -> tuple[int, int]:
        """The cheapest of a date's free starts, the first of them: its cost and its bit."""
        _, _, begin, end, shift, _, times, _ = date
        calm, one = (int.from_bytes(line[begin:end], "little") >> shift for line in lines[:2])
        fragment, best, chosen = self.problem.weights.fragment, -1, 0
        while free:
            start = free & -free
            free ^= start
            cost = times.costs[start]
            if not calm & start:
                cost += fragment if one & start else 2 * fragment
            if cost < best or best < 0:
                best, chosen = cost, start
        return best, chosen.bit_length() - 1

    def _dates_of(self, visit: Visit) -> list[_Date]:
        """The dates of a visit with all that does not depend on the practitioner."""
        if visit not in self._dates:
            patient, weights = self.problem.request.patient, self.problem.weights
            self._dates[visit] = [
                _Date(
                    day.number,
                    day.low,
                    day.low >> 3,
                    (day.high >> 3) + 1,
                    day.low & 7,
                    day.starts,
                    self.times(visit.minutes, day),
                    weekday_cost(patient, day.number, weights),
                )
                for day in self._days_of(visit)
                if day.starts
            ]
        return self._dates[visit]

    def _by_rests(self, visit: Visit, practitioner: Practitioner, feasible: int) -> Lines:
        """The free starts that leave no unusable rest, those that leave one at most, all of them."""
        size = self.availability.ticks.count // 8 + 1
        every = feasible.to_bytes(size, "little")
        if not self.problem.weights.fragment:
            return every, every, every
        before, after = self.edges(visit, practitioner.id)
        calm, one = feasible & ~(before | after), feasible & ~(before & after)
        return calm.to_bytes(size, "little"), one.to_bytes(size, "little"), every

    def _days_of(self, visit: Visit) -> Iterable[Day]:
        """The dates between the first and the last window of the visits that need the same."""
        mine = [
            w
            for v, w in zip(self.visits, self.windows, strict=True)
            if replace(v, rooms=visit.rooms) == visit
        ]
        low, high = min(w[0] for w in mine), max(w[1] for w in mine)
        days = self.availability.days
        return [days[number] for number in range(low, high + 1) if number in days]

    def edges(self, visit: Visit, practitioner: str) -> tuple[int, int]:
        """The ticks at which a start leaves the practitioner an unusable rest before, and after."""
        key = (visit, practitioner)
        if key not in self._edges:
            claim, least = visit.claim(Role.PRACTITIONER), self.problem.weights.fragment_min
            self._edges[key] = self.availability.edges(practitioner, claim, least)
        return self._edges[key]

    def times(self, minutes: int, day: Day) -> Times:
        """What the starts of a day cost for their time of day."""
        wished, on_weekday = self.problem.request.patient.preferred_times, weekday(day.number)
        if wished is not None:
            wished = tuple(one for one in wished if one.weekdays is None or on_weekday in one.weekdays)
        if day.walls is not None:
            return self._times_of(minutes, wished, on_weekday, day.walls)
        key = (minutes, wished)
        if key not in self._times:
            grid, size = self.availability.diary.grid_minutes, self.availability.ticks.size
            walls = tuple((wall // size, wall) for wall in range(0, 1440, grid))
            self._times[key] = self._times_of(minutes, wished, on_weekday, walls)
        return self._times[key]

    def _times_of(
        self, minutes: int, wished: Wished, on_weekday: int, walls: tuple[tuple[int, int], ...]
    ) -> Times:
        weights = self.problem.weights
        costs = {1 << bit: time_cost(wished, on_weekday, wall, minutes, weights) for bit, wall in walls}
        least = min(costs.values(), default=0)
        return Times(least, sum(start for start, cost in costs.items() if cost == least), costs)


class Times(NamedTuple):
    """The starts of a day as single bits: the least that one costs, those that cost it, the cost of each."""

    least: int
    cheapest: int
    costs: dict[int, int]


class _Date(NamedTuple):
    """A date as the search over starts needs it: its bytes in a line, its starts, their costs, its own."""

    day: int
    low: int
    first_byte: int
    last_byte: int
    shift: int
    starts: int
    times: Times
    wished: int


def _pinned(problem: Problem, index: int) -> Visit:
    """A visit with the practitioner and room its pins leave."""
    visit = problem.request.visits[index]
    for pin in problem.request.pins:
        if pin.index == index and pin.practitioner is not None:
            visit = replace(visit, practitioners=_only(visit.practitioners, pin.practitioner))
        if pin.index == index and pin.room is not None:
            visit = replace(visit, rooms=_only(visit.rooms, pin.room))
    return visit


def _only(allowed: frozenset[str] | None, one: str) -> frozenset[str]:
    return frozenset({one}) if allowed is None or one in allowed else frozenset()
