"""Scales against a table typed by hand, what a change means, when scores belong."""

import pytest

from planner.engine.outcomes import SCALES, finding, in_range, is_due, label_of

# Code, range, direction (clinical facts 7).
TABLE = [
    "GB_QUAL 1-4 lower",
    "GAIS 1-5 lower",
    "VSS 0-13 lower",
    "VAS_LOOK 0-100 lower",
    "SATISFACTION 1-5 higher",
]


def test_scales_agree_with_the_table():
    said = [
        f"{s.code} {s.low}-{s.high} {'lower' if s.lower_is_better else 'higher'}" for s in SCALES.values()
    ]
    assert said == TABLE


@pytest.mark.parametrize("scale", SCALES.values())
def test_every_scale_has_a_version_and_its_ends(scale):
    assert scale.version and scale.source
    assert [in_range(scale, value) for value in (scale.low - 1, scale.low, scale.high, scale.high + 1)] == [
        False,
        True,
        True,
        False,
    ]
    assert not scale.labels or set(scale.labels) == set(range(scale.low, scale.high + 1))


@pytest.mark.parametrize(
    ("code", "values", "said"),
    [
        ("GB_QUAL", [], "Not scored yet."),
        ("GB_QUAL", [4], "Last score: 4, severe."),
        (
            "GB_QUAL",
            [4, 3, 2],
            "Better by 2, from 4, severe to 2, mild; one grade or more is the usual sign of a response.",
        ),
        ("GB_QUAL", [2, 2], "No change: 2, mild as at the start."),
        (
            "VAS_LOOK",
            [60, 55],
            "Better by 5, from 60 to 55; 10 mm or more is the smallest change that matters; this is less.",
        ),
        ("VSS", [5, 7], "Worse by 2, from 5 to 7."),
        ("GAIS", [3, 2], "Last score: 2, much improved."),
        ("SATISFACTION", [4], "Last score: 4, satisfied."),
    ],
)
def test_finding_is_one_sentence(code, values, said):
    assert finding(SCALES[code], values) == said


def test_label_of_names_the_step():
    assert label_of(SCALES["GAIS"], 1) == "1, very much improved"
    assert label_of(SCALES["VSS"], 7) == "7"


def test_is_due_before_the_first_in_the_middle_and_at_the_last():
    assert [number for number in range(1, 7) if is_due(number, 6)] == [1, 3, 6]
    assert [number for number in range(1, 6) if is_due(number, 5)] == [1, 3, 5]
