"""Opening a record: who, when, with which papers; every refusal in its words."""

import datetime as dt

import pytest

from patients import consents
from patients.screenings import decide_finding
from planner import booking
from planner.models import (
    TreatmentSession,
)
from tests import people
from tests.patients.screening.samples import NOT_SURE, yes
from tests.planner import making, treating
from tests.planner.treating import (
    ARRIVAL,
    MINUTE,
    STARTED,
    refused,
    start,
)


def test_start_session_opens_the_record_with_that_days_screening_and_consent(ready, priya):
    session = start(ready, priya)
    facts = TreatmentSession.objects.values(
        "appointment", "patient", "practitioner", "screening", "consent", "version", "signed_at"
    ).get()
    assert facts == {
        "appointment": ready.pk,
        "patient": ready.patient_id,
        "practitioner": priya.practitioner.pk,
        "screening": ready.patient.screenings.filter(stage="visit").get().pk,
        "consent": ready.patient.consents.get().pk,
        "version": 1,
        "signed_at": None,
    }
    assert {session.identity_checked_at, session.consent_read_at, session.started_at} == {STARTED}
    assert list(ready.events.values_list("kind", "by"))[-1] == ("started", priya.pk)


def test_start_session_twice_opens_the_same_record(ready, priya):
    first = start(ready, priya)
    assert start(ready, priya, at=STARTED + MINUTE) == first
    assert TreatmentSession.objects.count() == 1
    assert ready.events.filter(kind="started").count() == 1


@pytest.mark.parametrize("who", ["rosa", "mona", "otto"])
def test_start_session_is_for_practitioners(ready, who, request):
    no = refused(start, ready, request.getfixturevalue(who))
    assert (no.code, str(no)) == ("role", "Only practitioners keep treatment records. Ask one of them.")


def test_start_session_is_not_for_an_account_without_a_practitioner(ready, location):
    assert refused(start, ready, people.make_user("New Nurse", "practitioner", location)).code == "role"


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("identity_checked", "Ask the patient for the name first."),
        ("birth_date", "Ask the patient for the birth date and type it."),
        ("consent_read", "Read the consent again with the patient first."),
    ],
)
def test_start_session_needs_both_read_back(ready, priya, left_out, sentence):
    no = refused(start, ready, priya, **{left_out: None})
    assert (no.sentence, no.field) == (sentence, left_out)


def test_start_session_needs_the_patient_checked_in(ready, priya, rosa):
    booking.undo_check_in(ready, by=rosa, at=ARRIVAL)
    no = refused(start, ready, priya)
    assert str(no) == "Only a visit of today that is checked in can start. Check in first."


def test_nobody_is_called_back_whose_record_is_open(ready, rosa, priya):
    booking.send_to_room(ready, by=rosa, at=ARRIVAL)
    start(ready, priya)
    assert refused(booking.undo_send_to_room, ready, by=rosa, at=STARTED).code == "session_open"
    ready.refresh_from_db()
    assert ready.roomed_at == ARRIVAL


def test_start_session_is_refused_the_next_day(ready, priya):
    assert refused(start, ready, priya, at=STARTED + dt.timedelta(days=1)).code == "not_arrived"


def test_start_session_needs_that_days_screening(visit, site, priya, rosa):
    treating.consent(visit.patient, site, rosa)
    assert refused(start, visit, priya).code.startswith("screening_")
    treating.screen_today(visit, priya)
    assert start(visit, priya).pk


def test_that_day_is_the_day_where_the_visit_is_not_at_the_patients_home(site, rosa, priya):
    home = people.make_location("Auckland", "Pacific/Auckland")
    away = making.make_branch(site, "Honolulu", "Pacific/Honolulu")
    hal = people.make_user("Hal Desk", "front_desk", away.location)
    patient = making.make_patient(people.make_user("Sam Desk", "front_desk", home))
    priya.location = away.location
    priya.save()
    making.screen(patient, site, hal)
    tuesday = making.slots_at(away, making.every(35, first=making.MONDAY + dt.timedelta(days=1)))
    course = making.book(patient, away, hal, slots=tuesday)
    visit = course.appointments.order_by("start").first()
    booking.check_in(visit, by=hal, at=visit.start)
    treating.consent(patient, site, hal, at=visit.start)  # the day after in Auckland
    monday_afternoon = visit.start - dt.timedelta(hours=18)  # Tuesday already in Auckland
    treating.screen_today(visit, priya, at=monday_afternoon)
    assert refused(start, visit, priya, at=visit.start + MINUTE).code == "screening_not_today"
    treating.screen_today(visit, priya, at=visit.start + MINUTE)
    assert start(visit, priya, at=visit.start + 2 * MINUTE).screening.answered_on == visit.on


def test_start_session_needs_a_consent(visit, priya):
    treating.screen_today(visit, priya)
    assert refused(start, visit, priya).code == "screening_consent_missing"


def test_start_session_is_refused_after_the_consent_was_withdrawn(ready, priya):
    consents.withdraw_consent(ready.patient.consents.get(), by=priya, at=STARTED)
    assert refused(start, ready, priya, at=STARTED + MINUTE).code == "screening_consent_withdrawn"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"PREGNANT": yes()}, "screening_stop"),
        ({"PREGNANT": NOT_SURE}, "screening_not_sure"),
        ({"ACNE_ACTIVE": yes()}, "screening_open_deferral"),
        ({"HAIR_REMOVAL_RECENT": yes(removed_on=making.MONDAY)}, "screening_deferred"),
        ({"EPILEPSY": yes()}, "screening_undecided"),
    ],
)
def test_start_session_is_closed_by_that_days_answers(visit, site, priya, rosa, answers, code):
    treating.consent(visit.patient, site, rosa)
    treating.screen_today(visit, priya, **answers)
    assert refused(start, visit, priya).code == code


def test_start_session_goes_on_once_the_review_is_decided(visit, site, priya, rosa):
    treating.consent(visit.patient, site, rosa)
    screening = treating.screen_today(visit, priya, EPILEPSY=yes())
    decide_finding(screening.findings.get(), choice="accept", reason="Stable.", by=priya, at=STARTED)
    assert start(visit, priya, at=STARTED + MINUTE).screening == screening


def test_start_session_by_another_trained_practitioner_makes_it_theirs(ready, site, location):
    kerry = people.make_user("Kerry Walsh", "practitioner", location)
    people.make_practitioner(kerry)
    no = refused(start, ready, kerry)
    assert str(no) == "Kerry Walsh is not trained for Acne scars here. Ask a colleague who is."
    kerry.practitioner.indications.add(site.indication)
    assert start(ready, kerry).practitioner == kerry.practitioner


def test_start_session_is_refused_to_a_practitioner_of_another_location(ready, site):
    elsewhere = people.make_user("Ines Roth", "practitioner", people.make_location("Far Street"))
    people.make_practitioner(elsewhere).indications.add(site.indication)
    assert refused(start, ready, elsewhere).code == "untrained"
