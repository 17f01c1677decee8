"""What stops or frees a course, at the same moment as somebody else works on it."""

import datetime as dt

import pytest

from clinic.refusals import Refusal
from patients import consents
from planner.models import CourseChange
from tests.patients.screening.samples import yes
from tests.planner import treating
from tests.planner.making import NOW, book, every, screen
from tests.planner.moves import Kind, at_clock, confirm, look
from tests.refusing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sweep]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def course(site, ana, rosa):
    """Ana's course with its consent."""
    treating.consent(ana, site, rosa)
    return book(ana, site, rosa)


def states(course):
    course.refresh_from_db()
    return course.status, set(course.appointments.values_list("status", flat=True))


def moving(course, rosa):
    """A move of the second visit, as its page was confirmed."""
    start = at_clock(course, every(35)[1] + DAY, dt.time(10))
    preview = look(course, Kind.MOVED, number=2, start=start)
    return lambda: confirm(preview, rosa)


def refusals(told):
    return [one.code for one in told if isinstance(one, Refusal)]


def test_a_consent_is_withdrawn_by_two_presses_once(course, ana, priya):
    consent = ana.consents.get()
    told = at_once(*(lambda: consents.withdraw_consent(consent, by=priya, at=NOW + HOUR),) * 2)
    assert refusals(told) == ["already_withdrawn"]
    assert states(course) == ("stopped", {"cancelled"})
    assert CourseChange.objects.count() == 1


def test_a_visit_moved_while_the_consent_is_withdrawn_is_cancelled_too(course, ana, rosa, priya):
    consent = ana.consents.get()
    told = at_once(moving(course, rosa), lambda: consents.withdraw_consent(consent, by=priya, at=NOW + HOUR))
    assert set(refusals(told)) <= {"course_state", "visit_changed"}
    assert states(course) == ("stopped", {"cancelled"})


def test_a_visit_moved_while_a_pregnancy_is_answered_is_released_too(course, ana, site, rosa):
    told = at_once(moving(course, rosa), lambda: screen(ana, site, rosa, at=NOW + HOUR, PREGNANT=yes()))
    assert set(refusals(told)) <= {"course_state", "visit_changed", "screening_stop"}
    assert states(course) == ("on_hold", {"cancelled"})
