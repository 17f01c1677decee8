"""Locations, rooms, devices."""

from zoneinfo import available_timezones

from django import forms

from clinic.forms.base import LimitedForm, SettingsForm, typed_field
from clinic.models import Device, DeviceLabelUse, Location, Room

ZONES = [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name]


class LocationForm(SettingsForm):
    """One site; its zone decides every local date and time of its diary."""

    time_zone = forms.ChoiceField(
        choices=[("", "Pick one"), *ZONES],
        help_text="Dates and times of this location are shown and typed in this zone.",
    )
    rows = (
        ("name",),
        ("time_zone", "grid_minutes"),
        ("address",),
        ("phone", "emergency_number", "paper"),
        ("phone_from", "phone_until"),
        ("phone_saturday_from", "phone_saturday_until"),
        ("phone_sunday_from", "phone_sunday_until"),
        ("reminder_days", "preparation_on"),
        ("write_from", "write_until"),
    )
    beside = {
        "hours_to_write_in_end_after_they_start": "write_until",
        "hours_of_the_phone_are_whole": "phone_until",
        "hours_of_the_phone_saturday_are_whole": "phone_saturday_until",
        "hours_of_the_phone_sunday_are_whole": "phone_sunday_until",
    }

    class Meta:
        model = Location
        fields = [
            "name",
            "time_zone",
            "grid_minutes",
            "address",
            "phone",
            "phone_from",
            "phone_until",
            "phone_saturday_from",
            "phone_saturday_until",
            "phone_sunday_from",
            "phone_sunday_until",
            "emergency_number",
            "paper",
            "reminder_days",
            "preparation_on",
            "write_from",
            "write_until",
        ]
        formfield_callback = typed_field
        error_messages = {"name": {"unique": "A location of that name is already there."}}
        help_texts = {
            "phone_from": "Patients read these hours in their own language.",
            "phone_saturday_from": "Empty: nobody answers on Saturday.",
            "phone_sunday_from": "Empty: nobody answers on Sunday.",
        }

    def clean_time_zone(self):
        """Keep the zone of a location with visits: their days were counted in it."""
        zone = self.cleaned_data["time_zone"]
        row = self.instance
        if row.pk and "time_zone" in self.changed_data and row.appointments.exists():
            raise forms.ValidationError("This location has visits; its time zone stays.", code="has_visits")
        return zone


class RoomForm(SettingsForm):
    """A place for one patient at a time."""

    rows = (("name", "location"), ("turnover_minutes",), ("is_active",))
    beside = {
        "room_name_is_unique_in_its_location": "name",
        "turnover_is_at_most_60_minutes": "turnover_minutes",
    }

    class Meta:
        model = Room
        fields = ["name", "location", "turnover_minutes", "is_active"]
        formfield_callback = typed_field


class LabelUseForm(SettingsForm):
    """One use on the label of a device, with its own skin types."""

    rows = (("device", "indication"), ("phototype_from", "phototype_to"))
    beside = {"skin_types_of_a_use_are_in_order": "phototype_to"}

    class Meta:
        model = DeviceLabelUse
        fields = ["device", "indication", "phototype_from", "phototype_to"]
        formfield_callback = typed_field
        help_texts = {"phototype_from": "Empty: those of the device."}


class DeviceForm(LimitedForm):
    """A pen or roller with the limits of its label."""

    rows = (
        ("name", "location"),
        ("model_name", "serial"),
        ("udi",),
        ("label_max_mm", "label_use"),
        ("label_indications",),
        ("label_phototype_from", "label_phototype_to", "label_age_from"),
        ("rooms",),
        ("is_active",),
    )
    beside = {
        "device_name_is_unique_in_its_location": "name",
        "device_label_depth_is_between_0_10_and_3_mm": "label_max_mm",
        "skin_types_of_a_label_are_in_order": "label_phototype_to",
    }

    class Meta:
        model = Device
        fields = [
            "name",
            "location",
            "model_name",
            "serial",
            "udi",
            "label_max_mm",
            "label_use",
            "label_indications",
            "label_phototype_from",
            "label_phototype_to",
            "label_age_from",
            "rooms",
            "is_active",
        ]
        formfield_callback = typed_field
        help_texts = {
            "label_indications": "None ticked: the room says nothing. Otherwise every other use is flagged.",
            "label_age_from": "Empty: the label names none.",
        }

    def clean(self):
        """Rooms of the device's own location only."""
        data = super().clean()
        strangers = [room for room in data.get("rooms", ()) if room.location != data.get("location")]
        if data.get("location") and strangers:
            self.add_error("rooms", f"{strangers[0]} is at another location.")
        return data
