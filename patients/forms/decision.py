"""A practitioner's decision, and the record that ends a finding."""

from django import forms

from clinic.dates import DateField
from patients.models import ClinicalDecision


class DecisionForm(forms.Form):
    """Accept with conditions, defer, or decline one finding."""

    choice = forms.ChoiceField(
        choices=ClinicalDecision.Choice.choices,
        widget=forms.RadioSelect,
        label="Decision",
        error_messages={"required": "Choose what you decide."},
    )
    until = DateField(label="Defer until", required=False, help_text="Only for a deferral")
    proposed = forms.MultipleChoiceField(
        label="Conditions", widget=forms.CheckboxSelectMultiple, required=False
    )
    conditions = forms.CharField(
        label="More conditions, one a line",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
    )
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="Goes in the record. You cannot change it after you sign.",
    )
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Signs the decision with your name.",
        strip=False,
    )

    def __init__(self, *args, proposed=(), **kwargs):
        super().__init__(*args, **kwargs)
        if proposed:
            self.fields["proposed"].choices = [(text, text) for text in proposed]
        else:
            del self.fields["proposed"]

    def clean(self):
        """The date belongs to a deferral and only to it."""
        data = super().clean()
        if data.get("choice") != ClinicalDecision.Choice.DEFER:
            data["until"] = None
        elif not data.get("until") and "until" not in self.errors:
            self.add_error("until", "A deferral needs its date.")
        return data

    def decision(self) -> dict:
        """What was decided, for the command; ticked and typed conditions, one a line."""
        data = self.cleaned_data
        typed = data["conditions"].strip()
        conditions = "\n".join([*data.get("proposed", ()), *([typed] if typed else [])])
        return {
            "choice": data["choice"],
            "until": data["until"],
            "reason": data["reason"],
            "conditions": conditions,
        }


class ClearingForm(forms.Form):
    """What happened, was examined or was handed in, and on which day."""

    happened_on = DateField(label="Day", help_text="When it happened, was examined or was dated")
    note = forms.CharField(
        label="What you saw or received", widget=forms.Textarea(attrs={"rows": 2}), max_length=300
    )


class ReasonForm(forms.Form):
    """Why a manager opens the answers of a screening; the database asks for ten characters."""

    reason = forms.CharField(
        max_length=200,
        required=False,
        error_messages={"max_length": "Write why in 200 characters or fewer."},
    )
