"""Recording a screen, deciding a review, clearing what no date ends."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from clinic import clock
from clinic.refusals import Refusal
from patients import intake, screenings
from patients.models import (
    ClearingEvent,
    ClinicalDecision,
    Patient,
    ScreenedFinding,
    Screening,
    ScreeningAnswer,
)
from tests import people
from tests.patients.conftest import AMARA, NO, NOT_SURE, answers, yes

DAY = dt.timedelta(days=1)


def codes(screening):
    """Outcome by rule code as stored."""
    return dict(screening.findings.values_list("code", "outcome"))


def decide(finding, by, choice="accept", reason="Talked it through.", **kwargs):
    """One decision with a reason."""
    return screenings.decide_finding(finding, choice=choice, reason=reason, by=by, **kwargs)


def clear(finding, by, on, note="Seen today."):
    """One clearing record."""
    return screenings.clear_finding(finding, happened_on=on, note=note, by=by)


def test_record_screening_stores_answers_findings_and_verdict(screen, amara, rosa, today, cheeks, chin):
    last_dose = today - 90 * DAY
    saved = screen(
        amara,
        ISOTRETINOIN_RECENT=yes(last_dose_on=last_dose),
        MOLE_RAISED=yes(areas=["chin"]),
        LIVER_DISEASE=NOT_SURE,
    )
    stored = Screening.objects.get(pk=saved.pk)
    assert (stored.outcome, stored.earliest_on) == ("defer", last_dose + 183 * DAY)
    assert (stored.answered_on, stored.answered_by, stored.stage) == (today, rosa, "booking")
    assert set(stored.areas.all()) == {cheeks, chin}
    assert codes(stored) == {
        "ISOTRETINOIN_RECENT": "defer",
        "MOLE_RAISED": "modify",
        "LIVER_DISEASE": "review",
    }
    assert ScreeningAnswer.objects.filter(screening=stored).count() == len(answers())
    given = {
        row.code: (row.given, row.details)
        for row in stored.answers.filter(code__in=["ISOTRETINOIN_RECENT", "MOLE_RAISED", "LIVER_DISEASE"])
    }
    assert given == {
        "ISOTRETINOIN_RECENT": ("yes", {"last_dose_on": last_dose.isoformat()}),
        "MOLE_RAISED": ("yes", {"areas": ["chin"]}),
        "LIVER_DISEASE": ("unsure", {}),
    }
    mole = stored.findings.get(code="MOLE_RAISED")
    assert mole.row["areas"] == ["chin"]


def test_record_screening_of_nothing_but_no_is_clear(screen, amara):
    assert screen(amara).outcome == "clear"


def test_record_screening_refuses_a_wrong_role(screen, amara, otto):
    with pytest.raises(Refusal) as refused:
        screen(amara, by=otto)
    assert refused.value.code == "role"
    assert not Screening.objects.exists()


def test_record_screening_of_the_visit_is_the_practitioners(screen, amara, rosa):
    with pytest.raises(Refusal) as refused:
        screen(amara, stage="visit", by=rosa)
    assert refused.value.code == "role"


def test_record_screening_refuses_without_approved_rules(amara, rosa, acne_scars, cheeks):
    people.make_rule_set()
    with pytest.raises(Refusal) as refused:
        screenings.record_screening(
            amara, stage="booking", indication=acne_scars, areas=[cheeks], answers=answers(), by=rosa
        )
    assert refused.value.code == "rules_not_approved"


def test_record_screening_refuses_open_questions(amara, rosa, rule_set, acne_scars, cheeks):
    given = answers()
    del given["PREGNANT"]
    with pytest.raises(Refusal) as refused:
        screenings.record_screening(
            amara, stage="booking", indication=acne_scars, areas=[cheeks], answers=given, by=rosa
        )
    assert (refused.value.code, refused.value.next_step) == ("unanswered", "First: pregnant.")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"stage": "lunch"}, "unknown_stage"),
        ({"areas": []}, "areas_missing"),
        ({"answers": answers() | {"NO_SUCH_RULE": NO}}, "answers_do_not_fit"),
        ({"answers": answers(SUNBURN=yes(burnt_on="soon"))}, "answers_do_not_fit"),
    ],
)
def test_record_screening_refuses_what_does_not_fit(amara, rosa, rule_set, acne_scars, cheeks, changed, code):
    given = {"stage": "booking", "areas": [cheeks], "answers": answers()} | changed
    with pytest.raises(Refusal) as refused:
        screenings.record_screening(amara, indication=acne_scars, by=rosa, **given)
    assert refused.value.code == code
    assert not Screening.objects.exists()


def test_record_screening_twice_keeps_one(screen, amara):
    assert screen(amara) == screen(amara)
    assert Screening.objects.count() == 1


def test_record_screening_of_other_answers_is_a_new_one(screen, amara):
    assert screen(amara) != screen(amara, VASOVAGAL=yes())


def test_record_screening_six_minutes_later_is_a_new_one(screen, amara):
    now = clock.now()
    assert screen(amara, at=now - dt.timedelta(minutes=6)) != screen(amara, at=now)


@pytest.mark.django_db(transaction=True)
def test_record_screening_by_two_presses_at_once_keeps_one(transactional_db, screen, amara):
    def press(_):
        try:
            return screen(amara).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(press, range(2)))) == 1
    assert Screening.objects.count() == 1


def test_an_earlier_pregnancy_stands_until_its_end_is_recorded_and_accepted(screen, amara, priya, today):
    first = screen(amara, PREGNANT=yes())
    second = screen(amara)
    assert codes(second) == {"PREGNANT": "stop"}
    assert second.findings.get().row["reason"] == "standing"
    clear(first.findings.get(), priya, today)
    third = screen(amara, VASOVAGAL=yes())
    assert codes(third) == {"PREGNANT": "review", "VASOVAGAL": "modify"}
    decide(third.findings.get(code="PREGNANT"), priya)
    assert codes(screen(amara, LIVER_DISEASE=yes())) == {"LIVER_DISEASE": "modify"}


def test_a_record_on_the_standing_copy_counts_too(screen, amara, priya, today):
    screen(amara, BREASTFEEDING=yes())
    copy = screen(amara).findings.get()
    clear(copy, priya, today)
    assert codes(screen(amara, VASOVAGAL=yes())) == {"VASOVAGAL": "modify"}


def test_an_old_record_does_not_end_a_new_pregnancy(screen, amara, priya, today):
    clear(screen(amara, PREGNANT=yes()).findings.get(), priya, today)
    assert codes(screen(amara, PREGNANT=yes(), VASOVAGAL=yes()))["PREGNANT"] == "stop"


def test_an_old_record_does_not_end_what_stands_of_a_new_pregnancy(screen, amara, priya, today):
    clear(screen(amara, PREGNANT=yes()).findings.get(), priya, today)
    screen(amara, PREGNANT=yes(), VASOVAGAL=yes())
    assert codes(screen(amara, LIVER_DISEASE=yes()))["PREGNANT"] == "stop"


def test_an_infection_of_one_area_is_cleared_for_that_area(screen, amara, priya, today):
    first = screen(amara, INFECTION_FUNGAL=yes(areas=["chin"]), INFECTION_VIRAL_OTHER=yes(areas=["cheeks"]))
    clear(first.findings.get(code="INFECTION_FUNGAL"), priya, today)
    assert codes(screen(amara)) == {"INFECTION_VIRAL_OTHER": "defer"}


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["record", "decide", "clear"])
def test_every_write_waits_for_whoever_holds_the_patient(transactional_db, screen, amara, priya, today, what):
    saved = screen(amara, EPILEPSY=yes(), BREASTFEEDING=yes())
    epilepsy, breastfeeding = saved.findings.get(code="EPILEPSY"), saved.findings.get(code="BREASTFEEDING")
    writes = {
        "record": lambda: screen(amara, VASOVAGAL=yes()),
        "decide": lambda: decide(epilepsy, priya),
        "clear": lambda: clear(breastfeeding, priya, today),
    }

    def write():
        try:
            return writes[what]()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Patient.objects.select_for_update().get(pk=amara.pk)
            waiting = pool.submit(write)
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        assert waiting.result(10).pk


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


@pytest.mark.parametrize(
    ("role", "may"), [("priya", True), ("rosa", False), ("mona", False), ("otto", False)]
)
def test_may_decide_is_the_deciding_practitioners(role, may, request):
    assert screenings.may_decide(request.getfixturevalue(role)) is may


@pytest.mark.parametrize("given", [yes(), NOT_SURE])
def test_a_review_waits_for_its_practitioner_whatever_is_answered_later(
    amara, screen, rosa, priya, cheeks, today, given
):
    """The desk cannot end a review by asking again: a practitioner decides (ruling 1)."""
    screen(amara, EPILEPSY=given)
    later = screen(amara, at=clock.now() + dt.timedelta(minutes=6))
    gate = screenings.booking_gate_for(amara, areas=[cheeks], on=today)
    assert (gate.is_open, gate.codes) == (False, ("undecided",))
    (row,) = later.findings.all()
    assert (row.code, row.outcome, row.row["reason"]) == ("EPILEPSY", "review", "standing")
    screenings.decide_finding(row, choice="accept", reason="Asked again: no fits.", by=priya)
    assert screenings.booking_gate_for(amara, areas=[cheeks], on=today).is_open
    screen(amara, at=clock.now() + dt.timedelta(minutes=12))
    assert screenings.booking_gate_for(amara, areas=[cheeks], on=today).is_open


def test_a_review_answered_twice_is_decided_once(amara, screen, priya, cheeks, today):
    for minutes in (0, 6, 12):
        given = {} if minutes == 12 else {"EPILEPSY": yes()}
        last = screen(amara, at=clock.now() + dt.timedelta(minutes=minutes), **given)
    (row,) = last.findings.all()
    screenings.decide_finding(row, choice="accept", reason="No fits for years.", by=priya)
    assert screenings.booking_gate_for(amara, areas=[cheeks], on=today).is_open
