"""Dates and times as people type them."""

import datetime as dt

import pytest
from django import forms

from clinic.dates import DateField, TimeField, parse_date, parse_time, typed_date

DEC_7 = dt.date(2026, 12, 7)


@pytest.mark.parametrize(
    "typed",
    [
        "7 Dec 2026",
        "07 dec 2026",
        "7 December 2026",
        "Mon 7 Dec 2026",
        "Monday, 7 Dec. 2026",
        "7\u00a0Dec\u00a02026",
        "  7  Dec 2026 ",
        "7/12/2026",
        "07.12.2026",
        "7-12-2026",
        "2026-12-07",
    ],
)
def test_parse_date_reads_what_people_write(typed):
    assert parse_date(typed) == DEC_7


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("31 Feb 2026", "February 2026 has no day 31."),
        ("29/2/2026", "February 2026 has no day 29."),
        ("12/31/2026", "There is no month 31. Write the day first, such as 7/12/2026."),
        ("7/12/26", "Write the year with four digits."),
        ("7 Dec 1026", "Check the year."),
        ("7 Foo 2026", "Write a date such as 7 Dec 2026."),
        ("tomorrow", "Write a date such as 7 Dec 2026."),
        ("7/12.2026", "Write a date such as 7 Dec 2026."),
        ("0/12/2026", "December 2026 has no day 0."),
    ],
)
def test_parse_date_says_what_is_wrong(typed, sentence):
    with pytest.raises(ValueError) as wrong:
        parse_date(typed)
    assert str(wrong.value) == sentence


@pytest.mark.parametrize("typed", ["9:30", "09:30", "9.30", "0930", "9h30", " 09:30 "])
def test_parse_time_reads_what_people_write(typed):
    assert parse_time(typed) == dt.time(9, 30)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("24:00", "A time runs from 00:00 to 23:59."),
        ("9:75", "A time runs from 00:00 to 23:59."),
        ("half nine", "Write a time such as 09:30."),
        ("9:3", "Write a time such as 09:30."),
    ],
)
def test_parse_time_says_what_is_wrong(typed, sentence):
    with pytest.raises(ValueError) as wrong:
        parse_time(typed)
    assert str(wrong.value) == sentence


class Day(forms.Form):
    on = DateField()
    at = TimeField()


def test_date_and_time_fields_show_stored_values_as_people_write_them():
    form = Day(initial={"on": DEC_7, "at": dt.time(9, 5)})
    assert 'value="7 Dec 2026"' in str(form["on"])
    assert 'value="09:05"' in str(form["at"])
    assert parse_date(typed_date(DEC_7)) == DEC_7


def test_date_and_time_fields_keep_what_was_typed_beside_the_error():
    form = Day({"on": "31 Feb 2026", "at": "25:00"})
    assert form.errors == {
        "on": ["February 2026 has no day 31."],
        "at": ["A time runs from 00:00 to 23:59."],
    }
    assert 'value="31 Feb 2026"' in str(form["on"])


def test_date_and_time_fields_give_dates_and_times():
    form = Day({"on": "7/12/2026", "at": "0930"})
    assert form.is_valid()
    assert form.cleaned_data == {"on": DEC_7, "at": dt.time(9, 30)}
