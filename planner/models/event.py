"""Adverse events of patients, what was done about each, and the hold they put on the next start."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import TreatmentArea, User
from clinic.models.conditions import Frozen
from patients.models import Patient
from patients.models.belonging import belongs_to_a_patient
from planner.engine.adverse import GRADES, KINDS, EventKind
from planner.models.session import TreatmentSession


class AdverseEvent(models.Model):
    """A reaction or harm after a treatment; without areas it concerns the whole person.

    `code` and `grade` are empty until a practitioner has assessed it. While it is open and `holds`, no visit
    of its areas starts from `holds_from` on; `not_before` is the first day they may be treated again.
    """

    class Ending(models.TextChoices):
        """How it ended."""

        RESOLVED = "resolved", "Settled"
        SEQUELAE = "sequelae", "Settled, with something that stays"
        ELSEWHERE = "elsewhere", "Under care elsewhere"
        UNKNOWN = "unknown", "Not known"
        FATAL = "fatal", "Death"
        MISTAKE = "mistake", "Recorded by mistake"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="events")
    session = models.ForeignKey(
        TreatmentSession, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    areas = models.ManyToManyField(TreatmentArea, related_name="+", blank=True)
    code = models.CharField(max_length=24, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    onset_on = models.DateField("began on")
    said = models.TextField("what was seen or said", max_length=1000)
    holds = models.BooleanField("holds the next start", default=True)
    holds_from = models.DateField()
    not_before = models.DateField("next treatment not before", null=True, blank=True)
    follow_up_on = models.DateField("look again on", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-onset_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(grade=None) | Q(grade__range=(0, 5)),
                name="grade_is_0_to_5",
                violation_error_message="A grade runs from 1 to 5; 0 is for little or no change.",
            ),
            models.CheckConstraint(
                condition=Q(code="", grade=None) | (~Q(code="") & Q(grade__isnull=False)),
                name="an_assessed_event_has_its_kind_and_grade",
                violation_error_message="Pick the kind and the grade together.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, ending="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(ending="") & ~Q(code="")),
                name="a_closed_event_is_assessed_and_says_how_it_ended",
                violation_error_message="Assess the event before it is closed.",
            ),
        ]
        indexes = [
            models.Index(fields=["patient"], condition=Q(closed_at=None), name="open_events_of_a_patient"),
            models.Index(
                fields=["patient"], condition=Q(not_before__isnull=False), name="rests_of_a_patient"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="closed_event_is_frozen",
                operation=pgtrigger.Update,
                condition=Frozen(pgtrigger.Q(old__closed_at__isnull=False)),
            ),
            *belongs_to_a_patient("event"),
            pgtrigger.Protect(name="event_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.name}, grade {self.grade}" if self.code else self.name

    @property
    def kind(self) -> EventKind | None:
        """Its kind; None until it is assessed."""
        return KINDS.get(self.code)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.kind.name if self.kind else "Reported, not assessed"

    @property
    def grade_words(self) -> str:
        """The grade with its meaning."""
        return "" if self.grade is None else f"{self.grade}, {GRADES[self.grade].lower()}"


class EventEntry(models.Model):
    """What was done or decided about an adverse event, when and by whom; append-only."""

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="entries")
    text = models.TextField(max_length=1000)
    reported_to = models.CharField("reported to", max_length=120, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(
                name="event_entry_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"Entry {self.pk}"
