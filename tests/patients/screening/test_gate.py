"""The gates: every refusal by its code, and what decisions can and cannot do."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from patients.screening.evaluate import evaluate, standing_of
from patients.screening.gate import booking_gate, start_gate
from patients.screening.model import Clearing, ConsentFacts, Decision, Facts, Gate, Refusal
from patients.screening.table import SHIPPED
from patients.screening.terms import START_STAGES, Agent, Choice, Clears, RefusalCode, Stage
from tests.patients.screening.samples import ADULT, AREAS, NOT_SURE, TODAY, all_no, yes

SIGNED = ConsentFacts("Acne scars", signed_on=date(2026, 8, 1), read_again_on=TODAY)
LATER = date(2026, 12, 1)


def screen(answers=None, **kept):
    given = {"areas": AREAS, "on": TODAY, "facts": ADULT} | kept
    return evaluate(SHIPPED, answers if answers is not None else all_no(), **given)


def book(evaluation, *decisions, **kept):
    return booking_gate(evaluation, decisions, **({"today": TODAY} | kept))


def start(answers=None, *decisions, evaluation=None, **kept):
    screened = evaluation or screen(
        answers if answers is not None else all_no(START_STAGES), stages=START_STAGES
    )
    given = {"today": TODAY, "areas": AREAS, "consents": [SIGNED]} | kept
    return start_gate(screened, decisions, **given)


def codes(gate):
    """(refusal, its areas, its rules) of a gate, for whole comparison."""
    return [(item.code, item.areas, item.rule_codes) for item in gate.refusals]


def test_clear_screen_opens_the_booking():
    assert book(screen()) == Gate((), AREAS, AREAS, TODAY, (), (), ())
    assert book(screen()).is_open


def test_stop_refuses_the_booking():
    gate = book(screen(all_no(PREGNANT=yes())))
    assert codes(gate) == [(RefusalCode.STOP, AREAS, ("PREGNANT",))]
    assert gate.free_areas == ()


@pytest.mark.parametrize("choice", Choice)
def test_nobody_overrides_a_stop(choice):
    decision = Decision("PREGNANT", choice, until=TODAY)
    assert codes(book(screen(all_no(PREGNANT=yes())), decision)) == [(RefusalCode.STOP, AREAS, ("PREGNANT",))]


@pytest.mark.parametrize(
    "code", ["ACNE_ACTIVE", "BREASTFEEDING", "INFECTION_BACTERIAL", "INFECTION_VIRAL_HSV", "OPEN_WOUND"]
)
@pytest.mark.parametrize("choice", [Choice.ACCEPT, Choice.DEFER])
def test_deferral_without_a_date_refuses_whatever_is_decided(code, choice):
    gate = book(screen(all_no(**{code: yes()})), Decision(code, choice, until=LATER))
    assert codes(gate) == [(RefusalCode.OPEN_DEFERRAL, AREAS, (code,))]


def test_seed_rule_answered_not_sure_refuses_whatever_is_decided():
    gate = book(screen(all_no(PREGNANT=NOT_SURE)), Decision("PREGNANT", Choice.ACCEPT))
    assert codes(gate) == [(RefusalCode.NOT_SURE, AREAS, ("PREGNANT",))]


def test_undecided_review_refuses():
    evaluation = screen(all_no(ANTICOAGULANT=yes(), CARDIAC=yes()))
    gate = book(evaluation, Decision("CARDIAC", Choice.ACCEPT))
    assert codes(gate) == [(RefusalCode.UNDECIDED, AREAS, ("ANTICOAGULANT",))]


def test_review_behind_a_dated_deferral_still_needs_its_decision():
    answers = all_no(ANTICOAGULANT=yes(), HAIR_REMOVAL_RECENT=yes(removed_on=TODAY))
    gate = book(screen(answers))
    assert codes(gate) == [(RefusalCode.UNDECIDED, AREAS, ("ANTICOAGULANT",))]
    assert gate.earliest_on == TODAY + timedelta(days=7)


def test_accepted_review_opens_with_its_conditions():
    decision = Decision("ANTICOAGULANT", Choice.ACCEPT, conditions=("Depth no more than 1.0 mm",))
    gate = book(screen(all_no(ANTICOAGULANT=yes())), decision)
    assert gate == Gate((), AREAS, AREAS, TODAY, ("Depth no more than 1.0 mm",), (), ())


def test_declined_review_refuses():
    evaluation = screen(all_no(ANTICOAGULANT=yes()))
    accepted = Decision("ANTICOAGULANT", Choice.ACCEPT)
    gate = book(evaluation, Decision("ANTICOAGULANT", Choice.DECLINE), accepted)
    assert codes(gate) == [(RefusalCode.DECLINED, AREAS, ("ANTICOAGULANT",))]


def test_review_deferred_to_a_date_is_the_earliest_start():
    decision = Decision("ANTICOAGULANT", Choice.DEFER, until=LATER)
    gate = book(screen(all_no(ANTICOAGULANT=yes())), decision)
    assert (gate.is_open, gate.earliest_on) == (True, LATER)


def test_review_deferred_without_a_date_refuses():
    gate = book(screen(all_no(ANTICOAGULANT=yes())), Decision("ANTICOAGULANT", Choice.DEFER))
    assert codes(gate) == [(RefusalCode.OPEN_DEFERRAL, AREAS, ("ANTICOAGULANT",))]


def test_decision_for_one_area_leaves_the_others_open():
    evaluation = screen(all_no(NUMB_AREA=yes("cheeks", "chin")))
    gate = book(evaluation, Decision("NUMB_AREA", Choice.ACCEPT, areas=("chin",)))
    assert codes(gate) == [(RefusalCode.UNDECIDED, ("cheeks",), ("NUMB_AREA",))]
    assert gate.free_areas == ("chin", "abdomen")


def test_dated_deferral_is_the_earliest_start():
    gate = book(screen(all_no(ISOTRETINOIN_RECENT=yes(last_dose_on=date(2026, 9, 2)))))
    assert gate == Gate((), AREAS, AREAS, date(2027, 3, 4), (), (), ())


@pytest.mark.parametrize(
    ("decision", "earliest"),
    [
        (Decision("ISOTRETINOIN_RECENT", Choice.ACCEPT), TODAY),
        (Decision("ISOTRETINOIN_RECENT", Choice.DEFER, until=LATER), LATER),
    ],
)
def test_shortenable_deferral_follows_the_decision(decision, earliest):
    gate = book(screen(all_no(ISOTRETINOIN_RECENT=yes(last_dose_on=date(2026, 9, 2)))), decision)
    assert (gate.is_open, gate.earliest_on) == (True, earliest)


@pytest.mark.parametrize("choice", [Choice.ACCEPT, Choice.DEFER])
def test_other_deferral_cannot_be_shortened(choice):
    evaluation = screen(all_no(SUNBURN=yes(burnt_on=TODAY)))
    gate = book(evaluation, Decision("SUNBURN", choice, until=TODAY))
    assert (gate.is_open, gate.earliest_on, gate.pending) == (True, date(2026, 9, 24), ("SUNBURN",))


def test_latest_date_applies():
    answers = all_no(
        ISOTRETINOIN_RECENT=yes(last_dose_on=date(2026, 9, 2)),
        FILLER_RECENT=yes(injected_on=date(2026, 9, 9)),
    )
    assert book(screen(answers)).earliest_on == date(2027, 3, 11)


def test_only_free_areas_may_be_booked():
    evaluation = screen(all_no(ACNE_ACTIVE=yes("cheeks")))
    assert book(evaluation).free_areas == ("chin", "abdomen")
    assert book(evaluation, areas=["chin", "abdomen"]).is_open
    assert not book(evaluation, areas=["cheeks"]).is_open


def test_unanswered_questions_are_one_refusal():
    gate = book(screen(all_no(ANTICOAGULANT=None, PREGNANT=None)), Decision("ANTICOAGULANT", Choice.ACCEPT))
    assert codes(gate) == [(RefusalCode.UNANSWERED, AREAS, ("PREGNANT", "ANTICOAGULANT"))]


def test_profile_without_birth_date_is_unanswered():
    gate = book(screen(facts=Facts()))
    assert codes(gate) == [(RefusalCode.UNANSWERED, AREAS, ("AGE_UNDER_18", "AGE_18_21_LABEL"))]


def test_screen_without_its_stages_refuses():
    gate = book(screen(stages={Stage.PROFILE}))
    assert gate.refusals == (Refusal(RefusalCode.STAGE_MISSING, stages=(Stage.QUESTIONNAIRE, Stage.BOOKING)),)


@pytest.mark.parametrize(("age", "is_open"), [(30, True), (31, False)])
def test_screen_is_valid_for_30_days(age, is_open):
    answered = TODAY - timedelta(days=age)
    gate = book(screen(answered_on=answered))
    assert gate.is_open is is_open
    if not is_open:
        assert gate.refusals == (Refusal(RefusalCode.TOO_OLD, on=answered, days=30),)
        assert gate.free_areas == ()


def test_validity_is_a_number_of_the_rule_set():
    answered = TODAY - timedelta(days=8)
    strict = replace(SHIPPED, booking_valid_days=7)
    evaluation = evaluate(strict, all_no(), areas=AREAS, on=TODAY, answered_on=answered, facts=ADULT)
    assert book(evaluation).refusals == (Refusal(RefusalCode.TOO_OLD, on=answered, days=7),)


def test_evaluation_of_another_day_refuses():
    gate = book(screen(on=TODAY - timedelta(days=1)))
    assert codes(gate) == [(RefusalCode.NOT_TODAY, (), ())]


def test_area_that_was_not_screened_refuses():
    gate = book(screen(), areas=["cheeks", "neck"])
    assert codes(gate) == [(RefusalCode.AREA_NOT_SCREENED, ("neck",), ())]
    assert gate.free_areas == ("cheeks",)


def test_no_area_refuses():
    assert codes(book(screen(), areas=[])) == [(RefusalCode.NO_AREA, (), ())]


def test_ended_pregnancy_is_a_review_to_decide():
    pregnant = standing_of(screen(all_no(PREGNANT=yes())))[0]
    ended = replace(pregnant, clearings=(Clearing("PREGNANT", Clears.EVENT, TODAY),))
    evaluation = screen(standing=[ended])
    assert codes(book(evaluation)) == [(RefusalCode.UNDECIDED, AREAS, ("PREGNANT",))]
    assert book(evaluation, Decision("PREGNANT", Choice.ACCEPT)).is_open


# The start


def test_todays_clear_screen_opens_the_start():
    assert start() == Gate((), AREAS, AREAS, TODAY, (), (), ())


def test_start_needs_the_examination():
    gate = start(evaluation=screen())
    assert gate.refusals == (
        Refusal(RefusalCode.STAGE_MISSING, stages=(Stage.EXAMINATION, Stage.SESSION_START)),
    )


def test_answers_of_yesterday_in_the_clinic_refuse():
    yesterday = TODAY - timedelta(days=1)
    evaluation = screen(all_no(START_STAGES), stages=START_STAGES, answered_on=yesterday)
    assert start(evaluation=evaluation).refusals == (Refusal(RefusalCode.NOT_TODAY, on=yesterday),)


@pytest.mark.parametrize(
    ("age", "confirmed_on", "expected"),
    [
        (0, TODAY, []),
        (3, TODAY, []),
        (4, TODAY, [RefusalCode.PHONE_TOO_OLD]),
        (3, None, [RefusalCode.NOT_CONFIRMED]),
        (0, None, [RefusalCode.NOT_CONFIRMED]),
        (3, TODAY - timedelta(days=1), [RefusalCode.NOT_CONFIRMED]),
    ],
)
def test_phone_answers_count_for_3_days_once_confirmed_today(age, confirmed_on, expected):
    answered = TODAY - timedelta(days=age)
    evaluation = screen(all_no(START_STAGES), stages=START_STAGES, answered_on=answered)
    gate = start(evaluation=evaluation, from_phone=True, confirmed_on=confirmed_on)
    assert [item.code for item in gate.refusals] == expected


def test_date_still_to_come_refuses_the_start():
    gate = start(all_no(START_STAGES, HAIR_REMOVAL_RECENT=yes("chin", removed_on=TODAY)))
    assert codes(gate) == [(RefusalCode.DEFERRED, ("chin",), ("HAIR_REMOVAL_RECENT",))]
    assert gate.refusals[0].on == TODAY + timedelta(days=7)
    assert gate.free_areas == ("cheeks", "abdomen")


def test_review_deferred_by_decision_refuses_the_start():
    answers = all_no(START_STAGES, ANTICOAGULANT=yes())
    gate = start(answers, Decision("ANTICOAGULANT", Choice.DEFER, until=LATER))
    assert {item.code for item in gate.refusals} == {RefusalCode.DEFERRED}


def test_review_deferred_until_today_may_start():
    answers = all_no(START_STAGES, ANTICOAGULANT=yes())
    assert start(answers, Decision("ANTICOAGULANT", Choice.DEFER, until=TODAY)).is_open


def test_answers_of_tomorrow_refuse():
    tomorrow = TODAY + timedelta(days=1)
    evaluation = screen(all_no(START_STAGES), stages=START_STAGES, answered_on=tomorrow)
    assert start(evaluation=evaluation).refusals == (Refusal(RefusalCode.NOT_TODAY, on=tomorrow),)


def test_undecided_review_and_stop_refuse_the_start():
    gate = start(all_no(START_STAGES, ANTICOAGULANT=yes(), ORBITAL_RIM=yes("cheeks")))
    assert codes(gate) == [
        (RefusalCode.UNDECIDED, AREAS, ("ANTICOAGULANT",)),
        (RefusalCode.STOP, ("cheeks",), ("ORBITAL_RIM",)),
    ]


@pytest.mark.parametrize(
    ("consent", "code"),
    [
        (ConsentFacts("Acne scars"), RefusalCode.CONSENT_MISSING),
        (replace(SIGNED, signed_on=TODAY + timedelta(days=1)), RefusalCode.CONSENT_MISSING),
        (replace(SIGNED, withdrawn_on=TODAY), RefusalCode.CONSENT_WITHDRAWN),
        (replace(SIGNED, current_text=False), RefusalCode.CONSENT_OLD_TEXT),
        (replace(SIGNED, read_again_on=date(2026, 8, 1)), RefusalCode.CONSENT_NOT_READ),
        (replace(SIGNED, read_again_on=None), RefusalCode.CONSENT_NOT_READ),
    ],
)
def test_consent_that_does_not_stand_refuses_the_start(consent, code):
    gate = start(consents=[SIGNED, consent])
    assert [(item.code, item.indication) for item in gate.refusals] == [(code, "Acne scars")]


def test_no_consent_at_all_refuses_the_start():
    assert [item.code for item in start(consents=[]).refusals] == [RefusalCode.CONSENT_MISSING]


def test_consent_signed_today_needs_no_second_reading():
    assert start(consents=[ConsentFacts("Acne scars", signed_on=TODAY)]).is_open


def test_blocked_agent_refuses_the_start_with_it():
    answers = all_no(START_STAGES, PSEUDOCHOLINESTERASE_PABA=yes())
    assert start(answers, agents=[Agent.LIDOCAINE]).is_open
    assert start(answers, agents=[Agent.TETRACAINE]).refusals == (
        Refusal(RefusalCode.AGENT_BLOCKED, rule_codes=("PSEUDOCHOLINESTERASE_PABA",), agent=Agent.TETRACAINE),
    )
