"""Deleting a row of settings: refused in words where it is in use; what can be switched off is, instead."""

from collections import Counter
from collections.abc import Iterable

from django.db import models, transaction
from django.db.models.deletion import CASCADE, ProtectedError

from clinic.constraints import in_words
from clinic.models import Indication, Product, TreatmentArea, User
from clinic.refusals import Refusal
from clinic.shipped.areas import AREAS
from clinic.shipped.indications import INDICATIONS
from clinic.shipped.products import CREAMS

SHIPPED = {
    Indication: ("code", {row.code for row in INDICATIONS}),
    TreatmentArea: ("code", {row.code for row in AREAS}),
    Product: ("name", {row.name for row in CREAMS}),
}


def can_be_switched_off(row: models.Model) -> bool:
    """Whether the row has a switch, and it is on."""
    return getattr(row, "is_active", False)


def going_along(row: models.Model) -> dict[str, int]:
    """Count what is deleted together with the row, by its name in the plural."""
    counts = {}
    for relation in _relations(row):
        of = relation.related_model._meta
        ours = of.app_label in ("clinic", "patients", "planner") and not of.auto_created
        if ours and getattr(relation, "on_delete", None) is CASCADE:
            counts[str(of.verbose_name_plural)] = relation.related_model._default_manager.filter(
                **{relation.field.name: row}
            ).count()
    return {name: count for name, count in counts.items() if count}


@in_words({})
def delete_row(row: models.Model, *, by: User) -> None:
    """Delete a row. Raises a Refusal where it is in use, ships with the product, or is approved."""
    next_step = "Switch it off instead." if can_be_switched_off(row) else ""
    if isinstance(row, User) and row.pk == by.pk:
        raise Refusal("own_account", "You cannot delete your own account.", "Ask another manager to do it.")
    if getattr(row, "approved_at", None):
        raise Refusal("approved", f"{row} is approved and stays on file.", "Make a new version instead.")
    if _is_shipped(row):
        raise Refusal("shipped", f"{row} comes with Needleplan and would come back.", next_step)
    if hasattr(row, "limit_changes") and row.limit_changes.filter(approved_at__isnull=False).exists():
        raise Refusal("limits_approved", f"Limits of {row} were approved and stay on file.", next_step)
    linked = _linked(row)
    if linked:
        raise Refusal("in_use", f"{row} is in use: {_in_words(linked)}.", next_step)
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError as error:
        raise Refusal(
            "in_use", f"{row} is in use: {_in_words(error.protected_objects)}.", next_step
        ) from None


@in_words({})
def switch_off(row: models.Model, *, by: User) -> None:
    """Keep the row and offer it no longer."""
    if isinstance(row, User) and row.pk == by.pk:
        raise Refusal("own_access", "You cannot close your own account.", "Ask another manager to do it.")
    row.is_active = False
    row.save(update_fields=["is_active"])


def _is_shipped(row: models.Model) -> bool:
    """A shipped row that were deleted would be loaded again at the next start."""
    if getattr(row, "number", None) == 1 and hasattr(row, "approved_at"):
        return True
    field, values = SHIPPED.get(type(row), ("", set()))
    return bool(field) and getattr(row, field) in values


def _relations(row: models.Model) -> list:
    fields = row._meta.get_fields(include_hidden=True)
    return [field for field in fields if field.auto_created and not field.concrete and field.is_relation]


def _linked(row: models.Model) -> list[models.Model]:
    """Rows that name this one in a list of theirs; the database would drop the link silently."""
    found = []
    for relation in _relations(row):
        if relation.many_to_many:
            manager = relation.related_model._default_manager
            found += manager.filter(**{relation.field.name: row})[:100]
    return found


def _in_words(rows: Iterable[models.Model]) -> str:
    counts = Counter(type(row) for row in rows)
    parts = [
        f"{count} {model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural}"
        for model, count in counts.most_common()
    ]
    return ", ".join(parts)
