"""Text messages behind one small port: a gateway takes a number and a text (docs/operations.md)."""

import os
import re
import secrets
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,79}", re.ASCII)
_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


class NumberRefusedError(Exception):
    """The gateway will never deliver to this number: no further try makes sense."""


class SmsGateway(Protocol):
    """What the worker needs of a gateway. One is made, without arguments, for each message."""

    def send(self, to: str, text: str, *, key: str) -> None:
        """Hand one text over to whoever delivers it; return once that is certain.

        `to` is E.164 (+442079460018), `text` Unicode on one line. The same `key` is the same message, tried
        again: deliver it once. Raise NumberRefusedError for a number that cannot work and OSError
        (TimeoutError, ConnectionError, …) for anything that a later try may mend.
        """


class FileDrop:
    """A gateway that writes one file per message into the folder of `SMS_FOLDER`, for others to fetch.

    The file appears whole under its name, readable by its owner only; a second try writes none beside it.
    """

    def __init__(self) -> None:
        self.folder = Path(settings.SMS_FOLDER)

    def send(self, to: str, text: str, *, key: str) -> None:
        """Write `key.txt`: the number on the first line, an empty one, the text."""
        if not _PLAIN.fullmatch(key):
            raise ValueError("a key is made of small letters, digits and hyphens")
        if not _E164.fullmatch(to):
            raise NumberRefusedError
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = self.folder / f"{key}.txt"
        begun = self.folder / f".{key}.{secrets.token_hex(4)}.part"
        try:
            with os.fdopen(
                os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
            ) as file:
                file.write(f"{to}\n\n{text}\n")
                file.flush()
                os.fsync(file.fileno())
            begun.replace(place)
        finally:
            begun.unlink(missing_ok=True)


def sms_is_on() -> bool:
    """Whether this clinic can send text messages at all."""
    return bool(settings.SMS_GATEWAY)


def gateway() -> SmsGateway:
    """The gateway named by the settings. Raises ImportError where there is none of that name."""
    return import_string(settings.SMS_GATEWAY)()
