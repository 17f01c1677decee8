"""One screening in, one verdict per area out. Gates read the findings, pages read both."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from patients.screening.findings import answered_findings, fact_findings, open_finding, standing_findings
from patients.screening.model import (
    Answer,
    Clearing,
    Evaluation,
    Facts,
    Finding,
    Rule,
    RuleSet,
    Standing,
    Verdict,
)
from patients.screening.replies import check_answers
from patients.screening.terms import (
    BOOKING_STAGES,
    RECORDS,
    AskedOf,
    Outcome,
    Reason,
    Scope,
    Stage,
)

FREE = frozenset({Outcome.CLEAR, Outcome.MODIFY})


def evaluate(
    rules: RuleSet,
    answers: Mapping[str, Answer],
    *,
    areas: Iterable[str],
    on: date,
    answered_on: date | None = None,
    stages: Iterable[Stage] = BOOKING_STAGES,
    standing: Iterable[Standing] = (),
    clearings: Iterable[Clearing] = (),
    facts: Facts | None = None,
) -> Evaluation:
    """Judge the answers by rule code for the requested areas on the local day `on`.

    `answered_on` is the day the answers were given (default `on`). Rules of `stages` count as unanswered
    when no reply is there; a reply or a fact on file of any stage counts. `standing` are earlier findings
    that only a record ends, with their records; `clearings` are records made against these very answers.
    Raises ScreeningError, which names the item, for an answer that does not fit the rule set.
    """
    requested = tuple(dict.fromkeys(areas))
    wanted = frozenset(stages)
    check_answers(rules, answers)
    on_file, records = facts or Facts(), tuple(clearings)
    found: list[Finding] = []
    for rule in rules.rules:
        if is_evaluated(rule):
            found += _rule_findings(rule, answers.get(rule.code), on_file, records, requested, wanted, on)
    found += _uncovered_standing(standing, records, found, requested, on)
    return _evaluation(rules, tuple(found), requested, wanted, on, answered_on or on)


def is_evaluated(rule: Rule) -> bool:
    """Seed rules cannot be switched off; rules of the plan are checked where the plan is made."""
    return (rule.enabled or rule.seed) and rule.asked_of not in (AskedOf.PLAN, AskedOf.NOBODY)


def questions(rules: RuleSet, stages: Iterable[Stage] = BOOKING_STAGES) -> tuple[Rule, ...]:
    """The rules that somebody has to answer at these stages, in the order of the form."""
    wanted = frozenset(stages)
    return tuple(
        rule
        for rule in rules.rules
        if is_evaluated(rule) and rule.asked_of is not AskedOf.FACTS and rule.stage in wanted
    )


def standing_of(evaluation: Evaluation) -> tuple[Standing, ...]:
    """The stops and deferrals of a screening that stay until a record ends them, to be stored.

    Open questions, facts on file and answers with a missing detail are asked again instead.
    """
    return tuple(
        Standing(
            code=finding.code,
            label=finding.label,
            outcome=finding.outcome,
            scope=finding.scope,
            areas=finding.areas,
            since=evaluation.answered_on,
            cleared_by=finding.needs,
            until=finding.until,
            after=finding.after,
            clears_when=finding.clears_when,
            effects=finding.effects,
            conditions=finding.conditions,
        )
        for finding in evaluation.findings
        if finding.reason is Reason.YES
        and finding.outcome in (Outcome.STOP, Outcome.DEFER)
        and RECORDS.intersection(finding.needs)
        and not finding.missing
    )


def strictest(outcomes: Iterable[Outcome]) -> Outcome:
    """The strictest of some outcomes; clear when there are none."""
    return max(outcomes, key=lambda outcome: outcome.strictness, default=Outcome.CLEAR)


def touches(finding: Finding, area: str) -> bool:
    """Whether a finding counts for an area: the whole person always does."""
    return finding.scope is Scope.PERSON or area in finding.areas


def _rule_findings(
    rule: Rule,
    answer: Answer | None,
    facts: Facts,
    clearings: Sequence[Clearing],
    requested: tuple[str, ...],
    stages: frozenset[Stage],
    on: date,
) -> tuple[Finding, ...]:
    if rule.asked_of is AskedOf.FACTS:
        found = fact_findings(rule, facts, clearings, requested, on)
        return tuple(item for item in found if item.reason is Reason.FACT or rule.stage in stages)
    if answer is not None:
        return answered_findings(rule, answer, clearings, requested, on)
    return (open_finding(rule, Reason.UNANSWERED, requested),) if rule.stage in stages else ()


def _uncovered_standing(
    standing: Iterable[Standing],
    records: Sequence[Clearing],
    found: Sequence[Finding],
    requested: tuple[str, ...],
    on: date,
) -> list[Finding]:
    earlier = [finding for item in standing for finding in standing_findings(item, records, requested, on)]
    return [item for item in earlier if not any(_covers(today, item) for today in found)]


def _covers(today: Finding, earlier: Finding) -> bool:
    """Today's answer says the same or worse for the same areas and at least as long."""
    return (
        today.code == earlier.code
        and today.reason is Reason.YES
        and today.outcome.strictness >= earlier.outcome.strictness
        and (today.scope is Scope.PERSON or earlier.scope is Scope.AREA)
        and set(earlier.areas) <= set(today.areas)
        and (today.until is None or (earlier.until is not None and today.until >= earlier.until))
    )


