"""Approving versions of rules, protocols and texts: they are used only once a practitioner has."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from clinic import clock
from clinic.constraints import in_words
from clinic.limits import limit_problems, lock_subject, put_in_force
from clinic.models import LimitChange, Practitioner, User
from clinic.refusals import Refusal
from patients.models import ConsentText, RuleSet
from patients.screening.model import RuleSet as Rules
from patients.screening.rows import rule_from_row
from patients.screening.soundness import defects
from planner.aftercare_texts import blocks_of
from planner.engine.aftercare.checks import faults
from planner.engine.aftercare.claims import claims_in
from planner.engine.aftercare.reading import measure
from planner.models import AftercareText

MAY_NOT = Refusal(
    "may_not_approve",
    "Only a practitioner who decides reviews may approve this.",
    "Ask one of them to sign in and open this page.",
)

CHANGED = Refusal(
    "version_changed",
    "This version was changed since the page was drawn. Nothing is approved.",
    "Read it as it is now.",
    stale=True,
)


def approver(user: User) -> Practitioner | None:
    """The practitioner who may approve under this account, or None."""
    practitioner = getattr(user, "practitioner", None)
    may = practitioner and practitioner.is_active and practitioner.decides_reviews
    return practitioner if may else None


def problems(row: models.Model) -> tuple[str, ...]:
    """What must be mended before this version may be approved, in words; empty when nothing."""
    match row:
        case RuleSet():
            rules = tuple(rule_from_row(rule.row) for rule in row.rules.all())
            days = {"booking_valid_days": row.booking_valid_days, "phone_valid_days": row.phone_valid_days}
            return defects(Rules(version=row.number, rules=rules, **days))
        case AftercareText():
            return tuple(
                f"{fault.code}: {fault.fault}{' ' + fault.detail if fault.detail else ''}"
                for fault in faults(blocks_of(row))
            )
        case ConsentText():
            return _text_problems(row)
        case LimitChange():
            return limit_problems(row)
    return ()


def _text_problems(text: ConsentText) -> tuple[str, ...]:
    reading = measure(text.body.split("\n"), text.language)
    claims = tuple(f"“{claim}” promises too much." for claim in claims_in(text.body, text.language))
    return claims if reading.easy else (*claims, f"The text is hard to read: {reading.words}.")


def content_hash(row: models.Model) -> str:
    """The SHA-256 of all that approving this version makes usable: its fields, and the rules of a set.

    Of a change of limits also the row whose limits they are, as it is now.
    """
    content = [_fields_of(row)]
    if isinstance(row, RuleSet):
        content += row.rules.order_by("pk").values()
    if isinstance(row, LimitChange):
        content.append(_fields_of(row.subject))
    return hashlib.sha256(json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()


def _fields_of(row: models.Model) -> dict:
    fields = [field.attname for field in row._meta.concrete_fields if not field.name.startswith("approved")]
    return {name: getattr(row, name) for name in fields}


@in_words({})
def approve(row: models.Model, *, seen: str, by: User) -> models.Model:
    """Approve one version for good; the caller has checked the fresh sign-in.

    `seen` is the `content_hash` of what the practitioner read. Raises a Refusal for somebody who may not, a
    version already approved, one that is not what was read any more, or one with faults.
    """
    practitioner = approver(by)
    if practitioner is None:
        raise MAY_NOT.copy()
    subject = lock_subject(row) if isinstance(row, LimitChange) else None
    row = _locked(row)
    if row.approved_at:
        raise Refusal("already_approved", f"{row.approved_by} has approved this already.", stale=True)
    found = problems(row)
    if found:
        raise Refusal("not_sound", f"This cannot be approved yet: {found[0]}", "Mend it first.")
    if seen != content_hash(row):
        raise CHANGED.copy()
    row.approved_by, row.approved_at = practitioner, clock.now()
    row.full_clean()
    row.save(update_fields=["approved_by", "approved_at"])
    if subject is not None:
        put_in_force(row, subject)
    return row


def _locked(row: models.Model) -> models.Model:
    """The row as it is; a change of limits may have been taken back meanwhile."""
    found = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise CHANGED.copy()
    return found
