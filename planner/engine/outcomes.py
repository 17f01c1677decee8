"""Outcome scales that need no licence: range, direction, version, what a change means. Pure.

Clinical facts 7. Words of the steps are our own. POSAS and DLQI need a licence, others lack a source for
their parts; they are left out.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple


class Scale(NamedTuple):
    """One scale; `change` is the smallest change that counts, None where none is known.

    `fits` are the beginnings of the codes of the indications that it was made for; empty, it fits every one.
    """

    code: str
    name: str
    version: str
    low: int
    high: int
    lower_is_better: bool
    labels: Mapping[int, str]
    by_patient: bool
    change: int | None
    change_words: str
    source: str
    fits: tuple[str, ...] = ()


SCALES = {
    scale.code: scale
    for scale in (
        Scale(
            "GB_QUAL",
            "Acne scars, Goodman and Baron grade",
            "qualitative, 4 grades",
            1,
            4,
            True,
            {1: "flat marks only", 2: "mild", 3: "moderate", 4: "severe"},
            False,
            1,
            "one grade or more is the usual sign of a response",
            "Goodman & Baron 2006; NCT02646917",
            ("ACNE",),
        ),
        Scale(
            "GAIS",
            "Overall change (GAIS)",
            "1 very much improved to 5 worse",
            1,
            5,
            True,
            {
                1: "very much improved",
                2: "much improved",
                3: "improved",
                4: "no change",
                5: "worse",
            },
            False,
            None,
            "",
            "SkinPen study; other versions run the other way",
        ),
        Scale(
            "VSS",
            "Scar, Vancouver total",
            "0 to 13",
            0,
            13,
            True,
            {},
            False,
            None,
            "",
            "Sullivan 1990; made for burns, needs touch",
            ("SCAR",),
        ),
        Scale(
            "VAS_LOOK",
            "Look of the scar, 100 mm line",
            "0 best to 100 worst",
            0,
            100,
            True,
            {},
            True,
            10,
            "10 mm or more is the smallest change that matters",
            "K200044",
            ("ACNE", "SCAR"),
        ),
        Scale(
            "SATISFACTION",
            "Patient's satisfaction",
            "5 steps",
            1,
            5,
            False,
            {
                1: "not at all satisfied",
                2: "a little satisfied",
                3: "neither",
                4: "satisfied",
                5: "very satisfied",
            },
            True,
            None,
            "",
            "own words",
        ),
    )
}
REVIEW_DAYS = 90  # after the last visit (clinical facts 6.5, 7)
NEEDS_A_START = {"GAIS", "SATISFACTION"}  # they compare with the start, so they are not asked before it


def in_range(scale: Scale, value: int) -> bool:
    """Whether the scale has this value."""
    return scale.low <= value <= scale.high


def scales_for(indication: str, scored: Collection[str] = ()) -> list[Scale]:
    """The scales that belong at a review (clinical facts 7): made for the indication, or scored before."""
    return [
        scale
        for scale in SCALES.values()
        if not scale.fits or indication.upper().startswith(scale.fits) or scale.code in scored
    ]


def label_of(scale: Scale, value: int) -> str:
    """A value with its label: `2, mild`."""
    words = scale.labels.get(value)
    return f"{value}, {words}" if words else f"{value}"


def is_due(number: int, visits: int) -> bool:
    """Whether scores belong to this visit: before the first, in the middle, and at the last of the series."""
    return number in (1, (visits + 1) // 2, visits)


def finding(scale: Scale, values: Sequence[int]) -> str:
    """What the scores say, in one sentence; the oldest first."""
    if not values:
        return "Not scored yet."
    first, last = values[0], values[-1]
    if len(values) == 1 or scale.code in NEEDS_A_START:
        return f"Last score: {label_of(scale, last)}."
    better = (first - last) if scale.lower_is_better else (last - first)
    ends = f"from {label_of(scale, first)} to {label_of(scale, last)}"
    if better == 0:
        return f"No change: {label_of(scale, last)} as at the start."
    said = f"{'Better' if better > 0 else 'Worse'} by {abs(better)}, {ends}"
    if scale.change is None:
        return f"{said}."
    small = "" if abs(better) >= scale.change else "; this is less"
    return f"{said}; {scale.change_words}{small}."
