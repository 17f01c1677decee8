"""Screenings: dated answers, the findings drawn from them, decisions, and what cleared a finding."""

import pgtrigger
from django.db import models

from clinic.models import Indication, Practitioner, TreatmentArea, User
from patients.models.belonging import belongs_to_a_patient
from patients.models.link import PatientLink
from patients.models.profile import Patient
from patients.models.rules import RuleSet

APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class Outcome(models.TextChoices):
    """Verdict outcomes, strictest first; the words are those of the pages."""

    STOP = "stop", "Not suitable"
    DEFER = "defer", "Deferred"
    REVIEW = "review", "Needs decision"
    MODIFY = "modify", "Cleared with changes"
    CLEAR = "clear", "Cleared"


class Screening(models.Model):
    """One dated set of answers of one patient for the areas asked; never changed once saved."""

    class Stage(models.TextChoices):
        """What it was asked for."""

        BOOKING = "booking", "Before booking"
        VISIT = "visit", "On the day of the visit"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="screenings")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=8, choices=Stage)
    indication = models.ForeignKey(Indication, on_delete=models.PROTECT, related_name="+")
    areas = models.ManyToManyField(TreatmentArea, related_name="+")
    answered_at = models.DateTimeField()
    answered_on = models.DateField(help_text="Local date at the location")
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: by link"
    )
    link = models.ForeignKey(
        PatientLink,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="screenings",
        help_text="The patient's own link, if the answers came from the phone",
    )
    confirms = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_by",
        help_text="Answers from the phone that a practitioner went through with the patient that day",
    )
    outcome = models.CharField(max_length=6, choices=Outcome, help_text="The strictest outcome: the headline")
    earliest_on = models.DateField(
        null=True, blank=True, help_text="First day on which treatment may be booked"
    )

    class Meta:
        ordering = ["-answered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "patient"], name="screening_belongs_to_its_patient"),
            models.CheckConstraint(
                condition=models.Q(answered_by__isnull=False, link=None)
                | models.Q(answered_by=None, link__isnull=False, stage="booking"),
                name="a_screening_is_answered_with_staff_or_by_link_before_booking",
            ),
            models.CheckConstraint(
                condition=models.Q(confirms=None) | models.Q(stage="visit", link=None),
                name="only_a_screening_of_the_visit_confirms_another",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-answered_at"], name="screening_newest_of_patient"),
            models.Index(
                fields=["patient"],
                condition=models.Q(outcome__in=["defer", "stop"]),
                name="screenings_that_hold_back",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="screening_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="screening_is_append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["patient"]),
            ),
            *belongs_to_a_patient("screening"),
        ]

    def __str__(self):
        return f"Screening {self.pk}"

    @property
    def answered_with(self) -> str:
        """Who typed the answers, in words."""
        return str(self.answered_by) if self.answered_by else "the patient’s phone"


class AskedArea(Screening.areas.through):
    """One area of a screening: written before its answers, never afterwards."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Protect(name="screened_area_is_append_only", operation=APPEND_ONLY),
            pgtrigger.Trigger(
                name="no_area_joins_an_answered_screening",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM patients_screeninganswer
                               WHERE screening_id = NEW.screening_id) THEN
                        RAISE EXCEPTION 'an answered screening takes no further area';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class ScreeningAnswer(models.Model):
    """The answer to one rule, with its follow-up values."""

    class Given(models.TextChoices):
        """Every question has these three."""

        NO = "no", "No"
        YES = "yes", "Yes"
        UNSURE = "unsure", "Not sure"

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="answers")
    code = models.CharField(max_length=40)
    given = models.CharField(max_length=6, choices=Given)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["screening", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "code"], name="one_answer_per_question_and_screening"
            )
        ]
        triggers = [pgtrigger.Protect(name="answer_is_append_only", operation=APPEND_ONLY)]

    def __str__(self):
        return f"{self.code}: {self.given}"


class ScreenedFinding(models.Model):
    """One rule that fired in one screening: what the engine said, kept as it was said."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="findings")
    code = models.CharField(max_length=40)
    outcome = models.CharField(max_length=6, choices=Outcome)
    until = models.DateField(null=True, blank=True)
    row = models.JSONField(help_text="The finding as patients.screening reads it")

    class Meta:
        ordering = ["screening", "pk"]
        triggers = [pgtrigger.Protect(name="finding_is_append_only", operation=APPEND_ONLY)]

    def __str__(self):
        return f"{self.code}: {self.outcome}"


class ClinicalDecision(models.Model):
    """A named practitioner decides one review: accept with conditions, defer, or decline."""

    class Choice(models.TextChoices):
        """What was decided."""

        ACCEPT = "accept", "Clear, with conditions"
        DEFER = "defer", "Defer until a date"
        DECLINE = "decline", "Not suitable"

    finding = models.OneToOneField(ScreenedFinding, on_delete=models.PROTECT, related_name="decision")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=7, choices=Choice)
    reason = models.TextField(max_length=1000)
    conditions = models.TextField(max_length=1000, blank=True)
    until = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(choice="defer", until__isnull=False)
                | (~models.Q(choice="defer") & models.Q(until=None)),
                name="a_deferral_and_only_a_deferral_has_a_date",
                violation_error_message="A deferral needs its date.",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__regex=r"\S{1}.*\S"),
                name="a_decision_has_a_reason",
                violation_error_message="Write the reason.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="decision_is_append_only", operation=APPEND_ONLY)]

    def __str__(self):
        return f"{self.finding}: {self.choice}"


class ClearingEvent(models.Model):
    """What ended a finding that no date ends: pregnancy over, infection gone, area examined clear."""

    finding = models.OneToOneField(ScreenedFinding, on_delete=models.PROTECT, related_name="clearing")
    happened_on = models.DateField()
    note = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at"]
        triggers = [pgtrigger.Protect(name="clearing_event_is_append_only", operation=APPEND_ONLY)]

    def __str__(self):
        return f"{self.finding} cleared"


class AnswerView(models.Model):
    """A manager opened the answers of a screening, with the reason; practitioners read them without one."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="views")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__regex=r"(\S\s*){10,}"),
                name="a_view_of_answers_has_its_reason",
                violation_error_message="Write why in 10 characters or more.",
            )
        ]
        triggers = [pgtrigger.Protect(name="view_of_answers_is_append_only", operation=APPEND_ONLY)]

    def __str__(self):
        return f"{self.by}: {self.screening}"
