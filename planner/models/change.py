"""What was changed in a running course: who, when, why, and how it was before."""

import pgtrigger
from django.db import models

from clinic.models import OutboxMessage, User
from planner.models.course import TreatmentCourse


class CourseChange(models.Model):
    """One confirmed change of a course, whole: it was applied together and is taken back together.

    `before` holds the rows as they were, `after` as they became; `key` makes a second call the same change.
    Changes of several courses that were confirmed together share a `batch`.
    """

    class Kind(models.TextChoices):
        """What was asked for."""

        MOVED = "moved", "Visit moved"
        CANCELLED = "cancelled", "Visit cancelled"
        NO_SHOW = "noshow", "Visit missed"
        REPLANNED = "replanned", "Dates planned anew"
        HELD = "held", "Put on hold"
        RESUMED = "resumed", "Resumed"
        EXTENDED = "extended", "Extended"
        STOPPED = "stopped", "Stopped"

    course = models.ForeignKey(TreatmentCourse, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.UUIDField(unique=True, help_text="The same key never changes anything twice")
    asked_hash = models.CharField(max_length=64, help_text="What was asked for under that key")
    batch = models.UUIDField(null=True, db_index=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: the patient"
    )
    reason = models.CharField(max_length=200, blank=True)
    before = models.JSONField()
    after = models.JSONField()
    message = models.ForeignKey(OutboxMessage, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["at"], name="changes_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(undone_at=None, undone_by=None)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False)
                | models.Q(undone_at__isnull=False, by=None),
                name="a_change_taken_back_names_who_and_when",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="course_change_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="course_change_is_only_ever_taken_back",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["undone_at", "undone_by"]),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, course {self.course_id}"
