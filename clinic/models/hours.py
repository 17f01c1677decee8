"""When: opening and working hours in local wall-clock time, closures, absences."""

from django.core.exceptions import ValidationError
from django.db import models

from clinic.models.people import Practitioner
from clinic.models.places import Device, Location, Room

WEEKDAYS = [
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
]


class WeeklySpan(models.Model):
    """One span of one weekday in local time, valid over a range of dates."""

    weekday = models.PositiveSmallIntegerField(choices=WEEKDAYS)
    opens = models.TimeField("from")
    closes = models.TimeField("to")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField("valid to (last day)", null=True, blank=True)

    class Meta:
        abstract = True


def span_constraints(prefix: str) -> list[models.CheckConstraint]:
    """A span ends after it starts, and so does its validity."""
    return [
        models.CheckConstraint(
            condition=models.Q(opens__lt=models.F("closes")),
            name=f"{prefix}_end_after_they_start",
            violation_error_message="The end must be later than the start.",
        ),
        models.CheckConstraint(
            condition=models.Q(valid_to__gte=models.F("valid_from"))
            | models.Q(valid_from=None)
            | models.Q(valid_to=None),
            name=f"{prefix}_validity_is_in_order",
            violation_error_message="The last day must not be before the first.",
        ),
        models.CheckConstraint(
            condition=models.Q(weekday__lte=6),
            name=f"{prefix}_weekday_exists",
            violation_error_message="Pick a weekday.",
        ),
    ]


class OpeningHours(WeeklySpan):
    """When a location is open."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="opening_hours")

    class Meta:
        ordering = ["location", "weekday", "opens"]
        verbose_name_plural = "opening hours"
        constraints = span_constraints("opening_hours")

    def __str__(self):
        return f"{self.location}: {self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class WorkingHours(WeeklySpan):
    """When a practitioner works at a location; two spans a day make a midday break."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="working_hours")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="working_hours")

    class Meta:
        ordering = ["practitioner", "location", "weekday", "opens"]
        verbose_name_plural = "working hours"
        constraints = span_constraints("working_hours")

    def __str__(self):
        return f"{self.practitioner}: {self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Closure(models.Model):
    """Whole local days on which a location is closed, both ends included."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="closures")
    first_date = models.DateField("first day")
    last_date = models.DateField("last day")
    reason = models.CharField(max_length=80)

    class Meta:
        ordering = ["location", "first_date"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_date__gte=models.F("first_date")),
                name="closure_days_are_in_order",
                violation_error_message="The last day must not be before the first.",
            )
        ]

    def __str__(self):
        return f"{self.reason}, {self.first_date}"


class Absence(models.Model):
    """Time off of one practitioner, room or device, as instants, half-open."""

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, null=True, blank=True, related_name="absences"
    )
    room = models.ForeignKey(Room, on_delete=models.CASCADE, null=True, blank=True, related_name="absences")
    device = models.ForeignKey(
        Device, on_delete=models.CASCADE, null=True, blank=True, related_name="absences"
    )
    start = models.DateTimeField()
    end = models.DateTimeField()
    reason = models.CharField(max_length=80)

    class Meta:
        ordering = ["start"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")),
                name="absence_ends_after_it_starts",
                violation_error_message="The end must be later than the start.",
            ),
            models.CheckConstraint(
                condition=models.Q(practitioner__isnull=False, room=None, device=None)
                | models.Q(practitioner=None, room__isnull=False, device=None)
                | models.Q(practitioner=None, room=None, device__isnull=False),
                name="absence_is_of_exactly_one_practitioner_room_or_device",
                violation_error_message="Pick one practitioner, one room or one device.",
            ),
        ]

    def __str__(self):
        return f"{self.resource}: {self.reason}"

    @property
    def resource(self):
        """The person, room or device that is away."""
        return self.practitioner or self.room or self.device

    def clean(self):
        """Say in words what the constraints say."""
        if sum(part is not None for part in (self.practitioner, self.room, self.device)) != 1:
            raise ValidationError("Pick one practitioner, one room or one device.", code="one_resource")
