"""May this rule set be used? Every defect is a sentence; a sound set has none."""

from collections import Counter
from collections.abc import Iterator

from patients.screening.model import Branch, Rule, RuleSet
from patients.screening.terms import SEED_CODES, AskedOf, Clears, FollowUpKind, Outcome


def defects(rules: RuleSet) -> tuple[str, ...]:
    """What is wrong with a rule set before it becomes a version; empty when it may be used."""
    found = list(_set_defects(rules))
    for rule in rules.rules:
        found += rule_defects(rule)
    return tuple(found)


def _set_defects(rules: RuleSet) -> Iterator[str]:
    counts = Counter(rule.code for rule in rules.rules)
    yield from (f"{code} is there {times} times." for code, times in counts.items() if times > 1)
    missing = sorted(SEED_CODES - set(counts))
    yield from (f"{code} comes from the seed texts and is missing." for code in missing)
    if not rules.booking_valid_days >= 1 or not rules.phone_valid_days >= 0:
        yield "The days for which a screen is valid are too few."


def softened(shipped: Rule, changed: Rule) -> tuple[str, ...]:
    """In what a rule of the seed texts was made softer than it was shipped; empty for every other rule."""
    return tuple(_softer(shipped, changed)) if changed.code in SEED_CODES else ()


def _softer(shipped: Rule, changed: Rule) -> Iterator[str]:
    name = f"{changed.code} comes from the seed texts and"
    if not (changed.seed and changed.enabled):
        yield f"{name} cannot be switched off."
    if changed.scope is not shipped.scope or changed.question != shipped.question:
        yield f"{name} is asked as it was shipped."
    if len(changed.branches) != len(shipped.branches):
        yield f"{name} keeps its branches."
    for own, new in zip(shipped.branches, changed.branches, strict=False):
        before, after = own.outcome or shipped.outcome, new.outcome or changed.outcome
        if after.strictness < before.strictness:
            yield f"{name} cannot be made softer."
        if new.shortenable or new.washout_days is not None:
            yield f"{name} never ends by a date."
        if not set(own.cleared_by) <= set(new.cleared_by):
            yield f"{name} ends by its record only."


def rule_defects(rule: Rule) -> Iterator[str]:
    """What is wrong with one rule."""
    if rule.code in SEED_CODES and not (rule.seed and rule.enabled):
        yield f"{rule.code} comes from the seed texts and cannot be switched off."
    if rule.asked_of in (AskedOf.PATIENT, AskedOf.PRACTITIONER) and not rule.question:
        yield f"{rule.code} is asked but has no question."
    if rule.asked_of is AskedOf.FACTS and not rule.triggers:
        yield f"{rule.code} reads facts but names none."
    if not rule.branches or rule.branches[-1].when:
        yield f"{rule.code} has no last branch without conditions."
    for branch in rule.branches:
        yield from _branch_defects(rule, branch)


def _branch_defects(rule: Rule, branch: Branch) -> Iterator[str]:
    kinds = {follow_up.key: follow_up.kind for follow_up in rule.follow_ups}
    yield from (
        f"{rule.code}: no follow-up {condition.key}."
        for condition in branch.when
        if condition.key not in kinds
    )
    if branch.washout_days is not None and kinds.get(branch.clock) is not FollowUpKind.DATE:
        yield f"{rule.code}: its days have no date to run from."
    if branch.washout_days is not None and branch.washout_days < 1:
        yield f"{rule.code}: its days must be at least 1."
    outcome = branch.outcome or rule.outcome
    if outcome is Outcome.DEFER and (Clears.DATE in branch.cleared_by) != (branch.washout_days is not None):
        yield f"{rule.code}: days and a clearing date go together."
    if outcome is Outcome.DEFER and not branch.cleared_by:
        yield f"{rule.code}: a deferral needs something that ends it."
    if rule.code in SEED_CODES and (branch.washout_days is not None or branch.shortenable):
        yield f"{rule.code}: pregnancy, breastfeeding, infection and active acne never get a computed date."
    if rule.code in SEED_CODES and outcome.strictness < Outcome.DEFER.strictness:
        yield f"{rule.code}: a seed rule may not be softer than a deferral."
