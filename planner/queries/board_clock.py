"""The minutes of one local day as they pass: when the clocks change it is shorter or longer."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from clinic import clock

MINUTE = dt.timedelta(minutes=1)
MIDNIGHT = 24 * 60


@dataclass(frozen=True)
class BoardClock:
    """`shift` is what the clock shows beyond the minutes passed from `change` on; 0 on most days."""

    day: dt.date
    zone: str
    begin: dt.datetime
    length: int
    change: int
    shift: int

    @classmethod
    def of(cls, day: dt.date, zone: str) -> "BoardClock":
        """The clock of a local day."""
        begin, end = clock.day_bounds(day, zone)
        length = (end - begin) // MINUTE
        before, after = (clock.local(at, zone).utcoffset() for at in (begin, end - MINUTE))
        shift = (after - before) // MINUTE
        change = length
        if shift:
            minutes = range(length)
            change = next(at for at in minutes if clock.local(begin + at * MINUTE, zone).utcoffset() == after)
        return cls(day, zone, begin, length, change, shift)

    def minute_of(self, instant: dt.datetime) -> int:
        """The minute of an instant; what lies outside the day is cut at its midnights."""
        return min(max((instant - self.begin) // MINUTE, 0), self.length)

    def wall(self, minute: int) -> int:
        """The minute that the clock on the wall shows."""
        return minute + self.shift if minute >= self.change else minute

    def said(self, minute: int) -> str:
        """`10:45`; in the hour that comes twice with the clock it is told by."""
        if self.shift and minute < self.length:
            return clock.said(self.begin + minute * MINUTE, self.zone)
        wall = self.wall(minute)
        return f"{wall // 60 % 24:02d}:{wall % 60:02d}"

    def spans(self, walls: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Weekly spans, given as the clock shows them, as the minutes of this day."""
        return [(self._of_wall(opens), self._of_wall(closes)) for opens, closes in walls]

    def _of_wall(self, wall: int) -> int:
        if not self.shift:
            return wall
        if wall >= MIDNIGHT:
            return self.length
        time = dt.time(wall // 60, wall % 60)
        return self.minute_of(clock.instant(self.day, time, self.zone))

    def hour_before(self, minute: int) -> int:
        """The last whole hour of the clock up to a minute."""
        while minute > 0 and self.wall(minute) % 60:
            minute -= 1
        return minute

    def hour_after(self, minute: int) -> int:
        """The first whole hour of the clock from a minute on."""
        while minute < self.length and self.wall(minute) % 60:
            minute += 1
        return minute
