"""Small forms about one visit."""

from django import forms


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autofocus": True}))

    def __init__(self, *args, required: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required
