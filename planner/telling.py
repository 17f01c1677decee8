"""Which message a change leaves in the outbox, and what happens to it when the change is taken back."""

import datetime as dt

from django.db.models import Q

from clinic.models import OutboxMessage
from clinic.models.outbox import WAITING
from planner.models import CourseChange, TreatmentCourse

UNDO_MINUTES = 10  # ruling 23: messages about a change leave after the time in which it can be undone
TAKEN_BACK = "the change was taken back"


def tell_of_change(
    course: TreatmentCourse, at: dt.datetime, kind: str = OutboxMessage.Kind.COURSE_CHANGED
) -> OutboxMessage:
    """Leave one message that tells of the course as it is when the message goes; return it.

    A message that still waits tells of this change as well, so it waits ten minutes more instead.
    """
    due_at = at + dt.timedelta(minutes=UNDO_MINUTES)
    waiting = _waiting(course, at)
    if waiting is None:
        return OutboxMessage.objects.create(
            kind=kind,
            subject_id=course.pk,
            version=course.version,
            patient_id=course.patient_id,
            location_id=course.location_id,
            due_at=due_at,
        )
    waiting.due_at = max(due_at, waiting.due_at)
    waiting.save(update_fields=["due_at"])
    return waiting


def untell(change: CourseChange, at: dt.datetime) -> None:
    """Drop the message of a change that was taken back, unless it tells of something else as well.

    If it has left already, another one tells how things stand now.
    """
    message = change.message
    if message is None:
        return
    waiting = _waiting(change.course, at)
    if waiting is None or waiting.pk != message.pk:
        tell_of_change(change.course, at)
        return
    others = CourseChange.objects.filter(message=message, undone_at=None).exclude(pk=change.pk)
    if message.kind == OutboxMessage.Kind.COURSE_CHANGED and not others.exists():
        OutboxMessage.objects.filter(pk=message.pk).update(dropped_because=TAKEN_BACK)


def untell_review(course: TreatmentCourse, at: dt.datetime) -> None:
    """Drop the message of a cancelled review that is booked again, unless it tells of something else."""
    waiting = _waiting(course, at)
    if waiting is None:
        tell_of_change(course, at)
    elif not CourseChange.objects.filter(message=waiting, undone_at=None).exists():
        OutboxMessage.objects.filter(pk=waiting.pk).update(dropped_because=TAKEN_BACK)


def _waiting(course: TreatmentCourse, at: dt.datetime) -> OutboxMessage | None:
    """The message about this course that no worker has in hand, locked so that none takes it now."""
    kinds = (OutboxMessage.Kind.COURSE_BOOKED, OutboxMessage.Kind.COURSE_CHANGED)
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    return (
        OutboxMessage.objects.select_for_update()
        .filter(WAITING, free, kind__in=kinds, subject_id=course.pk)
        .order_by("-due_at", "-pk")
        .first()
    )
