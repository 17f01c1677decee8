"""What a manager may change of a draft of the rules: numbers and choices, never words or conditions."""

from django import forms

from patients.ruledrafts import MOST_DAYS, BranchChange
from patients.screening import model as engine
from patients.screening.terms import Outcome, RuleType

TYPES = {
    RuleType.ABSOLUTE: "Stop",
    RuleType.TEMPORARY: "Defer",
    RuleType.RELATIVE: "Needs decision",
    RuleType.MODIFY: "Change of treatment",
}
OUTCOMES = {
    Outcome.STOP: "Not suitable",
    Outcome.DEFER: "Deferred",
    Outcome.REVIEW: "Needs decision",
    Outcome.MODIFY: "Cleared with changes",
    Outcome.CLEAR: "Cleared",
}


class ValidityForm(forms.Form):
    """For how long answers count."""

    booking_days = forms.IntegerField(label="A screen is good for booking (days)", min_value=1, max_value=90)
    phone_days = forms.IntegerField(
        label="Answers from the phone are good at the visit (days)", min_value=0, max_value=14
    )


class RuleForm(forms.Form):
    """One rule: on or off, its type, and of each branch its outcome, days and whether it may be shortened."""

    def __init__(self, *args, rule: engine.Rule, words: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.fields["enabled"] = forms.BooleanField(
            label="In use", required=False, initial=rule.enabled, disabled=rule.seed
        )
        self.fields["type"] = forms.ChoiceField(
            label="Type", choices=[(str(key), word) for key, word in TYPES.items()], initial=str(rule.type)
        )
        for place, branch in enumerate(rule.branches):
            self._add_branch(place, branch, words[place])

    def _add_branch(self, place: int, branch: engine.Branch, words: str) -> None:
        choices = [("", "As the type says"), *((str(key), word) for key, word in OUTCOMES.items())]
        self.fields[f"outcome{place}"] = forms.ChoiceField(
            label="Outcome",
            choices=choices,
            required=False,
            initial=str(branch.outcome or ""),
            help_text=words,
        )
        if branch.washout_days is not None:
            self.fields[f"days{place}"] = forms.IntegerField(
                label="Days", min_value=1, max_value=MOST_DAYS, initial=branch.washout_days
            )
        if not self.rule.seed:
            self.fields[f"shorten{place}"] = forms.BooleanField(
                label="A practitioner may shorten it", required=False, initial=branch.shortenable
            )

    def change(self) -> dict:
        """What was chosen, for the command."""
        data = self.cleaned_data
        branches = [
            BranchChange(
                outcome=Outcome(data[f"outcome{place}"]) if data[f"outcome{place}"] else None,
                washout_days=data.get(f"days{place}"),
                shortenable=data.get(f"shorten{place}", False),
            )
            for place in range(len(self.rule.branches))
        ]
        return {"enabled": data["enabled"], "type_": RuleType(data["type"]), "branches": branches}
