"""Sends what waits in the outbox: claimed row by row, decided at send time from the row as it is now."""

import datetime as dt
import logging

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from clinic import clock
from clinic.models import OutboxMessage
from planner.models import TreatmentCourse

logger = logging.getLogger("needleplan.outbox")
RETRY_AFTER = dt.timedelta(minutes=5)
TRIES = 10


def send_next(at: dt.datetime | None = None) -> bool:
    """Send, drop or put off one due message; return whether there was one.

    The row stays locked until its result is stored; other workers skip it (SKIP LOCKED).
    """
    at = at or clock.now()
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(sent_at=None, dropped_because="", due_at__lte=at)
            .order_by("due_at")
            .first()
        )
        if message is None:
            return False
        message.tries += 1
        _settle(message, at)
        message.save()
    return True


def _settle(message: OutboxMessage, at: dt.datetime) -> None:
    mail, reason = compose(message)
    if mail is None:
        message.dropped_because = reason
        return
    try:
        mail.send()
    except OSError as error:
        logger.warning("message %s not sent: %s", message.pk, type(error).__name__)
        message.due_at = at + RETRY_AFTER * message.tries
        message.dropped_because = "mail server not reached" if message.tries >= TRIES else ""
    else:
        message.sent_at = at


def compose(message: OutboxMessage) -> tuple[EmailMessage | None, str]:
    """Write the mail from the rows as they are now, or say why there is nothing to send."""
    course = TreatmentCourse.objects.select_related("patient", "location").get(pk=message.subject_id)
    visits = list(
        course.appointments.filter(status="booked").select_related("practitioner", "room").order_by("start")
    )
    if not visits:
        return None, "no visit is booked any more"
    if not course.patient.email:
        return None, "the patient has no e-mail address"
    # Templates show instants in the current zone, so that must be the location's.
    with translation.override(course.patient.language), timezone.override(course.location.time_zone):
        text = render_to_string(
            f"messages/course_booked.{course.patient.language}.txt",
            {
                "patient": course.patient,
                "location": course.location,
                "starts": [visit.start for visit in visits],
            },
        )
    subject, _, body = text.partition("\n")
    return EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[course.patient.email]), ""
