"""Rules in words for managers and approvers, and what differs between two versions."""

from dataclasses import dataclass

from patients.models import RuleSet
from patients.screening.model import Branch, Rule
from patients.screening.rows import rule_from_row

TYPES = {
    "absolute": "Stop",
    "temporary": "Defer",
    "relative": "Needs decision",
    "modify": "Change",
}
OUTCOMES = {
    "stop": "Not suitable",
    "defer": "Deferred",
    "review": "Needs decision",
    "modify": "Cleared with changes",
    "clear": "Cleared",
}


@dataclass(frozen=True)
class Difference:
    """One thing that differs between two versions: of which rule, what, before and after."""

    code: str
    label: str
    what: str
    before: str
    after: str


def branch_words(rule: Rule, branch: Branch) -> str:
    """One branch as a sentence: when, what, how long, which conditions."""
    labels = {follow_up.key: follow_up.label for follow_up in rule.follow_ups}
    when = " and ".join(_condition_words(condition, labels) for condition in branch.when)
    what = [
        OUTCOMES[branch.outcome or rule.outcome],
        f"{branch.washout_days} days from “{labels.get(branch.clock, branch.clock)}”"
        if branch.washout_days
        else "",
        "for the whole person" if branch.scope == "person" and rule.scope != "person" else "",
        "a practitioner may shorten it" if branch.shortenable else "",
        *branch.conditions,
    ]
    said = "; ".join(part for part in what if part)
    if not when:
        return f"Otherwise: {said}" if len(rule.branches) > 1 else said
    return f"If {when}: {said}"


def differences(before: RuleSet, after: RuleSet) -> list[Difference]:
    """What a version changes of another, rule by rule in the order of the form."""
    old, new = _rules(before), _rules(after)
    found = [
        Difference("", "The rule set", what, f"{getattr(before, name)} days", f"{getattr(after, name)} days")
        for name, what in (
            ("booking_valid_days", "A screen is good for booking for"),
            ("phone_valid_days", "Answers from the phone are good for"),
        )
        if getattr(before, name) != getattr(after, name)
    ]
    for code in dict.fromkeys((*old, *new)):
        found += _differing(old.get(code), new.get(code))
    return found


def _differing(old: Rule | None, new: Rule | None) -> list[Difference]:
    if new is None:
        return [Difference(old.code, old.label, "Rule", "There", "Not there")] if old else []
    if old is None:
        return [Difference(new.code, new.label, "Rule", "Not there", "There")]
    pairs = zip(_facts(old), _facts(new), strict=True)
    return [Difference(new.code, new.label, what, was, now) for (what, was), (_, now) in pairs if was != now]


def _facts(rule: Rule) -> list[tuple[str, str]]:
    """What can differ, in words."""
    return [
        ("In use", "Yes" if rule.enabled else "No"),
        ("Type", TYPES[rule.type]),
        ("Question", rule.question),
        ("Then", "; ".join(branch_words(rule, branch) for branch in rule.branches)),
        ("Ends", rule.clears_when),
    ]


def _rules(rule_set: RuleSet) -> dict[str, Rule]:
    return {row.code: rule_from_row(row.row) for row in rule_set.rules.order_by("position")}


def _condition_words(condition, labels) -> str:
    label = f"“{labels.get(condition.key, condition.key)}”"
    values = " or ".join(value.replace("_", " ") for value in condition.values)
    limits = " to ".join(str(part) for part in (condition.low, condition.high) if part is not None)
    test = str(condition.test).replace("_", " ")
    return " ".join(part for part in (label, test, values or limits) if part)
