"""The patient profile."""

from crispy_forms.layout import Div, Layout
from django import forms

from clinic.dates import DateField
from clinic.sms import sms_is_on
from patients.forms.base import bare_helper
from patients.models import Patient
from patients.models.profile import DETAILS


class PatientForm(forms.ModelForm):
    """Who the patient is. Saving goes through `patients.intake`; `today` is the local day."""

    birth_date = DateField(label="Date of birth", help_text="For example 14 Mar 1992")
    expectations_on = DateField(
        label="Expectations talked through on",
        required=False,
        help_text="Results vary, and no result is promised",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    known = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Patient
        fields = DETAILS
        widgets = {
            "contact_by": forms.RadioSelect,
            "goals": forms.Textarea(attrs={"rows": 3}),
            "notes": forms.Textarea(attrs={"rows": 3}),
            "given_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "family_name": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        error_messages = {
            "phone": {"invalid": "Write a whole phone number, such as 020 7946 0018 or +44 20 7946 0018."},
            "emergency_phone": {"invalid": "Write a whole phone number, such as 020 7946 0018."},
            "family_name": {"required": "Write the last name. Who has one name only: write it here."},
        }
        labels = {"contact_by": "May we write, and how?"}
        help_texts = {
            "given_name": "Empty if the person has one name only",
            "contact_by": "Ask for it: dates, reminders and links go this way",
            "allergies": "Shown in the head of the patient’s page",
        }

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["phototype"].choices = [("", "Not recorded"), *Patient.PHOTOTYPES]
        self.fields["contact_by"].choices = self._ways()
        self.fields["contact_by"].required = not self.is_bound or "contact_by" in self.data
        self.fields["version"].initial = self.instance.version
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)  # browsers cut what is pasted there without a word
        self.helper = bare_helper()

    def clean_birth_date(self):
        """A birth date lies in the past, and not before 1900."""
        born = self.cleaned_data["birth_date"]
        if born >= self.today:
            raise forms.ValidationError("A date of birth lies in the past.", code="ahead")
        return born

    def _ways(self) -> list[tuple[str, str]]:
        """The ways to write that this clinic has; one chosen before stays."""
        off = set() if sms_is_on() or self.instance.contact_by == "sms" else {"sms"}
        return [choice for choice in Patient.Contact.choices if choice[0] not in off]

    def clean(self):
        """A way to write needs its address."""
        data = super().clean()
        data["contact_by"] = way = data.get("contact_by") or self.instance.contact_by
        if way == Patient.Contact.SMS and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", "Text messages need a mobile phone. Add it, or pick another way.")
        return data

    def clean_expectations_on(self):
        """A talk that has not happened is not recorded."""
        day = self.cleaned_data["expectations_on"]
        if day and day > self.today:
            raise forms.ValidationError("This day has not come yet.", code="ahead")
        return day

    def details(self) -> dict:
        """What was typed, for the command."""
        return {name: self.cleaned_data[name] for name in DETAILS}

    def known_ids(self) -> set[int]:
        """The possible duplicates that were shown and passed by."""
        known = self.data.get("known", "").split(",")
        return {int(part) for part in known if part.isdecimal() and len(part) < 19}

    def contact_layout(self) -> Layout:
        """Who and how to reach."""
        return Layout(
            Div("given_name", "family_name", css_class="np-grid np-g-2"),
            Div("birth_date", "preferred_name", css_class="np-grid np-g-2"),
            Div("phone", "email", css_class="np-grid np-g-2"),
            Div("emergency_contact", "emergency_phone", css_class="np-grid np-g-2"),
            Div("language", "contact_by", css_class="np-grid np-g-2"),
        )

    def treatment_layout(self) -> Layout:
        """What the treatment must know."""
        return Layout(
            Div("phototype", "allergies", css_class="np-grid np-g-2"),
            Div("goals"),
            Div("expectations_on", css_class="np-grid np-g-2"),
            Div("notes"),
        )

    @property
    def contact_helper(self):
        """Crispy helper of the first card."""
        return bare_helper(self.contact_layout())

    @property
    def treatment_helper(self):
        """Crispy helper of the second card."""
        return bare_helper(self.treatment_layout())
