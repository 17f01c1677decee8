"""Aftercare texts as versions of blocks, and the sheets issued from them."""

import pgtrigger
from django.db import models

from clinic.models import User
from clinic.models.approved import Approved, approval_names_who_and_when, frozen_once_approved
from patients.models import Patient
from patients.models.belonging import belongs_to_a_patient
from planner.models.session import TreatmentSession


class AftercareText(Approved):
    """One version of all text blocks in one language; sheets are issued from approved versions only."""

    language = models.CharField(max_length=5)
    number = models.PositiveIntegerField()
    blocks = models.JSONField(
        help_text="Block code → text and source, as planner.engine.aftercare reads them"
    )
    notice = models.CharField(
        max_length=120, blank=True, help_text="For example: not reviewed by a native clinician"
    )

    class Meta:
        ordering = ["language", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["language", "number"], name="aftercare_text_version_is_unique"),
            approval_names_who_and_when("aftercare_text_approval_names_who_and_when"),
        ]
        triggers = [frozen_once_approved("approved_aftercare_text_is_frozen")]

    def __str__(self):
        return f"Aftercare, {self.language}, version {self.number}"


class AftercareSheet(models.Model):
    """The exact sheet given after one session: content, PDF and hash, frozen for ever."""

    session = models.OneToOneField(TreatmentSession, on_delete=models.PROTECT, related_name="sheet")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sheets")
    text = models.ForeignKey(AftercareText, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-issued_at"]
        triggers = [
            pgtrigger.Protect(name="issued_sheet_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="issued_sheet_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["patient"]),
            ),
            *belongs_to_a_patient("sheet"),
        ]

    def __str__(self):
        return f"Sheet {self.pk}"


class SheetHandover(models.Model):
    """One time a sheet left the house, or was turned down: how, by whom, when. Append-only."""

    class How(models.TextChoices):
        """How it was handed over."""

        PRINTED = "printed", "Printed"
        MAILED = "mailed", "Link sent by e-mail"
        LINK = "link", "Link shown"
        REFUSED = "refused", "Not wanted"

    sheet = models.ForeignKey(AftercareSheet, on_delete=models.PROTECT, related_name="handovers")
    how = models.CharField(max_length=7, choices=How)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="handover_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.get_how_display()}, sheet {self.sheet_id}"
