"""Sends what waits in the outbox: claimed row by row, decided at send time from the row as it is now.

A message goes out at least once. A claim is one short transaction, the message leaves outside of any, the
result is another one. A worker that dies after the mail server took the mail and before the result is stored
leaves a claim that runs out: the mail is then sent a second time, rather than perhaps never, under the
Message-ID (or the gateway's key) of the first.
"""

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q

from clinic import clock
from clinic.letters import AddressRefusedError, Letter, deliver
from clinic.models import Channel, OutboxMessage
from clinic.models.outbox import NOT_REACHED, WAITING
from planner.lettering import compose
from planner.reminding import writing_moment

logger = logging.getLogger("needleplan.outbox")
CLAIM = dt.timedelta(minutes=5)  # far longer than the mail server may take (EMAIL_TIMEOUT)
RETRY_AFTER = dt.timedelta(minutes=5)  # times the number of tries: ten of them take almost four hours
TRIES = 10
ADDRESS_REFUSED = {
    Channel.EMAIL: "there is no such e-mail address",
    Channel.SMS: "nothing can be sent to this number",
}
RESULT = (
    "sent_at",
    "due_at",
    "tries",
    "dropped_because",
    "failed_because",
    "failed_at",
    "channel",
    "address",
    "title",
    "text",
)


def send_next(at: dt.datetime | None = None, *, post: Callable[..., None] = deliver) -> bool:
    """Send, drop or put off one due message; return whether there was one.

    Other workers skip it while its claim runs. `post` is who takes the letters out of the house.
    """
    at = at or clock.now()
    message = _claim(at)
    if message is None:
        return False
    claimed_until = message.claimed_until
    _settle(message, at, post)
    _store(message, claimed_until)
    return True


def key_of(message: OutboxMessage) -> str:
    """What a gateway or mail program knows a message by: the same for each try of it."""
    kind = message.kind.replace("_", "-")
    return f"{kind}-{message.subject_id}-{message.version}-{message.again}"


def _claim(at: dt.datetime) -> OutboxMessage | None:
    """Take the next due message that nobody holds, for as long as CLAIM; the try is counted here."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("location")
            .filter(WAITING, free, due_at__lte=at)
            .order_by("due_at", "pk")
            .first()
        )
        if message is not None:
            message.tries += 1
            message.claimed_until = at + CLAIM
            message.save(update_fields=["tries", "claimed_until"])
    return message


def _store(message: OutboxMessage, claimed_until: dt.datetime | None) -> None:
    """Store the result and end the claim, unless it ran out and another worker holds the message now."""
    own = OutboxMessage.objects.filter(WAITING, pk=message.pk, claimed_until=claimed_until)
    stored = own.update(claimed_until=None, **{name: getattr(message, name) for name in RESULT})
    if not stored:
        logger.warning("message %s took longer than its claim", message.pk)


def _settle(message: OutboxMessage, at: dt.datetime, post: Callable[..., None]) -> None:
    if message.tries > TRIES:
        _give_up(message, "the worker stopped each time", at)
        return
    if (moment := writing_moment(message, at)) > at:
        message.due_at, message.tries = moment, message.tries - 1  # put off, not tried
        return
    letter, reason = compose(message, at)
    if letter is None:
        message.dropped_because = reason
        return
    message.channel, message.address = letter.channel, letter.to
    message.title, message.text = letter.title, letter.kept
    try:
        post(letter, key=key_of(message))
    except AddressRefusedError:
        logger.warning("message %s not sent: address refused", message.pk)
        _give_up(message, ADDRESS_REFUSED[letter.channel], at)
    except OSError as error:
        logger.warning("message %s not sent: %s", message.pk, type(error).__name__)
        _try_later(message, letter, at)
    else:
        message.sent_at = at


def _try_later(message: OutboxMessage, letter: Letter, at: dt.datetime) -> None:
    if message.tries >= TRIES:
        _give_up(message, NOT_REACHED[letter.channel], at)
    else:
        message.due_at = at + RETRY_AFTER * message.tries


def _give_up(message: OutboxMessage, reason: str, at: dt.datetime) -> None:
    """The desk is told: Today lists what could not be delivered."""
    message.failed_because, message.failed_at = reason, at
