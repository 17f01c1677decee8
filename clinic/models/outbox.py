"""Messages to patients, written in the transaction of what they tell of; sent by `manage.py worker`."""

import pgtrigger
from django.db import models

from clinic.models.conditions import Frozen
from clinic.models.people import User
from clinic.models.places import Location

WAITING = models.Q(sent_at=None, dropped_because="", failed_because="")


class Channel(models.TextChoices):
    """How a message reaches a patient."""

    EMAIL = "email", "E-mail"
    SMS = "sms", "Text message"


NOT_REACHED = {  # why a message that was tried still waits, or was given up
    Channel.EMAIL: "the mail server was not reached",
    Channel.SMS: "the text message service was not reached",
}


class OutboxMessage(models.Model):
    """One message: unique per subject, kind, version and repetition, so that it goes out once.

    The words are written when it leaves and are kept here as they left, with the address; the secret part
    of a patient's link is left out of them. For a visit `version` stands for its time (`planner.reminding`).
    """

    class Kind(models.TextChoices):
        """What it tells."""

        COURSE_BOOKED = "course_booked", "Booked dates"
        COURSE_CHANGED = "course_changed", "New dates"
        PREPARATION = "preparation", "How to prepare"
        REMINDER = "reminder", "Reminder"
        PATIENT_LINK = "patient_link", "Link to the own page"
        SCREENING_LINK = "screening_link", "Link to the questions"
        AFTERCARE_LINK = "aftercare_link", "Link to the aftercare sheet"

    kind = models.CharField(max_length=20, choices=Kind)
    subject_id = models.BigIntegerField(help_text="Key of what the message is about")
    version = models.PositiveIntegerField(default=1)
    again = models.PositiveSmallIntegerField(default=0, help_text="Counts the repetitions somebody asked for")
    patient_id = models.BigIntegerField(
        help_text="Who gets it (a foreign key, in a migration of the patients)"
    )
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="A worker is sending it until then")
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_because = models.CharField(max_length=120, blank=True)
    failed_because = models.CharField(max_length=120, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=5, choices=Channel, blank=True)
    address = models.CharField(max_length=254, blank=True)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True, help_text="As it left")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Who stopped it or saw to it"
    )

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "version", "again"],
                name="a_message_is_sent_once_per_subject_kind_and_version",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at=None)
                | models.Q(dropped_because="", failed_because="", failed_at=None),
                name="a_message_that_left_was_neither_dropped_nor_given_up",
            ),
            models.CheckConstraint(
                condition=models.Q(failed_because="", failed_at=None)
                | (~models.Q(failed_because="") & models.Q(failed_at__isnull=False)),
                name="a_message_given_up_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="a_message_seen_to_names_who_and_when",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="outbox_waiting", condition=WAITING),
            models.Index(fields=["patient_id", "-due_at"], name="messages_of_a_patient"),
            models.Index(
                fields=["location", "failed_at"],
                name="messages_given_up",
                condition=~models.Q(failed_because="") & models.Q(closed_at=None),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="a_message_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_message_that_left_never_changes",
                operation=pgtrigger.Update,
                condition=Frozen(pgtrigger.Q(old__sent_at__isnull=False), "patient_id"),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.subject_id}"
