"""Deciding reviews and recording what ends a finding."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from clinic.refusals import Refusal
from patients import intake
from patients.models import (
    ClearingEvent,
    ClinicalDecision,
    ScreenedFinding,
)
from tests import people
from tests.patients.conftest import AMARA, NOT_SURE, yes
from tests.patients.deciding import DAY, clear, decide


def test_decide_finding_stores_who_what_and_why(screen, amara, priya):
    finding = screen(amara, EPILEPSY=yes()).findings.get()
    made = decide(finding, priya, conditions=" Sit down first \n")
    stored = ClinicalDecision.objects.get(pk=made.pk)
    assert (stored.practitioner, stored.choice, stored.reason) == (
        priya.practitioner,
        "accept",
        "Talked it through.",
    )
    assert (stored.conditions, stored.until) == ("Sit down first", None)


def test_decide_finding_may_shorten_a_deferral_that_allows_it(screen, amara, priya, today):
    finding = screen(amara, ISOTRETINOIN_RECENT=yes(last_dose_on=today - 30 * DAY)).findings.get()
    assert decide(finding, priya, choice="defer", until=today + 10 * DAY).until == today + 10 * DAY


@pytest.mark.parametrize("role", ["rosa", "mona", "otto"])
def test_decide_finding_refuses_other_roles(screen, amara, role, request):
    finding = screen(amara, EPILEPSY=yes()).findings.get()
    with pytest.raises(Refusal) as refused:
        decide(finding, request.getfixturevalue(role))
    assert refused.value.code == "role"


def test_decide_finding_refuses_a_practitioner_who_does_not_decide(screen, amara, location):
    nadia = people.make_user("Nadia Rahman", "practitioner", location)
    people.make_practitioner(nadia, decides_reviews=False)
    with pytest.raises(Refusal) as refused:
        decide(screen(amara, EPILEPSY=yes()).findings.get(), nadia)
    assert refused.value.code == "role"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"choice": "perhaps"}, "choice"),
        ({"reason": " "}, "reason"),
        ({"reason": "x"}, "reason"),
        ({"choice": "defer"}, "until"),
        ({"choice": "defer", "until": dt.date(2000, 1, 1)}, "until"),
        ({"choice": "accept", "until": dt.date(2100, 1, 1)}, "until"),
    ],
)
def test_decide_finding_refuses_bad_input_beside_its_field(screen, amara, priya, given, field):
    finding = screen(amara, EPILEPSY=yes()).findings.get()
    with pytest.raises(Refusal) as refused:
        decide(finding, priya, **given)
    assert refused.value.field == field
    assert not ClinicalDecision.objects.exists()


def test_decide_finding_refuses_today_as_a_deferral(screen, amara, priya, today):
    with pytest.raises(Refusal) as refused:
        decide(screen(amara, EPILEPSY=yes()).findings.get(), priya, choice="defer", until=today)
    assert refused.value.code == "date_not_ahead"


@pytest.mark.parametrize(
    "given",
    [
        {"PREGNANT": yes()},
        {"PREGNANT": NOT_SURE},
        {"ACNE_ACTIVE": yes(areas=["chin"])},
        {"LIVER_DISEASE": yes()},
        {"SUNBURN": yes(burnt_on=dt.date(2020, 1, 1))},
    ],
)
def test_decide_finding_refuses_what_nobody_may_decide(screen, amara, priya, given):
    with pytest.raises(Refusal) as refused:
        decide(screen(amara, **given).findings.get(), priya)
    assert refused.value.code == "not_for_decision"


def test_decide_finding_refuses_what_is_only_not_recorded(screen, rosa, priya):
    patient = intake.register_patient(details=AMARA | {"phototype": None}, by=rosa)
    finding = screen(patient, stage="visit").findings.get()
    with pytest.raises(Refusal) as refused:
        decide(finding, priya)
    assert (finding.row["reason"], refused.value.code) == ("unanswered", "not_for_decision")


def test_decide_finding_twice_says_it_was_decided(screen, amara, priya):
    finding = screen(amara, EPILEPSY=yes()).findings.get()
    decide(finding, priya)
    with pytest.raises(Refusal) as refused:
        decide(finding, priya, choice="decline")
    assert (refused.value.code, refused.value.status) == ("already_decided", 409)
    assert ClinicalDecision.objects.get().choice == "accept"


def test_decide_finding_refuses_when_a_newer_screening_is_there(screen, amara, priya):
    finding = screen(amara, EPILEPSY=yes()).findings.get()
    screen(amara)
    with pytest.raises(Refusal) as refused:
        decide(finding, priya)
    assert (refused.value.code, refused.value.stale) == ("newer_screening", True)


@pytest.mark.django_db(transaction=True)
def test_decide_finding_by_two_at_once_keeps_one(transactional_db, screen, amara, priya):
    finding = screen(amara, EPILEPSY=yes()).findings.get()
    together = threading.Barrier(2)

    def press(choice):
        connection.ensure_connection()
        together.wait(5)
        try:
            return decide(ScreenedFinding.objects.get(pk=finding.pk), priya, choice=choice).choice
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = set(pool.map(press, ["accept", "decline"]))
    assert results == {"already_decided", ClinicalDecision.objects.get().choice}


def test_clear_finding_stores_the_event(screen, amara, priya, today):
    finding = screen(amara, BREASTFEEDING=yes()).findings.get()
    made = clear(finding, priya, today, note=" Stopped last week. ")
    stored = ClearingEvent.objects.get(pk=made.pk)
    assert (stored.happened_on, stored.note, stored.recorded_by) == (
        today,
        "Stopped last week.",
        priya.practitioner,
    )


@pytest.mark.parametrize("role", ["rosa", "mona", "otto"])
def test_clear_finding_refuses_other_roles(screen, amara, today, role, request):
    finding = screen(amara, BREASTFEEDING=yes()).findings.get()
    with pytest.raises(Refusal) as refused:
        clear(finding, request.getfixturevalue(role), today)
    assert refused.value.code == "role"


def test_clear_finding_refuses_a_day_ahead_and_an_empty_note(screen, amara, priya, today):
    finding = screen(amara, BREASTFEEDING=yes()).findings.get()
    with pytest.raises(Refusal) as ahead:
        clear(finding, priya, today + DAY)
    with pytest.raises(Refusal) as empty:
        clear(finding, priya, today, note="  ")
    assert (ahead.value.field, empty.value.field) == ("happened_on", "note")


def test_clear_finding_refuses_what_no_record_ends(screen, amara, priya, today):
    with pytest.raises(Refusal) as refused:
        clear(screen(amara, EPILEPSY=yes()).findings.get(), priya, today)
    assert refused.value.code == "needs_no_record"


def test_clear_finding_twice_says_it_was_recorded(screen, amara, priya, today):
    finding = screen(amara, BREASTFEEDING=yes()).findings.get()
    clear(finding, priya, today)
    with pytest.raises(Refusal) as refused:
        clear(finding, priya, today)
    assert (refused.value.code, refused.value.status) == ("already_cleared", 409)
