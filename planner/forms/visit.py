"""Small forms about one visit."""

from django import forms

WHO_READS = "Read by practitioners only if one writes it, else by everybody here: then nothing about health."


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        max_length=200, help_text=WHO_READS, widget=forms.TextInput(attrs={"autofocus": True})
    )

    def __init__(self, *args, required: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required
