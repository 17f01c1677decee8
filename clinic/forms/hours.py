"""Opening hours, working hours, closures, time off: typed in local time."""

import datetime as dt

from django import forms
from django.db.models import Q

from clinic import clock
from clinic.dates import DateField, TimeField
from clinic.forms.base import SettingsForm, typed_field
from clinic.models import Absence, Closure, Device, Location, OpeningHours, Practitioner, Room, WorkingHours
from clinic.models.hours import WEEKDAYS
from clinic.words import day_date


class WeeklyForm(SettingsForm):
    """One span on one weekday; a new one may be entered for several weekdays at once."""

    weekdays = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple, label="Weekdays"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        gone = "weekday" if self.instance._state.adding else "weekdays"
        del self.fields[gone]
        rows = (tuple(name for name in row if name != gone) for row in self.rows)
        self.lay_out(rows)

    def clean(self):
        """Refuse a span that overlaps one of the same owner on the same weekday."""
        data = super().clean()
        if {"opens", "closes"} <= data.keys() and not self.errors:
            others = [self._overlapping(data, weekday) for weekday in self.chosen_weekdays()]
            for other in filter(None, others):
                self.add_error("opens", f"This overlaps {other}.")
        return data

    def chosen_weekdays(self) -> list[int]:
        """The weekdays of the form, one when a row is changed."""
        data = self.cleaned_data
        return sorted(data["weekdays"]) if "weekdays" in data else [data["weekday"]]

    def _overlapping(self, data, weekday):
        if not data["opens"] < data["closes"]:
            return None
        return (
            self.same_owner(data)
            .filter(weekday=weekday, opens__lt=data["closes"], closes__gt=data["opens"])
            .filter(_until(data["valid_to"]), _since(data["valid_from"]))
            .exclude(pk=self.instance.pk)
            .first()
        )

    def _post_clean(self):
        if "weekdays" in self.cleaned_data:
            self.instance.weekday = self.cleaned_data["weekdays"][0]
        super()._post_clean()

    def after_saving(self) -> list:
        """The rows as they would be after saving."""
        if "weekdays" not in self.cleaned_data:
            return [self.instance]
        names = [name for name in self._meta.fields if name != "weekday"]
        values = {name: self.cleaned_data[name] for name in names}
        return [self._meta.model(weekday=weekday, **values) for weekday in self.cleaned_data["weekdays"]]

    def save(self, commit=True):
        """Save every weekday's row."""
        for row in self.after_saving():
            row.full_clean()
            row.save()
        return self.instance


def _until(last: dt.date | None) -> Q:
    """Rows that begin on or before a last day."""
    return Q() if last is None else Q(valid_from=None) | Q(valid_from__lte=last)


def _since(first: dt.date | None) -> Q:
    """Rows that still hold on or after a first day."""
    return Q() if first is None else Q(valid_to=None) | Q(valid_to__gte=first)


SPAN_LABELS = {"valid_from": "First day", "valid_to": "Last day"}
SPAN_HELP = {"valid_from": "Empty: always.", "valid_to": "Empty: for good."}


class OpeningHoursForm(WeeklyForm):
    """When a location is open."""

    rows = (("location",), ("weekday", "weekdays"), ("opens", "closes"), ("valid_from", "valid_to"))
    beside = {
        "opening_hours_end_after_they_start": "closes",
        "opening_hours_validity_is_in_order": "valid_to",
        "opening_hours_weekday_exists": "weekday",
    }

    class Meta:
        model = OpeningHours
        fields = ["location", "weekday", "opens", "closes", "valid_from", "valid_to"]
        formfield_callback = typed_field
        labels = SPAN_LABELS
        help_texts = SPAN_HELP

    def same_owner(self, data):
        """The other hours of this location."""
        return OpeningHours.objects.filter(location=data["location"]).select_related("location")


class WorkingHoursForm(WeeklyForm):
    """When a practitioner works at a location."""

    rows = (
        ("practitioner", "location"),
        ("weekday", "weekdays"),
        ("opens", "closes"),
        ("valid_from", "valid_to"),
    )
    beside = {
        "working_hours_end_after_they_start": "closes",
        "working_hours_validity_is_in_order": "valid_to",
        "working_hours_weekday_exists": "weekday",
    }

    class Meta:
        model = WorkingHours
        fields = ["practitioner", "location", "weekday", "opens", "closes", "valid_from", "valid_to"]
        formfield_callback = typed_field
        labels = SPAN_LABELS
        help_texts = SPAN_HELP

    def clean(self):
        """Hours are at a location of the practitioner."""
        data = super().clean()
        person, place = data.get("practitioner"), data.get("location")
        if person and place and not person.locations.filter(pk=place.pk).exists():
            self.add_error("location", f"{person} does not work at {place}. Add the location to them first.")
        return data

    def same_owner(self, data):
        """The practitioner's other hours, wherever they are: nobody is in two places at a time."""
        return WorkingHours.objects.filter(practitioner=data["practitioner"]).select_related("practitioner")


