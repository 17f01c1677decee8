"""A fixed Monday morning for the desk's pages."""

import pytest
import time_machine

from tests.planner import making
from tests.planner.making import NOW, every


@pytest.fixture
def monday():
    """Monday 7 September 2026, 07:00 in London, before the doors open; `move_to` turns the clock on."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def book(site, rosa):
    """Book a course whose first visit is today; a time, and whose of the two practitioners."""

    def make(name, time, person=0, screened=True):
        given, family = name.split()
        patient = making.make_patient(rosa, given_name=given, family_name=family)
        making.screen(patient, site, rosa)
        slots = making.slots_at(site, every(35), time, practitioner=person, room=person)
        course = making.book(patient, site, rosa, slots=slots)
        return course.appointments.get(number=1)

    return make
