"""Session records: start, numbing, treatment, finish. With `planner.signing` the only writer of records.

Every save names the version it was made from: whoever is second gets the difference in words instead of
overwriting. Instants are aware UTC, depths millimetres, areas of skin cm²; `at` is now.
"""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError

from clinic import clock
from clinic.constraints import check_values, in_words, sentences_of
from clinic.models import Practitioner, User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.models import Patient
from patients.screenings import ScreeningGate, refuse_closed_gate, start_gate_for
from planner.booking import lock_appointment
from planner.courses import refuse_course_not_running
from planner.events import refuse_held_start
from planner.finishing import refuse_finish
from planner.locks import lock_places
from planner.models import (
    Appointment,
    AppointmentEvent,
    CourseReview,
    SessionArea,
    TreatmentSession,
)
from planner.models.diary import AppointmentStatus
from planner.numbing import refuse_needling, refuse_numbing
from planner.queries.differences import differences
from planner.treatment import AreaEntry, Needling, Supplies, write_areas, write_supplies

SENTENCES = sentences_of(TreatmentSession, SessionArea) | {
    "planner_sessioncartridge_unit_id_key": Refusal(
        "cartridge_used",
        "This cartridge was already used.",
        "Open a new one and type its number.",
        field="serial",
    ),
}
NUMBING_FIELDS = (
    *("numbing_used", "numbing_lot", "numbing_prescriber", "numbing_grams", "numbing_area_cm2"),
    *("numbing_sites", "numbing_covered", "numbing_on_at", "numbing_off_at", "numbing_applied_by"),
)
OWN_FIELDS = (
    "own_cream",
    *(f"own_cream_{part}" for part in ("product", "strength", "grams", "covered", "on_at", "off_at")),
)
ANY_CREAM_FIELDS = (*NUMBING_FIELDS, *OWN_FIELDS, "other_anaesthetic")
_REACTION_FIELDS = (
    *("pain", "redness", "swelling", "bleeding", "pressure_minutes"),
    *("reactions", "reaction_note"),
)
FINISH_FIELDS = (
    *_REACTION_FIELDS,
    "observed_until_at",
    "fit_to_leave_at",
    "sharps_disposed",
    "note",
    "patient_note",
    "limits_reason",
    "photos_missing_reason",
    "decision",
    "decision_reason",
)


def start_session(
    appointment: Appointment,
    *,
    identity_checked: bool,
    birth_date: dt.date | None,
    consent_read: bool,
    by: User,
    at: dt.datetime | None = None,
) -> TreatmentSession:
    """Open the record of an arrived visit; a record already open is returned as it is.

    `identity_checked` says that the patient gave the name; `birth_date` is the one the patient gave (H01).
    Raises Refusal: the role, another day, not checked in, identity or consent not read back, another birth
    date, the gate of that day's screening and the consent, a practitioner untrained for the indication.
    """
    person = practitioner_of(by, "session_start")
    refuse_other_person(appointment.patient, identity_checked, birth_date)
    if not consent_read:
        raise Refusal(
            "consent_not_read", "Read the consent again with the patient first.", field="consent_read"
        )
    return _start(appointment, person, by, at or clock.now())


@in_words(SENTENCES)
def _start(appointment, person: Practitioner, by, at) -> TreatmentSession:
    appointment = lock_appointment(appointment.pk)
    opened = TreatmentSession.objects.filter(appointment=appointment).first()
    if opened:
        return opened
    today = clock.local_date(at, appointment.location.time_zone)
    if appointment.kind != Appointment.Kind.TREATMENT:
        raise Refusal("not_a_treatment", "Only a treatment has a record.", "Open the patient instead.")
    if appointment.status != AppointmentStatus.ARRIVED or appointment.on != today:
        raise Refusal("not_arrived", "Only a visit of today that is checked in can start.", "Check in first.")
    refuse_untrained(person, appointment)
    gate = _gate_of(appointment, appointment.patient, today)
    refuse_closed_gate(gate, by)
    refuse_course_not_running(appointment.course)
    _refuse_held(appointment)
    session = TreatmentSession.objects.create(
        appointment=appointment,
        patient_id=appointment.patient_id,
        practitioner=person,
        screening_id=gate.screening_id,
        consent=gate.consent,
        phototype=appointment.patient.phototype,
        identity_checked_at=at,
        consent_read_at=at,
        started_at=at,
        saved_at=at,
    )
    AppointmentEvent.objects.create(appointment=appointment, kind=AppointmentEvent.Kind.STARTED, at=at, by=by)
    return session


