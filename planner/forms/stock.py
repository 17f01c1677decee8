"""Recall of a lot as forms."""

from django import forms


class RecallForm(forms.Form):
    """Why a lot is recalled."""

    use_required_attribute = False
    reason = forms.CharField(
        label="Why it is recalled", max_length=300, help_text="Such as the maker's notice."
    )


class ExportForm(forms.Form):
    """What a list with names is for, and the password."""

    use_required_attribute = False
    reason = forms.CharField(label="What the list is for", max_length=200)
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
