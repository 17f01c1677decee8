"""Book a course, check in; what is changed later is `planner.moving`.

Every command locks in the one order of `planner.locks` before it reads what it decides on, and lets
PostgreSQL have the last word. Instants are aware UTC; `at` is now.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from uuid import UUID

from clinic import clock
from clinic.constraints import in_words, sentences_of
from clinic.models import Location, OutboxMessage, User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.gates import refuse_withdrawn_consent
from patients.models import Patient
from patients.screenings import booking_gate_for, refuse_closed_gate
from planner import diary
from planner.codes import keep_code
from planner.courses import refuse_course_not_running, write_course, write_visits
from planner.locks import lock_held, lock_places
from planner.models import Appointment, AppointmentArea, AppointmentEvent, Protocol, TreatmentCourse
from planner.models.diary import AppointmentStatus
from planner.planning import CourseRequest, Planning, Slot, approved_protocol, read_planning, still_fit
from planner.telling import UNDO_MINUTES


def _taken(what: str) -> Refusal:
    return Refusal(
        f"{what}_taken",
        f"The {what} was just booked by someone else.",
        "Nothing was booked. Look at the new proposals.",
        stale=True,
    )


DIARY_CHANGED = Refusal(
    "diary_changed",
    "The diary changed since this page was drawn.",
    "Nothing was booked. Look at the new proposals.",
    stale=True,
)

KEY_REUSED = Refusal(
    "booking_key_reused", "This page has already booked other dates.", "Open the course.", stale=True
)

SENTENCES = sentences_of(TreatmentCourse, Appointment, AppointmentArea) | {
    f"{what}_is_in_one_place_at_a_time": _taken(what) for what in ("practitioner", "room", "device")
}
SENTENCES |= {
    "patient_is_in_one_place_at_a_time": Refusal(
        "patient_taken",
        "The patient has another visit at one of these times.",
        "Nothing was booked.",
        stale=True,
    ),
    "planner_treatmentcourse_booking_key_key": KEY_REUSED,
    "visits_of_a_course_keep_their_gap": Refusal(
        "gap_too_short", "Two visits of this course are too close together.", "Nothing was booked."
    ),
    "an_area_of_a_patient_keeps_its_gap": Refusal(
        "area_too_soon",
        "One of these areas has another treatment too close to these dates.",
        "Nothing was booked. Look at the new proposals.",
        stale=True,
    ),
}
SENTENCES["an_area_keeps_its_gap_from_joined_visits"] = SENTENCES["an_area_of_a_patient_keeps_its_gap"]


def book_course(
    patient: Patient,
    *,
    location: Location,
    request: CourseRequest,
    slots: Sequence[Slot],
    proposal: str,
    booking_key: UUID,
    by: User,
    at: dt.datetime | None = None,
) -> TreatmentCourse:
    """Book every visit of a course in one transaction, or none.

    The same `booking_key` with the same content returns the course it made. Raises Refusal: the role, the
    screening's gate (ruling 1), a withdrawn consent, a diary that changed since the proposal was drawn
    (`stale`), a reused key.
    """
    _need(by, "course_book")
    at = at or clock.now()
    asked = _fingerprint(patient, location, request, slots)
    if done := _replayed(booking_key, asked):
        return done
    if len(slots) != request.sessions:
        raise Refusal("wrong_number_of_visits", f"A course of {request.sessions} visits needs as many dates.")
    # Tell most of those who come too late without making others wait for the locks.
    protocol = approved_protocol(request.indication_id)
    _refuse_what_is_taken(request, protocol, slots)
    _refuse_what_is_too_soon(patient, location, request, protocol, slots, at)
    return _book(patient, location, request, protocol, slots, proposal, booking_key, asked, by, at)


@in_words(SENTENCES)
def _book(
    patient, location, request, protocol, slots, proposal, booking_key, asked, by, at
) -> TreatmentCourse:
    lock_places(
        practitioners=[slot.practitioner_id for slot in slots],
        rooms=[slot.room_id for slot in slots],
        devices=[slot.device_id for slot in slots],
        patients=[patient.pk],
    )
    if done := _replayed(booking_key, asked):
        return done
    _refuse_what_is_taken(request, protocol, slots)  # by those we waited for
    gate = booking_gate_for(
        patient, areas=request.area_ids, on=clock.local_date(at, location.time_zone), at=at
    )
    refuse_closed_gate(gate, by)
    refuse_withdrawn_consent(patient, protocol.indication)
    planning = read_planning(
        patient.pk, location, request, earliest_on=gate.earliest_on, at=at, only_for=slots
    )
    _refuse_what_no_longer_fits(planning, slots)
    course = write_course(patient, location, planning, proposal, booking_key, asked, gate, by, at)
    write_visits(course, enumerate(slots, 1), planning.practitioners, planning.rooms, planning.areas, by, at)
    keep_code(patient, by=by, at=at)
    OutboxMessage.objects.create(
        kind=OutboxMessage.Kind.COURSE_BOOKED,
        subject_id=course.pk,
        patient_id=patient.pk,
        location=location,
        due_at=at + dt.timedelta(minutes=UNDO_MINUTES),
    )
    return course


def check_in(appointment: Appointment, *, by: User, at: dt.datetime | None = None) -> Appointment:
    """The patient is here. Only on the day of the visit; repeating it changes nothing."""
    return _change(appointment, "appointment_check_in", AppointmentStatus.ARRIVED, by, at)


def undo_check_in(appointment: Appointment, *, by: User, at: dt.datetime | None = None) -> Appointment:
    """Back to booked: the wrong person was checked in. Refused once a session has begun."""
    return _change(appointment, "appointment_undo_check_in", AppointmentStatus.BOOKED, by, at)


@in_words(SENTENCES)
def send_to_room(appointment: Appointment, *, by: User, at: dt.datetime | None = None) -> Appointment:
    """Who was checked in goes to the room of the visit, once; the practitioner sees it."""
    _need(by, "appointment_to_room")
    at, appointment = at or clock.now(), lock_appointment(appointment.pk)
    if appointment.status != AppointmentStatus.ARRIVED:
        raise Refusal("not_here", "Only a patient who is here goes to a room.", "Check them in.", stale=True)
    if appointment.roomed_at is None:
        at = max(at, appointment.arrived_at)  # the clocks of two servers differ by a little
        appointment.roomed_at = at
        _save_room(appointment, AppointmentEvent.Kind.ROOMED, by, at)
    return appointment


@in_words(SENTENCES)
def undo_send_to_room(appointment: Appointment, *, by: User, at: dt.datetime | None = None) -> Appointment:
    """Back to the waiting room: the wrong person was sent. Refused once a record is open or the visit over.

    Repeating it changes nothing.
    """
    _need(by, "appointment_undo_to_room")
    at, appointment = at or clock.now(), lock_appointment(appointment.pk)
    if appointment.status != AppointmentStatus.ARRIVED:
        raise _status_changed(appointment)
    _refuse_open_record(appointment)
    if appointment.roomed_at is not None:
        appointment.roomed_at = None
        _save_room(appointment, AppointmentEvent.Kind.UNROOMED, by, at)
    return appointment


def _save_room(appointment: Appointment, kind: AppointmentEvent.Kind, by: User, at: dt.datetime) -> None:
    appointment.version += 1
    appointment.save(update_fields=["roomed_at", "version"])
    AppointmentEvent.objects.create(appointment=appointment, kind=kind, at=at, by=by)


def end_appointment(
    appointment: Appointment,
    status: AppointmentStatus,
    *,
    reason: str,
    by: User,
    at: dt.datetime | None = None,
) -> Appointment:
    """Cancel a visit outside any course, a review say, with the reason, or mark it missed.

    A visit of a course is ended by `planner.moving`, with the change that can be taken back and its
    message: here that is refused.
    """
    if appointment.course_id is not None:
        raise Refusal("visit_of_a_course", "This visit belongs to a course.", "Cancel it from its course.")
    name = {
        AppointmentStatus.CANCELLED: "appointment_cancel",
        AppointmentStatus.NO_SHOW: "appointment_no_show",
    }
    return _change(appointment, name[status], status, by, at, reason)


# From which state which other may follow. Cancelled and missed are set by `planner.moving`, completed by
# signing.
TRANSITIONS = {
    (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED): AppointmentEvent.Kind.ARRIVED,
    (AppointmentStatus.ARRIVED, AppointmentStatus.BOOKED): AppointmentEvent.Kind.UNARRIVED,
    (AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED): AppointmentEvent.Kind.CANCELLED,
    (AppointmentStatus.ARRIVED, AppointmentStatus.CANCELLED): AppointmentEvent.Kind.CANCELLED,
    (AppointmentStatus.BOOKED, AppointmentStatus.NO_SHOW): AppointmentEvent.Kind.NO_SHOW,
    (AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED): AppointmentEvent.Kind.FULFILLED,
}


@in_words(SENTENCES)
def _change(appointment, permission, status, by, at, reason: str = "") -> Appointment:
    _need(by, permission)
    at = at or clock.now()
    appointment = lock_appointment(appointment.pk)
    if appointment.status == status:
        return appointment
    kind = TRANSITIONS.get((AppointmentStatus(appointment.status), status))
    if kind is None:
        raise _status_changed(appointment)
    refuse_wrong_moment(appointment, status, reason, at)
    write_status(appointment, status, kind, by=by, at=at, reason=reason)
    return appointment


def lock_appointment(pk: int) -> Appointment:
    """Lock everything an appointment holds, in the one order, and read it anew. Call inside a transaction."""
    rows = Appointment.objects.select_related("location", "patient", "course").filter(pk=pk)
    (appointment,) = lock_held(rows.all)
    return appointment


def write_status(appointment, status, kind, *, by: User | None, at: dt.datetime, reason: str = "") -> None:
    """Set the status and add its event, `by` None being the patient.

    The caller holds the locks and has checked the transition.
    """
    appointment.status = status
    appointment.status_reason = reason
    if status == AppointmentStatus.ARRIVED:
        appointment.arrived_at = at
    if status == AppointmentStatus.BOOKED:
        appointment.arrived_at = appointment.roomed_at = None
    appointment.version += 1
    appointment.save(update_fields=["status", "status_reason", "arrived_at", "roomed_at", "version"])
    AppointmentEvent.objects.create(appointment=appointment, kind=kind, at=at, by=by, reason=reason)


def refuse_wrong_moment(appointment, status, reason, at) -> None:
    """Refuse a status that the clock, a missing reason or an open record forbids."""
    zone = appointment.location.time_zone
    today = clock.local_date(at, zone)
    if status == AppointmentStatus.ARRIVED and appointment.on != today:
        raise Refusal("not_today", "Only visits of today can be checked in.", "Open the visit's own day.")
    if status == AppointmentStatus.NO_SHOW and at < appointment.start:
        raise Refusal("not_yet", "The visit has not started yet.", "Cancel it instead if the patient called.")
    if status == AppointmentStatus.CANCELLED and not reason.strip():
        raise Refusal("reason_missing", "Write why the visit is cancelled.", field="reason")
    if status == AppointmentStatus.BOOKED and appointment.course is not None:
        refuse_course_not_running(appointment.course, "Cancel the visit, or resume the course first.")
    if status != AppointmentStatus.ARRIVED:
        _refuse_open_record(appointment)


def _refuse_open_record(appointment: Appointment) -> None:
    if hasattr(appointment, "session") or hasattr(appointment, "review"):
        raise Refusal("session_open", "The record of this visit is already open.", "Finish the record.")


def _status_changed(appointment: Appointment) -> Refusal:
    return Refusal(
        "status_changed",
        f"This visit is {appointment.get_status_display().lower()} now.",
        "Load the page again.",
        stale=True,
    )


def _need(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")


def _fingerprint(patient, location, request, slots) -> str:
    content = [patient.pk, location.pk, request.wishes()] + [
        [slot.start.isoformat(), slot.practitioner_id, slot.room_id, slot.device_id] for slot in slots
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _replayed(booking_key: UUID, asked: str) -> TreatmentCourse | None:
    course = TreatmentCourse.objects.filter(booking_key=booking_key).first()
    if course and course.booking_hash != asked:
        raise KEY_REUSED.copy()
    return course


def _refuse_what_is_taken(request: CourseRequest, protocol: Protocol, slots: Sequence[Slot]) -> None:
    if diary.is_taken(
        slots,
        numbing_minutes=request.numbing_minutes,
        treatment_minutes=protocol.treatment_minutes(len(set(request.area_ids))),
    ):
        raise DIARY_CHANGED.copy()


def _refuse_what_is_too_soon(patient, location, request, protocol, slots: Sequence[Slot], at) -> None:
    _, too_soon = diary.patient_times(
        patient.pk, areas=request.area_ids, gap_min_days=protocol.gap_min_days, since=at
    )
    dates = [clock.local_date(slot.start, location.time_zone) for slot in slots]
    if any(first <= on <= last for on in dates for first, last in too_soon):
        raise DIARY_CHANGED.copy()


def _refuse_what_no_longer_fits(planning: Planning, slots: Sequence[Slot]) -> None:
    """Judge the slots by the independent checker, on the diary as it is under our locks."""
    if not still_fit(slots, planning):
        raise DIARY_CHANGED.copy()
