"""Who does nothing is signed out; what pages ask by themselves is nothing."""

import datetime as dt

import pytest
import time_machine

from clinic.idle import PASSIVE
from tests.permissions.asking import NAMES

START = dt.datetime(2026, 9, 7, 9, 0, tzinfo=dt.UTC)
OUT = "/accounts/login/"


@pytest.fixture
def minute(settings):
    """Go to a minute of the day."""
    settings.IDLE_MINUTES = 15
    with time_machine.travel(START, tick=False) as clock:
        yield lambda number: clock.move_to(START + dt.timedelta(minutes=number))


def is_in(page):
    return not page.headers.get("Location", "").startswith(OUT)


def test_after_fifteen_minutes_without_a_sign_the_session_has_ended(minute, rosa, client_for):
    browser = client_for(rosa)
    assert is_in(browser.get("/"))
    minute(15)
    assert is_in(browser.get("/"))
    minute(31)
    assert not is_in(browser.get("/"))
    minute(32)
    assert not is_in(browser.get("/"))


def test_typing_and_pointing_keep_it_open(minute, rosa, client_for):
    browser = client_for(rosa)
    browser.get("/")
    for number in range(4, 60, 4):
        minute(number)
        here = browser.get("/access/here/")
        assert here.status_code == 204
        assert here.headers["X-Account"] == str(rosa.pk)
    assert is_in(browser.get("/"))


@pytest.mark.parametrize("path", ["/changes/", "/board/changes/"])
def test_what_a_page_asks_by_itself_keeps_nothing_open(path, minute, rosa, client_for):
    browser = client_for(rosa)
    browser.get("/")
    for number in range(1, 15):
        minute(number)
        assert browser.get(path).status_code in (200, 304)
    minute(16)
    assert browser.get(path).status_code == 401
    assert not is_in(browser.get("/"))


def test_every_page_that_asks_by_itself_is_named(minute):
    assert set(PASSIVE) == {name for name in NAMES if name.endswith("_changes")}


def test_zero_leaves_it_to_the_eight_hours(minute, settings, rosa, client_for):
    settings.IDLE_MINUTES = 0
    browser = client_for(rosa)
    browser.get("/")
    minute(7 * 60)
    assert is_in(browser.get("/"))