def _evaluation(
    rules: RuleSet,
    findings: tuple[Finding, ...],
    requested: tuple[str, ...],
    stages: frozenset[Stage],
    on: date,
    answered_on: date,
) -> Evaluation:
    verdicts = tuple(_verdict(area, findings) for area in requested)
    counted = findings if not requested else tuple(f for f in findings if _counts(f, requested))
    return Evaluation(
        version=rules.version,
        on=on,
        answered_on=answered_on,
        stages=stages,
        verdicts=verdicts,
        findings=findings,
        headline=strictest(finding.outcome for finding in counted),
        free_areas=tuple(verdict.area for verdict in verdicts if verdict.outcome in FREE),
        earliest_on=latest_date(counted),
        open_ended=any(is_open_ended(finding) for finding in counted),
        unanswered=_codes(findings, Reason.UNANSWERED),
        not_sure=_codes(findings, Reason.NOT_SURE),
        blocked_agents=tuple(sorted({agent for finding in findings for agent in finding.blocks})),
        conditions=_conditions(counted),
        booking_valid_days=rules.booking_valid_days,
        phone_valid_days=rules.phone_valid_days,
    )


def latest_date(findings: Iterable[Finding]) -> date | None:
    """The latest date of the dated deferrals: never before that of any single rule."""
    return max((finding.until for finding in findings if finding.until), default=None)


def is_open_ended(finding: Finding) -> bool:
    """A stop, or a deferral whose end nobody can compute."""
    return finding.outcome is Outcome.STOP or (finding.outcome is Outcome.DEFER and finding.until is None)


def _verdict(area: str, findings: tuple[Finding, ...]) -> Verdict:
    own = [finding for finding in findings if touches(finding, area)]
    codes = tuple(dict.fromkeys(finding.code for finding in own if finding.outcome is not Outcome.CLEAR))
    return Verdict(
        area=area,
        outcome=strictest(finding.outcome for finding in own),
        earliest_on=latest_date(own),
        open_ended=any(is_open_ended(finding) for finding in own),
        codes=codes,
    )


def _counts(finding: Finding, requested: tuple[str, ...]) -> bool:
    return any(touches(finding, area) for area in requested)


def _codes(findings: tuple[Finding, ...], reason: Reason) -> tuple[str, ...]:
    return tuple(finding.code for finding in findings if finding.reason is reason)


def _conditions(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    modified = [finding for finding in findings if finding.outcome is Outcome.MODIFY]
    return tuple(dict.fromkeys(text for finding in modified for text in finding.conditions))
