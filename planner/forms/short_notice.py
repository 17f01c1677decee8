"""Who would come earlier, and how long a slot is held for them."""

import datetime as dt

from django import forms

from planner.planning import Slot


class EarlierForm(forms.Form):
    """On the list or off it, with what suits in a few words."""

    welcome = forms.BooleanField(required=False)
    note = forms.CharField(max_length=120, required=False)


class HoldMinutesForm(forms.Form):
    """How long a slot waits for the patient's answer."""

    CHOICES = [(15, "15 min"), (30, "30 min"), (60, "1 hour"), (120, "2 hours")]
    minutes = forms.TypedChoiceField(label="Hold for", choices=CHOICES, coerce=int, initial=30)


class SlotForm(forms.Form):
    """A free place as the address of the page names it: an instant in ISO format, a person, a room."""

    start = forms.CharField(max_length=40)
    practitioner = forms.IntegerField(min_value=1, max_value=2**53)
    room = forms.IntegerField(min_value=1, max_value=2**53)

    def clean_start(self) -> dt.datetime:
        """An instant, not the time of some clock."""
        try:
            start = dt.datetime.fromisoformat(self.cleaned_data["start"])
        except ValueError:
            raise forms.ValidationError("This is no time.") from None
        if start.tzinfo is None or not 2000 < start.year < 3000:
            raise forms.ValidationError("This is no time.")
        return start


def slot_from(query) -> Slot | None:
    """The place that the address asks about, if it names one."""
    form = SlotForm(query)
    if not form.is_valid():
        return None
    place = form.cleaned_data
    return Slot(place["start"], place["practitioner"], place["room"], None)
