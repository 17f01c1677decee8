"""What staff do with messages: stop one that waits, send one again, see to one that did not arrive."""

import datetime as dt

from django.db.models import Max

from clinic import clock
from clinic.constraints import in_words
from clinic.models import Location, OutboxMessage, User
from clinic.models.outbox import WAITING
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.contact import way_to
from patients.models import Patient
from planner.lettering import visits_ahead, why_not
from planner.locks import lock_places
from planner.models import TreatmentCourse

STOPPED = "stopped"
DATES = (OutboxMessage.Kind.COURSE_BOOKED, OutboxMessage.Kind.COURSE_CHANGED)


@in_words({})
def stop_message(message: OutboxMessage, *, by: User, at: dt.datetime | None = None) -> OutboxMessage:
    """Keep a waiting message from leaving. Twice is once.

    Raises Refusal: the role; one that has left, was given up or is leaving at this moment (`stale`).
    """
    _need(by, "message_stop")
    at = at or clock.now()
    row = _lock(message)
    if row.dropped_because:
        return row
    if row.sent_at or row.failed_because:
        raise Refusal("message_over", "This message does not wait any more.", "Look at it again.", stale=True)
    if row.claimed_until and row.claimed_until > at:
        raise Refusal("message_leaving", "This message is leaving right now.", "Look again.", stale=True)
    row.dropped_because, row.closed_at, row.closed_by = STOPPED, at, by
    row.save(update_fields=["dropped_because", "closed_at", "closed_by"])
    return row


@in_words({})
def send_again(message: OutboxMessage, *, by: User, at: dt.datetime | None = None) -> OutboxMessage:
    """Write the same kind of message once more, with what is true now; it leaves at once.

    One that was stopped before its time waits for it again; one that waits already is returned. What could
    not be delivered counts as seen to. Raises Refusal: the role, no way to the patient, nothing left to tell.
    """
    _need(by, "message_again")
    at = at or clock.now()
    lock_places(patients=[message.patient_id])  # before the message, as a change of its course does
    row = _lock(message)
    if reason := why_not(row, at):
        raise Refusal("nothing_to_tell", f"It would not leave: {reason}.", "Nothing was sent.")
    if row.dropped_because == STOPPED and row.due_at > at:
        row.dropped_because, row.closed_at, row.closed_by = "", None, None
        row.save(update_fields=["dropped_because", "closed_at", "closed_by"])
        return row
    made = _once_more(row.kind, row.subject_id, row.version, row.patient_id, row.location, by, at)
    if row.failed_because and not row.closed_at:
        _close(row, by, at)
    return made


@in_words({})
def send_dates(course: TreatmentCourse, *, by: User, at: dt.datetime | None = None) -> OutboxMessage:
    """Send the dates of a course that are ahead, with the calendar file.

    Pressed twice it is sent once. Raises Refusal: the role, no way to the patient, no visit ahead.
    """
    _need(by, "course_send")
    at = at or clock.now()
    lock_places(patients=[course.patient_id], courses=[course.pk])
    course = TreatmentCourse.objects.select_related("location").get(pk=course.pk)
    if not visits_ahead(course.pk, at).exists():
        raise Refusal("nothing_to_tell", "No visit of this course is ahead.", "Nothing was sent.")
    kind = OutboxMessage.Kind.COURSE_BOOKED
    return _once_more(kind, course.pk, 1, course.patient_id, course.location, by, at)


@in_words({})
def settle_message(message: OutboxMessage, *, by: User, at: dt.datetime | None = None) -> OutboxMessage:
    """Say that the patient was told in another way: it leaves the attention list. Twice is once."""
    _need(by, "message_settle")
    row = _lock(message)
    if not row.failed_because:
        raise Refusal("message_over", "This message was not given up.", "Look at it again.", stale=True)
    if not row.closed_at:
        _close(row, by, at or clock.now())
    return row


def _once_more(
    kind: str, subject_id: int, version: int, patient_id: int, location: Location, by: User, at: dt.datetime
) -> OutboxMessage:
    """One more repetition, or the message that waits already."""
    patient = Patient.objects.get(pk=patient_id)  # locked: two desks at once are one
    if not (way := way_to(patient)):
        raise Refusal(
            "no_way", f"{way.why_not[:1].upper()}{way.why_not[1:]}.", "Change the patient’s details."
        )
    about = OutboxMessage.objects.filter(subject_id=subject_id, kind__in=DATES if kind in DATES else [kind])
    if waiting := about.filter(WAITING).order_by("due_at").first():
        return waiting  # of the two that tell a course's dates either tells all of them
    same = about.filter(kind=kind)
    last = same.filter(version=version).aggregate(last=Max("again"))["last"]
    return OutboxMessage.objects.create(
        kind=kind,
        subject_id=subject_id,
        version=version,
        again=0 if last is None else last + 1,
        patient_id=patient_id,
        location=location,
        due_at=at,
        asked_by=by,
    )


def _close(row: OutboxMessage, by: User, at: dt.datetime) -> None:
    row.closed_at, row.closed_by = at, by
    row.save(update_fields=["closed_at", "closed_by"])


def _lock(message: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.select_for_update(of=("self",)).select_related("location").get(pk=message.pk)


def _need(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