def _gate_of(appointment: Appointment, patient: Patient, on: dt.date) -> ScreeningGate:
    """The gate of the session start, with the consent read again that day."""
    return start_gate_for(
        patient,
        indication=appointment.course.indication,
        areas=[link.area for link in appointment.areas.select_related("area")],
        on=on,
        consent_read_on=on,
        zone=appointment.location.time_zone,
    )


def _refuse_what_closed_since(session: TreatmentSession) -> None:
    """Judge again what allowed the start: the answers, the consent or a reaction may have come later."""
    gate = _gate_of(session.appointment, session.patient, session.appointment.on)
    refuse_closed_gate(gate, session.practitioner.user)
    _refuse_held(session.appointment)


def _refuse_held(appointment: Appointment) -> None:
    area_ids = list(appointment.areas.values_list("area", flat=True))
    refuse_held_start(appointment.patient_id, area_ids, appointment.on)


def _saving(permission: str):
    """Decorate a save: role, locks, not signed, the version it was made from; then the new version."""

    def decorate(command):
        @in_words(SENTENCES)
        @functools.wraps(command)
        def wrapped(session, *, version: int, by: User, at: dt.datetime | None = None, **values):
            person = practitioner_of(by, permission)
            at = at or clock.now()
            lock_places(patients=[session.patient_id])  # a save claims nothing in the diary
            session = reread(session)
            if not session.signed_at:
                refuse_elses(session, person)
            refuse_signed_or_stale(session, version, values)
            command(session, at=at, **values)
            session.version += 1
            session.saved_at = at
            _checked(session)
            session.save()
            return session

        return wrapped

    return decorate


@_saving("session_numbing")
def save_numbing(session: TreatmentSession, *, at: dt.datetime, **values) -> None:
    """Save the numbing step (clinical-facts 4.2): ANY_CREAM_FIELDS; times are instants.

    OWN_FIELDS are the cream that the patient put on at home.
    Raises Refusal: over the product's grams or area, expired lot, agent blocked by the screening, times
    out of order or ahead, any change once needling has begun, and cream that goes on although the gate has
    closed since the record was opened.
    """
    if session.needling_started_at and _changed(session, ANY_CREAM_FIELDS, values):
        raise Refusal("needling_begun", "Numbing cannot change once needling has begun.")
    before = (session.numbing_used, session.numbing_lot_id, session.numbing_on_at is None)
    _write(session, ANY_CREAM_FIELDS, values)
    if not session.numbing_used:
        _write(session, NUMBING_FIELDS[1:], {})
    if not session.own_cream:
        _write(session, OWN_FIELDS[1:], {})
    now = (session.numbing_used, session.numbing_lot_id, session.numbing_on_at is None)
    refuse_numbing(session, at, is_other=now != before)
    if before[2] and not now[2]:  # "numbing on" is the start (ruling 8)
        _refuse_what_closed_since(session)


@_saving("session_treatment")
def save_treatment(
    session: TreatmentSession,
    *,
    at: dt.datetime,
    areas: Sequence[AreaEntry],
    supplies: Supplies,
    needling: Needling | None = None,
    started: bool = False,
    ended: bool = False,
) -> None:
    """Save the treatment step; `needling` replaces the times, `started` and `ended` stamp an empty one.

    Raises Refusal: an area outside the visit, a depth outside 0.10 to 3.00 mm, above the area's or the
    device's limit without a reason, untrained for the device, a lot that is expired or of another kind, a
    cartridge used before, needling before the cream is off, times out of order or ahead, and a needling
    that begins although the gate has closed since the record was opened.
    """
    write_areas(session, areas, supplies)
    write_supplies(session, supplies, at)
    begun = session.needling_started_at is not None
    if needling is not None:
        session.needling_started_at, session.needling_ended_at = needling.started_at, needling.ended_at
    if (started or ended) and not session.needling_started_at:
        session.needling_started_at = at
    if ended and not session.needling_ended_at:
        session.needling_ended_at = at
    refuse_needling(session, at)
    if session.needling_started_at and not begun:
        _refuse_what_closed_since(session)


