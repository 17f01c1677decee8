"""What Rosa types to get three proposals."""

import datetime as dt

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms

from clinic.dates import DateField, DateInput, TimeField, TimeInput
from clinic.models import Indication, Practitioner, TreatmentArea
from clinic.words import gap_words
from planner.models import Protocol
from planner.planning import CourseRequest

DAYS = [
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
]
GAPS = (28, 35, 42)  # days: offered where the protocol allows them (ruling 18)
FURTHEST = dt.timedelta(days=365)
# A switch that makes wishes firm, the wishes it needs, and what to say when there are none.
MUSTS = [
    ("weekdays_must", ["weekdays"], "Pick the days above, or untick this."),
    ("hours_must", ["after", "before"], "Write a time above, or untick this."),
    ("practitioner_must", ["practitioner"], "Pick a person above, or untick this."),
]


class PlanForm(forms.Form):
    """A course as asked for. Built for one location, one indication's protocol and the screened areas."""

    indication = forms.ModelChoiceField(Indication.objects.none(), label="Treating", empty_label=None)
    areas = forms.ModelMultipleChoiceField(
        TreatmentArea.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Pick at least one area."},
    )
    sessions = forms.TypedChoiceField(label="Visits", coerce=int)
    gap_target_days = forms.TypedChoiceField(label="Gap", coerce=int)
    start_from = DateField(label="Start from")
    first_today = forms.BooleanField(label="First visit today: the patient is here", required=False)
    finish_by = DateField(label="Finish by", required=False, widget=DateInput({"placeholder": "Any date"}))
    weekdays = forms.TypedMultipleChoiceField(
        label="Days that suit", choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    weekdays_must = forms.BooleanField(label="Only these days", required=False)
    after = TimeField(label="After", required=False, widget=TimeInput({"placeholder": "Any time"}))
    before = TimeField(label="Before", required=False, widget=TimeInput({"placeholder": "Any time"}))
    hours_must = forms.BooleanField(label="Only these hours", required=False)
    practitioner = forms.ModelChoiceField(
        Practitioner.objects.none(), required=False, empty_label="Anyone who is free"
    )
    practitioner_must = forms.BooleanField(label="Only this person", required=False)
    numbing_minutes = forms.TypedChoiceField(label="Numbing, room only", coerce=int)

    def __init__(self, *args, location, screened, areas, protocol: Protocol, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["indication"].queryset = Indication.objects.filter(pk=screened.indication_id)
        self.fields["areas"].queryset = TreatmentArea.objects.filter(pk__in=[area.pk for area in areas])
        self.fields["practitioner"].queryset = Practitioner.objects.filter(
            is_active=True, locations=location, indications=screened.indication_id
        ).distinct()
        sessions = range(protocol.sessions_min, protocol.sessions_max + 1)
        self.fields["sessions"].choices = [(n, str(n)) for n in sessions]
        self.fields["gap_target_days"].choices = [
            (days, f"About {gap_words(days)}") for days in _gaps(protocol)
        ]
        minutes = sorted({0, 20, 30, 40, 60, protocol.numbing_minutes})
        self.fields["numbing_minutes"].choices = [(n, f"{n} min" if n else "None") for n in minutes]
        self.helper = _layout()

    def clean_start_from(self):
        """A course starts today or later, and not years ahead."""
        start = self.cleaned_data["start_from"]
        if start < self.today:
            raise forms.ValidationError("This day is over. Pick today or a later day.")
        if start > self.today + FURTHEST:
            raise forms.ValidationError("This is more than a year ahead. Pick an earlier day.")
        return start

    def clean(self):
        """Ends come after starts."""
        data = super().clean()
        start, finish = data.get("start_from"), data.get("finish_by")
        if start and finish and finish <= start:
            self.add_error(
                "finish_by", "This is before the course starts. Pick a later day or leave it empty."
            )
        if data.get("first_today") and start and start > self.today:
            self.add_error("first_today", "The course starts later. Start from today, or untick this.")
        after, before = data.get("after"), data.get("before")
        if after and before and before <= after:
            self.add_error("before", "This is not after the first time. Pick a later time.")
        for switch, wishes, sentence in MUSTS:
            if data.get(switch) and not any(data.get(name) or name in self.errors for name in wishes):
                self.add_error(switch, sentence)
        return data

    def request(self) -> CourseRequest:
        """The planner's request; only after is_valid()."""
        data = self.cleaned_data
        return CourseRequest(
            indication_id=data["indication"].pk,
            area_ids=tuple(sorted(area.pk for area in data["areas"])),
            sessions=data["sessions"],
            gap_target_days=data["gap_target_days"],
            start_from=data["start_from"],
            finish_by=data["finish_by"],
            numbing_minutes=data["numbing_minutes"],
            weekdays=tuple(sorted(data["weekdays"])),
            weekdays_must=data["weekdays_must"],
            after_minute=_minute(data["after"]),
            before_minute=_minute(data["before"]),
            hours_must=data["hours_must"],
            practitioner_id=data["practitioner"].pk if data["practitioner"] else None,
            practitioner_must=data["practitioner_must"],
            start_by=self.today if data["first_today"] else None,
        )


def _gaps(protocol: Protocol) -> list[int]:
    """The protocol's own gaps and every usual one between them, in days."""
    low, high = protocol.gap_min_days, protocol.gap_max_days
    return sorted({low, protocol.gap_target_days, high, *(days for days in GAPS if low <= days <= high)})


def typed_again(request: CourseRequest, today: dt.date) -> dict:
    """A request as the form's initial values, to show it again; a start that is over becomes today."""
    return {
        "indication": request.indication_id,
        "areas": list(request.area_ids),
        "sessions": request.sessions,
        "gap_target_days": request.gap_target_days,
        "start_from": max(request.start_from, today),
        "finish_by": request.finish_by,
        "numbing_minutes": request.numbing_minutes,
        "weekdays": list(request.weekdays),
        "weekdays_must": request.weekdays_must,
        "after": _time(request.after_minute),
        "before": _time(request.before_minute),
        "hours_must": request.hours_must,
        "practitioner": request.practitioner_id,
        "practitioner_must": request.practitioner_must,
        "first_today": request.start_by == today,
    }


def _minute(time: dt.time | None) -> int | None:
    return None if time is None else time.hour * 60 + time.minute


def _time(minute: int | None) -> dt.time | None:
    return None if minute is None else dt.time(*divmod(minute, 60))


def _layout() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    pair = "np-grid np-g-2 gap-2"
    helper.layout = Layout(
        "indication",
        Field("areas", template="components/_chips.html"),
        Div("sessions", "gap_target_days", css_class=pair),
        Div(Div("start_from", "finish_by", css_class=pair), "first_today", css_class="np-wish"),
        Div(Field("weekdays", template="components/_weekdays.html"), "weekdays_must", css_class="np-wish"),
        Div(Div("after", "before", css_class=pair), "hours_must", css_class="np-wish"),
        Div("practitioner", "practitioner_must", css_class="np-wish"),
        "numbing_minutes",
    )
    return helper
