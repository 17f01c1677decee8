"""The board of a day on which the clocks change: nothing ends before it begins or is said twice alike."""

import datetime as dt

import pytest

from clinic import clock
from clinic.models import Absence, OpeningHours
from planner.queries import board, today
from planner.queries.board_clock import BoardClock
from tests.clinic.test_clock import odd_days
from tests.planner import making

MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(("zone", "day", "long"), odd_days())
def test_the_minutes_of_a_day_pass_one_by_one(zone, day, long):
    passing = BoardClock.of(day, zone)
    every = [passing.begin + n * MINUTE for n in range(long)]
    assert passing.length == long
    assert [passing.minute_of(one) for one in every] == list(range(long))
    assert [passing.said(n) for n in range(long)] == [clock.said(one, zone) for one in every]
    assert passing.minute_of(passing.begin - MINUTE) == 0
    assert passing.minute_of(every[-1] + 2 * MINUTE) == long


@pytest.mark.parametrize(("zone", "day", "long"), odd_days())
def test_weekly_hours_lie_where_the_planner_sees_them(zone, day, long):
    passing = BoardClock.of(day, zone)
    walls = [(0, 90), (90, 480), (480, 1440)]
    spans = passing.spans(walls)
    assert (spans[0][0], spans[-1][1]) == (0, long)
    at_eight = clock.instant(day, dt.time(8), zone)
    assert passing.begin + spans[1][1] * MINUTE == at_eight


def night(site, opens, closes):
    """The clinic opens at night, every day."""
    OpeningHours.objects.filter(location=site.location).update(opens=opens, closes=closes)
    for person in site.practitioners:
        person.working_hours.update(opens=opens, closes=closes)


def drawn(site, user, day, now):
    held = list(today.visits_of(site.location, day))
    return board.board_of(site.location, day, today.rows_of(held, {}, user, now), now)


def test_a_visit_over_the_hour_that_comes_twice_ends_after_it_begins(site, ana, rosa):
    day = dt.date(2026, 10, 25)
    night(site, dt.time(0), dt.time(4))
    days = making.every(35, first=day)
    request = making.asking(site, start_from=day)
    slots = making.slots_at(site, days, dt.time(1, 30))  # 01:30 BST, half an hour of numbing
    at = dt.datetime(2026, 10, 24, 12, tzinfo=dt.UTC)
    making.screen(ana, site, rosa, at=at)
    making.book(ana, site, rosa, slots=slots, at=at, request=request)
    page = drawn(site, rosa, day, at)
    assert [(one.kind, one.times, one.row, one.span) for one in page.rooms[0].blocks] == [
        ("numbing", "01:30 BST–01:00 GMT", 19, 6),
        ("visit", "01:00 GMT–01:25 GMT", 25, 5),
        ("turnover", "01:25 GMT–01:35 GMT", 30, 2),
    ]
    assert (page.lines, page.hours) == (
        60,
        [("00:00", 1), ("01:00 BST", 13), ("01:00 GMT", 25), ("02:00", 37), ("03:00", 49)],
    )


def test_the_hour_that_is_left_out_takes_no_room(site, rosa):
    night(site, dt.time(0), dt.time(4))
    Absence.objects.create(
        room=site.rooms[0],
        start=dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC),
        reason="Paint",
    )
    page = drawn(site, rosa, dt.date(2027, 3, 28), dt.datetime(2027, 3, 27, 12, tzinfo=dt.UTC))
    assert (page.lines, page.hours) == (36, [("00:00", 1), ("02:00", 13), ("03:00", 25)])
    assert [(one.label, one.times, one.row, one.span) for one in page.rooms[0].blocks] == [
        ("Paint", "00:30–02:30", 7, 12)
    ]
