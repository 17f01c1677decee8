"""What the result page of a screening shows: what decided it, what would change it, what may be done now."""

import datetime as dt
from dataclasses import dataclass, replace

from clinic.models import User
from patients.gates import (
    Safety,
    ScreeningGate,
    gate_of,
    may_see_answers,
    names_in,
    safety_of_gate,
)
from patients.judgement import (
    PatientFile,
    Said,
    engine_answer,
    is_open_to_decision,
    judge_screening,
    superseded_by,
)
from patients.models import ScreenedFinding, Screening
from patients.rulesets import engine_rules
from patients.screening import model as engine
from patients.screening.describe import describe_change, describe_sum
from patients.screening.terms import RECORDS, FollowUpKind, Outcome, Reason, Scope
from patients.screening.words import area_words, day_words, inside

REPLY_WORDS = {"no": "No", "yes": "Yes", "unsure": "Not sure"}


_DECIDED = {"accept": "clear", "defer": "defer", "decline": "stop"}


@dataclass(frozen=True)
class ResultRow:
    """One finding: in words for everybody, with the answer for practitioners."""

    finding: engine.Finding
    stored: ScreenedFinding | None
    subject: str
    answer: str
    detail: str
    sum: str
    change: str
    can_decide: bool
    can_clear: bool

    @property
    def outcome(self) -> str:
        """The outcome as it stands, for its tag; what was decided goes before what the rule said."""
        waits_for_record = RECORDS.intersection(self.finding.needs)
        if self.decision is None or waits_for_record or self.finding.outcome is Outcome.STOP:
            return str(self.finding.outcome)
        return _DECIDED[self.decision.choice]

    @property
    def decision(self):
        """What a practitioner decided, if anybody did."""
        return getattr(self.stored, "decision", None)

    @property
    def clearing(self):
        """The record that ended it, if there is one."""
        return getattr(self.stored, "clearing", None)


@dataclass(frozen=True)
class AnswerLine:
    """One question with its answer, for the full list."""

    question: str
    reply: str
    detail: str
    before: str = ""


@dataclass(frozen=True)
class Result:
    """The page of one screening."""

    screening: Screening
    gate: ScreeningGate
    safety: Safety
    rows: tuple[ResultRow, ...]
    answers: tuple[AnswerLine, ...]
    others: int
    newer: Screening | None

    @property
    def why(self) -> list[str]:
        """What keeps the gate closed: the findings in one line, then what is about the screen itself."""
        if self.gate.engine_gate is None:
            return list(self.gate.reasons)
        pairs = list(zip(self.gate.engine_gate.refusals, self.gate.reasons, strict=True))
        held = dict.fromkeys(refusal.finding.label for refusal, _ in pairs if refusal.finding)
        first = [f"Held back by: {'; '.join(inside(label) for label in held)}."] if held else []
        return first + [reason for refusal, reason in pairs if refusal.finding is None]

    @property
    def to_decide(self) -> list[ResultRow]:
        """Findings that wait for a decision."""
        return [] if self.newer else [row for row in self.rows if row.can_decide]

    @property
    def must_decide(self) -> list[ResultRow]:
        """Those without which nothing can be booked."""
        return [row for row in self.to_decide if row.finding.outcome is Outcome.REVIEW]

    @property
    def to_clear(self) -> list[ResultRow]:
        """Findings that a record would end."""
        return [row for row in self.rows if row.can_clear]

    @property
    def decided(self) -> list[ResultRow]:
        """Findings with a decision."""
        return [row for row in self.rows if row.decision]


def result_of(file: PatientFile, screening: Screening, on: dt.date) -> Result:
    """Judge one screening for its page on the local day `on`."""
    judgement = judge_screening(file, screening, on)
    areas = list(judgement.screening.areas.all())
    gate = gate_of(file, judgement, areas, on)
    rules = {rule.code: rule for rule in engine_rules(judgement.screening.rule_set).rules}
    stored = {row.code: row for row in file.answers.get(screening.pk, ())}
    names = names_in(file, areas)
    before = _replies_before(file, screening)
    found = sorted(judgement.evaluation.findings, key=lambda one: -one.outcome.strictness)
    rows = tuple(_row(one, judgement.row_of(one), rules, stored, names) for one in found)
    shown = {row.finding.code for row in rows}
    return Result(
        screening=judgement.screening,
        gate=gate,
        safety=safety_of_gate(gate, on),
        rows=rows,
        answers=tuple(
            _line(rules[row.code], row, names, before.get(row.code, ""))
            for row in stored.values()
            if row.code in rules
        ),
        others=sum(code not in shown for code in stored),
        newer=superseded_by(file, screening),
    )


