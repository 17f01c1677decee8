"""Dates, lists and names as they are written in a sentence."""

from collections.abc import Iterable, Mapping
from datetime import date

from patients.screening.terms import Outcome

NBSP = "\u00a0"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

OUTCOME_WORDS = {
    Outcome.STOP: "Not suitable",
    Outcome.DEFER: "Deferred",
    Outcome.REVIEW: "Needs decision",
    Outcome.MODIFY: "Cleared with changes",
    Outcome.CLEAR: "Cleared",
}


def day_words(day: date) -> str:
    """`2 Sep 2026`, never broken over lines."""
    return NBSP.join((str(day.day), _MONTHS[day.month - 1], str(day.year)))


def weekday_words(day: date) -> str:
    """`Wed 2 Sep 2026`, never broken over lines."""
    return f"{_DAYS[day.weekday()]}{NBSP}{day_words(day)}"


def days_words(days: int) -> str:
    """`1 day`, `183 days`, never broken over lines."""
    return f"{days}{NBSP}{'day' if days == 1 else 'days'}"


def list_words(items: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = tuple(items) or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def area_words(areas: Iterable[str], names: Mapping[str, str]) -> str:
    """The areas by their names; a code without a name as itself."""
    return list_words(names.get(area, area) for area in areas)


def inside(text: str) -> str:
    """A label as it reads inside a sentence: small first letter, unless it is an abbreviation."""
    starts_word = len(text) > 1 and not text[1].isupper() and not text[1].isdigit()
    return text[0].lower() + text[1:] if starts_word else text
