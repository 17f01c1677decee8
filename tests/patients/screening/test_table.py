"""The shipped table against the hand-typed reference, row by row."""

import json
import re
from dataclasses import replace

import pytest

from patients.screening.model import Branch, Rule
from patients.screening.rows import answer_from_row, answer_to_row, rule_from_row, rule_to_row
from patients.screening.soundness import defects
from patients.screening.table import SHIPPED
from patients.screening.terms import SEED_CODES, AskedOf, Outcome
from tests.patients.screening.reference import ONGOING, OUTCOME_OF_TYPE, ROWS, SEEDS
from tests.patients.screening.samples import BY_CODE, TODAY, yes


def as_reference(rule: Rule):
    """A shipped rule in the shape of a reference row."""
    numbers = [branch.washout_days for branch in rule.branches if branch.washout_days]
    tests = [condition for branch in rule.branches for condition in branch.when] + list(rule.triggers)
    numbers += [number for item in tests for number in (item.low, item.high) if number is not None]
    scope = {"person": "P", "area": "A"}[rule.scope]
    return (
        rule.code,
        str(rule.type),
        scope,
        tuple(numbers),
        str(rule.confidence),
        str(rule.asked_of),
        rule.blocks,
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_rule_is_the_reference_row(row):
    assert as_reference(BY_CODE[row.code]) == tuple(row)


def test_table_has_the_reference_codes_once():
    assert sorted(rule.code for rule in SHIPPED.rules) == sorted(row.code for row in ROWS)


def test_seed_flags_are_those_of_the_reference():
    assert {rule.code for rule in SHIPPED.rules if rule.seed} == SEEDS == set(SEED_CODES)


def test_validity_numbers_are_30_and_3_days():
    assert (SHIPPED.booking_valid_days, SHIPPED.phone_valid_days) == (30, 3)


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda rule: rule.code)
def test_type_gives_the_outcome(rule):
    assert str(rule.outcome) == OUTCOME_OF_TYPE[rule.type]


def test_shipped_rules_are_sound():
    assert defects(SHIPPED) == ()


def changed_set(code, **changes):
    return replace(
        SHIPPED, rules=tuple(replace(r, **changes) if r.code == code else r for r in SHIPPED.rules)
    )


def test_defects_name_a_seed_rule_switched_off():
    assert defects(changed_set("PREGNANT", enabled=False)) == (
        "PREGNANT comes from the seed texts and cannot be switched off.",
    )


def test_defects_name_a_missing_seed_rule():
    rules = tuple(rule for rule in SHIPPED.rules if rule.code != "ACNE_ACTIVE")
    assert defects(replace(SHIPPED, rules=rules)) == (
        "ACNE_ACTIVE comes from the seed texts and is missing.",
    )


def test_defects_name_a_softened_seed_rule():
    soft = (Branch(outcome=Outcome.REVIEW),)
    assert defects(changed_set("BREASTFEEDING", branches=soft)) == (
        "BREASTFEEDING: a seed rule may not be softer than a deferral.",
    )


def test_defects_name_days_without_a_date():
    lost = (replace(BY_CODE["FILLER_RECENT"].branches[0], clock="nowhere"),)
    assert defects(changed_set("FILLER_RECENT", branches=lost)) == (
        "FILLER_RECENT: its days have no date to run from.",
    )


def test_hiv_and_hepatitis_are_never_asked():
    rule = BY_CODE["HIV_HEPATITIS"]
    assert (rule.asked_of, rule.question) == (AskedOf.NOBODY, "")


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda rule: rule.code)
def test_rule_survives_json(rule):
    assert rule_from_row(json.loads(json.dumps(rule_to_row(rule)))) == rule


def test_answer_survives_json():
    answer = yes("cheeks", kind="deep", treated_on=TODAY)
    row = json.loads(json.dumps(answer_to_row(answer)))
    assert row == {
        "reply": "yes",
        "details": {"kind": "deep", "treated_on": "2026-09-10"},
        "areas": ["cheeks"],
    }
    assert answer_from_row(BY_CODE["PEEL_LASER_RECENT"], row) == answer


def syllables(word):
    """Groups of vowels, a silent last e not counted; at least one."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = re.search(r"[^aeiouyl]e$", word.lower()) and groups > 1
    return max(1, groups - bool(silent))


def grade(text):
    """Flesch-Kincaid grade."""
    words = re.findall(r"[A-Za-z0-9'-]+", text)
    sentences = max(1, len(re.findall(r"[.?!](?:\s|$)", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


QUESTIONS = [rule for rule in SHIPPED.rules if rule.question]


@pytest.mark.parametrize("rule", QUESTIONS, ids=lambda rule: rule.code)
def test_question_reads_at_grade_6_or_lower(rule):
    assert grade(rule.question) <= 6


def test_questions_avoid_the_words_of_the_trade():
    banned = re.compile(r"contraindicat|anaesthe|appointment|session", re.IGNORECASE)
    said = [text for rule in SHIPPED.rules for text in (rule.label, rule.question, rule.clears_when)]
    assert [text for text in said if banned.search(text)] == []


def test_a_course_under_way_fares_as_the_reference_says():
    typed = {code: effects for effects, codes in ONGOING.items() for code in codes.split()}
    assert {rule.code: " ".join(rule.effects) for rule in SHIPPED.rules} == typed
