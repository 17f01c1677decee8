"""Questions that wait on a patient's phone, with the answers so far."""

import pgtrigger
from django.db import models

from clinic.models import Indication, TreatmentArea, User
from clinic.models.conditions import Frozen
from patients.models.belonging import belongs_to_a_patient
from patients.models.profile import Patient
from patients.models.rules import RuleSet
from patients.models.screening import Screening


class Questionnaire(models.Model):
    """What one patient is asked by link, and what was answered so far; it becomes one screening."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="questionnaires")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    indication = models.ForeignKey(Indication, on_delete=models.PROTECT, related_name="+")
    areas = models.ManyToManyField(TreatmentArea, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict, blank=True, help_text="By rule code; empty once sent in")
    revision = models.PositiveIntegerField(default=0)
    screening = models.OneToOneField(
        Screening, on_delete=models.PROTECT, null=True, blank=True, related_name="questionnaire"
    )
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(screening=None, dropped_at=None),
                name="a_patient_has_one_open_questionnaire",
            ),
            models.CheckConstraint(
                condition=models.Q(screening=None) | models.Q(dropped_at=None, answers={}),
                name="a_questionnaire_sent_in_holds_no_draft",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_questionnaire_sent_in_stays_so",
                operation=pgtrigger.Update,
                condition=Frozen(pgtrigger.Q(old__screening__isnull=False)),
            ),
            *belongs_to_a_patient("questionnaire"),
        ]

    def __str__(self):
        return f"Questionnaire {self.pk}"
