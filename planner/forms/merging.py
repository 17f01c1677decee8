"""Merging two files: which value of each detail stays, how one knows, the password."""

from collections.abc import Sequence

from django import forms

from planner.queries.merging import Difference


class MergeForm(forms.Form):
    """One choice for each detail that differs; `versions` are those of both files that the page showed."""

    versions = forms.RegexField(r"^\d{1,9},\d{1,9}$", widget=forms.HiddenInput)
    reason = forms.CharField(
        label="How do you know that it is one person?",
        help_text="Stays with the record of the merge",
        min_length=10,
        max_length=200,
        error_messages={"min_length": "Write it in 10 characters or more."},
    )
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Signs the merge with your name.",
        strip=False,
    )

    def __init__(self, *args, differences: Sequence[Difference], **kwargs):
        super().__init__(*args, **kwargs)
        self.names = [one.name for one in differences if one.choices]
        for one in differences:
            if one.name in self.names:
                self.fields[one.name] = forms.ChoiceField(
                    label=one.label, choices=one.choices, initial=one.default, widget=forms.RadioSelect
                )

    @property
    def choices(self) -> list[forms.BoundField]:
        """The fields of the details that differ."""
        return [self[name] for name in self.names]

    def picks(self) -> dict[str, str]:
        """What was picked, by detail."""
        return {name: self.cleaned_data[name] for name in self.names}

    def seen(self) -> tuple[int, int]:
        """The versions of the kept and of the merged file."""
        kept, merged = self.cleaned_data["versions"].split(",")
        return int(kept), int(merged)
