"""From one rule and its answer, one fact or one earlier finding to findings."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from patients.screening.conditions import add_days, branch_for, fact_values, holds, missing_follow_ups
from patients.screening.model import Answer, Branch, Clearing, DateSum, Facts, Finding, Rule, Standing
from patients.screening.settle import Claim, settle
from patients.screening.terms import Clears, Outcome, Reason, Reply, Scope


def open_finding(rule: Rule, reason: Reason, areas: tuple[str, ...]) -> Finding:
    """A question without an answer, or answered "not sure": never a no.

    A seed rule blocks until it is answered no; any other rule needs a decision.
    """
    finding = Finding(
        code=rule.code,
        label=rule.label,
        outcome=Outcome.DEFER if rule.seed else Outcome.REVIEW,
        reason=reason,
        scope=rule.scope,
        areas=areas,
        needs=(Clears.ANSWER,) if rule.seed or reason is Reason.UNANSWERED else (Clears.DECISION,),
        effects=rule.effects,
        seed=rule.seed,
    )
    return finding if reason is Reason.UNANSWERED else replace(finding, blocks=rule.blocks)


def answered_findings(
    rule: Rule, answer: Answer, clearings: Sequence[Clearing], requested: tuple[str, ...], on: date
) -> tuple[Finding, ...]:
    """The findings of one answer; nothing for a no."""
    areas = requested if rule.scope is Scope.PERSON else answer.areas or requested
    if answer.reply is Reply.NO:
        return ()
    if answer.reply is Reply.NOT_SURE:
        return (open_finding(rule, Reason.NOT_SURE, areas),)
    branch = branch_for(rule, answer, on)
    if branch.scope is Scope.PERSON:
        areas = requested
    found = replace(
        fired(rule, branch, Reason.YES, areas),
        sum=_date_sum(rule, branch, answer),
        missing=missing_follow_ups(rule, answer),
    )
    return settled_findings(found, claim_of(rule, branch, found), clearings, on)


def fact_findings(
    rule: Rule, facts: Facts, clearings: Sequence[Clearing], requested: tuple[str, ...], on: date
) -> tuple[Finding, ...]:
    """The findings of a rule that reads facts; a fact that is not on file is an open question."""
    values = fact_values(facts, on)
    if any(values.get(condition.key) is None for condition in rule.triggers):
        return (open_finding(rule, Reason.UNANSWERED, requested),)
    if not all(holds(condition, values[condition.key], on) for condition in rule.triggers):
        return ()
    branch = branch_for(rule, Answer(Reply.YES), on)
    areas = facts.open_reactions if rule.scope is Scope.AREA else requested
    found = fired(rule, branch, Reason.FACT, areas)
    return settled_findings(found, claim_of(rule, branch, found), clearings, on)


def standing_findings(
    standing: Standing, clearings: Sequence[Clearing], requested: tuple[str, ...], on: date
) -> tuple[Finding, ...]:
    """What is left of an earlier stop or deferral that only a record ends, whatever is answered today.

    A record made against today's answers counts for it too.
    """
    found = Finding(
        code=standing.code,
        label=standing.label,
        outcome=standing.outcome,
        reason=Reason.STANDING,
        scope=standing.scope,
        areas=requested if standing.scope is Scope.PERSON else standing.areas,
        clears_when=standing.clears_when,
        after=standing.after,
        effects=standing.effects,
        conditions=standing.conditions,
    )
    dated = Clears.DATE in standing.cleared_by
    claim = Claim(standing.code, standing.outcome, dated, standing.until, standing.cleared_by, standing.after)
    return settled_findings(found, claim, (*standing.clearings, *clearings), on)


def fired(rule: Rule, branch: Branch, reason: Reason, areas: tuple[str, ...]) -> Finding:
    """The finding of a branch before its date and records are weighed."""
    return Finding(
        code=rule.code,
        label=rule.label,
        outcome=branch.outcome or rule.outcome,
        reason=reason,
        scope=branch.scope or rule.scope,
        areas=areas,
        clears_when=rule.clears_when,
        shortenable=branch.shortenable,
        blocks=rule.blocks if branch.blocks is None else branch.blocks,
        conditions=branch.conditions,
        effects=rule.effects,
        after=branch.after,
        seed=rule.seed,
    )


def claim_of(rule: Rule, branch: Branch, found: Finding) -> Claim:
    """What the branch of a rule demands before it lets go."""
    until = found.sum.end if found.sum else None
    dated = branch.washout_days is not None
    return Claim(rule.code, found.outcome, dated, until, branch.cleared_by, branch.after)


def settled_findings(
    found: Finding, claim: Claim, clearings: Iterable[Clearing], on: date
) -> tuple[Finding, ...]:
    """Weigh a finding area by area; areas with the same result stay together."""
    records = tuple(clearings)
    if found.scope is Scope.PERSON or not found.areas:
        result = settle(claim, records, area=None, on=on)
        return (_with(found, found.areas, result.outcome, result.until, result.needs, result.clearing),)
    by_result = {area: settle(claim, records, area=area, on=on) for area in found.areas}
    results = dict.fromkeys(by_result.values())
    return tuple(
        _with(
            found,
            tuple(area for area, own in by_result.items() if own == result),
            result.outcome,
            result.until,
            result.needs,
            result.clearing,
        )
        for result in results
    )


def _with(
    found: Finding,
    areas: tuple[str, ...],
    outcome: Outcome,
    until: date | None,
    needs: tuple[Clears, ...],
    clearing: Clearing | None,
) -> Finding:
    return replace(found, areas=areas, outcome=outcome, until=until, needs=needs, clearing=clearing)


def _date_sum(rule: Rule, branch: Branch, answer: Answer) -> DateSum | None:
    start = answer.details.get(branch.clock)
    if branch.washout_days is None or not isinstance(start, date):
        return None
    label = next((item.label for item in rule.follow_ups if item.key == branch.clock), branch.clock)
    return DateSum(branch.clock, label, start, branch.washout_days, add_days(start, branch.washout_days))
