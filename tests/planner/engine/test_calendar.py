"""Local time and UTC at both clock changes, and in zones that do it differently."""

from datetime import date

import pytest

from planner.engine.calendar import Clock, day_date, day_number, weekday
from planner.engine.cells import Searched
from planner.engine.model import Diary, Gap, Practitioner, Problem, Request, Room, Visit, WeeklyHours
from planner.engine.series import solve
from tests.planner.engine.build import at, iso

ALL_DAY = tuple(WeeklyHours(day, 0, 1440) for day in range(7))


def instants(tz, on, *minutes):
    clock = Clock(tz, date.fromisoformat(on), date.fromisoformat(on))
    return [iso(clock.instant(day_number(date.fromisoformat(on)), minute)) for minute in minutes]


@pytest.mark.parametrize(
    ("tz", "on", "wall", "utc"),
    [
        ("Europe/London", "2027-03-28", 9 * 60, "2027-03-28T08:00Z"),
        ("Europe/London", "2027-03-28", 90, "2027-03-28T01:30Z"),  # 01:30 does not exist: the offset before
        ("Europe/London", "2027-10-31", 90, "2027-10-31T00:30Z"),  # 01:30 twice: the first
        ("Europe/London", "2027-10-31", 9 * 60, "2027-10-31T09:00Z"),
        ("Europe/London", "2027-10-31", 1440, "2027-11-01T00:00Z"),
        ("America/New_York", "2027-03-14", 9 * 60, "2027-03-14T13:00Z"),
        ("America/New_York", "2027-03-14", 150, "2027-03-14T07:30Z"),
        ("America/New_York", "2027-11-07", 90, "2027-11-07T05:30Z"),
        ("America/New_York", "2027-11-07", 9 * 60, "2027-11-07T14:00Z"),
        ("Asia/Kathmandu", "2027-01-11", 9 * 60, "2027-01-11T03:15Z"),
        ("Asia/Tokyo", "2027-03-28", 9 * 60, "2027-03-28T00:00Z"),
        ("America/Santiago", "2026-09-06", 0, "2026-09-06T04:00Z"),  # midnight does not exist
        ("America/Santiago", "2026-09-06", 9 * 60, "2026-09-06T12:00Z"),
        ("Australia/Lord_Howe", "2027-10-03", 9 * 60, "2027-10-02T22:00Z"),  # half an hour forward
        ("Australia/Lord_Howe", "2027-04-04", 105, "2027-04-03T14:45Z"),  # 01:45 twice: the first
        ("Asia/Beirut", "2027-10-30", 1440, "2027-10-30T22:00Z"),  # 23:00 to 24:00 twice
    ],
)
def test_instant_of_wall_clock(tz, on, wall, utc):
    assert instants(tz, on, wall) == [utc]


def test_stretches_of_a_day_with_a_repeated_hour():
    clock = Clock("Europe/London", date(2027, 10, 31), date(2027, 10, 31))
    day = day_number(date(2027, 10, 31))
    assert [(iso(s.begin), iso(s.end), s.offset) for s in clock.stretches(day)] == [
        ("2027-10-30T23:00Z", "2027-10-31T01:00Z", 60),
        ("2027-10-31T01:00Z", "2027-11-01T00:00Z", 0),
    ]
    assert not clock.is_plain(day)
    assert clock.is_plain(day + 1)


def test_day_of_counts_local_dates():
    clock = Clock("America/New_York", date(2027, 3, 14), date(2027, 3, 14))
    found = [day_date(clock.day_of(at(text))) for text in ("2027-03-14T04:59Z", "2027-03-14T05:00Z")]
    assert found == [date(2027, 3, 13), date(2027, 3, 14)]


def test_weekday_counts_from_monday():
    assert [weekday(day_number(date(2027, 1, day))) for day in (11, 17, 18)] == [0, 6, 0]


