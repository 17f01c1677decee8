"""How a sheet leaves the house: on which paper, in which size, or in another way."""

from django import forms

from clinic.models import Location

SIZES = [("12", "Standard, 12 pt"), ("14", "Larger, 14 pt"), ("18", "Large print, 18 pt")]
OTHER_WAYS = [
    ("mailed", "Send a link"),
    ("link", "Show a link"),
    ("refused", "Not wanted"),
]
_SELECT = forms.Select({"class": "form-select"})


class PrintForm(forms.Form):
    """Paper and size of type."""

    paper = forms.ChoiceField(choices=Location._meta.get_field("paper").choices, widget=_SELECT)
    points = forms.TypedChoiceField(label="Size of type", choices=SIZES, coerce=int, widget=_SELECT)


class HandOverForm(forms.Form):
    """The other ways, with a note for the last of them."""

    how = forms.ChoiceField(label="How", choices=OTHER_WAYS, widget=forms.Select({"class": "form-select"}))
    note = forms.CharField(
        label="Why it was not taken",
        max_length=200,
        required=False,
        widget=forms.TextInput({"class": "form-control"}),
    )
