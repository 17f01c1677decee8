"""Positions, windows and gaps of a timeline."""

import datetime as dt

from clinic.timeline import Axis, Gap, Mark, Window, gaps

WINDOW = Window(28, 42)


def day(text):
    return dt.date.fromisoformat(text)


def test_axis_places_days_in_percent_and_keeps_them_inside():
    axis = Axis(day("2026-01-01"), day("2026-01-11"))
    wanted = {
        "2026-01-01": 0.0,
        "2026-01-04": 30.0,
        "2026-01-11": 100.0,
        "2025-12-01": 0.0,
        "2026-02-01": 100.0,
    }
    assert {text: axis.at(day(text)) for text in wanted} == wanted


def test_axis_around_leaves_room_for_labels():
    short = Axis.around([day("2026-07-09"), day("2027-01-07"), day("2026-08-13")])
    assert short == Axis(day("2026-06-28"), day("2027-01-20"))
    long = Axis.around([day("2026-01-01"), day("2026-12-27")])
    assert long == Axis(day("2025-12-10"), day("2027-01-18"))
    single = Axis.around([day("2026-07-09")])
    assert single == Axis(day("2026-06-28"), day("2026-07-22"))


def test_axis_names_the_months_that_begin_on_it():
    axis = Axis(day("2026-11-30"), day("2027-02-01"))
    assert list(axis.months()) == [day("2026-12-01"), day("2027-01-01"), day("2027-02-01")]
    assert list(Axis(day("2026-12-01"), day("2026-12-20")).months()) == [day("2026-12-01")]


def test_window_counts_both_ends_as_inside():
    assert WINDOW.after(day("2026-11-02")) == (day("2026-11-30"), day("2026-12-14"))
    assert [WINDOW.lateness(days) for days in (26, 28, 42, 46)] == [-2, 0, 0, 4]


def test_gaps_leave_out_visits_that_were_not_held():
    first = Mark(1, day("2026-09-17"), "completed")
    missed = Mark(2, day("2026-10-20"), "noshow")
    second = Mark(2, day("2026-11-02"), "completed")
    assert gaps([first, missed, second], WINDOW) == [Gap(first, second, 46, 4)]
