"""Dates, ranges, lengths and gaps in the words of one language; parts of a date never break over lines."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from planner.engine.aftercare.blocks import Block, Blocks
from planner.engine.aftercare.model import Line
from planner.engine.wall import time_said

_NBSP = "\u00a0"
# First strong isolate and its end: what stands between is ordered by itself.
_FSI, _PDI = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(frozen=True)
class Words:
    """Says things with the texts of one language."""

    blocks: Blocks

    def text(self, code: str, /, **values: object) -> str:
        """A block's text with its placeholders filled."""
        return self.blocks.texts[code].text.format(**self._placed(values))

    def line(self, code: str, /, **values: object) -> Line:
        """A block as a printed line that names its block and source."""
        block: Block = self.blocks.texts[code]
        return Line(code, block.text.format(**self._placed(values)), block.source)

    def _placed(self, values: dict[str, object]) -> dict[str, object]:
        """In a text from right to left, a name, a time or a phone number keeps its own order."""
        if self.blocks.direction != "rtl":
            return values
        return {name: _isolated(value) if isinstance(value, str) else value for name, value in values.items()}

    def _parts(self, on: date) -> dict[str, str]:
        return {
            "weekday": self.blocks.weekdays[on.weekday()],
            "day": str(on.day),
            "month": self.blocks.months[on.month - 1],
            "year": str(on.year),
        }

    def _whole(self, code: str, **values: object) -> str:
        return self.text(code, **values).replace(" ", _NBSP)

    def day(self, on: date) -> str:
        """`Fri 4 Dec`."""
        return self._whole("date.day", **self._parts(on))

    def day_year(self, on: date) -> str:
        """`Fri 4 Dec 2026`."""
        return self._whole("date.day_year", **self._parts(on))

    def moment(self, at: datetime) -> str:
        """`Fri 4 Dec, 12:15`, of a local moment."""
        return self._whole("date.moment", day=self.day(at.date()), time=time_said(at))

    def moment_of_day(self, at: datetime, day: date) -> str:
        """`12:15` in a row about that very day, else `Fri 4 Dec, 12:15`."""
        return time_said(at) if at.date() == day else self.moment(at)

    def moment_year(self, at: datetime) -> str:
        """`Fri 4 Dec 2026, 12:15`, of a local moment."""
        return self._whole("date.moment", day=self.day_year(at.date()), time=time_said(at))

    def days(self, first: date, last: date) -> str:
        """`Sat 5 to Sun 6 Dec`; both months are named where they differ."""
        if (first.year, first.month) == (last.year, last.month):
            parts = self._parts(first)
            start = self._whole("date.day_only", weekday=parts["weekday"], day=parts["day"])
        else:
            start = self.day(first)
        return self.text("date.range", first=start, last=self.day(last))

    def duration(self, minutes: int) -> str:
        """`1 hour 30 min`."""
        hours, rest = divmod(minutes, 60)
        spoken = self.text("duration.hour" if hours == 1 else "duration.hours", n=hours)
        if not hours:
            return self._whole("duration.minutes", n=rest)
        if not rest:
            return spoken.replace(" ", _NBSP)
        return self._whole("duration.both", hours=spoken, minutes=self.text("duration.minutes", n=rest))

    def gap(self, days: int) -> str:
        """`5 wk 2 d`."""
        weeks, rest = divmod(days, 7)
        if not weeks:
            return self._whole("gap.days", n=rest)
        if not rest:
            return self._whole("gap.weeks", n=weeks)
        return self._whole("gap.both", weeks=weeks, days=rest)

    def long_gap(self, days: int) -> str:
        """`4 weeks`, or `30 days` where weeks do not go in evenly."""
        weeks, rest = divmod(days, 7)
        return self._whole("gap.long_days", n=days) if rest else self._whole("gap.long_weeks", n=weeks)

    def listed(self, things: tuple[str, ...]) -> str:
        """`a, b`: a plain list, each thing once; with the comma of the script."""
        comma = "، " if self.blocks.direction == "rtl" else ", "
        return comma.join(dict.fromkeys(things))


def _isolated(value: str) -> str:
    turned = any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in value)
    return value if turned or value.isdecimal() else f"{_FSI}{value}{_PDI}"
