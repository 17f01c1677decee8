"""A fixed Monday morning for the desk's pages."""

import datetime as dt
import functools

import pytest
import time_machine

from clinic.models import WorkingHours
from planner import booking
from tests.kept import kept
from tests.planner.making import NINE, NOW, book_visit


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


@kept
def four(site, rosa):
    """Four visits at 8, 10, 13 and 15 o'clock; Cleo, who came at 10, is early."""
    visits = {
        "Ada": book_visit(site, rosa, "Ada Lund", dt.time(8)),
        "Cleo": book_visit(site, rosa, "Cleo Marsh", dt.time(10), 1),
        "Dora": book_visit(site, rosa, "Dora Quist", dt.time(13)),
        "Emil": book_visit(site, rosa, "Emil Roux", dt.time(15), 1),
    }
    booking.check_in(visits["Cleo"], by=rosa, at=NINE)
    return visits


@pytest.fixture
def day(monday, four):
    """The four visits; it is 9."""
    monday.move_to(NINE)
    return four
