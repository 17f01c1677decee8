"""Taking a consent: how it is signed."""

from django import forms

from patients.consents import SIGNATURE_MOST
from patients.models import Consent


class ConsentForm(forms.Form):
    """Signed in the box, or on paper."""

    method = forms.ChoiceField(
        choices=Consent.Method.choices,
        widget=forms.RadioSelect,
        label="How is it signed?",
        error_messages={"required": "Choose how it is signed."},
    )
    text = forms.IntegerField(widget=forms.HiddenInput)
    signature = forms.CharField(
        label="The patient's signature",
        widget=forms.HiddenInput,
        required=False,
        max_length=SIGNATURE_MOST,
        error_messages={"max_length": "Clear the box and sign again."},
    )
    agreed = forms.BooleanField(
        label="The patient has read this text, or it was read to them, and could ask questions",
        error_messages={"required": "Tick this once it is true."},
    )

    def __init__(self, *args, may_draw: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_draw:
            self.fields["method"].choices = [(Consent.Method.PAPER.value, Consent.Method.PAPER.label)]
            self.fields["method"].initial = Consent.Method.PAPER.value

    def drawn(self) -> str:
        """The path data, for a signature on the screen only."""
        is_drawn = self.cleaned_data["method"] == Consent.Method.DRAWN
        return self.cleaned_data["signature"] if is_drawn else ""
