"""Booking over clock changes keeps the wall clock of the location."""

import datetime as dt

import pytest

from tests.planner import making
from tests.planner.booked import DAY
from tests.planner.making import asking, book, every, screen, slots_at


def spring_and_autumn(site, ana, rosa, first, time):
    """Book four visits 35 days apart from a date on; return their instants and gaps in local days."""
    at = dt.datetime.combine(first - DAY, dt.time(17), dt.UTC)  # one date in all these zones
    screen(ana, site, rosa, at=at)
    days = every(35, first=first)
    course = book(
        ana, site, rosa, slots=slots_at(site, days, time), at=at, request=asking(site, start_from=first)
    )
    visits = course.appointments.order_by("number")
    assert [visit.on for visit in visits] == days
    return [visit.start.isoformat() for visit in visits]


def test_book_course_keeps_the_wall_clock_over_the_end_of_summer_time_in_london(site, ana, rosa):
    # 25 October 2026: clocks go back
    assert spring_and_autumn(site, ana, rosa, dt.date(2026, 9, 21), dt.time(9, 30)) == [
        "2026-09-21T08:30:00+00:00",
        "2026-10-26T09:30:00+00:00",
        "2026-11-30T09:30:00+00:00",
        "2027-01-04T09:30:00+00:00",
    ]


def test_book_course_keeps_the_wall_clock_over_the_start_of_summer_time_in_london(site, ana, rosa):
    # 28 March 2027: clocks go forward
    assert spring_and_autumn(site, ana, rosa, dt.date(2027, 2, 22), dt.time(9, 30)) == [
        "2027-02-22T09:30:00+00:00",
        "2027-03-29T08:30:00+00:00",
        "2027-05-03T08:30:00+00:00",
        "2027-06-07T08:30:00+00:00",
    ]


@pytest.fixture
def abroad(site, rosa, request):
    """A second location in another zone, with its own room; Priya works there too. Rosa signs in there."""
    return making.make_branch(site, *request.param)


NEW_YORK = ("Hudson", "America/New_York")
PHOENIX = ("Saguaro", "America/Phoenix")
AUCKLAND = ("Harakeke", "Pacific/Auckland")
KOLKATA = ("Lotus", "Asia/Kolkata")


@pytest.mark.parametrize("abroad", [NEW_YORK], indirect=True)
def test_book_course_keeps_the_wall_clock_over_both_changes_in_new_york(abroad, ana, rosa):
    # 1 November 2026: clocks go back
    assert spring_and_autumn(abroad, ana, rosa, dt.date(2026, 9, 28), dt.time(9, 30)) == [
        "2026-09-28T13:30:00+00:00",
        "2026-11-02T14:30:00+00:00",
        "2026-12-07T14:30:00+00:00",
        "2027-01-11T14:30:00+00:00",
    ]
    # 14 March 2027: clocks go forward
    assert spring_and_autumn(abroad, ana, rosa, dt.date(2027, 2, 15), dt.time(9, 30)) == [
        "2027-02-15T14:30:00+00:00",
        "2027-03-22T13:30:00+00:00",
        "2027-04-26T13:30:00+00:00",
        "2027-05-31T13:30:00+00:00",
    ]


@pytest.mark.parametrize(
    ("abroad", "starts"),
    [
        (PHOENIX, ["2026-09-21T16:30", "2026-10-26T16:30", "2026-11-30T16:30", "2027-01-04T16:30"]),
        # its mornings are still the day before in UTC; 27 September 2026: clocks go forward
        (AUCKLAND, ["2026-09-20T21:30", "2026-10-25T20:30", "2026-11-29T20:30", "2027-01-03T20:30"]),
        (KOLKATA, ["2026-09-21T04:00", "2026-10-26T04:00", "2026-11-30T04:00", "2027-01-04T04:00"]),
    ],
    indirect=["abroad"],
)
def test_book_course_keeps_the_wall_clock_of_zones_near_and_far(abroad, ana, rosa, starts):
    booked = spring_and_autumn(abroad, ana, rosa, dt.date(2026, 9, 21), dt.time(9, 30))
    assert booked == [f"{start}:00+00:00" for start in starts]
