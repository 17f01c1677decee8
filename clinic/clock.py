"""The one place that asks what time it is, and the one edge between instants and local dates."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> dt.datetime:
    """Return the current instant, aware, in UTC."""
    return timezone.now()


def local(instant: dt.datetime, zone: str) -> dt.datetime:
    """Return the wall-clock time of an aware instant in an IANA zone."""
    return instant.astimezone(ZoneInfo(zone))


def local_date(instant: dt.datetime, zone: str) -> dt.date:
    """Return the calendar date of an aware instant in an IANA zone."""
    return local(instant, zone).date()


def instant(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """Return the UTC instant of a local wall-clock time; the first one where the hour repeats."""
    wall = dt.datetime.combine(day, time, ZoneInfo(zone))
    return wall.astimezone(dt.UTC)


def day_bounds(day: dt.date, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """Return the half-open UTC interval of one local calendar day."""
    midnight = dt.time()
    return instant(day, midnight, zone), instant(day + dt.timedelta(days=1), midnight, zone)
