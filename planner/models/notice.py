"""What a patient tells the clinic on the own page: asks to move, cancels, reports a problem."""

import pgtrigger
from django.db import models

from clinic.models import Location, User
from patients.models import Patient, PatientLink
from patients.models.belonging import belongs_to_a_patient
from planner.engine.aftercare.problems import in_words as sign_in_words
from planner.models.change import CourseChange
from planner.models.diary import Appointment


class PatientNotice(models.Model):
    """One thing a patient told; the desk sees it until somebody has dealt with it or it was taken back.

    `signs` are codes of `planner.engine.aftercare.problems`, `told` what the page answered.
    """

    class Kind(models.TextChoices):
        """What was told."""

        MOVE = "move", "Asks for another date"
        CANCELLED = "cancelled", "Cancelled a visit"
        PROBLEM = "problem", "Reports a problem"
        CONSENT = "consent", "Took the consent back"

    class Urgency(models.TextChoices):
        """How fast to get help (clinical facts 6.4); empty for what is no problem."""

        NOW = "now", "emergency"
        TODAY = "today", "same day"
        SOON = "soon", "in 1 to 2 days"
        NEXT = "next", "by the next visit"
        UNLISTED = "unlisted", "read it today"

    kind = models.CharField(max_length=9, choices=Kind)
    key = models.UUIDField(unique=True, help_text="The same page sent twice tells it once")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="notices")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, related_name="notices")
    change = models.ForeignKey(CourseChange, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(PatientLink, on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=8, choices=Urgency, blank=True)
    signs = models.JSONField(default=list)
    words = models.TextField(max_length=500, blank=True)
    told = models.JSONField(default=list)
    about_start = models.DateTimeField(null=True, help_text="When the visit was, as the patient saw it")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_note = models.CharField("what was done", max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind="problem",
                    urgency__in=["now", "today", "soon", "next", "unlisted"],
                    withdrawn_at=None,
                )
                | (
                    models.Q(
                        kind__in=["move", "cancelled"],
                        urgency="",
                        appointment__isnull=False,
                        about_start__isnull=False,
                    )
                )
                | models.Q(kind="consent", urgency="", appointment=None, withdrawn_at=None),
                name="a_problem_has_its_urgency_and_the_rest_their_visit",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at=None, done_by=None)
                | models.Q(done_at__isnull=False, done_by__isnull=False),
                name="a_notice_dealt_with_names_who_and_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["location", "at"],
                name="notices_open",
                condition=models.Q(done_at=None, withdrawn_at=None),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="patient_notice_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="patient_notice_changes_only_by_its_end",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    exclude=["withdrawn_at", "done_at", "done_by", "done_note", "patient"]
                ),
            ),
            *belongs_to_a_patient("notice"),
        ]

    def __str__(self):
        return f"Notice {self.pk}"

    @property
    def in_words(self) -> str:
        """What was ticked and written, for practitioners."""
        said = [sign_in_words(code) for code in self.signs]
        return " ".join(f"“{part}”" for part in (*said, self.words) if part)