@_saving("session_finish")
def save_finish(session: TreatmentSession, *, at: dt.datetime, **values) -> None:
    """Save the finish step: FINISH_FIELDS; `observed_until_at` and `fit_to_leave_at` are instants or None.

    Raises Refusal: observation that ends before needling or ahead of now, minutes of pressure without
    bleeding that needed it.
    """
    _write(session, FINISH_FIELDS, values)
    refuse_finish(session, at)


def reread(session: TreatmentSession) -> TreatmentSession:
    """The record as it is under our locks."""
    # Four tables: with eight, PostgreSQL plans longer (3 ms) than all the single rows take.
    related = ("appointment__course", "appointment__location", "patient")
    return TreatmentSession.objects.select_related(*related).get(pk=session.pk)


def refuse_signed_or_stale(session: TreatmentSession, version: int, sent: Mapping | None = None) -> None:
    if session.signed_at:
        raise Refusal("signed", "This record is signed.", "Add a dated correction instead.", stale=True)
    if session.version != version:
        time = clock.local(session.saved_at, session.appointment.location.time_zone)
        others = f" It says: {'; '.join(found)}." if (found := differences(session, sent or {})) else ""
        raise Refusal(
            "stale_record",
            f"This record was saved elsewhere at {time:%H:%M:%S}.{others}",
            "Nothing of yours is saved yet. Load the record and compare.",
            stale=True,
        )


def refuse_other_person(patient: Patient, identity_checked: bool, birth_date: dt.date | None) -> None:
    """Refuse unless the patient gave the name and this is the birth date that was given (H01)."""
    if not identity_checked:
        raise Refusal("identity", "Ask the patient for the name first.", field="identity_checked")
    if birth_date is None:
        raise Refusal("identity", "Ask the patient for the birth date and type it.", field="birth_date")
    if birth_date != patient.birth_date:
        raise Refusal(
            "identity",
            f"This is not the birth date of {patient}.",
            "Make sure that this is the right patient's record.",
            field="birth_date",
        )


def refuse_correction(record: TreatmentSession | CourseReview, word: str, text: str, fresh: bool) -> None:
    """Refuse a correction without the password or words, or beside a record (`word` for it) still open."""
    if not fresh:
        raise Refusal("not_fresh", "Type your password to sign.", field="password")
    if not record.signed_at:
        raise Refusal("not_signed", f"This {word} is still open.", "Change it directly.")
    if not text.strip():
        raise Refusal("text_missing", "Write the correction.", field="text")


def refuse_elses(record: TreatmentSession | CourseReview, person: Practitioner) -> None:
    """Refuse to write in a record that a colleague keeps."""
    if record.practitioner_id != person.pk:
        raise Refusal(
            "not_yours_to_write",
            f"{record.practitioner} keeps this record. Nothing of yours is saved.",
            "Take it over if you go on with it: open it from the visit.",
        )


def refuse_untrained(person: Practitioner, appointment: Appointment) -> None:
    trained = person.indications.filter(pk=appointment.course.indication_id).exists()
    if not trained or not person.locations.filter(pk=appointment.location_id).exists():
        raise Refusal(
            "untrained",
            f"{person} is not trained for {appointment.course.indication} here.",
            "Ask a colleague who is.",
        )


def practitioner_of(by: User, permission: str) -> Practitioner:
    person = getattr(by, "practitioner", None)
    if not may(by, permission) or person is None or not person.is_active:
        raise Refusal("role", "Only practitioners keep treatment records.", "Ask one of them.")
    return person


def _write(session: TreatmentSession, names: Sequence[str], values: Mapping[str, object]) -> None:
    for name in names:
        empty = session._meta.get_field(name).get_default()
        setattr(session, name, values.get(name, empty))


def _changed(session: TreatmentSession, names: Sequence[str], values: Mapping[str, object]) -> bool:
    return any(getattr(session, name) != values[name] for name in names if name in values)


def _checked(session: TreatmentSession) -> None:
    try:
        check_values(session)
    except ValidationError as wrong:
        field, sentences = next(iter(wrong.message_dict.items()))
        raise Refusal("invalid", sentences[0], field="" if field == "__all__" else field) from None
