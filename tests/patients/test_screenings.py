"""Recording a screening: what is stored, refused, kept, and what stands from earlier ones."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from clinic import clock
from clinic.refusals import Refusal
from patients import screenings
from patients.models import (
    Patient,
    Screening,
    ScreeningAnswer,
)
from tests import people
from tests.patients.conftest import NO, NOT_SURE, answers, yes
from tests.patients.deciding import DAY, clear, codes, decide
from tests.refusing import waits_for_us


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
        ({"answers": answers() | {"MUCOSA_AREOLA": yes()}}, "not_asked"),
    ],
)
def test_record_screening_refuses_what_does_not_fit(amara, rosa, rule_set, acne_scars, cheeks, changed, code):
    given = {"stage": "booking", "areas": [cheeks], "answers": answers()} | changed
    with pytest.raises(Refusal) as refused:
        screenings.record_screening(amara, indication=acne_scars, by=rosa, **given)
    assert refused.value.code == code
    assert not Screening.objects.exists()


def test_an_answer_to_what_was_never_asked_has_its_sentence(amara, rosa, rule_set, acne_scars, cheeks):
    given = answers() | {"MUCOSA_AREOLA": yes()}  # the practitioner looks at that on the day of the visit
    with pytest.raises(Refusal) as refused:
        screenings.record_screening(
            amara, stage="booking", indication=acne_scars, areas=[cheeks], answers=given, by=rosa
        )
    assert refused.value.sentence.endswith("was not asked here, so it takes no answer.")
    assert (refused.value.status, Screening.objects.count()) == (409, 0)


def test_the_end_of_a_pregnancy_that_nobody_answered_is_not_recorded(screen, amara, priya, today):
    other = screen(amara, EPILEPSY=yes()).findings.get()
    with pytest.raises(Refusal) as refused:
        screenings.clear_finding(other, happened_on=today, note="Delivered.", by=priya)
    assert refused.value.sentence == "No record ends this."


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
            assert waits_for_us(waiting.done)
        assert waiting.result(10).pk


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
