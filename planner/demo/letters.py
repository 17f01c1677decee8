"""What the demo's patients were sent: dates, reminders, one that did not arrive; and what waits."""

import datetime as dt

from clinic.letters import AddressRefusedError, Letter, deliver
from clinic.models import Channel
from clinic.sms import sms_is_on
from patients.models import Patient
from planner import outbox
from planner.demo.place import Place
from planner.reminding import plan_messages

BY_TEXT = {"Owen Brandt", "Priscilla Raman", "Camila Rojas"}  # where text messages are set up
NOT_AT_ALL = "Esther Mensah"
NOT_DELIVERED = "Hannah Byrne"  # her reminder: the address has a typing error
DAYS = 9  # looked back: the first message about a visit leaves eight days before it
TEN = dt.time(10)


def way_of(name: str) -> str:
    """How a patient of the demo wants to be written to."""
    if name == NOT_AT_ALL:
        return Patient.Contact.NONE
    return Patient.Contact.SMS if name in BY_TEXT and sms_is_on() else Patient.Contact.EMAIL


def send_due(at: dt.datetime, post=None) -> None:
    """Send what is due then. No mail leaves the demo; text messages are dropped into their folder."""
    while outbox.send_next(at, post=post or _post):
        pass


def send_reminders(place: Place, patients: dict[str, Patient]) -> None:
    """Live through the last days as the worker would have, and plan the next ones."""
    wrong = patients[NOT_DELIVERED].email

    def post(letter: Letter, *, key: str) -> None:
        if letter.to == wrong and key.startswith("reminder"):
            raise AddressRefusedError
        _post(letter, key=key)

    outbox.logger.disabled = True  # the terminal need not hear of a failure that is meant
    try:
        for days in range(DAYS, -1, -1):
            at = place.at(place.today - dt.timedelta(days=days), TEN)
            if at < place.now:
                plan_messages(at)
                send_due(at, post)
    finally:
        outbox.logger.disabled = False
    plan_messages(place.now)


def _post(letter: Letter, *, key: str) -> None:
    if letter.channel == Channel.SMS:
        deliver(letter, key=key)
