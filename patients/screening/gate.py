"""The two gates: may these areas be booked, may they be started today?"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from patients.screening.decisions import Remainder, remainder
from patients.screening.evaluate import touches
from patients.screening.model import ConsentFacts, Decision, Evaluation, Finding, Gate, Refusal
from patients.screening.terms import (
    BOOKING_STAGES,
    RECORDS,
    START_STAGES,
    Agent,
    Outcome,
    RefusalCode,
    Stage,
)


def booking_gate(
    evaluation: Evaluation,
    decisions: Iterable[Decision],
    *,
    today: date,
    areas: Iterable[str] | None = None,
) -> Gate:
    """May these areas (default: all that were screened) be booked, and from which day?

    Closed by a stop, an undecided review, a deferral without a date, an open question, or a screen older
    than the rule set's booking days (30). A dated deferral is the earliest start.
    Evaluate for `today`; an evaluation of another day is refused.
    """
    asked = _asked(evaluation, areas)
    general = [*_stage_refusals(evaluation, BOOKING_STAGES), *_booking_age(evaluation, today)]
    return _gate(evaluation, tuple(decisions), asked, today, general, at_start=False)


def start_gate(
    evaluation: Evaluation,
    decisions: Iterable[Decision],
    *,
    today: date,
    areas: Iterable[str],
    consents: Sequence[ConsentFacts],
    from_phone: bool = False,
    confirmed_on: date | None = None,
    agents: Iterable[Agent] = (),
) -> Gate:
    """May these areas be started today? "Numbing on" is the start.

    Needs that day's answers, or phone answers of at most the rule set's phone days (3) before that the
    practitioner confirmed with the patient today; all rules of the start answered; no deferral beyond
    today; for every indication a current consent, read again today; no planned agent blocked.
    """
    asked = _asked(evaluation, areas)
    general = [
        *_stage_refusals(evaluation, START_STAGES),
        *_start_age(evaluation, today, from_phone, confirmed_on),
        *_consent_refusals(consents, today),
        *_agent_refusals(evaluation, agents),
    ]
    return _gate(evaluation, tuple(decisions), asked, today, general, at_start=True)


def _asked(evaluation: Evaluation, areas: Iterable[str] | None) -> tuple[str, ...]:
    if areas is None:
        return tuple(verdict.area for verdict in evaluation.verdicts)
    return tuple(dict.fromkeys(areas))


def _gate(
    evaluation: Evaluation,
    decisions: tuple[Decision, ...],
    asked: tuple[str, ...],
    today: date,
    general: list[Refusal],
    *,
    at_start: bool,
) -> Gate:
    screened = {verdict.area for verdict in evaluation.verdicts}
    unknown = tuple(area for area in asked if area not in screened)
    left = {
        (finding, area): remainder(finding, area, decisions)
        for finding in evaluation.findings
        for area in asked
        if touches(finding, area)
    }
    refusals = [
        *general,
        *([Refusal(RefusalCode.NO_AREA)] if not asked else []),
        *([Refusal(RefusalCode.AREA_NOT_SCREENED, areas=unknown)] if unknown else []),
        *_finding_refusals(left),
        *(_date_refusals(left, today) if at_start else ()),
    ]
    closed = {area for refusal in refusals for area in refusal.areas}
    untils = [item.until for item in left.values() if item.until is not None]
    return Gate(
        refusals=tuple(refusals),
        areas=asked,
        free_areas=() if general else tuple(area for area in asked if area not in closed),
        earliest_on=max([today, *untils]),
        conditions=tuple(dict.fromkeys(text for item in left.values() for text in item.conditions)),
        blocked_agents=evaluation.blocked_agents,
        pending=tuple(dict.fromkeys(finding.code for finding, _ in left if _is_pending(finding))),
    )


def _is_pending(finding: Finding) -> bool:
    return finding.outcome is Outcome.DEFER and bool(RECORDS.intersection(finding.needs))


Left = dict[tuple[Finding, str], Remainder]


def _finding_refusals(left: Left) -> Iterator[Refusal]:
    """One refusal per finding, and one for all open questions together."""
    unanswered = [key for key, item in left.items() if item.refusal is RefusalCode.UNANSWERED]
    if unanswered:
        yield Refusal(
            RefusalCode.UNANSWERED,
            areas=tuple(dict.fromkeys(area for _, area in unanswered)),
            rule_codes=tuple(dict.fromkeys(finding.code for finding, _ in unanswered)),
        )
    refused = [(key, item.refusal) for key, item in left.items() if item.refusal]
    for finding, code in dict.fromkeys((key[0], code) for key, code in refused):
        if code is not RefusalCode.UNANSWERED:
            areas = tuple(key[1] for key, own in refused if key[0] == finding and own is code)
            yield Refusal(code, areas=areas, rule_codes=(finding.code,), finding=finding)


def _date_refusals(left: Left, today: date) -> Iterator[Refusal]:
    for (finding, area), item in left.items():
        if item.until is not None and item.until > today:
            yield Refusal(
                RefusalCode.DEFERRED,
                areas=(area,),
                rule_codes=(finding.code,),
                finding=finding,
                on=item.until,
            )


def _stage_refusals(evaluation: Evaluation, needed: frozenset[Stage]) -> Iterator[Refusal]:
    missing = tuple(stage for stage in Stage if stage in needed - evaluation.stages)
    if missing:
        yield Refusal(RefusalCode.STAGE_MISSING, stages=missing)


def _booking_age(evaluation: Evaluation, today: date) -> Iterator[Refusal]:
    if evaluation.on != today or evaluation.answered_on > today:
        yield Refusal(RefusalCode.NOT_TODAY, on=evaluation.on)
    if (today - evaluation.answered_on).days > evaluation.booking_valid_days:
        yield Refusal(RefusalCode.TOO_OLD, on=evaluation.answered_on, days=evaluation.booking_valid_days)


def _start_age(
    evaluation: Evaluation, today: date, from_phone: bool, confirmed_on: date | None
) -> Iterator[Refusal]:
    age = (today - evaluation.answered_on).days
    if evaluation.on != today or age < 0 or (age > 0 and not from_phone):
        yield Refusal(RefusalCode.NOT_TODAY, on=evaluation.answered_on)
    if from_phone and age > evaluation.phone_valid_days:
        yield Refusal(RefusalCode.PHONE_TOO_OLD, on=evaluation.answered_on, days=evaluation.phone_valid_days)
    if from_phone and confirmed_on != today:
        yield Refusal(RefusalCode.NOT_CONFIRMED, on=confirmed_on)


def _consent_refusals(consents: Sequence[ConsentFacts], today: date) -> Iterator[Refusal]:
    if not consents:
        yield Refusal(RefusalCode.CONSENT_MISSING)
    for consent in consents:
        code, on = _consent_fault(consent, today)
        if code:
            yield Refusal(code, on=on, indication=consent.indication)


def _consent_fault(consent: ConsentFacts, today: date) -> tuple[RefusalCode | None, date | None]:
    if consent.withdrawn_on is not None:
        return RefusalCode.CONSENT_WITHDRAWN, consent.withdrawn_on
    if consent.signed_on is None or consent.signed_on > today:
        return RefusalCode.CONSENT_MISSING, consent.signed_on
    if not consent.current_text:
        return RefusalCode.CONSENT_OLD_TEXT, consent.signed_on
    if consent.read_again_on != today and consent.signed_on != today:
        return RefusalCode.CONSENT_NOT_READ, consent.read_again_on
    return None, None


def _agent_refusals(evaluation: Evaluation, agents: Iterable[Agent]) -> Iterator[Refusal]:
    for agent in dict.fromkeys(agents):
        if agent in evaluation.blocked_agents:
            rules = tuple(finding.code for finding in evaluation.findings if agent in finding.blocks)
            yield Refusal(RefusalCode.AGENT_BLOCKED, rule_codes=rules, agent=agent)
