"""Dates, gaps and states in words."""

import datetime as dt

import pytest

from clinic import words


def test_day_date_joins_its_parts_with_no_break_spaces():
    day = dt.date(2026, 12, 3)
    assert words.day_date(day) == "Thu\u00a03\u00a0Dec\u00a02026"
    assert words.day_date(day, year=False) == "Thu\u00a03\u00a0Dec"
    assert words.day_date(day, weekday=False) == "3\u00a0Dec\u00a02026"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "0\u00a0d"),
        (3, "3\u00a0d"),
        (7, "1\u00a0wk"),
        (31, "4\u00a0wk\u00a03\u00a0d"),
        (35, "5\u00a0wk"),
        (-35, "5\u00a0wk"),
    ],
)
def test_gap_words_counts_weeks_and_days(days, said):
    assert words.gap_words(days) == said


def test_late_words_says_which_side_of_the_window():
    assert [words.late_words(days) for days in (4, 0, -2)] == [
        "4\u00a0d\u00a0late",
        "",
        "2\u00a0d\u00a0early",
    ]


def test_shift_words_says_which_way_a_visit_moves():
    said = [words.shift_words(days) for days in (9, 0, -2)]
    assert said == ["9\u00a0d\u00a0later", "No change", "2\u00a0d\u00a0earlier"]


def test_age_changes_on_the_birthday():
    born = dt.date(1992, 3, 14)
    assert [words.age_on(born, dt.date(2026, 3, day)) for day in (13, 14)] == [33, 34]


def test_age_of_somebody_born_on_a_leap_day_changes_on_1_march():
    born = dt.date(2004, 2, 29)
    assert words.age_on(born, dt.date(2027, 2, 28)) == 22
    assert words.age_on(born, dt.date(2027, 3, 1)) == 23


def test_initials_take_the_first_and_last_name():
    said = [words.initials(name) for name in ("Amara Osei", "Maria del Carmen Ruiz", "cher", "")]
    assert said == ["AO", "MR", "C", ""]


def test_every_verdict_outcome_has_a_look():
    outcomes = {name: words.SAFETY[name].word for name in ("stop", "defer", "review", "modify", "clear")}
    assert outcomes == {
        "stop": "Not suitable",
        "defer": "Deferred",
        "review": "Needs decision",
        "modify": "Cleared with changes",
        "clear": "Cleared",
    }


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["right cheek", "left cheek", "chin"], ["both cheeks", "chin"]),
        (["left calf", "chin", "right calf"], ["chin", "both calves"]),
        (["right arm"], ["right arm"]),
        (["right eye area", "left eye area"], ["right eye area", "left eye area"]),
        (["left arm", "right cheek"], ["left arm", "right cheek"]),
        ([], []),
    ],
)
def test_both_sides_joins_what_lies_on_both(names, said):
    assert words.both_sides(names) == said
