"""What a screening must answer, and what it must not."""

from collections.abc import Mapping

from clinic.refusals import Refusal
from patients.judgement import stages_of
from patients.models import RuleSet
from patients.rulesets import engine_rules
from patients.screening import model as engine
from patients.screening.evaluate import questions


def refuse_open_questions(rule_set: RuleSet, stage: str, answers: Mapping[str, engine.Answer]) -> None:
    """Every question of the stage needs an answer; "not sure" is one."""
    asked = questions(engine_rules(rule_set), stages_of(stage))
    open_ones = [rule.label for rule in asked if rule.code not in answers]
    if open_ones:
        count = "1 question is" if len(open_ones) == 1 else f"{len(open_ones)} questions are"
        raise Refusal("unanswered", f"{count} not answered yet.", f"First: {open_ones[0].lower()}.")


def refuse_what_was_not_asked(rule_set: RuleSet, stage: str, answers: Mapping[str, engine.Answer]) -> None:
    """An answer to a rule that the stage does not ask is refused."""
    rules = engine_rules(rule_set)
    asked = {rule.code for rule in questions(rules, stages_of(stage))}
    labels = [rule.label for rule in rules.rules if rule.code in answers and rule.code not in asked]
    if labels:
        raise Refusal(
            "not_asked",
            f"“{labels[0]}” was not asked here, so it takes no answer.",
            "Open the form again.",
            stale=True,
        )
