"""The evaluator by name: each seed rule, each way of ending, each branch with its date."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from patients.screening.evaluate import evaluate, standing_of
from patients.screening.model import Clearing, DateSum, Facts, Verdict
from patients.screening.replies import ScreeningError
from patients.screening.table import SHIPPED
from patients.screening.terms import START_STAGES, Agent, Clears, Outcome, Reason, Scope, Stage
from tests.patients.screening.reference import DATED, SEEDS, UNDATED
from tests.patients.screening.samples import ADULT, AREAS, NO, NOT_SURE, START_QUESTIONS, TODAY, all_no, yes

ASKED = sorted(rule.code for rule in START_QUESTIONS if not rule.seed)


def screen(answers, **kept):
    """Evaluate for the usual adult, areas and day."""
    given = {"areas": AREAS, "on": TODAY, "facts": ADULT} | kept
    return evaluate(SHIPPED, answers, **given)


def outcomes(evaluation):
    """{area: outcome as text}."""
    return {verdict.area: str(verdict.outcome) for verdict in evaluation.verdicts}


def everywhere(outcome):
    return dict.fromkeys(AREAS, outcome)


def test_all_no_is_clear_everywhere():
    evaluation = screen(all_no())
    assert evaluation.verdicts == tuple(Verdict(area, Outcome.CLEAR, None, False, ()) for area in AREAS)
    assert (evaluation.headline, evaluation.free_areas, evaluation.findings) == (Outcome.CLEAR, AREAS, ())


@pytest.mark.parametrize("code", sorted(SEEDS))
def test_seed_rule_answered_yes_blocks_without_a_date(code):
    evaluation = screen(all_no(**{code: yes()}))
    expected = "stop" if code == "PREGNANT" else "defer"
    assert outcomes(evaluation) == everywhere(expected)
    assert (evaluation.earliest_on, evaluation.open_ended, evaluation.free_areas) == (None, True, ())


@pytest.mark.parametrize("code", sorted(SEEDS))
@pytest.mark.parametrize("answer", [NOT_SURE, None], ids=["not_sure", "unanswered"])
def test_seed_rule_without_a_no_blocks_until_answered_no(code, answer):
    evaluation = screen(all_no(**{code: answer}))
    (finding,) = evaluation.findings
    assert (finding.code, finding.outcome, finding.needs) == (code, Outcome.DEFER, (Clears.ANSWER,))
    assert (evaluation.free_areas, evaluation.earliest_on) == ((), None)
    assert screen(all_no(**{code: NO})).free_areas == AREAS


@pytest.mark.parametrize("code", ASKED)
@pytest.mark.parametrize("answer", [NOT_SURE, None], ids=["not_sure", "unanswered"])
def test_other_rule_without_a_no_is_a_review(code, answer):
    evaluation = screen(all_no(START_STAGES, **{code: answer}), stages=START_STAGES)
    assert outcomes(evaluation) == everywhere("review")


def test_seed_rule_stays_on_when_switched_off():
    off = replace(SHIPPED, rules=tuple(replace(rule, enabled=False) for rule in SHIPPED.rules))
    answers = dict.fromkeys(SEEDS, NO) | {"PREGNANT": yes()}
    assert evaluate(off, answers, areas=AREAS, on=TODAY, facts=ADULT).headline is Outcome.STOP


@pytest.mark.parametrize(("case", "expected"), DATED.items(), ids=lambda item: str(item)[:60])
def test_dated_rule_ends_on_its_day(case, expected):
    (code, details), (before, clock, days, after) = case, expected
    start = date(2026, 3, 1)
    end = start + timedelta(days=days)
    answers = all_no(**{code: yes(**dict(details), **{clock: start})})
    eve, day = screen(answers, on=end - timedelta(days=1)), screen(answers, on=end)
    assert outcomes(eve) == everywhere(before)
    assert outcomes(day) == everywhere(after)
    assert eve.earliest_on == (end if before == "defer" else None)
    assert eve.findings[0].sum.end == end


@pytest.mark.parametrize(("case", "expected"), UNDATED.items(), ids=lambda item: str(item)[:60])
def test_branch_has_its_own_outcome(case, expected):
    code, details = case
    assert outcomes(screen(all_no(**{code: yes(**dict(details))}))) == everywhere(expected)


def test_isotretinoin_shows_its_sum():
    evaluation = screen(all_no(ISOTRETINOIN_RECENT=yes(last_dose_on=date(2026, 9, 2))))
    (finding,) = evaluation.findings
    assert finding.sum == DateSum("last_dose_on", "Last dose", date(2026, 9, 2), 183, date(2027, 3, 4))
    assert (finding.until, finding.shortenable) == (date(2027, 3, 4), True)


def test_latest_date_applies():
    evaluation = screen(
        all_no(
            FILLER_RECENT=yes("cheeks", injected_on=date(2026, 9, 1)),
            BOTOX_RECENT=yes("cheeks", "chin", injected_on=date(2026, 9, 1)),
        )
    )
    assert [verdict.earliest_on for verdict in evaluation.verdicts] == [
        date(2027, 3, 3),
        date(2026, 9, 15),
        None,
    ]
    assert (evaluation.earliest_on, evaluation.free_areas) == (date(2027, 3, 3), ("abdomen",))


def test_missing_date_defers_without_a_date():
    evaluation = screen(all_no(FILLER_RECENT=yes()))
    (finding,) = evaluation.findings
    assert (finding.outcome, finding.until, finding.missing) == (Outcome.DEFER, None, ("injected_on",))


def test_area_rule_touches_only_its_areas():
    evaluation = screen(all_no(ACNE_ACTIVE=yes("cheeks")))
    assert outcomes(evaluation) == everywhere("clear") | {"cheeks": "defer"}
    assert evaluation.free_areas == ("chin", "abdomen")


def test_infection_with_fever_is_the_whole_person():
    local = screen(all_no(INFECTION_BACTERIAL=yes("cheeks", fever="no")))
    fever = screen(all_no(INFECTION_BACTERIAL=yes("cheeks", fever="yes")))
    unknown = screen(all_no(INFECTION_BACTERIAL=yes("cheeks")))
    assert outcomes(local) == everywhere("clear") | {"cheeks": "defer"}
    assert outcomes(fever) == outcomes(unknown) == everywhere("defer")
    assert fever.findings[0].areas == AREAS


@pytest.mark.parametrize(("days", "expected"), [(28, "stop"), (29, "review")])
def test_planned_chemotherapy_stops_from_28_days_before(days, expected):
    start = TODAY + timedelta(days=days)
    evaluation = screen(all_no(CHEMO_RADIO_STEROID=yes(state="planned", starts_on=start)))
    assert outcomes(evaluation) == everywhere(expected)


@pytest.mark.parametrize(
    ("code", "details", "agents", "outcome"),
    [
        ("METHAEMOGLOBIN_G6PD", {}, (Agent.PRILOCAINE,), "review"),
        ("PSEUDOCHOLINESTERASE_PABA", {}, (Agent.TETRACAINE,), "modify"),
        ("ALLERGY_ANAESTHETIC", {"agent": "lidocaine"}, (Agent.LIDOCAINE,), "review"),
        ("ALLERGY_ANAESTHETIC", {"agent": "not_sure"}, tuple(Agent), "review"),
    ],
)
def test_agent_rule_blocks_the_agent_not_the_visit(code, details, agents, outcome):
    evaluation = screen(all_no(**{code: yes(**details)}))
    assert (evaluation.blocked_agents, outcomes(evaluation)) == (agents, everywhere(outcome))


@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [
        (date(2008, 9, 11), "stop"),
        (date(2008, 9, 10), "modify"),
        (date(2004, 9, 11), "modify"),
        (date(2004, 9, 10), "clear"),
        (None, "review"),
    ],
)
def test_age_counts_on_the_day(birth_date, expected):
    assert outcomes(screen(all_no(), facts=Facts(birth_date, "II"))) == everywhere(expected)


@pytest.mark.parametrize(
    ("phototype", "expected"), [("III", "clear"), ("IV", "modify"), ("VI", "modify"), (None, "clear")]
)
def test_phototype_changes_the_visit(phototype, expected):
    assert outcomes(screen(all_no(), facts=Facts(date(1987, 1, 21), phototype))) == everywhere(expected)


def test_phototype_must_be_recorded_by_the_start_of_a_session():
    facts = Facts(date(1987, 1, 21), None)
    evaluation = screen(all_no(), facts=facts, stages=START_STAGES)
    assert "FITZPATRICK_IV_VI" in evaluation.unanswered
    assert outcomes(evaluation) == everywhere("review")


def test_open_reaction_defers_its_area():
    evaluation = screen(all_no(), facts=Facts(date(1987, 1, 21), "II", ("chin",)))
    assert outcomes(evaluation) == everywhere("clear") | {"chin": "defer"}


def test_conditions_are_those_of_the_changes():
    evaluation = screen(all_no(ALLERGY_LATEX=yes(), ANTICOAGULANT=yes(medicine="apixaban")))
    assert evaluation.conditions == ("Latex-free gloves and kit, recorded",)


def test_stages_say_what_has_to_be_answered():
    assert screen(all_no()).unanswered == ()
    assert screen(all_no(), stages=START_STAGES).unanswered == (
        "ORBITAL_RIM",
        "MUCOSA_AREOLA",
        "EXPECTATION_BDD",
    )


# Earlier findings and their records


def stored(code, answer):
    """What a screening of June leaves behind."""
    (standing,) = standing_of(screen(all_no(**{code: answer}), on=date(2026, 6, 1)))
    return standing


def cleared(standing, kind, *areas):
    record = Clearing(standing.code, kind, date(2026, 8, 1), areas)
    return replace(standing, clearings=(record,))


def test_pregnancy_stays_a_stop_although_answered_no():
    pregnant = stored("PREGNANT", yes())
    assert outcomes(screen(all_no(), standing=[pregnant])) == everywhere("stop")


def test_pregnancy_recorded_as_ended_is_a_review():
    ended = cleared(stored("PREGNANT", yes()), Clears.EVENT)
    evaluation = screen(all_no(), standing=[ended])
    (finding,) = evaluation.findings
    assert outcomes(evaluation) == everywhere("review")
    assert (finding.reason, finding.clearing) == (Reason.STANDING, ended.clearings[0])


def test_record_of_another_kind_ends_nothing():
    wrong = cleared(stored("PREGNANT", yes()), Clears.EXAMINATION)
    assert outcomes(screen(all_no(), standing=[wrong])) == everywhere("stop")


def test_breastfeeding_recorded_as_stopped_is_clear():
    ended = cleared(stored("BREASTFEEDING", yes()), Clears.EVENT)
    assert outcomes(screen(all_no(), standing=[ended])) == everywhere("clear")


def test_acne_examined_in_one_area_frees_that_area():
    acne = cleared(stored("ACNE_ACTIVE", yes("cheeks", "chin")), Clears.EXAMINATION, "chin")
    assert outcomes(screen(all_no(), standing=[acne])) == everywhere("clear") | {"cheeks": "defer"}


def test_healed_cold_sore_leaves_its_change():
    healed = cleared(stored("INFECTION_VIRAL_HSV", yes("chin")), Clears.EXAMINATION)
    evaluation = screen(all_no(), standing=[healed])
    assert outcomes(evaluation) == everywhere("clear") | {"chin": "modify"}
    assert evaluation.conditions == (
        "Record the prescriber's decision on cold sore medicine before the visit",
    )


def test_examination_today_clears_the_answer_and_the_earlier_finding():
    acne = stored("ACNE_ACTIVE", yes("cheeks"))
    record = Clearing("ACNE_ACTIVE", Clears.EXAMINATION, TODAY)
    answers = all_no(ACNE_ACTIVE=yes("cheeks"))
    assert outcomes(screen(answers, standing=[acne], clearings=[record])) == everywhere("clear")


def test_old_record_does_not_clear_a_new_yes():
    ended = cleared(stored("PREGNANT", yes()), Clears.EVENT)
    assert outcomes(screen(all_no(PREGNANT=yes()), standing=[ended])) == everywhere("stop")


def test_record_does_not_answer_a_seed_question():
    record = Clearing("ACNE_ACTIVE", Clears.EXAMINATION, TODAY)
    evaluation = screen(all_no(ACNE_ACTIVE=NOT_SURE), clearings=[record])
    assert outcomes(evaluation) == everywhere("defer")


def test_sunburn_needs_its_days_and_the_examination():
    burnt = yes("cheeks", burnt_on=date(2026, 9, 1))
    record = Clearing("SUNBURN", Clears.EXAMINATION, TODAY)
    early = screen(all_no(SUNBURN=burnt), clearings=[record])
    late = screen(all_no(SUNBURN=burnt), clearings=[record], on=date(2026, 9, 15))
    assert early.verdicts[0].earliest_on == date(2026, 9, 15)
    assert outcomes(late) == everywhere("clear")


def test_earlier_finding_of_a_rule_no_longer_in_the_set_still_stops():
    bleeding = stored("BLEEDING_DISORDER", yes())
    smaller = replace(
        SHIPPED, rules=tuple(rule for rule in SHIPPED.rules if rule.code != "BLEEDING_DISORDER")
    )
    answers = all_no()
    del answers["BLEEDING_DISORDER"]
    evaluation = evaluate(smaller, answers, areas=AREAS, on=TODAY, facts=ADULT, standing=[bleeding])
    assert evaluation.headline is Outcome.STOP


def test_same_yes_again_is_one_finding():
    evaluation = screen(all_no(PREGNANT=yes()), standing=[stored("PREGNANT", yes())])
    assert [(item.code, item.reason, item.scope) for item in evaluation.findings] == [
        ("PREGNANT", Reason.YES, Scope.PERSON)
    ]


def test_wrong_record_is_not_shown_beside_the_right_one():
    pregnant = stored("PREGNANT", yes())
    right = Clearing("PREGNANT", Clears.EVENT, date(2026, 8, 1))
    wrong = Clearing("PREGNANT", Clears.EXAMINATION, date(2026, 9, 1))
    (finding,) = screen(all_no(), standing=[pregnant], clearings=[right, wrong]).findings
    assert finding.clearing == right


def test_earlier_finding_in_another_area_stays_beside_todays():
    evaluation = screen(all_no(ACNE_ACTIVE=yes("cheeks")), standing=[stored("ACNE_ACTIVE", yes("chin"))])
    assert outcomes(evaluation) == everywhere("defer") | {"abdomen": "clear"}


@pytest.mark.parametrize("ended", [{"ended_on": TODAY}, {}], ids=["dated", "undated"])
def test_earlier_stop_stays_beside_todays_softer_answer(ended):
    therapy = stored("CHEMO_RADIO_STEROID", yes(state="now"))
    answers = all_no(CHEMO_RADIO_STEROID=yes(state="ended", **ended))
    assert outcomes(screen(answers, standing=[therapy])) == everywhere("stop")


def test_earlier_later_date_stays_beside_todays_earlier_one():
    therapy = stored("CHEMO_RADIO_STEROID", yes(state="ended", ended_on=date(2026, 9, 30)))
    answers = all_no(CHEMO_RADIO_STEROID=yes(state="ended", ended_on=date(2026, 9, 1)))
    assert screen(answers, standing=[therapy]).earliest_on == date(2026, 10, 28)


def test_earlier_finding_of_the_whole_person_stays_one_of_the_whole_person():
    fever = stored("INFECTION_BACTERIAL", yes(fever="yes"))
    answers = all_no(INFECTION_BACTERIAL=yes(fever="no"))
    assert [item.scope for item in screen(answers, standing=[fever]).findings] == [Scope.AREA, Scope.PERSON]


def test_fact_on_file_counts_at_every_stage():
    young = Facts(birth_date=date(2010, 1, 1))
    evaluation = screen(all_no(), facts=young, stages={Stage.QUESTIONNAIRE})
    assert [item.code for item in evaluation.findings] == ["AGE_UNDER_18"]


def test_open_questions_and_missing_dates_are_not_kept():
    evaluation = screen(all_no(PREGNANT=NOT_SURE, SUNBURN=yes(), ACNE_ACTIVE=None))
    assert standing_of(evaluation) == ()


# Input that does not fit is named


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"NO_SUCH_RULE": NO}, "Rule set 1 has no rule NO_SUCH_RULE."),
        ({"HIV_HEPATITIS": yes()}, "HIV_HEPATITIS is not asked."),
        ({"AGE_UNDER_18": yes()}, "AGE_UNDER_18 is not asked."),
        ({"PREGNANT": yes(since="May")}, "PREGNANT has no follow-up since."),
        ({"SUNBURN": yes(burnt_on="May")}, "SUNBURN, burnt_on: 'May' is not a date."),
        (
            {"SUNBURN": yes(burnt_on=datetime(2026, 9, 1, tzinfo=UTC))},
            "SUNBURN, burnt_on: datetime.datetime(2026, 9, 1, 0, 0, tzinfo=datetime.timezone.utc) "
            "is not a date.",
        ),
        ({"ALLERGY_METAL": yes(metal="gold")}, "ALLERGY_METAL, metal: 'gold' is not a choice."),
    ],
)
def test_answer_that_does_not_fit_is_named(answers, message):
    with pytest.raises(ScreeningError) as caught:
        screen(answers)
    assert str(caught.value) == message


def test_no_areas_gives_a_value():
    evaluation = screen(all_no(PREGNANT=yes()), areas=())
    assert (evaluation.verdicts, evaluation.free_areas, evaluation.headline) == ((), (), Outcome.STOP)


def test_last_day_of_the_calendar_is_held():
    evaluation = screen(all_no(FILLER_RECENT=yes(injected_on=date(9999, 12, 1))))
    assert evaluation.earliest_on == date.max
