"""Sends what waits in the outbox: claimed row by row, decided at send time from the row as it is now.

A mail goes out at least once. A claim is one short transaction, the mail leaves outside of any, the result is
another one. A worker that dies after the mail server took the mail and before the result is stored leaves a
claim that runs out: the mail is then sent a second time, rather than perhaps never.
"""

import datetime as dt
import logging

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from clinic import clock
from clinic.models import OutboxMessage
from patients.link_mail import compose_link
from planner.models import TreatmentCourse

logger = logging.getLogger("needleplan.outbox")
CLAIM = dt.timedelta(minutes=5)  # far longer than the mail server may take (EMAIL_TIMEOUT)
RETRY_AFTER = dt.timedelta(minutes=5)
TRIES = 10


def send_next(at: dt.datetime | None = None) -> bool:
    """Send, drop or put off one due message; return whether there was one.

    Other workers skip it while its claim runs.
    """
    at = at or clock.now()
    message = _claim(at)
    if message is None:
        return False
    claimed_until = message.claimed_until
    _settle(message, at)
    _store(message, claimed_until)
    return True


def _claim(at: dt.datetime) -> OutboxMessage | None:
    """Take the next due message that nobody holds, for as long as CLAIM; the try is counted here."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(free, sent_at=None, dropped_because="", due_at__lte=at)
            .order_by("due_at")
            .first()
        )
        if message is not None:
            message.tries += 1
            message.claimed_until = at + CLAIM
            message.save(update_fields=["tries", "claimed_until"])
    return message


def _store(message: OutboxMessage, claimed_until: dt.datetime | None) -> None:
    """Store the result and end the claim, unless it ran out and another worker holds the message now."""
    own = OutboxMessage.objects.filter(pk=message.pk, claimed_until=claimed_until)
    stored = own.update(
        sent_at=message.sent_at,
        dropped_because=message.dropped_because,
        due_at=message.due_at,
        claimed_until=None,
    )
    if not stored:
        logger.warning("message %s took longer than its claim", message.pk)


def _settle(message: OutboxMessage, at: dt.datetime) -> None:
    if message.tries > TRIES:
        message.dropped_because = "the worker stopped each time"
        return
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
    if message.kind == OutboxMessage.Kind.PATIENT_LINK:
        return compose_link(message.subject_id)
    return _course_booked(message)


def _course_booked(message: OutboxMessage) -> tuple[EmailMessage | None, str]:
    course = TreatmentCourse.objects.select_related("patient", "location").get(pk=message.subject_id)
    visits = list(
        course.appointments.filter(status="booked").select_related("practitioner", "room").order_by("start")
    )
    if not visits and message.kind == OutboxMessage.Kind.COURSE_BOOKED:
        return None, "no visit is booked any more"
    if not course.patient.email:
        return None, "the patient has no e-mail address"
    # Templates show instants in the current zone, so that must be the location's.
    with translation.override(course.patient.language), timezone.override(course.location.time_zone):
        text = render_to_string(
            f"messages/{message.kind}.{course.patient.language}.txt",
            {
                "patient": course.patient,
                "location": course.location,
                "starts": [visit.start for visit in visits],
            },
        )
    subject, _, body = text.partition("\n")
    return EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[course.patient.email]), ""
