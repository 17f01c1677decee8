"""The worker command: plans, sends what is due, says a wrong gateway at once."""

import datetime as dt
import signal

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from clinic.models import OutboxMessage
from tests.kept import kept
from tests.planner import treating
from tests.planner.making import NOW, book


@pytest.fixture(autouse=True)
def _handlers():
    """The command takes the signals of its process; the tests want theirs back."""
    kept = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    yield
    for name, handler in kept.items():
        signal.signal(name, handler)


def test_worker_plans_reminders_and_sends_what_is_due(site, ana, rosa, priya):
    treating.approve_texts(priya.practitioner)
    book(ana, site, rosa)
    with time_machine.travel(NOW + dt.timedelta(days=27, hours=3), tick=False):  # eight days before visit 2
        call_command("worker", once=True)
    assert [sent.subject for sent in mail.outbox] == [
        "Your visits at Larkmoor",
        "How to prepare for Mon 12 Oct",
    ]
    assert list(OutboxMessage.objects.filter(sent_at=None).values_list("kind", flat=True)) == ["reminder"]


def test_worker_says_a_wrong_gateway_before_it_begins(course_booked, settings):
    settings.SMS_GATEWAY = "clinic.sms.Pigeon"
    with pytest.raises(ImportError, match="Pigeon"):
        call_command("worker", once=True)
    assert mail.outbox == []
    assert OutboxMessage.objects.get().tries == 0


@kept
def course_booked(site, ana, rosa):
    """A message waits."""
    return book(ana, site, rosa)
