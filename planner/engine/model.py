"""The planning problem and its answer as plain values: what docs call series-plan/1.

Instants are integers: minutes since 1970-01-01T00:00Z ("epoch minutes"), so that rows go in as they are read.
Weekly hours are local wall clock. All ranges of time are half-open; ranges of dates include both ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_VISIT, LONGEST_BUFFER = 12 * 60, 6 * 60  # minutes; visits 2 days apart can then never collide

Span = tuple[int, int]  # epoch minutes
DateRange = tuple[date, date]  # both ends included
Buffers = tuple[int, int]  # minutes before and after
Claimed = tuple[str, int, int]  # resource id, from, to (epoch minutes), buffers of the claim included


def epoch_minute(instant: datetime) -> int:
    """The epoch minute of an aware datetime; seconds are cut off."""
    return (instant - EPOCH) // timedelta(minutes=1)


class WeeklyHours(NamedTuple):
    """One span of a weekly pattern: weekday 0 = Monday, local minutes of the day (1440 = its end)."""

    weekday: int
    from_minute: int
    to_minute: int
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Practitioner:
    """`hours` None = always; `extra` is time available beside the hours; `rooms` None = any room.

    `buffers` are the practitioner's own minutes before and after each claim, beside those of the visit.
    """

    id: str
    hours: tuple[WeeklyHours, ...] | None = None
    absences: tuple[Span, ...] = ()
    extra: tuple[Span, ...] = ()
    rooms: frozenset[str] | None = None
    buffers: Buffers = (0, 0)


@dataclass(frozen=True, slots=True)
class Room:
    """A place of treatment; `hours` None = always; `buffers` as a practitioner's."""

    id: str
    hours: tuple[WeeklyHours, ...] | None = None
    absences: tuple[Span, ...] = ()
    extra: tuple[Span, ...] = ()
    buffers: Buffers = (0, 0)


@dataclass(frozen=True, slots=True)
class Device:
    """A pen or roller; `rooms` None = may stand in any room; `buffers` as a practitioner's."""

    id: str
    hours: tuple[WeeklyHours, ...] | None = None
    absences: tuple[Span, ...] = ()
    extra: tuple[Span, ...] = ()
    rooms: frozenset[str] | None = None
    buffers: Buffers = (0, 0)


@dataclass(frozen=True, slots=True)
class Diary:
    """Who and what is free when. Ids are unique over practitioners, rooms and devices.

    `busy` holds every existing claim except those of the visits being planned.
    """

    tz: str
    first_date: date
    last_date: date
    practitioners: tuple[Practitioner, ...]
    rooms: tuple[Room, ...]
    devices: tuple[Device, ...] = ()
    busy: Sequence[Claimed] = ()
    opening_hours: tuple[WeeklyHours, ...] | None = None
    closures: tuple[DateRange, ...] = ()
    not_before: int | None = None
    grid_minutes: int = 15
    buffers: Mapping[str, Buffers] = field(init=False, repr=False, compare=False)  # those that are not zero

    def __post_init__(self) -> None:
        all_of_it: list[Practitioner | Room | Device] = [*self.practitioners, *self.rooms, *self.devices]
        buffers = {one.id: one.buffers for one in all_of_it if any(one.buffers)}
        if any(not 0 <= minutes <= LONGEST_BUFFER for pair in buffers.values() for minutes in pair):
            raise ValueError(f"buffers must be from 0 to {LONGEST_BUFFER} minutes")
        object.__setattr__(self, "buffers", buffers)
        if self.grid_minutes <= 0 or 1440 % self.grid_minutes:
            raise ValueError("grid_minutes must divide 1440")
        if self.first_date > self.last_date:
            raise ValueError("first_date must not be after last_date")
        if len({one.id for one in all_of_it}) < len(all_of_it):
            raise ValueError("ids must be unique over practitioners, rooms and devices")

    def claim(self, resource: str, claim: "Claim") -> "Claim":
        """The claim of a visit on this resource, whose own buffers come beside it."""
        before, after = self.buffers.get(resource, (0, 0))
        return Claim(claim.begin - before, claim.end + after)


