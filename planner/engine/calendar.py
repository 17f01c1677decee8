"""Local time of one zone, and the only place where wall clock and UTC meet.

Days are counted as numbers (local date since 1970-01-01), instants as epoch minutes. A wall clock time that
occurs twice means the first (PEP 495, fold 0); one that does not occur is read with the offset before it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planner.engine.model import EPOCH, DateRange, Span, WeeklyHours

DAY = 1440  # minutes of a wall clock day
FIRST_ORDINAL = EPOCH.date().toordinal()


def day_number(on: date) -> int:
    """Days from 1970-01-01 to a date."""
    return on.toordinal() - FIRST_ORDINAL


def day_date(day: int) -> date:
    """The date of a day number."""
    return date.fromordinal(day + FIRST_ORDINAL)


def weekday(day: int) -> int:
    """0 = Monday."""
    return (day + 3) % 7


class Stretch(NamedTuple):
    """A part of one local date with one offset: epoch minutes [begin, end), local = UTC + offset."""

    day: int
    begin: int
    end: int
    offset: int


class Clock:
    """Local time from one day before `first` to one day after `last`."""

    def __init__(self, tz: str, first: date, last: date) -> None:
        self.first_day = day_number(first) - 1
        self.last_day = day_number(last) + 1
        self._zone = ZoneInfo(tz)
        self._offsets = _offsets(self._zone, self.first_day - 2, self.last_day + 3)
        self._stretches: dict[int, list[Stretch]] = {}
        for stretch in _stretches(self._offsets):
            self._stretches.setdefault(stretch.day, []).append(stretch)
        self.midnights = {  # of the dates on which no clock changes
            day: parts[0].begin
            for day, parts in self._stretches.items()
            if len(parts) == 1 and parts[0].end - parts[0].begin == DAY
        }
        self.begin = self.instant(self.first_day, 0)
        self.end = self.instant(self.last_day + 1, 0)

    def stretches(self, day: int) -> list[Stretch]:
        """The parts of a local date in order: one on most days, two when the clock changes."""
        return self._stretches.get(day, [])

    def is_plain(self, day: int) -> bool:
        """Whether every wall clock minute of the date occurs exactly once."""
        return day in self.midnights

    def instant(self, day: int, minute: int) -> int:
        """The epoch minute of a wall clock time; minute 1440 is the next midnight."""
        midnight = self.midnights.get(day)
        if midnight is not None:
            return midnight + minute
        local = day * DAY + minute
        before = self._offsets[0].offset
        for part in self._offsets:
            if local < part.end + part.offset:
                return local - (part.offset if local >= part.begin + part.offset else before)
            before = part.offset
        raise ValueError("the time lies outside the clock's dates")

    def day_of(self, minute: int) -> int:
        """The local date of any epoch minute, as a day number."""
        return (minute + _offset_at(self._zone, minute)) // DAY

    def offsets(self) -> list[int]:
        """The offsets in force, in minutes."""
        return [part.offset for part in self._offsets]

    def weekly(self, hours: Iterable[WeeklyHours], only_odd: bool = False) -> Iterator[Span]:
        """The spans of a weekly pattern over all the clock's dates, or those on which a clock changes."""
        for entry in hours:
            first = self.first_day if entry.valid_from is None else day_number(entry.valid_from)
            last = self.last_day if entry.valid_to is None else day_number(entry.valid_to)
            first = max(first, self.first_day)
            for day in range(first + (entry.weekday - weekday(first)) % 7, min(last, self.last_day) + 1, 7):
                if only_odd and self.is_plain(day):
                    continue
                yield self.instant(day, entry.from_minute), self.instant(day, entry.to_minute)

    def dates(self, ranges: Iterable[DateRange]) -> Iterator[Span]:
        """Whole local dates as spans, cut to the clock's dates."""
        for first_date, last_date in ranges:
            first = max(day_number(first_date), self.first_day)
            last = min(day_number(last_date), self.last_day)
            if first <= last:
                yield self.instant(first, 0), self.instant(last + 1, 0)


class _Offset(NamedTuple):
    begin: int
    end: int
    offset: int


def _offsets(zone: ZoneInfo, first_day: int, last_day: int) -> list[_Offset]:
    """The offsets in force from one UTC midnight to another, each with its epoch minutes."""
    found: list[_Offset] = []
    begin, end = first_day * DAY, last_day * DAY
    offset = _offset_at(zone, begin)
    for year in range(day_date(first_day).year, day_date(last_day).year + 1):
        for change in _changes(zone, year):
            if begin < change < end:
                found.append(_Offset(begin, change, offset))
                begin, offset = change, _offset_at(zone, change)
    found.append(_Offset(begin, end, offset))
    return found


@lru_cache(maxsize=256)
def _changes(zone: ZoneInfo, year: int) -> tuple[int, ...]:
    """The minutes of a UTC year from which another offset holds; kept, since every day has to be tried."""
    first, last = day_number(date(year, 1, 1)), day_number(date(year + 1, 1, 1))
    offsets = [_offset_at(zone, day * DAY) for day in range(first, last + 1)]
    return tuple(
        _change(zone, (first + at) * DAY, (first + at + 1) * DAY)
        for at, (before, after) in enumerate(pairwise(offsets))
        if before != after
    )


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The minute between low and high from which the new offset holds."""
    before = _offset_at(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_at(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset_at(zone: ZoneInfo, minute: int) -> int:
    offset = (EPOCH + timedelta(minutes=minute)).astimezone(zone).utcoffset()
    assert offset is not None  # noqa: S101 - an aware datetime has an offset
    return offset // timedelta(minutes=1)


def _stretches(offsets: list[_Offset]) -> Iterator[Stretch]:
    for begin, end, offset in offsets:
        local = begin + offset
        while local < end + offset:
            day = local // DAY
            until = min((day + 1) * DAY, end + offset)
            yield Stretch(day, local - offset, until - offset, offset)
            local = until
