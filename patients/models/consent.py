"""Consent: versioned texts per indication, and what each patient agreed to."""

import pgtrigger
from django.db import models

from clinic.models import Indication, User
from clinic.models.approved import Approved, approval_names_who_and_when, frozen_once_approved
from patients.models.belonging import belongs_to_a_patient
from patients.models.profile import Patient


class ConsentText(Approved):
    """One version of the consent text of one indication in one language."""

    indication = models.ForeignKey(Indication, on_delete=models.PROTECT, related_name="consent_texts")
    language = models.CharField(max_length=2, choices=Patient.Language)
    number = models.PositiveIntegerField()
    body = models.TextField()

    class Meta:
        ordering = ["indication", "language", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["indication", "language", "number"], name="consent_text_version_is_unique"
            ),
            approval_names_who_and_when("consent_text_approval_names_who_and_when"),
        ]
        triggers = [frozen_once_approved("approved_consent_text_is_frozen")]

    def __str__(self):
        return f"{self.indication}, {self.get_language_display()}, version {self.number}"


class Consent(models.Model):
    """A signed agreement to one version of a text; only its withdrawal is ever added."""

    class Method(models.TextChoices):
        """How it was given."""

        DRAWN = "drawn", "Signed on screen"
        PAPER = "paper", "Signed on paper"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    indication = models.ForeignKey(Indication, on_delete=models.PROTECT, related_name="+")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=5, choices=Method)
    signature = models.TextField(
        blank=True, max_length=60000, help_text="SVG path data of the drawn signature"
    )
    signed_at = models.DateTimeField()
    witnessed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["id", "patient"], name="consent_belongs_to_its_patient"),
            models.CheckConstraint(
                condition=models.Q(method="paper", signature="")
                | (models.Q(method="drawn") & ~models.Q(signature="")),
                name="a_consent_drawn_on_screen_has_its_signature",
                violation_error_message="Ask the patient to sign in the box.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="consent_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="consent_changes_only_by_withdrawal",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["withdrawn_at", "patient"]),
            ),
            *belongs_to_a_patient("consent"),
        ]

    def __str__(self):
        return f"Consent {self.pk}"
