"""Does a condition of a rule hold? What is not known never softens."""

from collections.abc import Mapping
from datetime import date, timedelta

from patients.screening.model import Answer, Branch, Condition, Facts, Rule
from patients.screening.terms import FollowUpKind, Test

Value = str | int | date | tuple[str, ...] | None


def branch_for(rule: Rule, answer: Answer, on: date) -> Branch:
    """The first branch of a rule that fits the follow-up answers on the day `on`; else the type's own."""
    for branch in rule.branches:
        if all(holds(condition, answer.details.get(condition.key), on) for condition in branch.when):
            return branch
    return Branch()


def holds(condition: Condition, value: Value, on: date) -> bool:
    """Compare one value (None: not known) with the constants of a condition."""
    match condition.test:
        case Test.IS:
            return value in condition.values
        case Test.IS_NOT:
            return value not in condition.values
        case Test.STARTS_WITHIN_DAYS:
            return not isinstance(value, date) or (value - on).days <= (condition.low or 0)
        case Test.TOUCHES_AREA:
            return bool(value)
        case _:
            return isinstance(value, int) and _in_range(condition, value)


def _in_range(condition: Condition, value: int) -> bool:
    low, high = condition.low, condition.high
    match condition.test:
        case Test.BELOW:
            return low is not None and value < low
        case Test.ABOVE:
            return low is not None and value > low
        case _:
            return low is not None and high is not None and low <= value <= high


def fact_values(facts: Facts, on: date) -> Mapping[str, Value]:
    """The facts by the key that a trigger names: age in whole years, phototype, open reactions."""
    return {
        "age": None if facts.birth_date is None else age_on(facts.birth_date, on),
        "phototype": facts.phototype,
        "open_reactions": facts.open_reactions,
    }


def age_on(birth_date: date, on: date) -> int:
    """Whole years; someone born on 29 February is a year older on 1 March of a common year."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def add_days(start: date, days: int) -> date:
    """The day `days` after `start`, held at the last day that exists."""
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return date.max


def missing_follow_ups(rule: Rule, answer: Answer) -> tuple[str, ...]:
    """Required follow-ups without an answer; areas are kept beside the details and may be left out."""
    return tuple(
        follow_up.key
        for follow_up in rule.follow_ups
        if follow_up.required
        and follow_up.kind is not FollowUpKind.AREAS
        and answer.details.get(follow_up.key) in (None, "")
    )
