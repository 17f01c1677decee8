"""Who would come earlier, and how long a slot is held for them."""

from django import forms


class EarlierForm(forms.Form):
    """On the list or off it, with what suits in a few words."""

    welcome = forms.BooleanField(required=False)
    note = forms.CharField(max_length=120, required=False)


class HoldMinutesForm(forms.Form):
    """How long a slot waits for the patient's answer."""

    CHOICES = [(15, "15 min"), (30, "30 min"), (60, "1 hour"), (120, "2 hours")]
    minutes = forms.TypedChoiceField(label="Hold for", choices=CHOICES, coerce=int, initial=30)
