"""Kinds of reactions and adverse events, with the window in which a reaction is expected. Pure.

Codes, windows, actions and first grades: clinical facts 8, of the confidence that is marked there. A
reaction of the first eight kinds is expected until its window is over and an adverse event afterwards.
"""

import datetime as dt
from typing import NamedTuple

WHOLE_PERSON = True
NO_RESPONSE = "AE_NO_RESPONSE"
GRADES = {
    0: "No harm",
    1: "Mild, no treatment",
    2: "Moderate, local or simple treatment",
    3: "Severe or medically significant",
    4: "Life-threatening",
    5: "Death",
}


class EventKind(NamedTuple):
    """One kind; `window_days` after the treatment it is expected, None where it never is."""

    code: str
    name: str
    window_days: int | None
    expected: str
    action: str
    first_grade: int
    whole_person: bool = False
    delays_next: bool = False


KINDS = {
    kind.code: kind
    for kind in (
        EventKind("EXP_ERYTHEMA", "Redness", 7, "24 to 72 hours, up to 7 days", "Look again at day 7.", 1),
        EventKind("EXP_EDEMA", "Swelling", 3, "hours to 3 days", "Look again at day 4.", 1),
        EventKind(
            "EXP_PAIN", "Soreness", 3, "hours to 3 days", "Ask when it is 7 of 10 or lasts over 3 days.", 1
        ),
        EventKind(
            "EXP_PINPOINT_BLEED",
            "Dots of blood",
            1,
            "minutes, up to a day",
            "Ask when it lasts over 24 hours.",
            1,
        ),
        EventKind("EXP_DRY_FLAKE", "Dry, peeling skin", 7, "days 2 to 7", "Give the aftercare tip.", 1),
        EventKind(
            "EXP_SCAB", "Small scabs", 10, "up to 10 days", "Give the aftercare tip; ask after 10 days.", 1
        ),
        EventKind("EXP_BRUISE", "Bruise", 14, "7 to 10 days", "Ask when it lasts over 14 days.", 1),
        EventKind("EXP_ITCH", "Itch", 7, "up to 7 days", "Ask whether there is a rash.", 1),
        EventKind(
            "AE_MILIA_ACNE",
            "Milia or acne flare",
            None,
            "weeks",
            "Review before the next visit; active acne in the area defers it.",
            1,
            delays_next=True,
        ),
        EventKind(
            "AE_HSV",
            "Herpes outbreak",
            None,
            "early days",
            "Call the same day. Hold the series.",
            2,
            delays_next=True,
        ),
        EventKind(
            "AE_INFECTION",
            "Infection",
            None,
            "days to weeks; atypical or fungal ones are possible",
            "See the patient the same day. Hold the series.",
            2,
            delays_next=True,
        ),
        EventKind(
            "AE_BBV_EXPOSURE",
            "Needle used again, blood exposure",
            None,
            "any time",
            "Stop the device, trace by lot, report to public health.",
            3,
            WHOLE_PERSON,
        ),
        EventKind(
            "AE_PIH",
            "Dark patches",
            None,
            "weeks to months, can be years",
            "Hold the area, sun plan; dermatology when over 3 months.",
            1,
            delays_next=True,
        ),
        EventKind("AE_HYPOPIGMENT", "Pale patches", None, "months", "Review.", 1, delays_next=True),
        EventKind(
            "AE_TRAM_TRACK",
            "Line scars",
            None,
            "may stay",
            "Hold. Review the technique.",
            2,
            delays_next=True,
        ),
        EventKind(
            "AE_HYPERTROPHIC_KELOID",
            "Raised scar or keloid",
            None,
            "months",
            "No more treatment of the area. Refer.",
            2,
            delays_next=True,
        ),
        EventKind(
            "AE_CONTACT_DERM", "Contact dermatitis", None, "hours to days", "Stop products. Review.", 1
        ),
        EventKind(
            "AE_GRANULOMA",
            "Lumps or plaques (granuloma)",
            None,
            "days to months",
            "Dermatologist, biopsy. Report the product.",
            3,
        ),
        EventKind("AE_LYMPH_NODE", "Tender glands", None, "days", "Review.", 1),
        EventKind(
            "AE_ALLERGY",
            "Hives or anaphylaxis",
            None,
            "minutes to hours",
            "Emergency protocol.",
            3,
            WHOLE_PERSON,
        ),
        EventKind(
            "AE_LAST",
            "Anaesthetic toxicity",
            None,
            "minutes to hours",
            "Emergency protocol.",
            3,
            WHOLE_PERSON,
        ),
        EventKind(
            "AE_METHB",
            "Methaemoglobinaemia",
            None,
            "minutes to hours",
            "Emergency protocol.",
            3,
            WHOLE_PERSON,
        ),
        EventKind("AE_SYNCOPE", "Faint", None, "minutes", "Lie flat, observe.", 1, WHOLE_PERSON),
        EventKind("AE_OCULAR", "Eye injury", None, "at once", "Emergency. Refer.", 3),
        EventKind("AE_NERVE", "Nerve injury", None, "at once", "Emergency. Refer.", 3),
        EventKind(
            NO_RESPONSE,
            "Little or no change",
            None,
            "judged after 90 days or later",
            "Stop or change the plan. Not a harm, but recorded.",
            0,
        ),
    )
}


def holds_from(code: str, treated_on: dt.date | None, onset_on: dt.date) -> dt.date:
    """The first day on which it is an adverse event and holds the next start of its areas.

    For an expected reaction the day after its window, counted from the treatment (from the onset where the
    treatment is not known); for everything else, and for what nobody has assessed, the onset.
    """
    window = KINDS[code].window_days if code else None
    if window is None:
        return onset_on
    return (treated_on or onset_on) + dt.timedelta(days=window + 1)
