"""Changing limits: what loosens one waits for a practitioner, everything else counts at once.

The same comparison stands in PostgreSQL (`a_practitioner_loosens_limits`), for writes that pass by here.
"""

import copy
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models

from clinic import clock
from clinic.constraints import in_words
from clinic.models import Device, LimitChange, Product, TreatmentArea, User
from clinic.models.limits import SUBJECTS
from clinic.permissions import may
from clinic.refusals import Refusal
from clinic.used import refuse_renaming

# How each is loosened: MOST by more or none, LEAST by less or none, MUST by no longer, SAME by any change.
MOST, LEAST, MUST, SAME = "most", "least", "must", "same"
LIMITS: dict[type[models.Model], dict[str, str]] = {
    Product: {
        "kind": SAME,
        "agent": SAME,
        "max_grams": MOST,
        "max_area_cm2": MOST,
        "min_minutes": LEAST,
        "max_minutes": MOST,
        "needs_prescriber": MUST,
    },
    TreatmentArea: {"start_mm": MOST, "warn_mm": MOST},
    Device: {
        "label_max_mm": MOST,
        "label_phototype_from": LEAST,
        "label_phototype_to": MOST,
        "label_age_from": LEAST,
    },
}


def is_limited(row: models.Model) -> bool:
    """Whether a new row of this kind waits for a practitioner: gels, creams and cartridges have no limits."""
    return type(row) in LIMITS and (not isinstance(row, Product) or row.kind == Product.Kind.NUMBING)


def is_looser(kind: str, before, after) -> bool:
    """Whether a limit of this kind allows more than before."""
    if before == after:
        return False
    if kind == SAME:
        return True
    if kind == MUST:
        return bool(before) and not after
    if before is None:
        return False
    return after is None or (after > before if kind == MOST else after < before)


def waiting_for(row: models.Model) -> LimitChange | None:
    """The change of a row that waits for a practitioner, or None."""
    return row.limit_changes.filter(approved_at=None).first() if row.pk else None


def waiting_pks(model: type[models.Model]) -> set[int]:
    """The rows of a model whose limits wait for a practitioner."""
    name = next((name for name, kind in SUBJECTS.items() if kind is model), None)
    waiting = LimitChange.objects.filter(approved_at=None)
    return set(waiting.filter(**{f"{name}__isnull": False}).values_list(name, flat=True)) if name else set()


def with_values(row: models.Model, values: dict) -> models.Model:
    """Put the values of a change on a row, in the row's own types."""
    for name, value in values.items():
        setattr(row, name, row._meta.get_field(name).to_python(None if value is None else str(value)))
    return row


@in_words({})
def save_limited(row: models.Model, *, by: User) -> LimitChange | None:
    """Save a product, area or device; return the change that waits for a practitioner, if one does.

    Nothing looser is stored on the row itself: all limits changed together wait together. A new row stays
    out of use until it is approved. Saving what waits already changes nothing of it.
    Raises a Refusal for anybody but a manager, and for another name of a product that records name.
    """
    if not may(by, "settings_edit"):
        raise Refusal("role", "Only a manager changes this.", "Ask one of them.")
    stored = type(row)._default_manager.select_for_update().filter(pk=row.pk).first() if row.pk else None
    if isinstance(stored, Product):
        refuse_renaming(stored, row)
    waiting = waiting_for(row) if stored else None
    if (stored is None and is_limited(row)) or (waiting and waiting.is_first):
        return _save_first(row, waiting, by)
    kinds = LIMITS[type(row)]
    changed = {} if stored is None else _changed(stored, row, kinds)
    if not any(is_looser(kinds[name], getattr(stored, name), getattr(row, name)) for name in changed):
        row.save()
        if waiting:
            waiting.delete()
        return None
    for name in changed:
        setattr(row, name, getattr(stored, name))
    row.save()
    return _propose(row, waiting, changed, by)


def lock_subject(change: LimitChange) -> models.Model:
    """The row whose limits change, under its lock: taken before that of the change, as in `save_limited`."""
    return type(change.subject)._default_manager.select_for_update().get(pk=change.subject.pk)


def put_in_force(change: LimitChange, subject: models.Model) -> None:
    """Write an approved change on its row, inside the transaction of its approval."""
    with_values(subject, change.values).save(update_fields=list(change.values))


def limit_problems(change: LimitChange) -> tuple[str, ...]:
    """Why the values cannot be put in force any more, in words; empty when they can."""
    try:
        with_values(copy.copy(change.subject), change.values).full_clean()
    except ValidationError as error:
        return tuple(error.messages)
    return ()


def _save_first(row: models.Model, waiting: LimitChange | None, by: User) -> LimitChange:
    wanted, row.is_active = row.is_active, False
    row.save()
    return _propose(row, waiting, {"is_active": wanted}, by, is_first=True)


def _changed(stored: models.Model, row: models.Model, names) -> dict:
    return {name: _plain(getattr(row, name)) for name in names if getattr(row, name) != getattr(stored, name)}


def _plain(value):
    return float(value) if isinstance(value, Decimal) else value


def _propose(row, waiting: LimitChange | None, values: dict, by: User, *, is_first: bool = False):
    if waiting and waiting.values == values:
        return waiting
    name = next(name for name, model in SUBJECTS.items() if isinstance(row, model))
    change = waiting or LimitChange(is_first=is_first, **{name: row})
    change.values, change.proposed_by, change.proposed_at = values, by, clock.now()
    change.save()
    return change
