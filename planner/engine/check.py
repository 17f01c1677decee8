"""An independent reading of the rules: is a plan allowed, and what does it cost?

Shares nothing with the solver but the values of model.py: plain dates, zones and lists of spans, written from
the definition of series-plan/1, so that a mistake would have to be made twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from planner.engine.model import (
    Buffers,
    Device,
    Gap,
    Placement,
    Plan,
    Practitioner,
    Problem,
    Role,
    Room,
    Term,
    Visit,
)
from planner.engine.spans import Spans, free_spans, patient_spans


class Broken(StrEnum):
    """The hard rules, by the name a violation carries."""

    COUNT = "count"
    GRID = "grid"
    HORIZON = "horizon"
    NOT_BEFORE = "not_before"
    FIRST_DATE = "first_date"
    FINISH_BY = "finish_by"
    NOT_ALLOWED = "not_allowed"
    PAIRING = "pairing"
    DEVICES = "devices"
    PRACTITIONER_BUSY = "practitioner_busy"
    ROOM_BUSY = "room_busy"
    DEVICE_BUSY = "device_busy"
    PATIENT_BUSY = "patient_busy"
    GAP = "gap"
    PIN = "pin"
    COLLISION = "collision"


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule broken by one visit (0-based), or by the plan as a whole (None)."""

    rule: Broken
    visit: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`cost` and `breakdown` (terms that are not 0) are those of the plan, whether or not it is allowed."""

    ok: bool
    violations: tuple[Violation, ...]
    cost: int
    breakdown: Mapping[Term, int]


def check(problem: Problem, plan: Plan | Sequence[Placement]) -> Report:
    """Check every hard rule and add up the cost. Dates are taken from the starts, never from the plan."""
    visits = plan.visits if isinstance(plan, Plan) else tuple(plan)
    if len(visits) != len(problem.request.visits):
        return Report(False, (Violation(Broken.COUNT),), 0, {})
    checker = Checker(problem)
    broken = [
        Violation(rule, index)
        for index, visit in enumerate(visits)
        for rule in (*checker.broken_alone(index, visit), *checker.broken_chain(index, visits))
    ]
    costs: Counter[Term] = Counter()
    for index in range(len(visits)):
        costs.update(checker.own_costs(index, visits[index]))
        costs.update(checker.chain_costs(index, visits))
    breakdown = {term: cost for term, cost in costs.items() if cost}
    return Report(not broken, tuple(broken), sum(breakdown.values()), breakdown)


class Checker:
    """The rules of one problem, applied to one placement at a time."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.zone = ZoneInfo(problem.diary.tz)
        self._walls: dict[int, datetime] = {}
        diary = problem.diary
        everything: list[Practitioner | Room | Device] = [*diary.practitioners, *diary.rooms, *diary.devices]
        self.buffers = {one.id: one.buffers for one in everything}
        self.free = free_spans(diary)
        self.patient = patient_spans(problem.diary, problem.request.patient)

    def local(self, minute: int) -> datetime:
        """The wall clock of an epoch minute."""
        if minute not in self._walls:
            self._walls[minute] = datetime.fromtimestamp(minute * 60, tz=UTC).astimezone(self.zone)
        return self._walls[minute]

    def on(self, placement: Placement) -> date:
        """The local date of a placement."""
        return self.local(placement.minute).date()

    def broken_alone(self, index: int, placement: Placement) -> Iterable[Broken]:
        """The rules a placement breaks whatever the other visits are."""
        diary, request = self.problem.diary, self.problem.request
        start, on = self.local(placement.minute), self.on(placement)
        if (start.hour * 60 + start.minute) % diary.grid_minutes:
            yield Broken.GRID
        if not diary.first_date <= on <= diary.last_date:
            yield Broken.HORIZON
        if diary.not_before is not None and placement.minute < diary.not_before:
            yield Broken.NOT_BEFORE
        if request.finish_by is not None and on > request.finish_by:
            yield Broken.FINISH_BY
        if index == 0 and (on < request.earliest or (request.latest is not None and on > request.latest)):
            yield Broken.FIRST_DATE
        if self._pin_broken(index, placement):
            yield Broken.PIN
        yield from self._broken_people_and_places(request.visits[index], placement)

    def _pin_broken(self, index: int, placement: Placement) -> bool:
        return any(
            pin.start not in (None, placement.minute)
            or pin.on not in (None, self.on(placement))
            or pin.practitioner not in (None, placement.practitioner)
            or pin.room not in (None, placement.room)
            for pin in self.problem.request.pins
            if pin.index == index
        )

    def _broken_people_and_places(self, visit: Visit, placement: Placement) -> Iterable[Broken]:
        diary, start = self.problem.diary, placement.minute
        person = next((one for one in diary.practitioners if one.id == placement.practitioner), None)
        room = next((one for one in diary.rooms if one.id == placement.room), None)
        if person is None or room is None or not _listed(person.id, visit.practitioners):
            yield Broken.NOT_ALLOWED
            return
        if not _listed(room.id, visit.rooms):
            yield Broken.NOT_ALLOWED
        if not _listed(room.id, person.rooms):
            yield Broken.PAIRING
        if not _inside(self.free[person.id], start, visit, Role.PRACTITIONER, person.buffers):
            yield Broken.PRACTITIONER_BUSY
        if not _inside(self.free[room.id], start, visit, Role.ROOM, room.buffers):
            yield Broken.ROOM_BUSY
        if not _inside(self.patient, start, visit, Role.PATIENT):
            yield Broken.PATIENT_BUSY
        yield from self._broken_devices(visit, placement)

    def _broken_devices(self, visit: Visit, placement: Placement) -> Iterable[Broken]:
        known = {device.id: device for device in self.problem.diary.devices}
        chosen = placement.devices
        if len(chosen) != len(visit.device_pools) or len(set(chosen)) != len(chosen):
            yield Broken.DEVICES
            return
        for one, pool in zip(chosen, visit.device_pools, strict=True):
            if one not in pool or one not in known:
                yield Broken.DEVICES
            elif not _listed(placement.room, known[one].rooms):
                yield Broken.PAIRING
            elif not _inside(self.free[one], placement.minute, visit, Role.DEVICE, known[one].buffers):
                yield Broken.DEVICE_BUSY

    def broken_chain(self, index: int, visits: Sequence[Placement]) -> Iterable[Broken]:
        """The rules a visit breaks together with the visits before it."""
        before = self._before(index, visits)
        if before is not None:
            gap, days, _ = before
            if days < gap.min_days or (gap.max_days is not None and days > gap.max_days):
                yield Broken.GAP
        if any(self._collide(index, other, visits) for other in range(index)):
            yield Broken.COLLISION

    def _collide(self, index: int, other: int, visits: Sequence[Placement]) -> bool:
        mine, theirs = self._claims(index, visits[index]), self._claims(other, visits[other])
        return any(
            one == another and begin < until and start < end
            for one, begin, end in mine
            for another, start, until in theirs
        )

    def _claims(self, index: int, placement: Placement) -> list[tuple[str, int, int]]:
        visit = self.problem.request.visits[index]
        roles = [(Role.PATIENT, ""), (Role.PRACTITIONER, placement.practitioner), (Role.ROOM, placement.room)]
        roles += [(Role.DEVICE, device) for device in placement.devices]
        found = []
        for role, one in roles:
            claim, (before, after) = visit.claim(role), self.buffers.get(one, (0, 0))
            found.append((one, placement.minute + claim.begin - before, placement.minute + claim.end + after))
        return found

    def _before(self, index: int, visits: Sequence[Placement]) -> tuple[Gap, int, str | None] | None:
        """The gap to the visit before, its days, and who did that visit."""
        request, previous = self.problem.request, self.problem.request.previous
        if index:
            days = (self.on(visits[index]) - self.on(visits[index - 1])).days
            return request.gaps[index - 1], days, visits[index - 1].practitioner
        if previous is None:
            return None
        return previous.gap, (self.on(visits[0]) - previous.on).days, previous.practitioner

    def own_costs(self, index: int, placement: Placement) -> dict[Term, int]:
        """The cost of a placement whatever the other visits are."""
        weights, patient = self.problem.weights, self.problem.request.patient
        weekdays, people = patient.preferred_weekdays, patient.preferred_practitioners
        unwished_day = weekdays is not None and self.on(placement).weekday() not in weekdays
        unwished_person = people is not None and placement.practitioner not in people
        return {
            Term.WEEKDAY: weights.weekday if unwished_day else 0,
            Term.TIME_OF_DAY: self._time_cost(index, placement),
            Term.PRACTITIONER_NOT_PREFERRED: weights.practitioner_not_preferred if unwished_person else 0,
            Term.FRAGMENT: weights.fragment * self._fragments(index, placement),
            Term.MOVE: self._move_cost(index, placement),
        }

    def _time_cost(self, index: int, placement: Placement) -> int:
        wished, cap = self.problem.request.patient.preferred_times, self.problem.weights.time_of_day_cap
        if wished is None:
            return 0
        start = self.local(placement.minute)
        begins = start.hour * 60 + start.minute
        ends = begins + self.problem.request.visits[index].minutes
        outside = [
            max(0, window.from_minute - begins) + max(0, ends - window.to_minute)
            for window in wished
            if window.weekdays is None or start.weekday() in window.weekdays
        ]
        if not outside:
            return cap if cap is not None else 0
        quarters, rest = divmod(min(outside), 15)
        cost = self.problem.weights.time_of_day * (quarters + (1 if rest else 0))
        return cost if cap is None else min(cap, cost)

    def _fragments(self, index: int, placement: Placement) -> int:
        claim = self.problem.request.visits[index].claim(Role.PRACTITIONER)
        before, after = self.buffers.get(placement.practitioner, (0, 0))
        begin, end = placement.minute + claim.begin - before, placement.minute + claim.end + after
        for span_begin, span_end in self.free.get(placement.practitioner, []):
            if span_begin <= begin and end <= span_end:
                least = self.problem.weights.fragment_min
                return sum(0 < rest < least for rest in (begin - span_begin, span_end - end))
        return 0

    def _move_cost(self, index: int, placement: Placement) -> int:
        current, weights = self.problem.request.current, self.problem.weights
        booked = current[index] if current is not None else None
        if booked is None:
            return 0
        cost = weights.move_day * abs((self.on(placement) - self.local(booked.start).date()).days)
        if placement.minute != booked.start:
            cost += weights.move
        if booked.practitioner is not None and booked.practitioner != placement.practitioner:
            cost += weights.move_practitioner
        if booked.room is not None and booked.room != placement.room:
            cost += weights.move_room
        return cost

    def chain_costs(self, index: int, visits: Sequence[Placement]) -> dict[Term, int]:
        """The cost of a visit together with the one before, and that of the ends of the course."""
        weights, request = self.problem.weights, self.problem.request
        costs = {Term.GAP: 0, Term.PRACTITIONER_CHANGE: 0, Term.START_DELAY: 0, Term.FINISH_DELAY: 0}
        before = self._before(index, visits)
        if before is not None:
            gap, days, practitioner = before
            costs[Term.GAP] = self._gap_cost(gap, days)
            if practitioner is not None and practitioner != visits[index].practitioner:
                costs[Term.PRACTITIONER_CHANGE] = weights.practitioner_change
        late = (self.on(visits[index]) - request.earliest).days
        if index == 0 and request.previous is None:
            costs[Term.START_DELAY] = weights.start_delay * late
        if index == len(visits) - 1:
            costs[Term.FINISH_DELAY] = weights.finish_delay * late
        return costs

    def _gap_cost(self, gap: Gap, days: int) -> int:
        weights, off = self.problem.weights, abs(days - gap.target_days)
        over = 0 if gap.soft_max_days is None else max(0, days - gap.soft_max_days)
        under = 0 if gap.soft_min_days is None else max(0, gap.soft_min_days - days)
        return (
            weights.gap_abs * off
            + weights.gap_square * off**2
            + weights.gap_soft_over * over
            + weights.gap_soft_under * under
        )


def _listed(one: str, allowed: frozenset[str] | None) -> bool:
    return allowed is None or one in allowed


def _inside(spans: Spans, start: int, visit: Visit, role: Role, buffers: Buffers = (0, 0)) -> bool:
    low, high = start + visit.claim(role).begin - buffers[0], start + visit.claim(role).end + buffers[1]
    return any(begin <= low and high <= end for begin, end in spans)
