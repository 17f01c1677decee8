"""Versions of messages about a visit: they fit the column, and say again what they are about."""

import datetime as dt

from planner.engine.message_versions import day_of_day, day_of_start, version_of_day, version_of_start

LATE = dt.datetime(2026, 12, 3, 23, 30, tzinfo=dt.UTC)


def test_the_version_of_a_start_is_its_minute_and_gives_the_local_day_back():
    version = version_of_start(LATE)
    assert version == 29939010
    assert version_of_start(LATE + dt.timedelta(minutes=1)) == version + 1
    assert day_of_start(version, "Europe/London") == dt.date(2026, 12, 3)
    assert day_of_start(version, "Europe/Berlin") == dt.date(2026, 12, 4)


def test_the_version_of_a_day_is_the_same_all_day():
    assert day_of_day(version_of_day(LATE.date())) == LATE.date()
    assert version_of_day(LATE.date()) == 739953


def test_versions_fit_their_column_for_a_thousand_years():
    assert version_of_start(dt.datetime(3026, 1, 1, tzinfo=dt.UTC)) < 2**31
