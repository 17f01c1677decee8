"""A freed slot held for a patient who would come earlier, until they say yes or no."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from clinic.models import Device, Location, Practitioner, Room, User
from planner.models.course import TreatmentCourse
from planner.models.diary import Appointment, during


class SlotOffer(models.Model):
    """One slot offered for one visit of a course. While it is held, the planner counts it as taken.

    The claims are those of the visit at this place, half-open like an appointment's.
    """

    class State(models.TextChoices):
        """Held until the time is over, somebody takes it, or it is let go."""

        HELD = "held", "Held"
        TAKEN = "taken", "Taken"
        RELEASED = "released", "Released"

    course = models.ForeignKey(TreatmentCourse, on_delete=models.PROTECT, related_name="offers")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="offers")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="offers")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="+")
    start = models.DateTimeField()
    treatment_start = models.DateTimeField()
    end = models.DateTimeField()
    room_until = models.DateTimeField()
    practitioner_from = models.DateTimeField()
    practitioner_until = models.DateTimeField()
    device_from = models.DateTimeField(null=True)
    device_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    key = models.UUIDField(unique=True, help_text="The same key never offers anything twice")
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    held_until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["held_until", "pk"]
        constraints = [
            *(
                ExclusionConstraint(
                    name=f"{what}_is_held_for_one_patient_at_a_time",
                    expressions=[(what, RangeOperators.EQUAL), (during(start, end), RangeOperators.OVERLAPS)],
                    condition=Q(state="held"),
                    violation_error_message=f"The {what} is held for somebody else at this time.",
                )
                for what, start, end in (
                    ("practitioner", "practitioner_from", "practitioner_until"),
                    ("room", "start", "room_until"),
                )
            ),
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(state="held"),
                name="a_visit_is_offered_one_slot_at_a_time",
                violation_error_message="This visit is already offered another time.",
            ),
            models.CheckConstraint(
                condition=Q(held_until__gt=F("offered_at")), name="a_hold_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return f"Offer {self.pk}"
