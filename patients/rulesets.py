"""Rule sets as the engine reads them."""

import functools

from clinic.refusals import Refusal
from patients.models import RuleSet
from patients.screening import model as engine
from patients.screening.rows import rule_from_row


def approved_rules() -> RuleSet:
    """Return the newest approved rule set, or refuse in words: drafts judge nobody."""
    rule_set = RuleSet.objects.filter(approved_at__isnull=False).order_by("-number").first()
    if rule_set is None:
        raise Refusal(
            "rules_not_approved",
            "No screening rules are approved yet.",
            "A practitioner reads and approves them under Settings.",
        )
    return rule_set


def engine_rules(rule_set: RuleSet) -> engine.RuleSet:
    """Return an approved rule set as engine values; approved sets never change, so each is read once."""
    return _read(rule_set.pk, rule_set.number, rule_set.approved_at)


@functools.lru_cache(maxsize=16)
def _read(pk: int, number: int, approved_at) -> engine.RuleSet:
    rule_set = RuleSet.objects.get(pk=pk)
    rows = rule_set.rules.order_by("position").values_list("row", flat=True)
    return engine.RuleSet(
        version=number,
        rules=tuple(rule_from_row(row) for row in rows),
        booking_valid_days=rule_set.booking_valid_days,
        phone_valid_days=rule_set.phone_valid_days,
    )