class Claim(NamedTuple):
    """What one role claims, in minutes relative to the patient's arrival, buffers included: [begin, end).

    Numbing 40, treatment 30, turnover 10: patient (0, 70), room (0, 80), practitioner and device (40, 70).
    """

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit needs. `minutes` is the patient's stay from arrival to the end of treatment.

    A claim left out is [0, minutes). `practitioners` and `rooms` None = any. One device from each pool, all
    different.
    """

    minutes: int
    patient: Claim | None = None
    practitioner: Claim | None = None
    room: Claim | None = None
    device: Claim | None = None
    practitioners: frozenset[str] | None = None
    rooms: frozenset[str] | None = None
    device_pools: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        if self.minutes <= 0:
            raise ValueError("a visit must last at least a minute")
        claims = [self.claim(role) for role in Role]
        if any(claim.begin >= claim.end for claim in claims):
            raise ValueError("every claim must begin before it ends")
        if max(c.end for c in claims) - min(c.begin for c in claims) > LONGEST_VISIT:
            raise ValueError(f"a visit may claim at most {LONGEST_VISIT} minutes, buffers included")

    def claim(self, role: "Role") -> Claim:
        """The claim of a role, the whole stay where none is given."""
        given: Claim | None = getattr(self, role.value)
        return given or Claim(0, self.minutes)


class Role(StrEnum):
    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    ROOM = "room"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Gap:
    """Days between two visits, counted in local calendar dates. min is never relaxed; max None = no limit."""

    min_days: int
    target_days: int
    max_days: int | None = None
    soft_min_days: int | None = None
    soft_max_days: int | None = None

    def __post_init__(self) -> None:
        if self.min_days < 2:
            raise ValueError("a gap must be at least 2 days")
        if self.max_days is not None and self.max_days < self.min_days:
            raise ValueError("the longest gap must not be under the shortest")


@dataclass(frozen=True, slots=True)
class Previous:
    """The last visit already done; its gap and its practitioner count for the first planned one."""

    on: date
    gap: Gap
    practitioner: str | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """What must stay of the visit `index` (0-based). `start` in epoch minutes."""

    index: int
    start: int | None = None
    on: date | None = None
    practitioner: str | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """Where a visit is now, for the cost of moving it. `start` in epoch minutes.

    `devices` only tell which places come free when many courses move in turn.
    """

    start: int
    practitioner: str | None = None
    room: str | None = None
    devices: tuple[str, ...] = ()


class PreferredTime(NamedTuple):
    """A wished part of the day, local minutes; `weekdays` None = on every day."""

    from_minute: int
    to_minute: int
    weekdays: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class PatientTimes:
    """The patient's own times: blackouts, hours and busy are hard, everything preferred is soft."""

    blackouts: tuple[DateRange, ...] = ()
    hours: tuple[WeeklyHours, ...] | None = None
    busy: tuple[Span, ...] = ()
    preferred_weekdays: frozenset[int] | None = None
    preferred_times: tuple[PreferredTime, ...] | None = None
    preferred_practitioners: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """The course asked for: visits in order and the gaps between them.

    `earliest` and `latest` bound the first visit, `finish_by` every visit. `current` is the booked plan, one
    entry per visit, used only for the cost of moving.
    """

    visits: tuple[Visit, ...]
    gaps: tuple[Gap, ...]
    earliest: date
    latest: date | None = None
    finish_by: date | None = None
    previous: Previous | None = None
    pins: tuple[Pin, ...] = ()
    current: tuple[Booked | None, ...] | None = None
    patient: PatientTimes = field(default_factory=PatientTimes)

    def __post_init__(self) -> None:
        if not self.visits:
            raise ValueError("a course has at least one visit")
        if len(self.gaps) != len(self.visits) - 1:
            raise ValueError("there must be one gap fewer than visits")
        if self.current is not None and len(self.current) != len(self.visits):
            raise ValueError("current must have one entry per visit")
        if any(not 0 <= pin.index < len(self.visits) for pin in self.pins):
            raise ValueError("a pin must name one of the visits")


