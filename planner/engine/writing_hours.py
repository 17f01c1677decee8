"""At which hours a clinic writes to patients by itself: by the wall clock of its own zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_writing_moment(at: datetime, zone: str, first: time, until: time) -> datetime:
    """The earliest instant from `at` on whose local time lies in [first, until).

    `at` is aware; the answer is UTC unless it is `at` itself. On the day of a clock change the hours are
    those of the clock on the wall; a `first` that this day skips begins after the change.
    """
    local = at.astimezone(ZoneInfo(zone))
    if first <= local.time() < until:
        return at
    day = local.date() if local.time() < first else local.date() + timedelta(days=1)
    return datetime.combine(day, first, ZoneInfo(zone)).astimezone(UTC)
