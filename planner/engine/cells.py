"""The cheapest free start of every cell (visit, date, practitioner): all that the search over dates needs."""

from collections.abc import Iterable
from dataclasses import replace

from planner.engine.availability import Availability, Day
from planner.engine.calendar import day_number, weekday
from planner.engine.cost import move_cost, practitioner_cost, time_cost, weekday_cost
from planner.engine.model import Booked, Practitioner, Problem, Role, Visit, Weights
from planner.engine.ticks import Sliced

Cell = tuple[int, int]  # cost of the visit on its own, tick of its start
Cells = dict[int, dict[str, Cell]]  # day number -> practitioner -> cell
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
        self._cheapest: dict[tuple[Visit, str], dict[int, Cell]] = {}
        self._edges: dict[tuple[Visit, str], tuple[Sliced, Sliced]] = {}
        self._levels: dict[tuple[int, int], list[tuple[int, int]]] = {}

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
        found: Cells = {}
        for practitioner in self.practitioners(visit):
            for day, cell in self._visit_cells(index, practitioner, fixed).items():
                if low <= day <= high:
                    found.setdefault(day, {})[practitioner.id] = cell
        return found

    def _visit_cells(self, index: int, practitioner: Practitioner, fixed: list[int]) -> dict[int, Cell]:
        visit, weights = self.visits[index], self.problem.weights
        current = self.problem.request.current
        booked = current[index] if current else None
        moving = weights.move or weights.move_day or weights.move_practitioner or weights.move_room
        if booked is not None and moving:
            return self._moved(visit, practitioner, booked, fixed)
        if fixed:
            return self._at(visit, practitioner, fixed)
        return self._cheapest_starts(visit, practitioner)

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
        bit = 1 << (tick - day.low)
        time = next(cost for cost, mask in self.levels(visit.minutes, day) if mask & bit)
        edges = self.problem.weights.fragment and sum(
            side.part(day.low, day.high) & bit != 0 for side in self.edges(visit, practitioner)
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
        found: dict[int, Cell] = {}
        feasible = self.feasible(visit, practitioner) & self.availability.grid
        if not feasible:
            return found
        every, *calmer = self._by_rests(visit, practitioner, feasible)
        fixed = practitioner_cost(self.problem.request.patient, practitioner.id, self.problem.weights)
        for day in self._days_of(visit):
            if not every[1].part(day.low, day.high) & day.starts:
                continue
            best = bit = -1
            for extra, line in (*calmer, every):
                if 0 <= best <= extra:
                    break
                free = line.part(day.low, day.high)
                for cost, mask in self.levels(visit.minutes, day) if free else ():
                    if 0 <= best <= cost + extra:
                        break
                    if hits := free & mask:
                        best, bit = cost + extra, (hits & -hits).bit_length() - 1
                        break
            wished = weekday_cost(self.problem.request.patient, day.number, self.problem.weights)
            found[day.number] = (best + wished + fixed, day.low + bit)
        return found

    def _by_rests(self, visit: Visit, practitioner: Practitioner, feasible: int) -> list[tuple[int, Sliced]]:
        """The starts with what their unusable rests cost at most: all of them, those with none, with one."""
        free, fragment = self.availability, self.problem.weights.fragment
        if not fragment:
            return [(0, free.sliced(feasible))]
        claim, least = visit.claim(Role.PRACTITIONER), self.problem.weights.fragment_min
        before, after = free.edges(practitioner.id, claim, least)
        calm, one = feasible & ~(before | after), feasible & ~(before & after)
        return [
            (2 * fragment, free.sliced(feasible)),
            (0, free.sliced(calm)),
            (fragment, free.sliced(one)),
        ]

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

    def edges(self, visit: Visit, practitioner: str) -> tuple[Sliced, Sliced]:
        """The starts that leave the practitioner an unusable rest before, and after."""
        key = (visit, practitioner)
        if key not in self._edges:
            free, least = self.availability, self.problem.weights.fragment_min
            before, after = free.edges(practitioner, visit.claim(Role.PRACTITIONER), least)
            self._edges[key] = free.sliced(before), free.sliced(after)
        return self._edges[key]

    def levels(self, minutes: int, day: Day) -> list[tuple[int, int]]:
        """The starts of a day by the cost of their time of day, cheapest first: (cost, starts)."""
        if day.walls is not None:
            return self._levels_of(minutes, weekday(day.number), day.walls)
        key = (minutes, weekday(day.number))
        if key not in self._levels:
            grid, size = self.availability.diary.grid_minutes, self.availability.ticks.size
            walls = tuple((wall // size, wall) for wall in range(0, 1440, grid))
            self._levels[key] = self._levels_of(minutes, weekday(day.number), walls)
        return self._levels[key]

    def _levels_of(
        self, minutes: int, on_weekday: int, walls: tuple[tuple[int, int], ...]
    ) -> list[tuple[int, int]]:
        windows_wished = self.problem.request.patient.preferred_times
        masks: dict[int, int] = {}
        for bit, wall in walls:
            cost = time_cost(windows_wished, on_weekday, wall, minutes, self.problem.weights)
            masks[cost] = masks.get(cost, 0) | 1 << bit
        return sorted(masks.items())


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
