"""One block of the aftercare texts."""

from django import forms


class BlockForm(forms.Form):
    """The words of one block, and the words that the page showed."""

    words = forms.CharField(
        label="Text",
        max_length=600,
        widget=forms.Textarea({"class": "form-control", "rows": 4}),
        error_messages={"required": "The text is empty."},
        help_text="Short sentences, plain words. What stands in braces becomes a date, a name or a number.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
