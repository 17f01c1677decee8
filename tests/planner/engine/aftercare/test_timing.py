"""Real moments and days, over both clock changes and where there are none."""

from datetime import datetime

import pytest

from planner.engine.aftercare.timing import SPF_BODY, SPF_FACE_OR_BROWN, TIMINGS, Clock
from tests.planner.engine.aftercare.sessions import plain, said, sheet

# Typed from the rulings and the clinical facts (6, 13), not read from the code.
NUMBERS = {
    "touch": (4, "hours"),
    "first_day": (24, "hours"),
    "sun": (72, "hours"),
    "heat": (72, "hours"),
    "clothes": (72, "hours"),
    "anti_inflammatory": (3, "days"),
    "actives": (7, "days"),
    "actives_brown": (10, "days"),
    "sun_care": (14, "days"),
    "worse_after": (2, "days"),
    "strong_redness": (7, "days"),
    "stop_actives": (5, "days"),
    "no_tanning_before": (7, "days"),
    "no_waxing_before": (7, "days"),
    "review": (90, "days"),
}


def test_numbers_are_those_of_the_rulings():
    assert {code: (row.amount, row.unit.value) for code, row in TIMINGS.items()} == NUMBERS
    assert (SPF_BODY, SPF_FACE_OR_BROWN) == (30, 50)


@pytest.mark.parametrize(
    ("zone", "t0", "first_day", "heat", "actives"),
    [
        pytest.param(
            "Europe/London",
            "2027-03-27T12:15:00+00:00",
            "2027-03-28T13:15:00+01:00",
            "2027-03-30T13:15:00+01:00",
            "2027-04-03",
            id="London, clocks go forward",
        ),
        pytest.param(
            "Europe/London",
            "2026-10-24T11:15:00+00:00",
            "2026-10-25T11:15:00+00:00",
            "2026-10-27T11:15:00+00:00",
            "2026-10-31",
            id="London, clocks go back",
        ),
        pytest.param(
            "America/New_York",
            "2027-03-13T17:15:00+00:00",
            "2027-03-14T13:15:00-04:00",
            "2027-03-16T13:15:00-04:00",
            "2027-03-20",
            id="New York, clocks go forward",
        ),
        pytest.param(
            "America/New_York",
            "2026-10-31T16:15:00+00:00",
            "2026-11-01T11:15:00-05:00",
            "2026-11-03T11:15:00-05:00",
            "2026-11-07",
            id="New York, clocks go back",
        ),
        pytest.param(
            "Africa/Nairobi",
            "2027-03-27T20:30:00+00:00",
            "2027-03-28T23:30:00+03:00",
            "2027-03-30T23:30:00+03:00",
            "2027-04-03",
            id="Nairobi, no clock change",
        ),
        pytest.param(
            "Asia/Tokyo",
            "2026-12-03T15:30:00+00:00",
            "2026-12-05T00:30:00+09:00",
            "2026-12-07T00:30:00+09:00",
            "2026-12-11",
            id="Tokyo, already the next day",
        ),
    ],
)
def test_hours_are_elapsed_time_and_days_are_local_dates(zone, t0, first_day, heat, actives):
    clock = Clock(datetime.fromisoformat(t0), zone)

    assert clock.moment("first_day").isoformat() == first_day
    assert clock.moment("heat").isoformat() == heat
    assert clock.date("actives").isoformat() == actives


def test_sheet_prints_the_wall_clock_after_the_change():
    texts = said(sheet(needling_ended_at=datetime.fromisoformat("2027-03-27T12:15:00+00:00")))

    assert texts["do_not.first_day.face"].endswith("not until Sun 28 Mar, 13:15")
    assert texts["todo.spf_start"] == "SPF 50 from 13:15."


def test_next_visit_is_printed_in_the_clinic_zone():
    content = sheet(zone="America/New_York")

    assert plain(content.header.finished) == "Thu 3 Dec 2026, 07:15"
    assert plain(content.next_visit.heading) == "Your next visit: Thu 7 Jan 2027, 11:30"


def test_moment_on_another_day_than_its_row_is_named_in_full():
    content = sheet(needling_ended_at=datetime.fromisoformat("2026-12-03T21:30:00+00:00"))

    assert said(content)["todo.touch"] == "Do not touch it until Fri 4 Dec, 01:30."


def test_naive_instant_is_refused():
    with pytest.raises(ValueError, match="needs a time zone"):
        sheet(needling_ended_at=datetime.fromisoformat("2026-12-03T12:15:00"))


def test_hours_are_not_asked_for_as_days():
    clock = Clock(datetime.fromisoformat("2026-12-03T12:15:00+00:00"), "Europe/London")

    with pytest.raises(ValueError, match="counted in hours"):
        clock.date("heat")
    with pytest.raises(ValueError, match="counted in days"):
        clock.moment("actives")
