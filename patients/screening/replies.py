"""Do the answers fit the rule set? An answer that does not is a mistake of the caller, named."""

from collections.abc import Mapping
from datetime import date

from patients.screening.model import Answer, FollowUp, Rule, RuleSet
from patients.screening.terms import AskedOf, FollowUpKind

ASKED = (AskedOf.PATIENT, AskedOf.PRACTITIONER)


class ScreeningError(ValueError):
    """The input does not fit the rule set; the message names the item."""


def check_answers(rules: RuleSet, answers: Mapping[str, Answer]) -> None:
    """Raise ScreeningError for an unknown rule, a rule nobody is asked, or a follow-up of the wrong kind."""
    by_code = {rule.code: rule for rule in rules.rules}
    for code, answer in answers.items():
        rule = by_code.get(code)
        if rule is None:
            raise ScreeningError(f"Rule set {rules.version} has no rule {code}.")
        check_answer(rule, answer)


def check_answer(rule: Rule, answer: Answer) -> None:
    """The same for one answer to a rule of the set."""
    if rule.asked_of not in ASKED or not (rule.enabled or rule.seed):
        raise ScreeningError(f"{rule.code} is not asked.")
    if not answer.details:
        return
    by_key = {follow_up.key: follow_up for follow_up in rule.follow_ups}
    for key, value in answer.details.items():
        if key not in by_key:
            raise ScreeningError(f"{rule.code} has no follow-up {key}.")
        if not _is_kind(by_key[key], value):
            raise ScreeningError(f"{rule.code}, {key}: {value!r} is not a {by_key[key].kind}.")


def _is_kind(follow_up: FollowUp, value: str | date) -> bool:
    match follow_up.kind:
        case FollowUpKind.DATE:
            return type(value) is date
        case FollowUpKind.CHOICE:
            return value in {option.value for option in follow_up.options}
        case FollowUpKind.AREAS:
            return False
        case _:
            return isinstance(value, str)
