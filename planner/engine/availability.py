"""Which starts are free: per practitioner, and jointly per room with the devices that may stand in it.

Every room is eroded by the whole claim first and only then joined with the others: a union of free rooms, or
a count of them, would accept starts where the patient had to change rooms half-way.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from itertools import chain
from typing import NamedTuple

from planner.engine.calendar import Clock, Stretch, day_number, weekday
from planner.engine.model import (
    Claim,
    Claimed,
    Device,
    PatientTimes,
    Practitioner,
    Problem,
    Request,
    Role,
    Room,
    Span,
    Visit,
    WeeklyHours,
)
from planner.engine.ticks import Sliced, Ticks, free_from, tick_size, union

Pools = tuple[tuple[str, ...], ...]


class Day(NamedTuple):
    """A local date: its ticks [low, high) and its starts as bits above low, with the wall clock of each."""

    number: int
    low: int
    high: int
    starts: int
    walls: tuple[tuple[int, int], ...] | None  # (bit, wall minute) of each start; None: bit * tick size


class Availability:
    """The free time of every resource of a diary, and the starts it leaves; results are kept for later."""

    def __init__(self, problem: Problem, *others: Request) -> None:
        """`others` are further requests on the same diary whose times must lie on the ticks as well."""
        diary = problem.diary
        self.diary = diary
        self.clock = Clock(diary.tz, diary.first_date, diary.last_date)
        asked = chain.from_iterable(_request_minutes(one) for one in others)
        size = tick_size(chain(_minutes(problem, self.clock), asked), diary.busy)
        self.ticks = Ticks(self.clock.begin, self.clock.end, size)
        self._midnights = self._plain_midnights()
        self.open = self._open_line()
        self.free = self._free_lines()
        self._plain_starts = sum(1 << wall // size for wall in range(0, 1440, diary.grid_minutes))
        self.days = {
            number: self._day(number)
            for number in range(day_number(diary.first_date), day_number(diary.last_date) + 1)
        }
        self.grid = union([day.starts << day.low for day in self.days.values()])
        self._starts: dict[tuple[str, Claim], int] = {}
        self._places: dict[tuple[frozenset[str] | None, Visit], int] = {}
        self._devices: dict[tuple[Pools, Claim], int] = {}

    def serves(self, problem: Problem) -> bool:
        """Whether a problem is about this diary and its times lie on these ticks."""
        on_ticks = all(minute % self.ticks.size == 0 for minute in _request_minutes(problem.request))
        return problem.diary is self.diary and on_ticks

    def without(self, claims: Iterable[Claimed]) -> "Availability":
        """The same diary after further claims, which must lie on the ticks; this one stays as it is."""
        taken = self.ticks.paint_each(claims)
        if not taken:
            return self
        left = copy(self)
        left.free = self.free | {one: self.free[one] & ~mask for one, mask in taken.items()}
        left._starts = {key: mask for key, mask in self._starts.items() if key[0] not in taken}
        left._places, left._devices = {}, {}
        return left

    def starts(self, resource: str, claim: Claim) -> int:
        """The ticks at which a visit may start so far as one resource is concerned."""
        key = (resource, claim)
        if key not in self._starts:
            self._starts[key] = self.from_line(self.free[resource], self.diary.claim(resource, claim))
        return self._starts[key]

    def from_line(self, line: int, claim: Claim) -> int:
        """The ticks from which the whole claim lies inside the free line."""
        begin = claim.begin // self.ticks.size
        return free_from(line, begin, begin + (claim.end - claim.begin) // self.ticks.size)

    def places(self, practitioner: Practitioner, visit: Visit) -> int:
        """The ticks at which some room the practitioner may use is free, with every device needed."""
        key = (practitioner.rooms, visit)
        if key not in self._places:
            rooms = self.rooms_for(practitioner, visit)
            self._places[key] = union([self.room_starts(room, visit) for room in rooms])
        return self._places[key]

    def rooms_for(self, practitioner: Practitioner, visit: Visit) -> list[Room]:
        """The rooms both the visit and the practitioner allow."""
        return [
            room
            for room in self.diary.rooms
            if (visit.rooms is None or room.id in visit.rooms)
            and (practitioner.rooms is None or room.id in practitioner.rooms)
        ]

    def room_starts(self, room: Room, visit: Visit, with_devices: bool = True) -> int:
        """The ticks at which a visit may start in this room, with its devices unless told otherwise."""
        mask = self.starts(room.id, visit.claim(Role.ROOM))
        if with_devices and visit.device_pools:
            mask &= self._device_starts(self.pools_in(room, visit), visit.claim(Role.DEVICE))
        return mask

    def pools_in(self, room: Room, visit: Visit) -> Pools:
        """The visit's device pools, without the devices that may not be used in the room."""
        usable = {d.id for d in self.diary.devices if d.rooms is None or room.id in d.rooms}
        return tuple(tuple(one for one in pool if one in usable) for pool in visit.device_pools)

    def _device_starts(self, pools: Pools, claim: Claim) -> int:
        """The ticks at which one device of each pool is free, all different."""
        if not pools:
            return -1
        key = (pools, claim)
        if key not in self._devices:
            first, rest = pools[0], pools[1:]
            shared = set(first) & set(chain.from_iterable(rest))
            alone = union([self.starts(device, claim) for device in first if device not in shared])
            found = alone & self._device_starts(rest, claim)
            for device in shared:
                others = tuple(tuple(one for one in pool if one != device) for pool in rest)
                found |= self.starts(device, claim) & self._device_starts(others, claim)
            self._devices[key] = found
        return self._devices[key]

    def patient(self, times: PatientTimes) -> int:
        """The patient's own free time as a line."""
        line = self.ticks.everything
        if times.hours is not None:
            line &= self._weekly_line(times.hours)
        return line & ~self.ticks.paint(chain(self.clock.dates(times.blackouts), times.busy))

    def edges(self, practitioner: str, claim: Claim, least: int) -> tuple[int, int]:
        """The starts that leave an unusable rest (over 0, under `least` minutes) before and after."""
        line, size = self.free[practitioner], self.ticks.size
        claim = self.diary.claim(practitioner, claim)
        begin, end, enough = claim.begin // size, claim.end // size, -(-least // size)
        before = free_from(line, begin - 1, begin) & ~free_from(line, begin - enough, begin)
        after = free_from(line, end, end + 1) & ~free_from(line, end, end + enough)
        return before, after

    def sliced(self, mask: int) -> Sliced:
        """A mask from which single days are taken."""
        return Sliced(mask, self.ticks.count)

    def _plain_midnights(self) -> list[int]:
        """For each weekday the first ticks of its dates on which no clock changes."""
        found = [0] * 7
        for day, minute in self.clock.midnights.items():
            if self.clock.first_day <= day <= self.clock.last_day:
                found[weekday(day)] |= 1 << self.ticks.index(minute)
        return found

    def _open_line(self) -> int:
        diary, line = self.diary, self.ticks.everything
        if diary.opening_hours is not None:
            line = self._weekly_line(diary.opening_hours)
        return line & ~self.ticks.paint(self.clock.dates(diary.closures))

    def _weekly_line(self, hours: Iterable[WeeklyHours]) -> int:
        """A weekly pattern: on plain dates all weeks at once, on the others span by span."""
        line = 0
        rest: list[Span] = []
        for entry in hours:
            if entry.valid_from or entry.valid_to or entry.from_minute >= entry.to_minute:
                rest += self.clock.weekly((entry,))
                continue
            midnights = self._midnights[entry.weekday]
            begin, end = entry.from_minute // self.ticks.size, entry.to_minute // self.ticks.size
            line |= (midnights << end) - (midnights << begin)  # a run of ones from begin to end each
            rest += self.clock.weekly((entry,), only_odd=True)
        return line | self.ticks.paint(rest)

    def _free_lines(self) -> dict[str, int]:
        diary, paint = self.diary, self.ticks.paint
        busy = self.ticks.paint_each(diary.busy)
        painted: dict[tuple[WeeklyHours, ...], int] = {}
        lines: dict[str, int] = {}
        for one in chain[Practitioner | Room | Device](diary.practitioners, diary.rooms, diary.devices):
            line = self.open
            if one.hours is not None:
                if one.hours not in painted:
                    painted[one.hours] = self._weekly_line(one.hours)
                line &= painted[one.hours] | (paint(one.extra) if one.extra else 0)
            lines[one.id] = line & ~(busy.get(one.id, 0) | (paint(one.absences) if one.absences else 0))
        return lines

    def _day(self, number: int) -> Day:
        stretches = self.clock.stretches(number)
        if not stretches:  # a date the clocks skipped, as in Samoa in 2011
            return Day(number, 0, 0, 0, ())
        low, high = self.ticks.index(stretches[0].begin), self.ticks.index(stretches[-1].end)
        not_before = self.diary.not_before
        if self.clock.is_plain(number) and (not_before is None or not_before <= stretches[0].begin):
            return Day(number, low, high, self._plain_starts, None)
        walls = tuple(self._walls(stretches))
        starts = sum(1 << bit for bit, _ in walls)
        return Day(number, low, high, starts, None if self.clock.is_plain(number) else walls)

    def _walls(self, stretches: list[Stretch]) -> Iterator[tuple[int, int]]:
        """Every start of a date, both passes of a repeated hour: its bit and its wall clock minute."""
        grid, not_before = self.diary.grid_minutes, self.diary.not_before
        for stretch in stretches:
            midnight = stretch.day * 1440 - stretch.offset
            first_wall = -(-(stretch.begin - midnight) // grid) * grid
            for wall in range(first_wall, stretch.end - midnight, grid):
                if not_before is None or midnight + wall >= not_before:
                    yield (midnight + wall - stretches[0].begin) // self.ticks.size, wall


def _minutes(problem: Problem, clock: Clock) -> Iterator[int]:
    """Every number of minutes in the problem, but for the busy rows, that a tick has to divide."""
    diary, request = problem.diary, problem.request
    yield diary.grid_minutes
    yield from clock.offsets()
    yield from _hours(diary.opening_hours)
    for one in chain[Practitioner | Room | Device](diary.practitioners, diary.rooms, diary.devices):
        yield from _hours(one.hours)
        yield from chain.from_iterable((*one.absences, *one.extra, one.buffers))
    yield from _request_minutes(request)


def _request_minutes(request: Request) -> Iterator[int]:
    yield from _hours(request.patient.hours)
    yield from chain.from_iterable(request.patient.busy)
    for visit in request.visits:
        for role in Role:
            yield from visit.claim(role)


def _hours(hours: Iterable[WeeklyHours] | None) -> Iterator[int]:
    for entry in hours or ():
        yield entry.from_minute
        yield entry.to_minute
