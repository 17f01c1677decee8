"""What one finding still demands once the practitioner's decisions are applied."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from patients.screening.model import Decision, Finding
from patients.screening.terms import Choice, Outcome, Reason, RefusalCode

_RANK = {Choice.ACCEPT: 0, Choice.DEFER: 1, Choice.DECLINE: 2}


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left of a finding for one area: a refusal, or a first day, or conditions, or nothing."""

    refusal: RefusalCode | None = None
    until: date | None = None
    conditions: tuple[str, ...] = ()


def remainder(finding: Finding, area: str, decisions: Iterable[Decision]) -> Remainder:
    """Apply the decisions to one finding in one area; of several the strictest and latest counts.

    Nobody overrides a stop, an open question or a deferral that is not marked shortenable.
    """
    if finding.outcome is Outcome.STOP:
        return Remainder(RefusalCode.STOP)
    if finding.reason is Reason.UNANSWERED:
        return Remainder(RefusalCode.UNANSWERED)
    decision = _strictest(finding, area, decisions)
    if decision is not None and decision.choice is Choice.DECLINE:
        return Remainder(RefusalCode.DECLINED)
    if finding.outcome is Outcome.DEFER:
        return _of_deferral(finding, decision)
    if decision is None:
        undecided = finding.outcome is Outcome.REVIEW
        return Remainder(RefusalCode.UNDECIDED) if undecided else Remainder(conditions=_own(finding))
    return _decided(finding, decision)


def _of_deferral(finding: Finding, decision: Decision | None) -> Remainder:
    if finding.shortenable and decision is not None:
        return _decided(finding, decision)
    if finding.until is None:
        not_sure = finding.reason is Reason.NOT_SURE
        return Remainder(RefusalCode.NOT_SURE if not_sure else RefusalCode.OPEN_DEFERRAL)
    wished = decision.until if decision and decision.choice is Choice.DEFER else None
    return Remainder(until=max(finding.until, wished or finding.until))


def _decided(finding: Finding, decision: Decision) -> Remainder:
    if decision.choice is Choice.DEFER and decision.until is None:
        return Remainder(RefusalCode.OPEN_DEFERRAL)
    until = decision.until if decision.choice is Choice.DEFER else None
    return Remainder(until=until, conditions=(*_own(finding), *decision.conditions))


def _own(finding: Finding) -> tuple[str, ...]:
    return finding.conditions if finding.outcome is Outcome.MODIFY else ()


def _strictest(finding: Finding, area: str, decisions: Iterable[Decision]) -> Decision | None:
    own = [item for item in decisions if item.code == finding.code and (not item.areas or area in item.areas)]
    return max(own, key=_strictness, default=None)


def _strictness(decision: Decision) -> tuple[int, date]:
    open_ended = decision.choice is Choice.DEFER and decision.until is None
    return _RANK[decision.choice], date.max if open_ended else decision.until or date.min
