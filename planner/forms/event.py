"""Adverse events as forms: report, assess and follow, close."""

import datetime as dt

from django import forms

from clinic import clock
from clinic.dates import DateField
from clinic.models import TreatmentArea
from clinic.words import day_date
from planner.engine.adverse import GRADES, KINDS
from planner.models import AdverseEvent, TreatmentSession
from planner.queries.events import areas_for, treated_sessions

KIND_CHOICES = [
    ("", "Pick one"),
    ("Expected until their window is over", [(k.code, k.name) for k in KINDS.values() if k.window_days]),
    ("Adverse events", [(k.code, k.name) for k in KINDS.values() if not k.window_days]),
]
GRADE_CHOICES = [("", "Pick one"), *((grade, f"{grade}: {words}") for grade, words in GRADES.items())]


def _number(value: str) -> int | None:
    return int(value) if value else None


def _text(label: str, help_text: str = "", **more) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=900, help_text=help_text, widget=widget, **more)


class SessionField(forms.ModelChoiceField):
    """A visit of the patient by its date."""

    def label_from_instance(self, session: TreatmentSession) -> str:
        """`Visit 2, Mon 7 Sep 2026`."""
        return f"Visit {session.appointment.number}, {day_date(session.appointment.on)}"


class ReportForm(forms.Form):
    """What the desk and the practitioner record; kind and grade are asked of practitioners only."""

    use_required_attribute = False
    session = SessionField(
        TreatmentSession.objects.none(),
        label="After which visit",
        required=False,
        empty_label="None of these",
    )
    areas = forms.ModelMultipleChoiceField(
        TreatmentArea.objects.none(),
        label="Where",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: it concerns the whole person.",
    )
    onset_on = DateField(label="Began on")
    said = _text("What was seen or said")
    code = forms.ChoiceField(label="Kind", choices=KIND_CHOICES, required=False)
    grade = forms.TypedChoiceField(
        label="Grade", choices=GRADE_CHOICES, coerce=_number, empty_value=None, required=False
    )
    follow_up_on = DateField(
        label="Look again on", required=False, help_text="It shows on Today from then on."
    )

    def __init__(self, data=None, *, patient, assesses: bool, session=None, now: dt.datetime):
        super().__init__(data)
        sessions = treated_sessions(patient)
        newest = session or sessions.first()
        self.fields["session"].queryset = sessions
        self.fields["areas"].queryset = areas_for(patient)
        self.initial = {"session": newest, "onset_on": clock.local_date(now, patient.location.time_zone)}
        if not assesses:
            for name in ("code", "grade", "follow_up_on"):
                del self.fields[name]


class FollowForm(forms.Form):
    """Assess an open event and write what was done."""

    use_required_attribute = False
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    code = forms.ChoiceField(label="Kind", choices=KIND_CHOICES)
    grade = forms.TypedChoiceField(label="Grade", choices=GRADE_CHOICES, coerce=_number, empty_value=None)
    text = _text("What was done or decided")
    reported_to = forms.CharField(
        label="Reported to",
        max_length=120,
        required=False,
        help_text="Maker, regulator or doctor, if anybody.",
    )
    follow_up_on = DateField(label="Look again on", required=False)
    not_before = DateField(
        label="Next treatment of the area not before",
        required=False,
        help_text="The planner offers no earlier day; a start before it is refused.",
    )
    holds = forms.BooleanField(label="Holds the next start while it is open", required=False)

    @classmethod
    def of(cls, event: AdverseEvent) -> "FollowForm":
        """Filled in with what the event says."""
        names = ("version", "code", "grade", "follow_up_on", "not_before", "holds")
        return cls(initial={name: getattr(event, name) for name in names})


class EndingForm(forms.Form):
    """How an event ended."""

    use_required_attribute = False
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    ending = forms.ChoiceField(label="How it ended", choices=[("", "Pick one"), *AdverseEvent.Ending.choices])
    text = _text("How it is now")
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
