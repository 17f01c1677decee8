"""A mail server that takes the connection and says nothing: the worker goes on, the desk reads why."""

import datetime as dt
import socket
import time

import pytest
from django.core import mail
from django.urls import reverse

from clinic.models import OutboxMessage
from planner import outbox
from tests.planner import making
from tests.planner.making import NOW
from tests.planner.reading import main

DUE = NOW + dt.timedelta(minutes=10)


@pytest.fixture
def silent(settings):
    """A port where somebody listens and never answers; mails go there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield settings


def test_the_worker_waits_for_no_mail_server_longer_than_its_claim(settings):
    assert 0 < settings.EMAIL_TIMEOUT < outbox.CLAIM.total_seconds()


def test_a_silent_mail_server_loses_nothing_and_the_desk_reads_why(
    silent, site, ana, rosa, client_for, monday
):
    making.book(ana, site, rosa)
    silent.EMAIL_TIMEOUT = 0.2
    begun = time.monotonic()
    assert outbox.send_next(DUE) is True
    assert time.monotonic() - begun < 5
    message = OutboxMessage.objects.get()
    assert (message.sent_at, message.tries, message.due_at) == (None, 1, DUE + outbox.RETRY_AFTER)
    page = client_for(rosa).get(reverse("patient_detail", args=[ana.pk]))
    assert "Leaves Mon 7 Sep 2026, 07:15, try 2: the mail server was not reached" in main(page)
    silent.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.send_next(DUE + outbox.RETRY_AFTER) is True
    assert outbox.send_next(DUE + 2 * outbox.CLAIM) is False
    assert [sent.to for sent in mail.outbox] == [[ana.email]]
