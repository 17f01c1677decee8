"""Short ways to write the rows of the shipped table; nothing here decides anything."""

from patients.screening.model import Branch, Condition, FollowUp, Option, Rule
from patients.screening.terms import (
    Agent,
    AskedOf,
    Clears,
    Confidence,
    CourseEffect,
    FollowUpKind,
    Outcome,
    RuleType,
    Scope,
    Section,
    Stage,
    Test,
)

ABSOLUTE, TEMPORARY, RELATIVE, MODIFY = RuleType
PERSON, AREA = Scope
SEED, CONSENSUS, TRIAL, EXPERT, UNCERTAIN = Confidence
PAUSE, SHIFT, CANCEL = CourseEffect.PAUSE, CourseEffect.SHIFT, CourseEffect.CANCEL
SWAP_AREA, RELEASE, CONTINUE = CourseEffect.SWAP_AREA, CourseEffect.RELEASE, CourseEffect.CONTINUE


def rule(
    code: str,
    section: Section,
    type_: RuleType,
    scope: Scope,
    *,
    label: str,
    question: str,
    effects: tuple[CourseEffect, ...],
    clears_when: str,
    source: str,
    confidence: Confidence,
    check: str = "V",
    stage: Stage = Stage.QUESTIONNAIRE,
    asked_of: AskedOf = AskedOf.PATIENT,
    branches: tuple[Branch, ...] = (),
    follow_ups: tuple[FollowUp, ...] = (),
    triggers: tuple[Condition, ...] = (),
    blocks: tuple[Agent, ...] = (),
    recheck_days: tuple[int, int] | None = None,
    then_ask: tuple[str, ...] = (),
    note: str = "",
    seed: bool = False,
    disputed: bool = False,
) -> Rule:
    """A rule; area rules ask which areas, and rules that need a decision say so by themselves."""
    asks_areas = scope is AREA and asked_of in (AskedOf.PATIENT, AskedOf.PRACTITIONER)
    own = branches or ((decided(),) if type_ is RELATIVE else (Branch(),))
    return Rule(
        code=code,
        section=section,
        label=label,
        type=type_,
        scope=scope,
        stage=stage,
        asked_of=asked_of,
        question=question,
        branches=own,
        effects=effects,
        clears_when=clears_when,
        source=source,
        confidence=confidence,
        check=check,
        follow_ups=(AREAS, *follow_ups) if asks_areas else follow_ups,
        triggers=triggers,
        blocks=blocks,
        recheck_days=recheck_days,
        then_ask=then_ask,
        note=note,
        seed=seed,
        disputed=disputed,
    )


AREAS = FollowUp("areas", FollowUpKind.AREAS, "Areas", required=False)


def day(key: str, label: str) -> FollowUp:
    """A date that is needed to finish the answer."""
    return FollowUp(key, FollowUpKind.DATE, label)


def day_if_known(key: str, label: str) -> FollowUp:
    """A date that only some answers have."""
    return FollowUp(key, FollowUpKind.DATE, label, required=False)


def text(key: str, label: str) -> FollowUp:
    """Words that are needed to finish the answer."""
    return FollowUp(key, FollowUpKind.TEXT, label)


def product(key: str, label: str) -> FollowUp:
    """The name of a product, if it is known."""
    return FollowUp(key, FollowUpKind.PRODUCT, label, required=False)


def choice(key: str, label: str, **options: str) -> FollowUp:
    """One of the options, given as value=label."""
    return FollowUp(
        key, FollowUpKind.CHOICE, label, tuple(Option(value, name) for value, name in options.items())
    )


def when(key: str, *values: str) -> tuple[Condition, ...]:
    """The follow-up is one of the values."""
    return (Condition(key, Test.IS, values),)


def until_recorded(*kinds: Clears, conditions: tuple[str, ...] = ()) -> Branch:
    """Ends by a record only, never by a computed date."""
    return Branch(cleared_by=kinds, conditions=conditions)


def until_date(
    days: int,
    clock: str,
    *records: Clears,
    when: tuple[Condition, ...] = (),
    shortenable: bool = False,
    after: Outcome = Outcome.CLEAR,
) -> Branch:
    """Deferred for some days from a follow-up date, and until the records exist."""
    return Branch(
        when=when,
        outcome=Outcome.DEFER,
        washout_days=days,
        clock=clock,
        cleared_by=(Clears.DATE, *records),
        after=after,
        shortenable=shortenable,
    )


def decided(*conditions: str, when: tuple[Condition, ...] = ()) -> Branch:
    """Needs a named practitioner's decision, with these conditions proposed."""
    return Branch(when=when, outcome=Outcome.REVIEW, cleared_by=(Clears.DECISION,), conditions=conditions)


def decided_within(days: int, clock: str, *conditions: str) -> Branch:
    """Needs a decision until some days after a follow-up date, then nothing."""
    return Branch(
        outcome=Outcome.REVIEW,
        washout_days=days,
        clock=clock,
        cleared_by=(Clears.DECISION,),
        conditions=conditions,
    )


def changed(*conditions: str) -> Branch:
    """Allowed with these changes."""
    return Branch(outcome=Outcome.MODIFY, conditions=conditions)
