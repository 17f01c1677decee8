"""A fixed Monday morning for the desk's pages."""

import datetime as dt
import functools

import pytest
import time_machine

from clinic.models import WorkingHours
from tests.kept import kept
from tests.planner.making import NOW, book_visit


@pytest.fixture
def monday():
    """Monday 7 September 2026, 07:00 in London, before the doors open; `move_to` turns the clock on."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def book(site, rosa):
    """Book a course whose first visit is today; a time, and whose of the two practitioners."""

    return functools.partial(book_visit, site, rosa)


@kept
def ada(site, rosa):
    """Ada Lund's visit of today at eight."""
    return book_visit(site, rosa, "Ada Lund", dt.time(8))


@kept
def mornings(site):
    """The staff work until one: half as many times to look through."""
    WorkingHours.objects.update(closes=dt.time(13))
