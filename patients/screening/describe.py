"""Plain sentences for staff about findings, verdicts and closed gates; the facts come from the values."""

from collections.abc import Mapping

from patients.screening.model import DateSum, Evaluation, Finding, Refusal
from patients.screening.terms import RECORDS, Clears, Outcome, Reason, RefusalCode, Scope
from patients.screening.words import (
    OUTCOME_WORDS,
    area_words,
    day_words,
    days_words,
    inside,
    list_words,
    weekday_words,
)

Names = Mapping[str, str]


def describe_headline(evaluation: Evaluation) -> str:
    """The headline with its date where all deferrals have one: `Deferred until Thu 4 Mar 2027`."""
    words = OUTCOME_WORDS[evaluation.headline]
    if evaluation.headline is Outcome.DEFER and evaluation.earliest_on and not evaluation.open_ended:
        return f"{words} until {weekday_words(evaluation.earliest_on)}"
    return words


def describe_finding(finding: Finding, names: Names | None = None) -> str:
    """One finding: its outcome, the rule, the sum. `names` gives areas their names."""
    if finding.reason in (Reason.UNANSWERED, Reason.NOT_SURE):
        return _open_question(finding, names or {})
    parts = [_subject(finding, names or {})]
    if finding.sum:
        parts.append(_short_sum(finding, finding.sum))
    if finding.outcome is Outcome.REVIEW and finding.clearing:
        parts.append(f"recorded as ended on {day_words(finding.clearing.on)}")
    words = OUTCOME_WORDS[finding.outcome]
    if finding.until:
        words = f"{words} until {weekday_words(finding.until)}"
    return f"{words}: {', '.join(parts)}"


def describe_change(finding: Finding) -> str:
    """What would change the finding; empty for what is cleared."""
    if Clears.ANSWER in finding.needs:
        return "Blocked until answered no." if finding.seed else "It needs an answer."
    if finding.outcome is Outcome.DEFER and finding.until is None and Clears.DATE in finding.needs:
        return "The date is missing. With it the end can be worked out."
    if finding.outcome is Outcome.CLEAR or not finding.clears_when:
        return ""
    if finding.outcome is Outcome.REVIEW and not RECORDS.intersection(finding.needs):
        return "A practitioner decides."
    return f"{finding.clears_when}."


def describe_sum(item: DateSum) -> str:
    """`last dose 2 Sep 2026 + 183 days = Thu 4 Mar 2027`."""
    return f"{_left_side(item)} = {weekday_words(item.end)}"


def describe_refusal(refusal: Refusal, names: Names | None = None) -> str:
    """One reason why a gate is closed, with the next possible step."""
    if refusal.finding is not None:
        return _finding_refusal(refusal, refusal.finding, names or {})
    return _SENTENCES[refusal.code].format(
        areas=area_words(refusal.areas, names or {}),
        on=weekday_words(refusal.on) if refusal.on else "",
        days=days_words(refusal.days or 0),
        consent=f" for {inside(refusal.indication)}" if refusal.indication else "",
        agent=refusal.agent or "",
        stages=list_words(stage.replace("_", " ") for stage in refusal.stages),
        questions=_count(len(refusal.rule_codes), "question is", "questions are"),
    )


def describe_flag(refusal: Refusal, names: Names | None = None) -> str:
    """The same for those who read the verdict only: area and day, never what was asked."""
    if refusal.finding is None:
        return describe_refusal(refusal, names)
    of_area = refusal.finding.scope is Scope.AREA and refusal.areas
    where = f" ({area_words(refusal.areas, names or {})})" if of_area else ""
    sentence, then = _FLAGS[refusal.code]
    day = f" {weekday_words(refusal.on)}" if refusal.on else ""
    return f"{sentence}{day}{where}.{then}"


_FLAGS = {
    RefusalCode.STOP: ("Not suitable", " A practitioner can say what would change it."),
    RefusalCode.DECLINED: ("A practitioner decided against it", ""),
    RefusalCode.OPEN_DEFERRAL: ("Deferred until a practitioner has cleared it", ""),
    RefusalCode.NOT_SURE: ("An answer is not sure", " A practitioner goes through it with the patient."),
    RefusalCode.UNDECIDED: ("Waits for the decision of a practitioner", ""),
    RefusalCode.DEFERRED: ("Deferred until", ""),
}

_SENTENCES = {
    RefusalCode.UNANSWERED: "{questions} not answered yet. Finish the screen.",
    RefusalCode.STAGE_MISSING: "Not screened yet: {stages}. Finish the screen.",
    RefusalCode.NO_AREA: "No area is chosen. Choose at least one.",
    RefusalCode.AREA_NOT_SCREENED: "Not screened: {areas}. Screen again with all areas.",
    RefusalCode.FILES_JOINED: "Two files of this patient became one on {on}. Screen again.",
    RefusalCode.TOO_OLD: "The screen of {on} is older than {days}. Screen again.",
    RefusalCode.NOT_TODAY: "The screen is of {on}, not of today. Screen again today.",
    RefusalCode.PHONE_TOO_OLD: "The phone answers of {on} are older than {days}. Screen again today.",
    RefusalCode.NOT_CONFIRMED: "The phone answers are not confirmed today. Go through them with the patient.",
    RefusalCode.AGENT_BLOCKED: "No {agent} for this patient. Choose another product or none.",
    RefusalCode.CONSENT_MISSING: "There is no signed consent{consent}. Sign it first.",
    RefusalCode.CONSENT_WITHDRAWN: "The consent{consent} was withdrawn on {on}. Talk with the patient.",
    RefusalCode.CONSENT_OLD_TEXT: "The consent{consent} of {on} is for an older text. Sign the new one.",
    RefusalCode.CONSENT_NOT_READ: "The consent{consent} was not read again today. Read it with the patient.",
}


def _finding_refusal(refusal: Refusal, finding: Finding, names: Names) -> str:
    if refusal.code is RefusalCode.DECLINED:
        return f"A practitioner decided against it: {_subject(finding, names)}."
    if refusal.code is RefusalCode.DEFERRED and refusal.on is not None:
        return f"Deferred until {weekday_words(refusal.on)}: {_subject(finding, names)}."
    change = describe_change(finding)
    return f"{describe_finding(finding, names)}. {change}".rstrip()


def _open_question(finding: Finding, names: Names) -> str:
    state = "answered not sure" if finding.reason is Reason.NOT_SURE else "not answered"
    return f"{OUTCOME_WORDS[finding.outcome]}: {_subject(finding, names)}, {state}"


def _subject(finding: Finding, names: Names) -> str:
    label = inside(finding.label)
    if finding.scope is Scope.PERSON or not finding.areas:
        return label
    return f"{label} ({area_words(finding.areas, names)})"


def _short_sum(finding: Finding, item: DateSum) -> str:
    return _left_side(item) if finding.until else describe_sum(item)


def _left_side(item: DateSum) -> str:
    return f"{inside(item.label)} {day_words(item.start)} + {days_words(item.days)}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
