"""What a course timeline shows, as plain values: an axis of days, visits on it, windows, closures. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NOT_HELD = frozenset({"cancelled", "noshow"})


@dataclass(frozen=True)
class Axis:
    """The days a drawing spans; a position is a percentage of its width. `last` is after `first`."""

    first: dt.date
    last: dt.date

    @classmethod
    def around(cls, days: Iterable[dt.date], before: int = 11, after: int = 13) -> "Axis":
        """Span these days with room for the labels at both ends, at least 6 % of the length on each side."""
        held = sorted(days)
        room = round((held[-1] - held[0]).days * 0.06)
        return cls(
            held[0] - dt.timedelta(days=max(before, room)), held[-1] + dt.timedelta(days=max(after, room))
        )

    def at(self, day: dt.date) -> float:
        """Return the position of a day in percent, kept inside the axis."""
        share = (day - self.first).days / (self.last - self.first).days * 100
        return min(100.0, max(0.0, share))

    def shows(self, day: dt.date) -> bool:
        """Say whether the day lies on the axis."""
        return self.first <= day <= self.last

    def months(self) -> Iterator[dt.date]:
        """Yield the first day of each month on the axis."""
        month = self.first.replace(day=1)
        while month <= self.last:
            if month >= self.first:
                yield month
            month = (month.replace(day=28) + dt.timedelta(days=7)).replace(day=1)


@dataclass(frozen=True)
class Window:
    """The allowed gap after the visit before, in days, both ends allowed."""

    min_days: int
    max_days: int

    def after(self, day: dt.date) -> tuple[dt.date, dt.date]:
        """Return the earliest and latest day of the visit that follows a visit on `day`."""
        return day + dt.timedelta(days=self.min_days), day + dt.timedelta(days=self.max_days)

    def lateness(self, gap_days: int) -> int:
        """Return the days outside the window: positive is late, negative early, 0 inside."""
        return max(0, gap_days - self.max_days) + min(0, gap_days - self.min_days)


@dataclass(frozen=True)
class Mark:
    """One visit on a timeline: `status` is a key of STATUSES, `warn` draws the gap before it as a caution."""

    number: int
    on: dt.date
    status: str = "planned"
    warn: bool = False

    @property
    def held(self) -> bool:
        """Say whether the visit counts for gaps (a cancelled or missed one does not)."""
        return self.status not in NOT_HELD


@dataclass(frozen=True)
class Span:
    """A stretch of days with a name, both ends included: a closure, a leave, a deferral."""

    first: dt.date
    last: dt.date
    label: str = ""


@dataclass(frozen=True)
class Gap:
    """The stretch between two held visits."""

    before: Mark
    after: Mark
    days: int
    late_days: int


def held_marks(marks: Iterable[Mark]) -> list[Mark]:
    """Return the visits that count, by date."""
    return sorted((mark for mark in marks if mark.held), key=lambda mark: (mark.on, mark.number))


def gaps(marks: Iterable[Mark], window: Window) -> list[Gap]:
    """Return the gap before each held visit but the first, with the days outside its window."""
    held = held_marks(marks)
    found = []
    for before, after in zip(held, held[1:], strict=False):
        days = (after.on - before.on).days
        found.append(Gap(before, after, days, window.lateness(days)))
    return found
