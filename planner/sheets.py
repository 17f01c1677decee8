"""Aftercare sheets: rows → facts → the engine's content → PDF, stored with their text version and hash."""

import datetime as dt
import hashlib

from clinic import clock
from clinic.models import User
from clinic.refusals import Refusal
from patients.languages import spoken
from planner.aftercare_texts import blocks_of
from planner.codes import code_for, keep_code
from planner.engine.aftercare.model import (
    NextVisit,
    Reaction,
    RegionGroup,
    SessionFacts,
    SheetContent,
    TreatedArea,
)
from planner.engine.aftercare.select import compose
from planner.models import AftercareSheet, AftercareText, TreatmentSession
from planner.print.paper import sheet_pdf
from planner.queries.itinerary import approved_text, clinic_of


def issue_sheet(
    session: TreatmentSession, *, language: str = "", by: User, at: dt.datetime
) -> AftercareSheet:
    """Compose, print and store the sheet of one session; issued once, a repeat returns it.

    `language` is the patient's unless named. Call it inside the transaction that signs the record. Raises
    Refusal when the language has no approved text.
    """
    issued = AftercareSheet.objects.filter(session=session).first()
    if issued:
        return issued
    text = _approved_text(language or session.patient.language)
    content = compose_sheet(session, text)
    location = session.appointment.location
    keep_code(session.patient, by=by, at=at)
    code = code_for(session.patient, language=content.language, at=at)
    pdf = sheet_pdf(content, paper=location.paper, code=code)
    return AftercareSheet.objects.create(
        session=session,
        patient_id=session.patient_id,
        text=text,
        content=content.as_data(),
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        issued_at=at,
        issued_by=by,
    )


def sheet_languages() -> dict[str, str]:
    """The languages a sheet can be given in today: those whose texts are approved, by code."""
    approved = set(AftercareText.objects.filter(approved_at__isnull=False).values_list("language", flat=True))
    return {code: name for code, name in spoken().items() if code in approved}


def _approved_text(language: str) -> AftercareText:
    if language in sheet_languages():
        return approved_text(language)
    raise Refusal(
        "language_missing",
        f"There is no approved aftercare text in {spoken().get(language, language)}.",
        "Choose another language for the sheet.",
        field="language",
    )


def compose_sheet(session: TreatmentSession, text: AftercareText) -> SheetContent:
    """The content of a session's sheet from one version of the texts."""
    zone = session.appointment.location.time_zone
    approved_on = clock.local_date(text.approved_at, zone) if text.approved_at else None
    composed = compose(facts_of(session, text), blocks_of(text, approved_on))
    if not isinstance(composed, SheetContent):
        raise Refusal(
            "text_incomplete",
            "The approved aftercare texts lack a block.",
            "A practitioner approves a whole version.",
        )
    return composed


def facts_of(session: TreatmentSession, text: AftercareText) -> SessionFacts:
    """Everything of the session that changes its sheet."""
    appointment = session.appointment
    course, patient, language = appointment.course, session.patient, text.language
    links = list(session.areas.select_related("area"))
    following = _next_visit(session)
    lots = (session.glide_lot, session.finishing_lot)
    return SessionFacts(
        language=language,
        text_version=text.number,
        zone=appointment.location.time_zone,
        needling_ended_at=session.needling_ended_at,
        areas=tuple(
            TreatedArea(link.area.code, link.area.name_in(language).lower(), RegionGroup(link.area.region))
            for link in links
        ),
        max_depth_mm=float(max(link.depth_mm for link in links)),
        phototype=patient.phototype,
        anaesthetic=session.numbing_lot.product.name if session.numbing_lot else None,
        products=tuple(lot.product.name for lot in lots if lot),
        reaction=Reaction(session.redness, session.swelling),
        note=session.patient_note,
        practitioner=session.practitioner.name,
        is_last=following is None and appointment.number >= course.sessions,
        next_visit=following,
        clinic=clinic_of(appointment.location, language),
        patient=patient.full_name,
        record_number=patient.record_number,
        visit=appointment.number,
        visits=course.sessions,
    )


def _next_visit(session: TreatmentSession) -> NextVisit | None:
    appointment = session.appointment
    visit = (
        appointment.course.appointments.filter(status="booked", start__gt=appointment.start)
        .select_related("practitioner", "room")
        .order_by("start")
        .first()
    )
    if visit is None:
        return None
    minutes = int((visit.end - visit.start).total_seconds() // 60)
    return NextVisit(visit.start, visit.practitioner.name, visit.room.name, minutes)
