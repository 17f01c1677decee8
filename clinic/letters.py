"""The words of messages to patients, from templates, and the way out of the house: e-mail or text message."""

import smtplib
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from clinic.models import Channel
from clinic.sms import NumberRefusedError, gateway

LEFT_OUT = "…"


class AddressRefusedError(Exception):
    """Whoever delivers says that nothing will ever reach this address."""


@dataclass(frozen=True)
class Letter:
    """One message as it leaves. `secret` is the part of it of which no copy is kept."""

    channel: str
    to: str
    title: str
    text: str
    secret: str = ""
    calendar: bytes = b""

    @property
    def kept(self) -> str:
        """The words for our own file."""
        return self.text.replace(self.secret, LEFT_OUT) if self.secret else self.text


def compose(
    name: str,
    *,
    channel: str,
    to: str,
    language: str,
    zone: str,
    secret: str = "",
    calendar: bytes = b"",
    **facts,
) -> Letter:
    """Write the message `name` in a language; the templates show instants in the given zone.

    The first line of an e-mail is its subject. A text message is one line without a title.
    """
    tail = ".sms" if channel == Channel.SMS else ""
    with translation.override(language), timezone.override(zone):
        text = render_to_string(f"messages/{name}.{language}{tail}.txt", facts)
    if channel == Channel.SMS:
        return Letter(channel, to, "", " ".join(text.split()), secret)
    title, _, body = text.partition("\n")
    return Letter(channel, to, title.strip(), body.strip() + "\n", secret, calendar)


def deliver(letter: Letter, *, key: str) -> None:
    """Hand a message over. `key` is the same for each try of one message.

    Raises AddressRefusedError if it can never arrive, OSError if a later try may work. A mail server that
    takes the mail and then falls silent looks like the latter: the second mail has the Message-ID of the
    first, by which mail programs know that they have it already.
    """
    if letter.channel == Channel.SMS:
        try:
            gateway().send(letter.to, letter.text, key=key)
        except NumberRefusedError as refused:
            raise AddressRefusedError from refused
        return
    mail = EmailMessage(
        subject=letter.title, body=letter.text, to=[letter.to], headers={"Message-ID": message_id(key)}
    )
    if letter.calendar:
        mail.attach("visits.ics", letter.calendar.decode(), "text/calendar; charset=utf-8; method=PUBLISH")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        if all(500 <= code < 600 for code, _ in refused.recipients.values()):
            raise AddressRefusedError from refused
        raise


def message_id(key: str) -> str:
    """The Message-ID of a message: always the same, and it tells nobody how many there are."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{salted_hmac('clinic.letters', key, algorithm='sha256').hexdigest()[:32]}@{host}"
