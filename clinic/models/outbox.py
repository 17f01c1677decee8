"""Messages to patients, written in the transaction of the change they tell of; sent by `manage.py worker`."""

from django.db import models


class OutboxMessage(models.Model):
    """One message: unique per subject, kind and version, so that it goes out once."""

    class Kind(models.TextChoices):
        """What it tells."""

        COURSE_BOOKED = "course_booked", "Course booked"
        PATIENT_LINK = "patient_link", "Own link"
        COURSE_CHANGED = "course_changed", "Dates changed"

    kind = models.CharField(max_length=20, choices=Kind)
    subject_id = models.BigIntegerField(help_text="Key of what the message is about")
    version = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_because = models.CharField(max_length=80, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="A worker is sending it until then")
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "version"],
                name="a_message_is_sent_once_per_subject_kind_and_version",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="outbox_waiting", condition=models.Q(sent_at=None, dropped_because="")
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.subject_id}"
