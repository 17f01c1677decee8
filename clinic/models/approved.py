"""What every versioned text and rule shares: who approved it and when, and that it is frozen from then on."""

import pgtrigger
from django.db import models

from clinic.models.people import Practitioner


class Approved(models.Model):
    """A version that a practitioner approves; a draft until then."""

    approved_by = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def approval_names_who_and_when(name: str) -> models.CheckConstraint:
    """A version is approved by somebody at some time, or not at all."""
    return models.CheckConstraint(
        condition=models.Q(approved_by=None, approved_at=None)
        | models.Q(approved_by__isnull=False, approved_at__isnull=False),
        name=name,
    )


def frozen_once_approved(name: str) -> pgtrigger.Protect:
    """An approved version neither changes nor goes."""
    return pgtrigger.Protect(
        name=name,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__approved_at__isnull=False),
    )
