"""Dates and times of day as people type them: `7 Dec 2026`, `7/12/2026`, `2026-12-07`; `9:30`, `0930`."""

import datetime as dt
import re

from django import forms
from django.core.exceptions import ValidationError

from clinic.words import MONTHS

EXAMPLE = "Write a date such as 7 Dec 2026."
TIME_EXAMPLE = "Write a time such as 09:30."
YEARS = range(1900, 2200)
_WORDS = re.compile(r"(?:[a-z]{3,9},? )?(\d{1,2}) ([a-z]{3,9})\.?,? (\d{4})")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
_TIME = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?")
_FULL_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def parse_date(text: str) -> dt.date:
    """Read a date, the day before the month; raise ValueError with a sentence for the person who typed it."""
    typed = " ".join(text.split()).lower()
    if match := _ISO.fullmatch(typed):
        year, month, day = map(int, match.groups())
    elif match := _NUMBERS.fullmatch(typed):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
    elif match := _WORDS.fullmatch(typed):
        day, month, year = int(match[1]), _month(match[2]), int(match[3])
    elif _SHORT_YEAR.fullmatch(typed):
        raise ValueError("Write the year with four digits.")
    else:
        raise ValueError(EXAMPLE)
    return _checked(year, month, day)


def parse_time(text: str) -> dt.time:
    """Read a time of day on the 24-hour clock; raise ValueError with a sentence."""
    match = _TIME.fullmatch(text.strip().lower())
    if not match:
        raise ValueError(TIME_EXAMPLE)
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 23 or minute > 59:
        raise ValueError("A time runs from 00:00 to 23:59.")
    return dt.time(hour, minute)


def typed_date(day: dt.date) -> str:
    """Write a date as a person would type it: `7 Dec 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _month(word: str) -> int:
    for number, name in enumerate(_FULL_MONTHS, start=1):
        if name.lower().startswith(word):
            return number
    if word == "sept":
        return 9
    raise ValueError(EXAMPLE)


def _checked(year: int, month: int, day: int) -> dt.date:
    if year not in YEARS:
        raise ValueError("Check the year.")
    if not 1 <= month <= 12:
        raise ValueError(f"There is no month {month}. Write the day first, such as 7/12/2026.")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"{_FULL_MONTHS[month - 1]} {year} has no day {day}.") from None


class DateInput(forms.TextInput):
    """A text input that shows a date as `7 Dec 2026`."""

    def __init__(self, attrs=None):
        super().__init__({"autocomplete": "off", **(attrs or {})})

    def format_value(self, value):
        """Keep what was typed; write stored dates in words."""
        return typed_date(value) if isinstance(value, dt.date) else value


class DateField(forms.DateField):
    """A date in any of the ways people write it, the day before the month."""

    widget = DateInput
    default_error_messages = {"required": EXAMPLE}

    def to_python(self, value):
        """Read the date, or say beside the field what is wrong."""
        if value in self.empty_values or isinstance(value, dt.date):
            return super().to_python(value)
        try:
            return parse_date(str(value))
        except ValueError as wrong:
            raise ValidationError(str(wrong), code="invalid") from None


class TimeInput(forms.TextInput):
    """A text input that shows a time of day as `09:30`."""

    def __init__(self, attrs=None):
        super().__init__({"autocomplete": "off", "inputmode": "numeric", **(attrs or {})})

    def format_value(self, value):
        """Keep what was typed; write stored times on the 24-hour clock."""
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value


class TimeField(forms.TimeField):
    """A time of day on the 24-hour clock."""

    widget = TimeInput
    default_error_messages = {"required": TIME_EXAMPLE}

    def to_python(self, value):
        """Read the time, or say beside the field what is wrong."""
        if value in self.empty_values or isinstance(value, dt.time):
            return super().to_python(value)
        try:
            return parse_time(str(value))
        except ValueError as wrong:
            raise ValidationError(str(wrong), code="invalid") from None