def last_answers(file: PatientFile, user: User) -> dict[str, str]:
    """Reply by rule code of the newest screening; saved answers are open to practitioners only."""
    if not may_see_answers(user) or not file.screenings:
        return {}
    return {row.code: REPLY_WORDS[row.given] for row in file.answers.get(file.screenings[0].pk, ())}


def own_last_answers(file: PatientFile) -> dict[str, str]:
    """The patient's own replies of the newest screening, by rule code: no, yes or unsure."""
    newest = file.screenings[0] if file.screenings else None
    return {row.code: row.given for row in file.answers.get(newest.pk, ())} if newest else {}


FLAGS = {
    "unsuitable": "Not suitable: a practitioner can say what would change it.",
    "deferred": "Deferred: until a practitioner has cleared it.",
    "decision": "Needs decision: a practitioner decides first.",
}


def seen_by(safety: Safety, user: User) -> Safety:
    """The safety as this person may read it: what was answered is told to practitioners only."""
    if may_see_answers(user):
        return safety
    words = safety.words if safety.until else FLAGS.get(safety.state, safety.words)
    return replace(safety, words=words, conditions=())


def _row(finding, stored, rules, answers, names) -> ResultRow:
    rule, answer = rules.get(finding.code), answers.get(finding.code)
    reply, detail = _said(finding, rule, answer, names)
    undecided = not hasattr(stored, "decision")
    return ResultRow(
        finding=finding,
        stored=stored,
        subject=_subject(finding, names),
        answer=f"{finding.label}: {reply}",
        detail=detail,
        sum=describe_sum(finding.sum) if finding.sum else "",
        change=_change(finding, stored),
        can_decide=bool(stored) and undecided and is_open_to_decision(finding),
        can_clear=bool(stored) and not hasattr(stored, "clearing") and bool(RECORDS & set(finding.needs)),
    )


def _subject(finding: engine.Finding, names: dict[str, str]) -> str:
    where = finding.scope is Scope.AREA and finding.areas
    return f"{finding.label}: {area_words(finding.areas, names)}" if where else finding.label


def _change(finding: engine.Finding, stored: ScreenedFinding | None) -> str:
    if finding.outcome in (Outcome.CLEAR, Outcome.MODIFY) or hasattr(stored, "decision"):
        return "Nothing more is needed."
    if finding.outcome is Outcome.REVIEW and finding.clearing:
        return "A practitioner decides."
    return describe_change(finding) or "A practitioner decides."


def _said(finding, rule, answer: Said | None, names) -> tuple[str, str]:
    match finding.reason:
        case Reason.FACT:
            return "on file", ""
        case Reason.UNANSWERED:
            return "not recorded", "Record it in the profile." if rule and not rule.question else ""
        case Reason.STANDING:
            return "answered earlier", "Still open, whatever was answered today."
    if rule is None or answer is None:
        return "", ""
    reply = REPLY_WORDS[answer.given].lower()
    where = f"{area_words(finding.areas, names).capitalize()}." if finding.scope is Scope.AREA else ""
    return reply, " ".join(part for part in (where, _details(rule, answer)) if part)


def _replies_before(file: PatientFile, screening: Screening) -> dict[str, str]:
    """The replies of the screening before this one, by rule code."""
    keys = [one.pk for one in file.screenings]
    older = keys[keys.index(screening.pk) + 1 :][:1]
    return {row.code: row.given for pk in older for row in file.answers.get(pk, ())}


def _line(rule: engine.Rule, row: Said, names, before: str) -> AnswerLine:
    areas = row.details.get("areas", [])
    where = f"{area_words(areas, names).capitalize()}." if areas else ""
    detail = " ".join(part for part in (where, _details(rule, row)) if part)
    changed = REPLY_WORDS[before] if before and before != row.given else ""
    return AnswerLine(rule.question or rule.label, REPLY_WORDS[row.given], detail, changed)


def _details(rule: engine.Rule, row: Said) -> str:
    answer = engine_answer(rule, row)
    parts = []
    for item in rule.follow_ups:
        value = answer.details.get(item.key)
        if value and item.kind is not FollowUpKind.AREAS:
            options = {option.value: option.label for option in item.options}
            words = day_words(value) if isinstance(value, dt.date) else options.get(value, value)
            parts.append(f"{item.label}: {words}")
    return ", ".join(parts)