class ClosureForm(SettingsForm):
    """Whole days on which a location is closed."""

    rows = (("location",), ("first_date", "last_date"), ("reason",))
    beside = {"closure_days_are_in_order": "last_date"}

    class Meta:
        model = Closure
        fields = ["location", "first_date", "last_date", "reason"]
        formfield_callback = typed_field

    def clean(self):
        """Refuse days that are closed already."""
        data = super().clean()
        if {"location", "first_date", "last_date"} <= data.keys():
            other = (
                Closure.objects.filter(
                    location=data["location"],
                    first_date__lte=data["last_date"],
                    last_date__gte=data["first_date"],
                )
                .exclude(pk=self.instance.pk)
                .first()
            )
            if other:
                self.add_error("first_date", f"{data['location']} is already closed then: {other}.")
        return data


class AbsenceForm(SettingsForm):
    """Time off of one practitioner, room or device, typed in the local time of one location."""

    location = forms.ModelChoiceField(
        Location.objects.all(), label="In the time of", help_text="Dates and times below are local here."
    )
    first_day = DateField()
    first_time = TimeField(label="From", required=False, help_text="Empty: from the start of the day.")
    last_day = DateField()
    last_time = TimeField(label="To", required=False, help_text="Empty: to the end of the day.")
    rows = (
        ("location",),
        ("practitioner", "room", "device"),
        ("first_day", "first_time"),
        ("last_day", "last_time"),
        ("reason",),
    )
    beside = {
        "absence_ends_after_it_starts": "last_day",
        "absence_is_of_exactly_one_practitioner_room_or_device": "practitioner",
    }

    class Meta:
        model = Absence
        fields = ["practitioner", "room", "device", "reason"]
        formfield_callback = typed_field
        help_texts = {"practitioner": "Pick one person, one room or one device."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].queryset = Practitioner.objects.order_by("name")
        self.fields["room"].queryset = Room.objects.order_by("location__name", "name")
        self.fields["device"].queryset = Device.objects.order_by("location__name", "name")
        if self.instance.pk:
            self._show_stored_times()

    def _show_stored_times(self):
        row = self.instance
        place = row.room.location if row.room else row.device.location if row.device else None
        place = place or row.practitioner.locations.first() or self.by.location
        first, last = clock.local(row.start, place.time_zone), clock.local(row.end, place.time_zone)
        self.initial |= {"location": place, "first_day": first.date(), "last_day": last.date()}
        if first.time() != dt.time():
            self.initial["first_time"] = first.time()
        if last.time() == dt.time():
            self.initial["last_day"] = last.date() - dt.timedelta(days=1)
        else:
            self.initial["last_time"] = last.time()

    def clean(self):
        """Turn local days and times into instants; the person, room or device belongs to the location."""
        data = super().clean()
        place = data.get("location")
        if place:
            self._check_place(data, place)
        if place and {"first_day", "last_day", "first_time", "last_time"} <= data.keys():
            self._set_instants(data, place.time_zone)
        return data

    def _post_clean(self):
        """A person, room or device that was refused is not missing as well."""
        if not {"practitioner", "room", "device"} & self.errors.keys():
            super()._post_clean()

    def _check_place(self, data, place):
        person = data.get("practitioner")
        if person and not person.locations.filter(pk=place.pk).exists():
            self.add_error("practitioner", f"{person} does not work at {place}.")
        for name in ("room", "device"):
            row = data.get(name)
            if row and row.location_id != place.pk:
                self.add_error(name, f"{row} is not at {place}.")

    def _set_instants(self, data, zone):
        self.instance.start = self._instant("first_time", data["first_day"], data["first_time"], zone)
        if data["last_time"] is None:
            self.instance.end = clock.day_bounds(data["last_day"], zone)[1]
        else:
            self.instance.end = self._instant("last_time", data["last_day"], data["last_time"], zone, -1)
        if not self.errors and self.instance.end <= self.instance.start:
            self.add_error("last_day", "The end must be later than the start.")

    def _instant(self, field, day, time, zone, which=0):
        """Of a time that comes twice an absence begins at the first and ends at the last."""
        found = clock.moments(day, time or dt.time(), zone)
        if time and not found:
            self.add_error(
                field, f"{time:%H:%M} does not exist on {day_date(day)}: the clocks go forward. Pick another."
            )
        return found[which] if found else clock.instant(day, time or dt.time(), zone)
