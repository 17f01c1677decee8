"""The sentences: dates that do not break, the rule, the sum, the next step."""

from datetime import date, timedelta

import pytest

from patients.screening.describe import describe_change, describe_finding, describe_headline, describe_refusal
from patients.screening.evaluate import evaluate, standing_of
from patients.screening.gate import booking_gate
from patients.screening.model import Clearing, Decision, Refusal
from patients.screening.table import SHIPPED
from patients.screening.terms import Agent, Choice, Clears, RefusalCode, Stage
from tests.patients.screening.samples import ADULT, AREAS, NOT_SURE, TODAY, all_no, yes

NAMES = {"cheeks": "cheeks", "chin": "chin", "abdomen": "abdomen"}
SECOND = date(2026, 9, 2)


def screen(answers, **kept):
    return evaluate(SHIPPED, answers, areas=AREAS, on=TODAY, facts=ADULT, **kept)


def plain(text):
    """The sentence with ordinary spaces."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("answers", "sentence", "change"),
    [
        (
            {"ISOTRETINOIN_RECENT": yes(last_dose_on=SECOND)},
            "Deferred until Thu 4 Mar 2027: isotretinoin in the last 6 months, "
            "last dose 2 Sep 2026 + 183 days",
            "183 days after the last dose, or a practitioner shortens it with a reason.",
        ),
        (
            {"SUNBURN": yes("chin", "cheeks", burnt_on=date(2026, 8, 1))},
            "Needs decision: sunburn in the area (chin and cheeks), "
            "sunburn 1 Aug 2026 + 14 days = Sat 15 Aug 2026",
            "14 days after the burn, and a practitioner records the skin settled.",
        ),
        (
            {"BOTOX_RECENT": yes("chin", injected_on=date(2026, 8, 1))},
            "Cleared: botulinum toxin in the area (chin), injection 1 Aug 2026 + 14 days = Sat 15 Aug 2026",
            "",
        ),
        (
            {"FILLER_RECENT": yes("chin")},
            "Deferred: filler in the area (chin)",
            "The date is missing. With it the end can be worked out.",
        ),
        (
            {"PREGNANT": yes()},
            "Not suitable: pregnant",
            "The end of the pregnancy is recorded.",
        ),
        (
            {"PREGNANT": NOT_SURE},
            "Deferred: pregnant, answered not sure",
            "Blocked until answered no.",
        ),
        (
            {"ANTICOAGULANT": None},
            "Needs decision: takes a blood thinner, not answered",
            "It needs an answer.",
        ),
        (
            {"CARDIAC": yes()},
            "Needs decision: heart rhythm problem, pacemaker or heart disease",
            "A practitioner decides.",
        ),
        (
            {"METHAEMOGLOBIN_G6PD": yes()},
            "Needs decision: G6PD deficiency, methaemoglobinaemia, or a medicine that can cause it",
            "A practitioner decides.",
        ),
    ],
)
def test_finding_is_a_plain_sentence(answers, sentence, change):
    (finding,) = screen(all_no(**answers)).findings
    assert (plain(describe_finding(finding, NAMES)), describe_change(finding)) == (sentence, change)


def test_ended_stop_names_its_record():
    (pregnant,) = standing_of(screen(all_no(PREGNANT=yes())))
    record = Clearing("PREGNANT", Clears.EVENT, SECOND)
    (finding,) = screen(all_no(), standing=[pregnant], clearings=[record]).findings
    assert plain(describe_finding(finding)) == "Needs decision: pregnant, recorded as ended on 2 Sep 2026"


@pytest.mark.parametrize(
    ("answers", "headline"),
    [
        ({}, "Cleared"),
        ({"ALLERGY_LATEX": yes()}, "Cleared with changes"),
        ({"ISOTRETINOIN_RECENT": yes(last_dose_on=SECOND)}, "Deferred until Thu 4 Mar 2027"),
        ({"ISOTRETINOIN_RECENT": yes(last_dose_on=SECOND), "OPEN_WOUND": yes()}, "Deferred"),
        ({"PREGNANT": yes()}, "Not suitable"),
    ],
)
def test_headline_has_a_date_only_when_all_deferrals_have_one(answers, headline):
    assert plain(describe_headline(screen(all_no(**answers)))) == headline


def test_dates_never_break():
    (finding,) = screen(all_no(ISOTRETINOIN_RECENT=yes(last_dose_on=SECOND))).findings
    assert "Thu\u00a04\u00a0Mar\u00a02027" in describe_finding(finding)


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        (
            Refusal(RefusalCode.UNANSWERED, rule_codes=("A",)),
            "1 question is not answered yet. Finish the screen.",
        ),
        (
            Refusal(RefusalCode.UNANSWERED, rule_codes=("A", "B")),
            "2 questions are not answered yet. Finish the screen.",
        ),
        (
            Refusal(RefusalCode.STAGE_MISSING, stages=(Stage.EXAMINATION, Stage.SESSION_START)),
            "Not screened yet: examination and session start. Finish the screen.",
        ),
        (Refusal(RefusalCode.NO_AREA), "No area is chosen. Choose at least one."),
        (
            Refusal(RefusalCode.AREA_NOT_SCREENED, areas=("chin", "neck")),
            "Not screened: chin and neck. Screen again with all areas.",
        ),
        (
            Refusal(RefusalCode.TOO_OLD, on=SECOND, days=30),
            "The screen of Wed 2 Sep 2026 is older than 30 days. Screen again.",
        ),
        (
            Refusal(RefusalCode.PHONE_TOO_OLD, on=SECOND, days=3),
            "The phone answers of Wed 2 Sep 2026 are older than 3 days. Screen again today.",
        ),
        (
            Refusal(RefusalCode.AGENT_BLOCKED, agent=Agent.PRILOCAINE),
            "No prilocaine for this patient. Choose another product or none.",
        ),
        (
            Refusal(RefusalCode.CONSENT_WITHDRAWN, indication="Acne scars", on=SECOND),
            "The consent for acne scars was withdrawn on Wed 2 Sep 2026. Talk with the patient.",
        ),
    ],
)
def test_refusal_is_a_plain_sentence(refusal, sentence):
    assert plain(describe_refusal(refusal, NAMES)) == sentence


@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_without_a_finding_has_a_sentence(code):
    with_finding = {"stop", "undecided", "open_deferral", "deferred", "not_sure", "declined"}
    if code not in with_finding:
        assert describe_refusal(Refusal(code)).endswith(".")


@pytest.mark.parametrize(
    ("answers", "decisions", "sentence"),
    [
        (
            {"PREGNANT": yes()},
            [],
            "Not suitable: pregnant. The end of the pregnancy is recorded.",
        ),
        (
            {"ANTICOAGULANT": yes()},
            [],
            "Needs decision: takes a blood thinner. A practitioner decides.",
        ),
        (
            {"ANTICOAGULANT": yes()},
            [Decision("ANTICOAGULANT", Choice.DECLINE)],
            "A practitioner decided against it: takes a blood thinner.",
        ),
    ],
)
def test_closed_gate_says_why(answers, decisions, sentence):
    (refusal,) = booking_gate(screen(all_no(**answers)), decisions, today=TODAY).refusals
    assert plain(describe_refusal(refusal, NAMES)) == sentence


def test_date_to_come_is_named():
    (finding,) = screen(all_no(FILLER_RECENT=yes("chin", injected_on=TODAY))).findings
    later = TODAY + timedelta(days=183)
    refusal = Refusal(RefusalCode.DEFERRED, ("chin",), (finding.code,), finding, later)
    assert (
        plain(describe_refusal(refusal, NAMES))
        == "Deferred until Fri 12 Mar 2027: filler in the area (chin)."
    )
