"""Records of reviews: what was seen when somebody looked back on a course. Signed, they are frozen."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import Practitioner, User
from clinic.models.conditions import Frozen
from patients.models import Patient
from patients.models.belonging import belongs_to_a_patient
from planner.models.diary import Appointment
from planner.models.session_guards import kept_by_who_took_it_over, rests_on_its_visit


class CourseReview(models.Model):
    """One review visit: its photos and scores hang on it, beside the question for reactions and a note."""

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="review")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    identity_checked_at = models.DateTimeField()
    has_reaction = models.BooleanField("a reaction is there, or was", null=True)
    note = models.TextField("what was found", max_length=2000, blank=True)
    left_out_reason = models.CharField("why photos or scores are missing", max_length=300, blank=True)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None, content_hash="")
                | (
                    Q(signed_at__isnull=False, signed_by__isnull=False, content_hash__regex=r"^[0-9a-f]{64}$")
                    & Q(has_reaction__isnull=False, note__regex=r"\S")
                ),
                name="a_signed_review_is_complete",
                violation_error_message="Complete the review before you sign it.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_review_is_frozen",
                operation=pgtrigger.Update,
                condition=Frozen(pgtrigger.Q(old__signed_at__isnull=False)),
            ),
            pgtrigger.Protect(
                name="signed_review_is_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__signed_at__isnull=False),
            ),
            pgtrigger.ReadOnly(name="review_stays_with_its_visit", fields=["appointment"]),
            *belongs_to_a_patient("review"),
            rests_on_its_visit(),
            kept_by_who_took_it_over("review_id"),
        ]

    def __str__(self):
        return f"Review {self.pk}"


class ReviewAmendment(models.Model):
    """A dated correction beside a signed review; append-only."""

    review = models.ForeignKey(CourseReview, on_delete=models.PROTECT, related_name="amendments")
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        triggers = [
            pgtrigger.Protect(
                name="amendment_of_a_review_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"Amendment {self.pk}"
