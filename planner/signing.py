"""What ends a session record: sign it, close it untreated, correct it beside. Instants are aware UTC."""

import datetime as dt

from clinic import clock
from clinic.constraints import check_values, in_words
from clinic.models import Practitioner, User
from clinic.refusals import Refusal
from planner.booking import lock_appointment, write_status
from planner.models import (
    AppointmentEvent,
    SessionAmendment,
    TreatmentCourse,
    TreatmentSession,
)
from planner.models.diary import AppointmentStatus
from planner.queries.record import gaps_of, hash_of
from planner.records import SENTENCES, practitioner_of, refuse_correction, refuse_signed_or_stale, reread
from planner.sheets import issue_sheet


def sign_session(
    session: TreatmentSession,
    *,
    version: int,
    fresh: bool,
    language: str = "",
    by: User,
    at: dt.datetime | None = None,
) -> TreatmentSession:
    """Freeze the record, complete the visit (and the course after its last), issue the aftercare sheet.

    `fresh` says that the password was just checked (ruling 24); `language` is that of the sheet, the
    patient's unless named. Signing twice returns the signed record.
    Raises Refusal: the role, not the record's practitioner, incomplete, stale, no approved aftercare text.
    """
    person = practitioner_of(by, "session_sign")
    if not fresh:
        raise Refusal("not_fresh", "Type your password to sign.", field="password")
    return _sign(session, version, person, language, by, at or clock.now())


@in_words(SENTENCES)
def _sign(session, version, person, language, by, at) -> TreatmentSession:
    lock_appointment(session.appointment_id)
    session = reread(session)
    if session.signed_at:
        return session
    refuse_signed_or_stale(session, version)
    if session.practitioner_id != person.pk:
        raise Refusal("not_yours", f"This record is {session.practitioner}'s to sign.")
    if lacking := gaps_of(session):
        raise Refusal("incomplete", "The record is not complete yet.", " ".join(gap.words for gap in lacking))
    appointment = session.appointment
    session.content_hash = hash_of(session)
    session.signed_at, session.signed_by, session.saved_at = at, by, at
    session.save()
    write_status(appointment, AppointmentStatus.FULFILLED, AppointmentEvent.Kind.FULFILLED, by=by, at=at)
    _complete_course(appointment.course)
    issue_sheet(session, language=language, by=by, at=at)
    return session


@in_words(SENTENCES)
def close_untreated(
    session: TreatmentSession,
    *,
    version: int,
    reason: str,
    fresh: bool,
    by: User,
    at: dt.datetime | None = None,
) -> TreatmentSession:
    """Sign a record in which nothing was needled; the visit is cancelled with the reason, without a sheet.

    Raises Refusal: the role, not the record's practitioner, no reason, the cream still on, needling begun,
    stale.
    """
    person, at = practitioner_of(by, "session_close"), at or clock.now()
    if not fresh:
        raise Refusal("not_fresh", "Type your password to sign.", field="password")
    if not reason.strip():
        raise Refusal("reason_missing", "Write why nothing was done.", field="reason")
    lock_appointment(session.appointment_id)
    session = reread(session)
    refuse_signed_or_stale(session, version)
    _refuse_unclosable(session, person)
    session.not_treated_reason = reason.strip()
    session.content_hash = hash_of(session)
    session.signed_at, session.signed_by, session.saved_at = at, by, at
    check_values(session)
    session.save()
    words = f"Not treated: {session.not_treated_reason}"[:200]
    cancelled = AppointmentStatus.CANCELLED, AppointmentEvent.Kind.CANCELLED
    write_status(session.appointment, *cancelled, by=by, at=at, reason=words)
    return session


def _refuse_unclosable(session: TreatmentSession, person: Practitioner) -> None:
    if session.practitioner_id != person.pk:
        raise Refusal("not_yours", f"This record is {session.practitioner}'s to sign.")
    if session.needling_started_at:
        raise Refusal("needling_begun", "Needling has begun.", "Finish and sign the record.")
    if session.numbing_on_at and not session.numbing_off_at:
        raise Refusal("cream_on", "The cream is still on.", "Take it off first.")


@in_words({})
def amend_session(
    session: TreatmentSession, *, text: str, fresh: bool, by: User, at: dt.datetime | None = None
) -> SessionAmendment:
    """Add a dated correction beside a signed record."""
    practitioner_of(by, "session_amend")
    refuse_correction(session, "record", text, fresh)
    amendment = SessionAmendment(session=session, text=text.strip(), by=by, at=at or clock.now())
    check_values(amendment)
    amendment.save()
    return amendment


def _complete_course(course: TreatmentCourse) -> None:
    if course.status == TreatmentCourse.Status.STOPPED:
        return  # somebody ended it meanwhile, with a reason: that stands
    if course.appointments.filter(status=AppointmentStatus.FULFILLED).count() >= course.sessions:
        course.status = TreatmentCourse.Status.COMPLETED
        course.version += 1
        course.save(update_fields=["status", "version"])
