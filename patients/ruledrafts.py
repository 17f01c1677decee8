"""Commands of rule-set versions: begin a draft from the newest approved one, change its numbers and choices.

Questions, wording and conditions stay as they were shipped: only numbers and enums change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinic.constraints import in_words
from clinic.models import User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.models import Rule, RuleSet
from patients.rulesets import approved_rules
from patients.screening import model as engine
from patients.screening.rows import rule_from_row, rule_to_row
from patients.screening.soundness import rule_defects, softened
from patients.screening.table import SHIPPED
from patients.screening.terms import Outcome, RuleType

MOST_DAYS = 3660  # ten years: more is a typing error


@dataclass(frozen=True)
class BranchChange:
    """What may change of one branch: its own outcome (None: that of the rule's type), its days."""

    outcome: Outcome | None
    washout_days: int | None
    shortenable: bool


@in_words({})
def begin_draft(*, by: User) -> RuleSet:
    """Copy the newest approved version into a draft with the next number; a draft that waits is returned."""
    _need(by)
    newest = RuleSet.objects.select_for_update().order_by("-number").first()
    if newest is not None and newest.approved_at is None:
        return newest
    source = approved_rules()
    draft = RuleSet.objects.create(
        number=newest.number + 1,
        name=source.name,
        booking_valid_days=source.booking_valid_days,
        phone_valid_days=source.phone_valid_days,
    )
    Rule.objects.bulk_create(
        Rule(rule_set=draft, position=rule.position, code=rule.code, row=rule.row)
        for rule in source.rules.all()
    )
    return draft


@in_words({})
def change_validity(draft: RuleSet, *, booking_days: int, phone_days: int, by: User) -> RuleSet:
    """How many days a screen counts for booking (1 to 90), and phone answers at the visit (0 to 14)."""
    _need(by)
    row = _locked(draft.pk)
    if not 1 <= booking_days <= 90 or not 0 <= phone_days <= 14:
        raise Refusal("days", "Booking takes 1 to 90 days, the phone 0 to 14.")
    row.booking_valid_days, row.phone_valid_days = booking_days, phone_days
    row.save(update_fields=["booking_valid_days", "phone_valid_days"])
    return row


@in_words({})
def change_rule(
    rule: Rule, *, enabled: bool, type_: RuleType, branches: Sequence[BranchChange], by: User
) -> Rule:
    """Change the switch, the type and the branches of one rule of a draft.

    Raises Refusal: not the manager, approved meanwhile, a rule of the seed texts made softer, numbers that
    make no sense.
    """
    _need(by)
    _locked(rule.rule_set_id)
    row = Rule.objects.select_for_update().get(pk=rule.pk)
    changed = _changed(rule_from_row(row.row), enabled, type_, branches)
    shipped = next((one for one in SHIPPED.rules if one.code == row.code), changed)
    if faults := (*softened(shipped, changed), *rule_defects(changed)):
        raise Refusal("rule_not_sound", faults[0])
    row.row = rule_to_row(changed)
    row.save(update_fields=["row"])
    return row


@in_words({})
def drop_draft(draft: RuleSet, *, by: User) -> None:
    """Throw a draft away; approved versions stay for ever."""
    _need(by)
    row = _locked(draft.pk)
    if not RuleSet.objects.filter(approved_at__isnull=False).exists():
        raise Refusal("first_rules", "These are the first rules.", "They wait for their approval.")
    row.delete()


def _changed(
    rule: engine.Rule, enabled: bool, type_: RuleType, branches: Sequence[BranchChange]
) -> engine.Rule:
    if len(branches) != len(rule.branches):
        raise Refusal("branches", "The rule has changed meanwhile.", "Open it again.", stale=True)
    for own, new in zip(rule.branches, branches, strict=True):
        if (own.washout_days is None) != (new.washout_days is None):
            raise Refusal("days", "Days cannot be added to a rule or taken from it.")
        if new.washout_days is not None and not 1 <= new.washout_days <= MOST_DAYS:
            raise Refusal("days", f"Days run from 1 to {MOST_DAYS}.")
    made = tuple(
        replace(own, outcome=new.outcome, washout_days=new.washout_days, shortenable=new.shortenable)
        for own, new in zip(rule.branches, branches, strict=True)
    )
    return replace(rule, enabled=enabled, type=type_, branches=made)


def _locked(pk: int) -> RuleSet:
    row = RuleSet.objects.select_for_update().get(pk=pk)
    if row.approved_at is not None:
        raise Refusal(
            "approved_meanwhile",
            "This version was approved meanwhile and stays as it is.",
            "Begin the next one.",
            stale=True,
        )
    return row


def _need(by: User) -> None:
    if not may(by, "rules_draft"):
        raise Refusal("role", "Your role may not do this.", "Ask a manager.")
