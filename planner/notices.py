"""The desk deals with what patients told on their own pages."""

import datetime as dt

from clinic import clock
from clinic.constraints import in_words
from clinic.models import User
from clinic.permissions import may
from clinic.refusals import Refusal
from planner.models import PatientNotice


@in_words({})
def settle_notice(
    notice: PatientNotice, *, note: str, by: User, at: dt.datetime | None = None
) -> PatientNotice:
    """Record what was done about a notice, and by whom; it leaves the attention list. Twice is once.

    A problem needs a note: who spoke to the patient, and what was agreed. Raises Refusal: role, no note.
    """
    if not may(by, "notice_settle"):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
    row = PatientNotice.objects.select_for_update().get(pk=notice.pk)
    if row.done_at or row.withdrawn_at:
        return row
    if row.kind == PatientNotice.Kind.PROBLEM and not note.strip():
        raise Refusal("note_missing", "Write what was done.", field="note")
    row.done_at, row.done_by, row.done_note = at or clock.now(), by, note.strip()
    row.save(update_fields=["done_at", "done_by", "done_note"])
    return row
