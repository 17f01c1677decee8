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


def moments(day: dt.date, time: dt.time, zone: str) -> list[dt.datetime]:
    """Return every UTC instant at which the clock on the wall shows this: one, none, or two in order."""
    wall = dt.datetime.combine(day, time, ZoneInfo(zone))
    read = {wall.replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1)}
    return sorted(one for one in read if local(one, zone).replace(tzinfo=None) == wall.replace(tzinfo=None))


def newest(day: dt.date, time: dt.time, zone: str, now: dt.datetime) -> dt.datetime:
    """Return the UTC instant of a local time that is written down at `now`.

    Of a time that comes twice it is the last that has come, else the first.
    """
    past = [one for one in moments(day, time, zone) if one <= now]
    return past[-1] if past else instant(day, time, zone)


def said(instant: dt.datetime, zone: str) -> str:
    """Return the time of day as `14:30`; in the hour that comes twice with the clock it is told by."""
    return said_of(local(instant, zone))


def said_of(wall: dt.datetime) -> str:
    """Say the time of day of an aware local moment: `14:30`, or `01:30 BST` where this comes twice."""
    return f"{wall:%H:%M}{which_clock(wall)}"


def which_clock(wall: dt.datetime) -> str:
    """Return ` BST` or ` GMT` for an aware local time that comes twice that day, else nothing."""
    comes_twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    return f" {wall:%Z}" if comes_twice else ""


def day_bounds(day: dt.date, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """Return the half-open UTC interval of one local calendar day."""
    midnight = dt.time()
    return instant(day, midnight, zone), instant(day + dt.timedelta(days=1), midnight, zone)
