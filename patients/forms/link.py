"""A patient's own link: the birth date that opens it; what staff choose when they make one."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.models import Channel
from patients.contact import Way


class BirthDateForm(forms.Form):
    """Day, month and year in three number fields: no keyboard guesses, no order to get wrong."""

    use_required_attribute = False

    day = forms.IntegerField(label=_("Day"), min_value=1, max_value=31)
    month = forms.IntegerField(label=_("Month"), min_value=1, max_value=12)
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget = forms.TextInput(
                {
                    "class": "form-control",
                    "inputmode": "numeric",
                    "autocomplete": f"bday-{name}",
                    "maxlength": 4,
                    "aria-describedby": "born_help",
                }
            )

    def clean(self):
        """One sentence for whatever is wrong with the three."""
        data = super().clean()
        try:
            data["born"] = dt.date(data["year"], data["month"], data["day"])
        except (KeyError, ValueError):
            self.errors.clear()
            self.add_error("day", _("Write your birth date with three numbers."))
        return data


class LinkForm(forms.Form):
    """How the address leaves the house: the way the patient chose, or shown once for paper."""

    how = forms.ChoiceField(
        label="How",
        choices=[("mail", "Send it by e-mail"), ("paper", "Show the address, to print or copy")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how."},
    )

    def __init__(self, *args, way: Way, **kwargs):
        super().__init__(*args, **kwargs)
        by = "as a text message" if way.channel == Channel.SMS else "by e-mail"
        send = [("mail", f"Send it {by} to {way.masked}")] if way else []
        self.fields["how"].choices = [*send, self.fields["how"].choices[-1]]
        self.initial.setdefault("how", self.fields["how"].choices[0][0])


class SendForm(LinkForm):
    """The same, or on this tablet right away."""

    def __init__(self, *args, way: Way, **kwargs):
        super().__init__(*args, way=way, **kwargs)
        tablet = ("tablet", "Hand this tablet over: you are signed out on it")
        self.fields["how"].choices = [*self.fields["how"].choices, tablet]
