"""The review after a course as forms: which time, and why it is cancelled."""

import datetime as dt

from django import forms
from django.utils.dateparse import parse_datetime

from clinic.dates import DateField, DateInput


class SinceForm(forms.Form):
    """From which day times are looked for."""

    since = DateField(
        label="Not before", required=False, widget=DateInput(attrs={"class": "form-control np-auto"})
    )

    def day(self) -> dt.date | None:
        """The day, where one was typed."""
        return self.cleaned_data["since"] if self.is_bound and self.is_valid() else None


class ReviewForm(forms.Form):
    """One of the free times; `version` is that of the booked review that moves there."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    time = forms.CharField(
        max_length=80, error_messages={"required": "Pick one of the times."}, widget=forms.HiddenInput
    )

    def clean_time(self) -> dict:
        """Start, practitioner and room of the time that was picked."""
        start, person, room = [*self.cleaned_data["time"].split("|"), "", ""][:3]
        moment = parse_datetime(start) if start else None
        if moment is None or moment.tzinfo is None or not (person.isdecimal() and room.isdecimal()):
            raise forms.ValidationError("Pick one of the times.")
        return {"start": moment, "practitioner_id": int(person), "room_id": int(room)}


class CancelReviewForm(forms.Form):
    """Why a review is cancelled."""

    use_required_attribute = False
    reason = forms.CharField(
        label="Why is it cancelled?",
        max_length=200,
        error_messages={"required": "Write why the review is cancelled."},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
