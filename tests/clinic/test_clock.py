"""Local times and instants, over zones whose clocks change by an hour, by half an hour, and not at all."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic import clock

ZONES = ("Europe/London", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kolkata")
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))
MINUTES = st.integers(0, 1439).map(lambda minute: dt.time(minute // 60, minute % 60))
CHANGES = {  # the longest and the shortest day of the years after
    "Europe/London": [("2026-10-25", 25 * 60), ("2027-03-28", 23 * 60)],
    "America/New_York": [("2026-11-01", 25 * 60), ("2027-03-14", 23 * 60)],
    "Australia/Sydney": [("2027-04-04", 25 * 60), ("2026-10-04", 23 * 60)],
    "Australia/Lord_Howe": [("2027-04-04", 24 * 60 + 30), ("2026-10-04", 24 * 60 - 30)],
    "Asia/Kolkata": [("2026-10-25", 24 * 60)],
}


def odd_days():
    return [(zone, dt.date.fromisoformat(day), long) for zone in ZONES for day, long in CHANGES[zone]]


@given(st.sampled_from(ZONES), DAYS, MINUTES)
def test_every_moment_of_a_wall_clock_time_shows_that_time(zone, day, time):
    found = clock.moments(day, time, zone)
    walls = [clock.local(one, zone) for one in found]
    assert {wall.replace(tzinfo=None) for wall in walls} <= {dt.datetime.combine(day, time)}
    assert [wall.fold for wall in walls] == list(range(len(found)))
    assert not found or found[0] == clock.instant(day, time, zone)


@pytest.mark.parametrize(("zone", "day", "long"), odd_days())
def test_every_minute_of_a_day_is_found_again_by_what_the_clock_shows(zone, day, long):
    begin, end = clock.day_bounds(day, zone)
    every = [begin + dt.timedelta(minutes=n) for n in range(long)]
    assert end == every[-1] + dt.timedelta(minutes=1)
    again = [clock.moments(day, clock.local(one, zone).time(), zone) for one in every]
    assert all(one in found for one, found in zip(every, again, strict=True))
    names = [clock.said(one, zone) for one in every]
    assert len(set(names)) == long  # no two minutes of a day are told alike


@pytest.mark.parametrize(
    ("instant", "zone", "said"),
    [
        ("2026-10-25T00:30+00:00", "Europe/London", "01:30 BST"),
        ("2026-10-25T01:30+00:00", "Europe/London", "01:30 GMT"),
        ("2026-10-25T02:00+00:00", "Europe/London", "02:00"),
        ("2026-11-01T05:15+00:00", "America/New_York", "01:15 EDT"),
        ("2027-04-03T16:15+00:00", "Australia/Sydney", "02:15 AEST"),
        ("2027-04-03T15:15+00:00", "Australia/Lord_Howe", "01:45 +1030"),
        ("2026-10-25T00:30+00:00", "Asia/Kolkata", "06:00"),
    ],
)
def test_a_time_that_comes_twice_is_said_with_its_clock(instant, zone, said):
    assert clock.said(dt.datetime.fromisoformat(instant), zone) == said


@pytest.mark.parametrize(
    ("now", "meant"),
    [
        ("2026-10-25T00:50+00:00", "2026-10-25T00:30+00:00"),  # only the first has come
        ("2026-10-25T01:40+00:00", "2026-10-25T01:30+00:00"),
        ("2026-10-24T20:00+00:00", "2026-10-25T00:30+00:00"),  # neither
    ],
)
def test_a_time_that_is_written_down_is_the_last_that_has_come(now, meant):
    found = clock.newest(
        dt.date(2026, 10, 25), dt.time(1, 30), "Europe/London", dt.datetime.fromisoformat(now)
    )
    assert found == dt.datetime.fromisoformat(meant)
