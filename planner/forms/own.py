"""What patients write on their own pages, and what the desk writes when it has dealt with it."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.engine.aftercare.blocks import Blocks
from planner.engine.aftercare.problems import Urgency, choices

WORDS = {"class": "form-control", "rows": 4, "maxlength": 500}


class WordsForm(forms.Form):
    """Some words about a visit; `key` and `version` say which page was sent."""

    use_required_attribute = False

    words = forms.CharField(max_length=500, required=False, widget=forms.Textarea(WORDS))
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, visit) -> "WordsForm":
        """An empty one for a visit as it is now."""
        return cls(initial={"key": uuid.uuid4(), "version": visit.version})


class KeyForm(forms.Form):
    """Nothing but the button; `key` makes the page sent twice one."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class SignsForm(forms.Form):
    """The signs of one level, to tick; the last step has words only."""

    use_required_attribute = False

    signs = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(
        label=_("In your words"), max_length=500, required=False, widget=forms.Textarea(WORDS)
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, level: Urgency, blocks: Blocks, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())
        self.fields["signs"].choices = [(one.code, one.text) for one in choices(level, blocks)]
        if level is Urgency.NOW:
            del self.fields["words"]


class SettleForm(forms.Form):
    """What was done about a notice."""

    note = forms.CharField(
        label="What was done",
        max_length=300,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="For example: called back at 11:20, comes in tomorrow at 9.",
    )