@dataclass(frozen=True, slots=True)
class Weights:
    """The cost of each departure from what was wished; whole numbers, 0 switches a term off.

    `fragment_min` is in minutes; `time_of_day_cap` None = no cap. The defaults are those of the best fit.
    """

    gap_abs: int = 10
    gap_square: int = 0
    gap_soft_over: int = 0
    gap_soft_under: int = 0
    weekday: int = 15
    time_of_day: int = 2
    time_of_day_cap: int | None = None
    practitioner_not_preferred: int = 20
    practitioner_change: int = 30
    start_delay: int = 1
    finish_delay: int = 0
    fragment: int = 3
    fragment_min: int = 30
    move: int = 0
    move_day: int = 0
    move_practitioner: int = 0
    move_room: int = 0

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if value is not None and value < 0:
                raise ValueError(f"the weight {item.name} must not be negative")


@dataclass(frozen=True, slots=True)
class Problem:
    diary: Diary
    request: Request
    weights: Weights = field(default_factory=Weights)


class Term(StrEnum):
    """The terms of the cost. Those of a pair of visits are counted at the later one."""

    GAP = "gap"
    WEEKDAY = "weekday"
    TIME_OF_DAY = "time_of_day"
    PRACTITIONER_NOT_PREFERRED = "practitioner_not_preferred"
    PRACTITIONER_CHANGE = "practitioner_change"
    START_DELAY = "start_delay"
    FINISH_DELAY = "finish_delay"
    FRAGMENT = "fragment"
    MOVE = "move"


Costs = Mapping[Term, int]  # only terms that are not zero


@dataclass(frozen=True, slots=True)
class Placement:
    """One visit placed. `minute` is the patient's arrival in epoch minutes, `on` its local date."""

    minute: int
    on: date
    practitioner: str
    room: str
    devices: tuple[str, ...]
    costs: Costs

    @property
    def start(self) -> datetime:
        """The patient's arrival, aware, in UTC."""
        return EPOCH + timedelta(minutes=self.minute)

    @property
    def cost(self) -> int:
        return sum(self.costs.values())


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole course of the lowest possible cost."""

    visits: tuple[Placement, ...]
    cost: int
    breakdown: Costs
    status: str = "optimal"


@dataclass(frozen=True, slots=True)
class Infeasible:
    """No plan keeps every hard rule. `blocked` is the first visit (0-based) no run of earlier visits reaches.

    explain.explain(problem) says why and what would help.
    """

    blocked: int
    status: str = "infeasible"


class Kind(StrEnum):
    BEST_FIT = "best_fit"
    SOONEST_FINISH = "soonest_finish"
    SAME_DAY_AND_PERSON = "same_day_and_person"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One whole-course proposal, or None as plan when it does not exist.

    `same_as`: nothing better of this kind exists than the proposal named, so do not show it twice.
    `runner_up`: the best of this kind is already shown as another proposal, this is the next best one.
    `weekday` and `practitioner` are what is held fixed for "same day and person".
    """

    kind: Kind
    plan: Plan | None
    same_as: Kind | None = None
    runner_up: bool = False
    weekday: int | None = None
    practitioner: str | None = None


@dataclass(frozen=True, slots=True)
class Proposals:
    """The three proposals of one reading of the diary. `starts` = free starts looked at, over all visits."""

    best_fit: Proposal
    soonest_finish: Proposal
    same_day_and_person: Proposal
    starts: int
    infeasible: Infeasible | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another start for one visit, the others fixed. `extra` = cost beyond the plan's (may be negative)."""

    placement: Placement
    cost: int
    extra: int
