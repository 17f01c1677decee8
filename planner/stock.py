"""Recall of a lot: it leaves the stock for good, and its users are written out for a named reason."""

import csv
import datetime as dt
import io
import logging

from clinic import clock
from clinic.constraints import in_words, sentences_of
from clinic.models import Lot, User
from clinic.permissions import may
from clinic.refusals import Refusal
from planner.queries.stock import recall_table, uses_of

SENTENCES = sentences_of(Lot)
LOG = logging.getLogger("needleplan.export")
RISKY = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet would read such a cell as a formula


@in_words(SENTENCES)
def recall_lot(lot: Lot, *, reason: str, by: User, at: dt.datetime | None = None) -> Lot:
    """Take a lot out of use for good. Recalling twice keeps the first.

    Raises Refusal: the role, no reason.
    """
    if not may(by, "lot_recall"):
        raise Refusal("role", "Only practitioners and managers recall a lot.", "Ask one of them.")
    if not reason.strip():
        raise Refusal("reason_missing", "Write why the lot is recalled.", field="reason")
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    if lot.recalled_at:
        return lot
    lot.recalled_at, lot.recalled_by = at or clock.now(), by
    lot.recall_reason, lot.is_active = reason.strip()[:300], False
    lot.save()
    return lot


def recall_csv(lot: Lot, *, reason: str, fresh: bool, by: User, at: dt.datetime | None = None) -> str:
    """Write the users of a lot as CSV; says who made it, when and why, and logs that without names.

    Raises Refusal: the role, no fresh password, no reason.
    """
    if not may(by, "lot_csv"):
        raise Refusal("role", "Only managers export names.", "Ask one of them.")
    if not fresh:
        raise Refusal("not_fresh", "Type your password to export names.", field="password")
    if not reason.strip():
        raise Refusal("reason_missing", "Write what the list is for.", field="reason")
    at = at or clock.now()
    uses = uses_of(lot, at)
    made = clock.local(at, lot.location.time_zone)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    mark = f"Lot {lot.number}, {lot.product}. Made by {by.name}, {made:%Y-%m-%d %H:%M}: {reason.strip()}"
    for row in ((mark,), *recall_table(uses)):
        writer.writerow([_cell(value) for value in row])
    LOG.info("Lot %s exported by account %s, %s rows", lot.pk, by.pk, len(uses))
    return text.getvalue()


def _cell(value: str) -> str:
    """A value that no spreadsheet reads as a formula."""
    return f"'{value}" if value.startswith(RISKY) or value.lstrip().startswith(RISKY) else value
