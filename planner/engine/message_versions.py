"""The version of a message about a visit: the time it is about, as a number that stays readable."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def version_of_start(start: datetime) -> int:
    """Minutes since 1970 of an aware instant; a visit that moves by a minute is another version."""
    return (start - _BEGIN) // timedelta(minutes=1)


def version_of_day(on: date) -> int:
    """The local day as a number; a visit that moves within its day stays the same version."""
    return on.toordinal()


def day_of_start(version: int, zone: str) -> date:
    """The local day that `version_of_start` was about."""
    return (_BEGIN + timedelta(minutes=version)).astimezone(ZoneInfo(zone)).date()


def day_of_day(version: int) -> date:
    """The local day that `version_of_day` was about."""
    return date.fromordinal(version)
