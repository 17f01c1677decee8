"""A screen that staff began with the patient and did not finish; it is no screening and counts nowhere."""

import pgtrigger
from django.db import models

from clinic.models import Indication, TreatmentArea, User
from patients.models.belonging import belongs_to_a_patient
from patients.models.profile import Patient
from patients.models.rules import RuleSet
from patients.models.screening import Screening


class UnfinishedScreening(models.Model):
    """What was typed into one form so far, by field; empty once the screen was saved or dropped."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="unfinished")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=8, choices=Screening.Stage)
    indication = models.ForeignKey(Indication, on_delete=models.PROTECT, related_name="+")
    areas = models.ManyToManyField(TreatmentArea, related_name="+")
    typed = models.JSONField(default=dict)
    answered = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    saved_on = models.DateField(help_text="Local date at the location")
    revision = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(ended_at=None),
                name="a_patient_has_one_unfinished_screening",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(typed={}),
                name="a_screening_no_longer_unfinished_holds_no_answers",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="an_ended_draft_stays_ended",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
            *belongs_to_a_patient("draft"),
        ]

    def __str__(self):
        return f"Unfinished screening {self.pk}"
