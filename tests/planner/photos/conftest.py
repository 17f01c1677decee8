"""An open record to take photos in, and somebody who does not treat its patient."""

import pytest
import time_machine

from tests import people
from tests.kept import kept
from tests.planner import treating
from tests.planner.treating import STARTED


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(STARTED, tick=False) as traveller:
        yield traveller


@kept
def session(ana, site, priya, rosa):
    """Ana's record is open."""
    treating.approve_texts(priya.practitioner)
    visit = treating.arrive(ana, site, rosa)
    treating.consent(ana, site, rosa)
    treating.screen_today(visit, priya)
    return treating.start(visit, priya)


@kept
def kerry(location):
    """Another practitioner."""
    user = people.make_user("Kerry Walsh", "practitioner", location)
    people.make_practitioner(user)
    return user