def test_weekly_hours_keep_their_validity():
    clock = Clock("Europe/London", date(2027, 1, 4), date(2027, 1, 31))
    hours = [WeeklyHours(0, 540, 600, valid_from=date(2027, 1, 11), valid_to=date(2027, 1, 18))]
    assert [iso(begin) for begin, _ in clock.weekly(hours)] == ["2027-01-11T09:00Z", "2027-01-18T09:00Z"]


def walls_offered(tz, on, hours=ALL_DAY):
    """The starts of an hour's grid offered on one date: all those that can be pinned, in UTC."""
    the_date = date.fromisoformat(on)
    diary = Diary(tz, the_date, the_date, (Practitioner("ana", hours),), (Room("one"),), grid_minutes=30)
    searched = Searched(Problem(diary, Request((Visit(30),), (), the_date)))
    free, day = searched.availability, searched.availability.days[day_number(the_date)]
    mask = searched.feasible(Visit(30), diary.practitioners[0])
    bits = range(day.low, day.high)
    return [
        iso(free.ticks.minute(bit)) for bit in bits if mask >> bit & 1 and day.starts >> (bit - day.low) & 1
    ]


def test_starts_skip_the_missing_hour():
    hours = (WeeklyHours(6, 0, 180),)
    assert walls_offered("Europe/London", "2027-03-28", hours) == [
        "2027-03-28T00:00Z",
        "2027-03-28T00:30Z",
        "2027-03-28T01:00Z",  # 02:00 on the wall
        "2027-03-28T01:30Z",
    ]


def test_starts_include_both_passes_of_the_repeated_hour():
    hours = (WeeklyHours(6, 60, 150),)
    assert walls_offered("America/New_York", "2027-11-07", hours) == [
        "2027-11-07T05:00Z",
        "2027-11-07T05:30Z",
        "2027-11-07T06:00Z",
        "2027-11-07T06:30Z",
        "2027-11-07T07:00Z",
    ]


def test_starts_of_a_day_without_midnight_begin_at_one():
    assert walls_offered("America/Santiago", "2026-09-06")[:2] == ["2026-09-06T04:00Z", "2026-09-06T04:30Z"]
    assert len(walls_offered("America/Santiago", "2026-09-06")) == 46


def test_starts_of_a_day_with_its_last_hour_twice():
    assert len(walls_offered("Asia/Beirut", "2027-10-30")) == 50


def test_starts_after_half_an_hour_forward_stay_on_the_wall_clock_grid():
    # from 02:00 to 02:30: the grid of 30 minutes goes on, one start is missing
    assert len(walls_offered("Australia/Lord_Howe", "2027-10-03")) == 47


def test_starts_in_kathmandu_are_quarters_of_the_local_hour():
    assert walls_offered("Asia/Kathmandu", "2027-01-11")[0] == "2027-01-10T18:15Z"


@pytest.mark.parametrize(
    ("tz", "first", "expected"),
    [
        ("Europe/London", "2027-03-01", ["2027-03-01T16:00Z", "2027-04-05T15:00Z"]),
        ("Europe/London", "2027-10-04", ["2027-10-04T15:00Z", "2027-11-08T16:00Z"]),
        ("America/New_York", "2027-03-08", ["2027-03-08T21:00Z", "2027-04-12T20:00Z"]),
        ("America/New_York", "2027-10-04", ["2027-10-04T20:00Z", "2027-11-08T21:00Z"]),
    ],
)
def test_gap_is_counted_in_local_dates_over_a_clock_change(tz, first, expected):
    begin = date.fromisoformat(first)
    hours = tuple(WeeklyHours(day, 16 * 60, 17 * 60) for day in range(7))
    diary = Diary(tz, begin, date(begin.year, 12, 31), (Practitioner("ana", hours),), (Room("one"),))
    plan = solve(Problem(diary, Request((Visit(60),) * 2, (Gap(28, 35, 42),), begin)))
    assert [iso(visit.minute) for visit in plan.visits] == expected
    assert plan.cost == 0
