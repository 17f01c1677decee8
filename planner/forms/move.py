"""Where a visit should go, and what should follow from a visit that is cancelled or missed."""

import datetime as dt

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms

from clinic import clock
from clinic.dates import DateField, TimeField
from clinic.models import Practitioner, Room
from planner.forms.visit import ReasonForm
from planner.models import Appointment

FURTHEST = dt.timedelta(days=365)
PASSES = ("The first", "The second")  # of a time that comes twice when the clocks go back


class MoveForm(forms.Form):
    """A place in the diary: person and room may be left to the planner."""

    on = DateField(label="Date")
    at = TimeField(label="Arrives at")
    practitioner = forms.ModelChoiceField(
        Practitioner.objects.none(), required=False, empty_label="Whoever is free"
    )
    room = forms.ModelChoiceField(Room.objects.none(), required=False, empty_label="Any free room")
    pass_of_hour = forms.TypedChoiceField(
        label="Which of the two",
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args, visit: Appointment, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.visit, self.today = visit, today
        self.fields["practitioner"].queryset = Practitioner.objects.filter(
            is_active=True, locations=visit.location_id, indications=visit.course.indication_id
        ).distinct()
        self.fields["room"].queryset = Room.objects.filter(location=visit.location_id, is_active=True)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the form only looks
        self.helper.form_show_errors = False  # the page has its own summary
        pair = "np-grid np-g-2 gap-2"
        self.helper.layout = Layout(
            Div("on", "at", css_class=pair), Div("practitioner", "room", css_class=pair)
        )
        self._ask_which_of_the_two()

    def clean_on(self):
        """A day that is not over and not years ahead."""
        on = self.cleaned_data["on"]
        if on < self.today:
            raise forms.ValidationError("This day is over. Pick today or a later day.")
        if on > self.today + FURTHEST:
            raise forms.ValidationError("This is more than a year ahead. Pick an earlier day.")
        return on

    def _ask_which_of_the_two(self) -> None:
        """The hour that comes twice is asked about, and only then."""
        given = self.data if self.is_bound else self.initial
        try:
            on, at = (
                self.fields["on"].to_python(given.get("on")),
                self.fields["at"].to_python(given.get("at")),
            )
        except forms.ValidationError:
            on = at = None
        found = clock.moments(on, at, self._zone) if on and at else []
        if len(found) < 2:
            del self.fields["pass_of_hour"]
            return
        names = [
            (n, f"{word}: {clock.said(one, self._zone)}")
            for n, word, one in zip((1, 2), PASSES, found, strict=True)
        ]
        self.fields["pass_of_hour"].choices = [("", "Pick one"), *names]
        self.helper.layout.append("pass_of_hour")

    @property
    def _zone(self) -> str:
        return self.visit.location.time_zone

    def clean(self):
        """A local time that exists: one hour a year does not, and one comes twice."""
        data = super().clean()
        if data.get("on") and data.get("at"):
            found = clock.moments(data["on"], data["at"], self._zone)
            if not found:
                self.add_error("at", "The clocks go forward then, so this time does not exist.")
                return data
            if len(found) == 2 and not data.get("pass_of_hour"):
                if "pass_of_hour" not in self.errors:
                    self.add_error(
                        "pass_of_hour", "The clocks go back then: this time comes twice. Pick one."
                    )
                return data
            data["start"] = found[(data.get("pass_of_hour") or 1) - 1]
        return data


def typed_place(visit: Appointment) -> dict:
    """Where a visit is now, as the form's initial values."""
    return typed_moment(visit.start, visit.location.time_zone) | {
        "practitioner": visit.practitioner_id,
        "room": None,
    }


def typed_moment(start: dt.datetime, zone: str) -> dict:
    """An instant as the form's initial values; which pass it is counts only where the hour comes twice."""
    wall = clock.local(start, zone)
    return {"on": wall.date(), "at": wall.time(), "pass_of_hour": wall.fold + 1}


def place_from(query, zone: str) -> dict:
    """The values of a page's address; `start` is an instant in ISO format or the local time there."""
    data = query.dict()
    if data.get("start"):
        try:
            start = dt.datetime.fromisoformat(data["start"])
        except ValueError:
            return data
        wall = clock.local(start, zone) if start.tzinfo else start
        data |= {"on": wall.date().isoformat(), "at": f"{wall:%H:%M}"}
        if start.tzinfo:
            data["pass_of_hour"] = str(wall.fold + 1)
    return data


class EndVisitForm(ReasonForm):
    """Why a visit is cancelled or was missed, and whether it gets a new date."""

    CHOICES = [
        ("free", "Only free this visit. The other dates stay."),
        ("rebook", "Book a new date for it. You see the new dates before anything changes."),
    ]
    then = forms.ChoiceField(
        label="And then", choices=CHOICES, widget=forms.RadioSelect, initial="free", required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = False  # the page has its own summary
        self.helper.layout = Layout(
            "reason",
            Field("then", template="components/_choices.html", wrapper_class="np-wish"),
            "key",
            "version",
        )
