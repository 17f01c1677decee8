"""Where a visit is, in the words and steps of the list."""

import datetime as dt

import pytest

from patients.consents import record_consent
from patients.screenings import safety_of
from planner import booking
from planner.models import Appointment, TreatmentSession
from planner.queries import today
from tests.kept import kept
from tests.patients.conftest import make_text
from tests.planner import making, treating
from tests.planner.making import MONDAY, NOW

ARRIVED = dt.datetime(2026, 9, 7, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@kept
def visit(ana, site, rosa):
    """Ana's first visit, today at ten."""
    return making.book(ana, site, rosa).appointments.get(number=1)


@kept
def session(visit, ana, site, rosa, priya):
    """Ana is here and her record is open; the cream is not on yet."""
    booking.check_in(visit, by=rosa, at=ARRIVED)
    text = make_text(site.indication, priya)
    return TreatmentSession.objects.create(
        appointment=visit,
        patient=ana,
        practitioner=priya.practitioner,
        screening=treating.screen_today(visit, priya, at=ARRIVED),
        consent=record_consent(ana, text=text, method="paper", by=rosa, at=NOW),
        identity_checked_at=ARRIVED,
        consent_read_at=ARRIVED,
        started_at=ARRIVED,
        saved_at=ARRIVED,
    )


def row(site, user, at=ARRIVED):
    visits = today.visits_of(site.location, MONDAY)
    return today.rows_of(visits, safety_of([one.patient_id for one in visits], MONDAY), user, at)[0]


def told(row):
    return row.state, row.word, row.step, row.is_done


def test_a_booked_visit_is_planned_until_the_patient_confirms(site, visit, rosa):
    assert told(row(site, rosa)) == ("planned", "Planned", "check_in", False)
    Appointment.objects.filter(pk=visit.pk).update(confirmed_at=NOW)
    assert told(row(site, rosa)) == ("confirmed", "Confirmed", "check_in", False)


def test_a_visit_of_a_course_on_hold_waits(site, visit, rosa):
    type(visit.course).objects.update(status="on_hold")
    assert told(row(site, rosa)) == ("hold", "On hold", "", False)
    assert today.counts([row(site, rosa)]) == [("hold", 1, "on hold")]
    groups = today.grouped([row(site, rosa)], "Europe/London", NOW)
    assert [(group.title, len(group.rows)) for group in groups] == [("Morning", 1)]


@pytest.mark.parametrize(("role", "step"), [("rosa", ""), ("mona", ""), ("priya", "open_record")])
def test_an_open_record_is_for_practitioners(site, session, role, step, request):
    assert told(row(site, request.getfixturevalue(role))) == ("treating", "In treatment", step, False)


def test_numbing_says_how_long_the_cream_is_on(site, session, rosa):
    TreatmentSession.objects.update(numbing_on_at=ARRIVED)
    assert row(site, rosa, ARRIVED + 24 * MINUTE + dt.timedelta(seconds=59)).word == "Numbing 24 min"
    TreatmentSession.objects.update(numbing_off_at=ARRIVED + 31 * MINUTE)
    assert row(site, rosa, ARRIVED + 32 * MINUTE).word == "In treatment"


def test_a_completed_visit_without_a_sheet_has_no_step(site, session, rosa):
    Appointment.objects.update(status="fulfilled")
    assert told(row(site, rosa)) == ("completed", "Completed", "", True)


@pytest.mark.parametrize(
    ("minutes", "title"),
    [(0, "Morning"), (119, "Morning"), (120, "Midday"), (239, "Midday"), (240, "Afternoon")],
)
def test_the_day_parts_at_noon_and_two(site, visit, rosa, minutes, title):
    one = row(site, rosa)
    one.appointment.start = ARRIVED + minutes * MINUTE
    assert [group.title for group in today.grouped([one], "Europe/London", NOW)] == [title]
