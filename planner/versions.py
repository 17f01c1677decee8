"""Versions of what is approved before use: protocols and consent texts. Only drafts change."""

from typing import TypeVar

from django.db import models

from clinic.constraints import in_words
from clinic.models import Indication
from clinic.refusals import Refusal

Version = TypeVar("Version", bound=models.Model)


def family(row: Version, fields: tuple[str, ...]) -> models.QuerySet:
    """All versions of the same thing: the rows that agree with this one in these fields."""
    return type(row)._default_manager.filter(**{field: getattr(row, field) for field in fields})


def to_change(row: Version, fields: tuple[str, ...]) -> Version:
    """Return the row to be changed: a draft itself, or an unsaved copy of an approved version.

    Raises a Refusal when a draft of the same thing waits already.
    """
    if row.approved_at is None:
        return row
    check_no_draft(row, fields)
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    fresh = {"id": None, "number": None, "approved_by_id": None, "approved_at": None}
    return type(row)(**(values | fresh))


def check_no_draft(row: Version, fields: tuple[str, ...]) -> None:
    """Refuse a second draft of the same thing."""
    waiting = family(row, fields).filter(approved_at=None).first()
    if waiting:
        raise Refusal(
            "draft_waits", f"Version {waiting.number} of this is a draft already.", "Change that one."
        )


@in_words({})
def save_version(row: Version, fields: tuple[str, ...]) -> Version:
    """Save a draft, or the next version as a draft. Raises a Refusal when it was approved meanwhile."""
    if row.pk is None:
        # Of two people who start a version at once, the second sees the draft of the first.
        Indication.objects.select_for_update().get(pk=row.indication_id)
        check_no_draft(row, fields)
        row.number = (family(row, fields).aggregate(last=models.Max("number"))["last"] or 0) + 1
    elif type(row)._default_manager.select_for_update().filter(pk=row.pk, approved_at__isnull=False).exists():
        raise Refusal(
            "approved_meanwhile",
            "This version was approved meanwhile and stays as it is.",
            "Open it again to make the next version.",
            stale=True,
        )
    row.full_clean()
    row.save()
    return row
