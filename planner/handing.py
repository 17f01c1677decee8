"""Handing a sheet over: on paper in any size, as a link by mail or shown, or not wanted; all recorded."""

import datetime as dt
from collections.abc import Sequence

from clinic import clock
from clinic.constraints import in_words
from clinic.models import OutboxMessage, User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients import links
from patients.models import PatientLink
from planner.codes import code_for
from planner.models import AftercareSheet, SheetHandover
from planner.models.diary import AppointmentStatus
from planner.print.joining import joined
from planner.print.paper import sheet_pdf

AFTER_LAST = dt.timedelta(days=90)  # ruling 25: a link on paper lives so long after the last planned visit
STANDARD = 12  # points: the size in which a sheet is issued and stored


@in_words({})
def print_sheet(
    sheet: AftercareSheet, *, paper: str, points: int, by: User, at: dt.datetime | None = None
) -> bytes:
    """The sheet for the printer, recorded as printed.

    In the size and on the paper it was issued these are the stored bytes; any other size is set from the
    frozen content. Raises Refusal for the role, ValueError for an unknown paper or size.
    """
    _need(by, "sheet_print")
    same = points == STANDARD and paper == sheet.session.appointment.location.paper
    at = at or clock.now()
    _record(sheet, SheetHandover.How.PRINTED, _size(points), by, at)
    if same:
        return bytes(sheet.pdf)
    code = code_for(sheet.patient, language=sheet.content["language"], at=at)
    return sheet_pdf(sheet.content, paper=paper, points=points, code=code)


@in_words({})
def print_sheets(sheets: Sequence[AftercareSheet], *, by: User, at: dt.datetime | None = None) -> bytes:
    """The stored sheets one after the other in one file for the printer, each recorded as printed."""
    _need(by, "sheet_print")
    if not sheets:
        raise Refusal("no_sheets", "Choose at least one sheet.", field="sheets")
    at = at or clock.now()
    for sheet in sheets:
        _record(sheet, SheetHandover.How.PRINTED, "", by, at)
    return joined([bytes(sheet.pdf) for sheet in sheets])


@in_words({})
def mail_sheet(sheet: AftercareSheet, *, by: User, at: dt.datetime | None = None) -> SheetHandover:
    """Send the patient a link to the own page, where the sheet is, behind the birth date.

    The message itself names no treatment. Raises Refusal: the role, no way to write to the patient.
    """
    at = at or clock.now()
    _need(by, "sheet_hand_over")
    link = link_for(sheet, by=by, at=at)
    links.send_link(link, kind=OutboxMessage.Kind.AFTERCARE_LINK, by=by, at=at)
    return _record(sheet, SheetHandover.How.MAILED, "", by, at)


@in_words({})
def show_link(sheet: AftercareSheet, *, by: User, at: dt.datetime | None = None) -> tuple[PatientLink, str]:
    """A link to the own page and its secret part, to be shown this once; recorded."""
    at = at or clock.now()
    _need(by, "sheet_hand_over")
    link = link_for(sheet, by=by, at=at)
    _record(sheet, SheetHandover.How.LINK, "", by, at)
    return link, links.new_token(link, at=at)


def refuse_sheet(
    sheet: AftercareSheet, *, note: str, by: User, at: dt.datetime | None = None
) -> SheetHandover:
    """The patient does not want it: record that, and why. Raises Refusal: the role, no reason."""
    _need(by, "sheet_hand_over")
    if not note.strip():
        raise Refusal("note_missing", "Write why the sheet was not taken.", field="note")
    return _record(sheet, SheetHandover.How.REFUSED, note.strip(), by, at or clock.now())


def link_for(sheet: AftercareSheet, *, by: User, at: dt.datetime) -> PatientLink:
    """A new link to the patient's plan that lives until 90 days after the last planned visit."""
    planned = sheet.patient.appointments.filter(status=AppointmentStatus.BOOKED, start__gt=at)
    last = planned.order_by("-start").values_list("start", flat=True).first()
    ends = min((last or at) + AFTER_LAST, at + links.LONGEST)
    return links.create_link(sheet.patient, purpose=PatientLink.Purpose.PLAN, by=by, expires_at=ends, at=at)


def _size(points: int) -> str:
    return "" if points == STANDARD else f"{points} pt"


def _record(sheet: AftercareSheet, how: str, note: str, by: User, at: dt.datetime) -> SheetHandover:
    return SheetHandover.objects.create(sheet=sheet, how=how, note=note, by=by, at=at)


def _need(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
