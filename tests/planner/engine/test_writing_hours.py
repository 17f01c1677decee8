"""The hours in which a clinic writes: on the wall of its own zone, over both changes of the clock."""

import datetime as dt

import pytest

from planner.engine.writing_hours import next_writing_moment

NINE, SEVEN = dt.time(9), dt.time(19)
LONDON, NEW_YORK, AUCKLAND = "Europe/London", "America/New_York", "Pacific/Auckland"


@pytest.mark.parametrize(
    ("at", "zone", "moment"),
    [
        # inside: at once, the first minute included and the last one not
        ("2026-01-14T09:00:00+00:00", LONDON, "2026-01-14T09:00:00+00:00"),
        ("2026-01-14T18:59:59+00:00", LONDON, "2026-01-14T18:59:59+00:00"),
        ("2026-01-14T19:00:00+00:00", LONDON, "2026-01-15T09:00:00+00:00"),
        # before and after: the same morning, the next one
        ("2026-01-14T08:59:59+00:00", LONDON, "2026-01-14T09:00:00+00:00"),
        ("2026-01-14T23:30:00+00:00", LONDON, "2026-01-15T09:00:00+00:00"),
        # the clock goes forward on 29 March and back on 25 October 2026
        ("2026-03-28T20:00:00+00:00", LONDON, "2026-03-29T08:00:00+00:00"),
        ("2026-03-29T08:00:00+00:00", LONDON, "2026-03-29T08:00:00+00:00"),
        ("2026-10-24T20:00:00+00:00", LONDON, "2026-10-25T09:00:00+00:00"),
        ("2026-10-25T08:30:00+00:00", LONDON, "2026-10-25T09:00:00+00:00"),
        # on 8 March and 1 November 2026
        ("2026-03-08T03:00:00+00:00", NEW_YORK, "2026-03-08T13:00:00+00:00"),
        ("2026-11-01T03:00:00+00:00", NEW_YORK, "2026-11-01T14:00:00+00:00"),
        # here it is the next day already
        ("2026-06-01T08:00:00+00:00", AUCKLAND, "2026-06-01T21:00:00+00:00"),
    ],
)
def test_next_writing_moment_goes_by_the_wall_clock(at, zone, moment):
    found = next_writing_moment(dt.datetime.fromisoformat(at), zone, NINE, SEVEN)
    assert found == dt.datetime.fromisoformat(moment)


def test_next_writing_moment_begins_after_an_hour_that_is_skipped():
    before = dt.datetime(2026, 3, 28, 23, 0, tzinfo=dt.UTC)
    found = next_writing_moment(before, LONDON, dt.time(1, 30), dt.time(3))
    assert found == dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)  # 02:30 on the wall
