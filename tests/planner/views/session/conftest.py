"""Priya's tablet, and Ana's record up to any step."""

import pytest
import time_machine

from patients.screening.evaluate import questions
from patients.screening.table import SHIPPED
from patients.screening.terms import START_STAGES
from tests.kept import kept
from tests.planner import treating
from tests.planner.treating import STARTED


@pytest.fixture(autouse=True)
def now():
    """The wall clock stands at the moment of the first visit; tests move it."""
    with time_machine.travel(STARTED, tick=False) as traveller:
        yield traveller


@kept
def session(ready, priya):
    """The record is open; the texts of the sheet are approved."""
    treating.approve_texts(priya.practitioner)
    return treating.start(ready, priya)


@kept
def whole(session, site, stock, priya):
    """Every step is saved."""
    return treating.complete(session, site, stock, priya)


@kept
def signed(whole, priya):
    return treating.sign(whole, priya)


@pytest.fixture
def room(client_for, priya):
    """Priya's tablet."""
    return client_for(priya)


@pytest.fixture
def all_no():
    """The screen of the day as its form sends it."""
    return {rule.code: "no" for rule in questions(SHIPPED, START_STAGES)}
