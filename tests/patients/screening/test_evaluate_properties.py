"""Laws of the evaluator: against a naive second one, and under Hypothesis."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patients.screening.evaluate import evaluate
from patients.screening.model import Facts
from patients.screening.table import SHIPPED
from patients.screening.terms import FollowUpKind, Outcome, Scope
from tests.patients.screening.naive import judge
from tests.patients.screening.samples import (
    ADULT,
    AREAS,
    BOOKING_QUESTIONS,
    NO,
    NOT_SURE,
    TODAY,
    random_answers,
    yes,
)

pytestmark = pytest.mark.sweep

CODES = [rule.code for rule in BOOKING_QUESTIONS]


def test_random_answer_sets_agree_with_the_naive_evaluator(pytestconfig):
    """A thousand in each run, ten thousand with --full."""
    random = Random(20260910)  # noqa: S311 - a reproducible sample, not a secret
    seen = set()
    for _ in range(10_000 if pytestconfig.getoption("--full") else 1_000):
        answers = random_answers(random, BOOKING_QUESTIONS)
        age, phototype = random.randint(16, 60), random.choice(["I", "III", "IV", "VI"])
        areas = tuple(random.sample(AREAS, random.randint(1, 3)))
        facts = Facts(TODAY.replace(year=TODAY.year - age), phototype)
        found = evaluate(SHIPPED, answers, areas=areas, on=TODAY, facts=facts)
        expected, blocked = judge(answers, areas, TODAY, CODES, age, phototype)
        assert {item.area: (item.outcome, item.earliest_on) for item in found.verdicts} == expected, answers
        assert set(found.blocked_agents) == blocked
        seen.update(item.outcome for item in found.verdicts)
    assert seen == set(Outcome)


def positive(rule):
    """A yes of one rule with any fitting details."""
    details = {}
    for item in rule.follow_ups:
        if item.kind is FollowUpKind.CHOICE:
            details[item.key] = st.sampled_from([option.value for option in item.options])
        elif item.kind is FollowUpKind.DATE:
            details[item.key] = st.integers(-400, 60).map(lambda days: TODAY + timedelta(days=days))
    areas = st.sets(st.sampled_from(AREAS)) if rule.scope is Scope.AREA else st.just(set())
    return st.builds(
        lambda given, own: yes(*sorted(own), **given), st.fixed_dictionaries({}, optional=details), areas
    )


CHANGES = st.lists(
    st.sampled_from(BOOKING_QUESTIONS).flatmap(
        lambda rule: st.tuples(st.just(rule.code), st.one_of(positive(rule), st.just(NOT_SURE), st.none()))
    ),
    max_size=6,
)
ANSWERS = CHANGES.map(
    lambda changes: {
        code: answer
        for code, answer in (dict.fromkeys(CODES, NO) | dict(changes)).items()
        if answer is not None
    }
)


def screen(answers):
    return evaluate(SHIPPED, answers, areas=AREAS, on=TODAY, facts=ADULT)


@settings(max_examples=150)
@given(ANSWERS, st.sampled_from(BOOKING_QUESTIONS), st.data())
def test_one_more_positive_answer_never_softens(answers, rule, data):
    before = screen(answers | {rule.code: NO})
    after = screen(answers | {rule.code: data.draw(positive(rule))})
    for old, new in zip(before.verdicts, after.verdicts, strict=True):
        assert new.outcome.strictness >= old.outcome.strictness
        assert new.open_ended >= old.open_ended
        assert old.earliest_on is None or new.earliest_on >= old.earliest_on
    assert set(after.free_areas) <= set(before.free_areas)
    assert set(after.blocked_agents) >= set(before.blocked_agents)


@settings(max_examples=100)
@given(ANSWERS, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(answers, random):
    items, areas = list(answers.items()), list(AREAS)
    random.shuffle(items)
    random.shuffle(areas)
    assert screen(answers) == screen(dict(items))
    other = evaluate(SHIPPED, dict(items), areas=areas, on=TODAY, facts=ADULT)
    verdicts = {item.area: (item.outcome, item.earliest_on, item.codes) for item in other.verdicts}
    expected = {item.area: (item.outcome, item.earliest_on, item.codes) for item in screen(answers).verdicts}
    assert verdicts == expected


@settings(max_examples=100)
@given(ANSWERS)
def test_open_question_is_never_clear(answers):
    evaluation = screen(answers)
    open_codes = set(CODES) - set(answers)
    assert set(evaluation.unanswered) == open_codes
    if open_codes:
        assert all(item.outcome.strictness >= Outcome.REVIEW.strictness for item in evaluation.verdicts)
        assert evaluation.free_areas == ()


@settings(max_examples=150)
@given(ANSWERS)
def test_date_is_never_before_that_of_a_single_rule(answers):
    together = {item.area: item.earliest_on for item in screen(answers).verdicts}
    for code, answer in answers.items():
        if answer.reply == "yes":
            alone = screen(dict.fromkeys(CODES, NO) | {code: answer})
            for item in alone.verdicts:
                if item.earliest_on is not None:
                    assert together[item.area] >= item.earliest_on
