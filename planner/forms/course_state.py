"""Putting a course on hold, stopping it, giving it more visits, planning its dates anew."""

import datetime as dt

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms

from clinic.dates import DateField, DateInput
from planner.forms.visit import WHO_READS
from planner.models import TreatmentCourse


class _KeyForm(forms.Form):
    """A form that is sent once: the key is drawn with the page."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def lay_out(self, *parts) -> None:
        """Show these fields, and carry the key."""
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = False  # the page has its own summary
        self.helper.layout = Layout(*parts, "key")


class StopForm(_KeyForm):
    """Why the course ends."""

    reason = forms.CharField(
        max_length=180,
        label="Why",
        help_text=WHO_READS,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lay_out("reason")


class HoldForm(_KeyForm):
    """Why the course waits, and what becomes of its dates."""

    CHOICES = [
        ("release", "Free them. New dates are found when the course resumes."),
        ("keep", "Keep them. Nobody else gets these times."),
    ]
    reason = forms.CharField(
        max_length=180,
        label="Why",
        help_text=WHO_READS,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    dates = forms.ChoiceField(
        label="The booked visits", choices=CHOICES, widget=forms.RadioSelect, initial="release"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lay_out("reason", Field("dates", template="components/_choices.html"))


class ExtendForm(forms.Form):
    """How many visits the course should have."""

    sessions = forms.TypedChoiceField(label="Visits in all", coerce=int)

    def __init__(self, *args, course: TreatmentCourse, **kwargs):
        super().__init__(*args, **kwargs)
        numbers = range(course.sessions + 1, course.protocol.sessions_max + 1)
        self.fields["sessions"].choices = [(number, str(number)) for number in numbers]


class NotBeforeForm(forms.Form):
    """The first day that suits; nothing earlier."""

    first = DateField(label="Not before", required=False, widget=DateInput({"placeholder": "Any date"}))

    def not_before(self) -> dt.date | None:
        """The day, if one was written."""
        return self.cleaned_data.get("first") if self.is_valid() else None


class HoldVisitsForm(_KeyForm):
    """What becomes of the dates that a screening holds."""

    dates = forms.ChoiceField(
        label="The booked visits", choices=HoldForm.CHOICES, widget=forms.RadioSelect, initial="release"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lay_out(Field("dates", template="components/_choices.html"))
