"""Kinds of adverse events against a table typed by hand, and the day on which a reaction becomes one."""

import datetime as dt

import pytest

from planner.engine.adverse import KINDS, holds_from

TREATED, ONSET = dt.date(2026, 9, 7), dt.date(2026, 9, 9)
# Code, days in which it is expected, first grade (clinical facts 8).
TABLE = """
EXP_ERYTHEMA 7 1
EXP_EDEMA 3 1
EXP_PAIN 3 1
EXP_PINPOINT_BLEED 1 1
EXP_DRY_FLAKE 7 1
EXP_SCAB 10 1
EXP_BRUISE 14 1
EXP_ITCH 7 1
AE_MILIA_ACNE - 1
AE_HSV - 2
AE_INFECTION - 2
AE_BBV_EXPOSURE - 3
AE_PIH - 1
AE_HYPOPIGMENT - 1
AE_TRAM_TRACK - 2
AE_HYPERTROPHIC_KELOID - 2
AE_CONTACT_DERM - 1
AE_GRANULOMA - 3
AE_LYMPH_NODE - 1
AE_ALLERGY - 3
AE_LAST - 3
AE_METHB - 3
AE_SYNCOPE - 1
AE_OCULAR - 3
AE_NERVE - 3
AE_NO_RESPONSE - 0
"""


def test_kinds_agree_with_the_table():
    said = [f"{k.code} {k.window_days or '-'} {k.first_grade}" for k in KINDS.values()]
    assert said == TABLE.split("\n")[1:-1]


@pytest.mark.parametrize(
    ("code", "day"),
    [("EXP_ERYTHEMA", 15), ("EXP_EDEMA", 11), ("EXP_BRUISE", 22), ("AE_PIH", 9), ("", 9)],
)
def test_holds_from_the_day_after_the_window_and_otherwise_from_the_onset(code, day):
    assert holds_from(code, TREATED, ONSET) == dt.date(2026, 9, day)


def test_holds_from_counts_from_the_onset_where_the_treatment_is_not_known():
    assert holds_from("EXP_EDEMA", None, ONSET) == dt.date(2026, 9, 13)
