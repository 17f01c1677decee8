"""Where we treat: locations with their time zone, rooms, devices."""

import datetime as dt
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models

from clinic.phone_hours import phone_words


def check_time_zone(value: str) -> None:
    """Accept IANA zone names only."""
    if value not in available_timezones():
        raise ValidationError("Pick a time zone such as Europe/London.", code="unknown_zone")


def _whole_phone_hours(prefix: str) -> models.CheckConstraint:
    """Both ends of a day's phone hours in order, or neither."""
    first, last = f"{prefix}_from", f"{prefix}_until"
    return models.CheckConstraint(
        condition=models.Q(
            **{f"{last}__gt": models.F(first), f"{first}__isnull": False, f"{last}__isnull": False}
        )
        | models.Q(**{first: None, last: None}),
        name=f"hours_of_the_{prefix}_are_whole",
        violation_error_message="Give both hours, the earlier first, or neither.",
    )


class Location(models.Model):
    """One site of the clinic; every local date and time of its diary is in its own zone."""

    class Paper(models.TextChoices):
        """What its printer holds."""

        A4 = "a4", "A4"
        LETTER = "us-letter", "Letter"

    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(
        max_length=60, validators=[check_time_zone], help_text="For example Europe/London"
    )
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=30)
    phone_from = models.TimeField("phone answered Monday to Friday from", null=True, blank=True)
    phone_until = models.TimeField("until", null=True, blank=True)
    phone_saturday_from = models.TimeField("on Saturday from", null=True, blank=True)
    phone_saturday_until = models.TimeField("until", null=True, blank=True)
    phone_sunday_from = models.TimeField("on Sunday from", null=True, blank=True)
    phone_sunday_until = models.TimeField("until", null=True, blank=True)
    emergency_number = models.CharField(
        max_length=10, help_text="The number patients call in an emergency here"
    )
    paper = models.CharField(max_length=10, choices=Paper, default=Paper.A4)
    grid_minutes = models.PositiveSmallIntegerField(
        "visits start every",
        default=15,
        choices=[(5, "5 min"), (10, "10 min"), (15, "15 min"), (30, "30 min")],
    )
    reminder_days = models.PositiveSmallIntegerField(
        "remind before each visit",
        default=2,
        choices=[(0, "Never"), (1, "1 day"), (2, "2 days"), (3, "3 days"), (4, "4 days"), (7, "7 days")],
    )
    preparation_on = models.BooleanField(
        "say before each visit how to prepare", default=True, help_text="In time for what is stopped first"
    )
    write_from = models.TimeField(
        "write from", default=dt.time(9), help_text="Reminders leave in these hours"
    )
    write_until = models.TimeField("write until", default=dt.time(19))

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(write_until__gt=models.F("write_from")),
                name="hours_to_write_in_end_after_they_start",
                violation_error_message="This hour comes before the first one.",
            ),
            *(_whole_phone_hours(f"phone{day}") for day in ("", "_saturday", "_sunday")),
        ]

    def __str__(self):
        return self.name

    @property
    def phone_hours(self) -> str:
        """When somebody answers the phone, in the active language; "" if that is not known."""
        weekday, saturday, sunday = (
            (start, end) if start and end else None
            for start, end in (
                (self.phone_from, self.phone_until),
                (self.phone_saturday_from, self.phone_saturday_until),
                (self.phone_sunday_from, self.phone_sunday_until),
            )
        )
        return phone_words([weekday] * 5 + [saturday, sunday])


class Room(models.Model):
    """A place for one patient at a time; numbing and turnover occupy it too."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=40)
    turnover_minutes = models.PositiveSmallIntegerField("cleaning after each visit (min)", default=10)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["location", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "name"],
                name="room_name_is_unique_in_its_location",
                violation_error_message="This location already has a room of that name.",
            ),
            models.CheckConstraint(
                condition=models.Q(turnover_minutes__lte=60) & models.Q(turnover_minutes__gte=0),
                name="turnover_is_at_most_60_minutes",
                violation_error_message="Cleaning takes 60 minutes at most.",
            ),
        ]

    def __str__(self):
        return self.name


SKIN_TYPES = [(1, "I"), (2, "II"), (3, "III"), (4, "IV"), (5, "V"), (6, "VI")]


def _skin_types(first: str, last: str) -> models.Q:
    """Both fields name a skin type, the lighter first, or neither does."""
    neither = models.Q(**{first: None, last: None})
    given = {f"{first}__isnull": False, f"{last}__isnull": False}
    ends = {f"{first}__gte": 1, f"{last}__lte": 6, f"{last}__gte": models.F(first)}
    return neither | models.Q(**given, **ends)


class Device(models.Model):
    """A pen or roller with the limits of its label."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(max_length=60)
    model_name = models.CharField("make and model", max_length=80)
    serial = models.CharField("serial number", max_length=60, blank=True)
    label_max_mm = models.DecimalField(
        "deepest setting on its label (mm)", max_digits=3, decimal_places=2, default="3.00"
    )
    label_use = models.CharField("use on its label", max_length=200, blank=True)
    label_indications = models.ManyToManyField(
        "clinic.Indication",
        verbose_name="indications on its label",
        blank=True,
        through="DeviceLabelUse",
        related_name="+",
    )
    label_phototype_from = models.PositiveSmallIntegerField(
        "skin types on its label from", choices=SKIN_TYPES, null=True, blank=True
    )
    label_phototype_to = models.PositiveSmallIntegerField(
        "skin types on its label to", choices=SKIN_TYPES, null=True, blank=True
    )
    label_age_from = models.PositiveSmallIntegerField("youngest age on its label", null=True, blank=True)
    udi = models.CharField("device identifier (UDI)", max_length=100, blank=True)
    rooms = models.ManyToManyField(Room, blank=True, help_text="Leave empty if it goes to every room")
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["location", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "name"],
                name="device_name_is_unique_in_its_location",
                violation_error_message="This location already has a device of that name.",
            ),
            models.CheckConstraint(
                condition=models.Q(label_max_mm__gte="0.10", label_max_mm__lte="3.00"),
                name="device_label_depth_is_between_0_10_and_3_mm",
                violation_error_message="A depth runs from 0.10 to 3.00 mm.",
            ),
            models.CheckConstraint(
                condition=_skin_types("label_phototype_from", "label_phototype_to"),
                name="skin_types_of_a_label_are_in_order",
                violation_error_message="Give both skin types, the lighter first.",
            ),
        ]

    def __str__(self):
        return self.name


class DeviceLabelUse(models.Model):
    """One use on the label of a device; skin types where the label names others for it than for the rest."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="label_uses")
    indication = models.ForeignKey("clinic.Indication", on_delete=models.CASCADE, related_name="+")
    phototype_from = models.PositiveSmallIntegerField(
        "skin types for this use from", choices=SKIN_TYPES, null=True, blank=True
    )
    phototype_to = models.PositiveSmallIntegerField(
        "skin types for this use to", choices=SKIN_TYPES, null=True, blank=True
    )

    class Meta:
        db_table = "clinic_device_label_indications"
        ordering = ["device", "indication"]
        unique_together = [("device", "indication")]
        verbose_name = "use on a label"
        verbose_name_plural = "uses on labels"
        constraints = [
            models.CheckConstraint(
                condition=_skin_types("phototype_from", "phototype_to"),
                name="skin_types_of_a_use_are_in_order",
                violation_error_message="Give both skin types, the lighter first.",
            )
        ]

    def __str__(self):
        return f"{self.device}: {self.indication}"
