"""The outbox: a message goes out once, about the visits as they are when it goes, in the patient's words."""

import datetime as dt
import re
import smtplib
import threading
from typing import ClassVar

import pytest
import vobject
from django.core import mail
from django.core.mail.backends import locmem
from django.db import DatabaseError, connection, transaction

from clinic.models import OutboxMessage
from planner import outbox
from tests.planner import making
from tests.planner.making import NOW, book, make_patient, screen
from tests.planner.moves import cancel

DUE = NOW + dt.timedelta(minutes=10)


def state():
    """What the message is like, those about changes apart."""
    message = OutboxMessage.objects.exclude(kind=OutboxMessage.Kind.COURSE_CHANGED).get()
    return message.sent_at, message.dropped_because or message.failed_because, message.tries, message.due_at


def test_send_next_waits_for_the_ten_minutes(course):
    assert outbox.send_next(DUE - dt.timedelta(seconds=1)) is False
    assert mail.outbox == []
    assert state() == (None, "", 0, DUE)


def test_send_next_writes_the_mail_in_the_time_of_the_location(course, ana):
    assert outbox.send_next(DUE) is True
    (sent,) = mail.outbox
    assert sent.to == [ana.email]
    assert sent.subject == "Your visits at Larkmoor"
    assert sent.body == (
        "Hello Ana,\n\nthese visits are booked for you:\n\n"
        "- Mon 7 Sep 2026, 10:00\n- Mon 12 Oct 2026, 10:00\n"
        "- Mon 16 Nov 2026, 10:00\n- Mon 21 Dec 2026, 10:00\n\n"
        "Please call us if a date does not suit you, or if something about your health changes: "
        "020 7946 0018 (Every day, 08:00 to 20:00).\n\nLarkmoor\n1 Mill Lane, Larkmoor\n"
    )
    assert state() == (DUE, "", 1, DUE)
    kept = OutboxMessage.objects.get()
    assert (kept.channel, kept.address, kept.title, kept.text) == (
        "email",
        ana.email,
        sent.subject,
        sent.body,
    )


def test_the_words_as_they_left_never_change_and_never_go(course):
    outbox.send_next(DUE)
    for change in ({"text": "Something else"}, {"sent_at": None}, {"address": "b@c.example"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            OutboxMessage.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        OutboxMessage.objects.all().delete()


def test_the_mail_carries_the_visits_for_the_calendar(course, rosa):
    cancel(course.appointments.get(number=2), reason="Away", by=rosa, at=NOW)
    outbox.send_next(DUE)
    ((name, content, kind),) = mail.outbox[0].attachments
    assert (name, kind) == ("visits.ics", "text/calendar; charset=utf-8; method=PUBLISH")
    events = vobject.readOne(content).vevent_list  # a parser that shares no code with the writer
    assert [(event.status.value, event.sequence.value) for event in events] == [
        ("CONFIRMED", "0"),
        ("CANCELLED", "1"),
        ("CONFIRMED", "0"),
        ("CONFIRMED", "0"),
    ]
    assert "acne" not in mail.outbox[0].message().as_string().lower()


def test_send_next_writes_in_the_language_of_the_patient(site, rosa):
    patient = make_patient(rosa, language="es")
    screen(patient, site, rosa)
    book(patient, site, rosa)
    outbox.send_next(DUE)
    (sent,) = mail.outbox
    assert "10:00" in sent.body
    assert "lun" in sent.body.lower()
    assert "020 7946 0018 (Todos los días, 08:00 a 20:00)." in sent.body
    assert "Hello" not in sent.body


def test_send_next_sends_once(course):
    assert [outbox.send_next(DUE), outbox.send_next(DUE)] == [True, False]
    assert len(mail.outbox) == 1


def test_send_next_names_only_visits_that_are_still_booked(course, rosa):
    cancel(course.appointments.get(number=2), reason="Away", by=rosa, at=NOW)
    outbox.send_next(DUE)
    assert "12 Oct" not in mail.outbox[0].body
    assert mail.outbox[0].body.count("\n- ") == 3


def test_send_next_names_no_visit_that_is_over(course):
    """The worker was down for six weeks."""
    late = NOW + dt.timedelta(days=42)
    outbox.send_next(late)
    assert re.findall(r"- (.*), 10:00", mail.outbox[0].body) == ["Mon 16 Nov 2026", "Mon 21 Dec 2026"]


def test_send_next_drops_what_was_cancelled_meanwhile(course, rosa):
    for visit in course.appointments.all():
        cancel(visit, reason="Moved away", by=rosa, at=NOW)
    assert outbox.send_next(DUE) is True
    assert mail.outbox == []
    assert state() == (None, "no visit is booked any more", 1, DUE)
    assert outbox.send_next(DUE) is False


def test_send_next_drops_without_an_address(site, rosa):
    patient = make_patient(rosa, email="")
    screen(patient, site, rosa)
    book(patient, site, rosa)
    outbox.send_next(DUE)
    assert state() == (None, "there is no e-mail address on file", 1, DUE)


class Unreachable(locmem.EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no answer")


class Full(locmem.EmailBackend):
    """A mail server that takes nothing for this address now."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({"x": (452, b"mailbox full")})


class Refusing(locmem.EmailBackend):
    """A mail server that knows no such address."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})


def test_send_next_gives_up_at_once_where_there_is_no_such_address(course, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert outbox.send_next(DUE) is True
    assert state() == (None, "there is no such e-mail address", 1, DUE)
    assert OutboxMessage.objects.get().failed_at == DUE
    assert outbox.send_next(DUE + outbox.CLAIM) is False


@pytest.mark.parametrize("backend", ["Unreachable", "Full"])
def test_send_next_tries_again_later_and_gives_up_after_ten(course, settings, backend):
    settings.EMAIL_BACKEND = f"{__name__}.{backend}"
    at = DUE
    for tried in range(1, 10):
        assert outbox.send_next(at) is True
        at += outbox.RETRY_AFTER * tried
        assert state() == (None, "", tried, at)
    assert outbox.send_next(at) is True
    assert state() == (None, "the mail server was not reached", 10, at)
    assert OutboxMessage.objects.get().failed_at == at
    assert outbox.send_next(at + outbox.CLAIM) is False


class Silent(locmem.EmailBackend):
    """A mail server that takes the mail and then answers too late."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise TimeoutError


def test_a_mail_server_that_times_out_gets_the_same_mail_again_by_its_own_name(course, settings):
    """Nothing is lost; a mail program that got both knows by the Message-ID that they are one."""
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Silent"
    outbox.send_next(DUE)
    assert state() == (None, "", 1, DUE + outbox.RETRY_AFTER)
    settings.EMAIL_BACKEND = working
    assert outbox.send_next(DUE + outbox.RETRY_AFTER - dt.timedelta(seconds=1)) is False
    assert outbox.send_next(DUE + outbox.RETRY_AFTER) is True
    first, second = (sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert first == second
    assert outbox.send_next(DUE + 2 * outbox.CLAIM) is False


@pytest.mark.django_db(transaction=True)
def test_send_next_by_eight_workers_sends_each_message_once(site, rosa):
    patients = making.make_patients(rosa, 12)
    making.screen_all(patients, site, rosa)
    for number, patient in enumerate(patients):
        day = making.MONDAY + dt.timedelta(days=number)
        book(patient, site, rosa, slots=making.slots_at(site, making.every(35, first=day)))
    start = threading.Barrier(8)

    def work():
        start.wait()
        while outbox.send_next(DUE):
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.outbox) == 12
    assert set(OutboxMessage.objects.values_list("tries", "sent_at")) == {(1, DUE)}


class Dying(locmem.EmailBackend):
    """A worker that is killed once the mail server has taken the mail."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise SystemExit


def test_send_next_of_a_crashed_worker_is_sent_again_when_its_claim_runs_out(course, settings):
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    with pytest.raises(SystemExit):
        outbox.send_next(DUE)
    settings.EMAIL_BACKEND = working
    assert state() == (None, "", 1, DUE)
    assert outbox.send_next(DUE + outbox.CLAIM - dt.timedelta(seconds=1)) is False
    assert outbox.send_next(DUE + outbox.CLAIM) is True
    assert state() == (DUE + outbox.CLAIM, "", 2, DUE)
    assert len(mail.outbox) == 2  # at least once: the first had left, and nobody knew


def test_send_next_of_a_crashed_worker_still_drops_what_was_cancelled(course, rosa, settings):
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    with pytest.raises(SystemExit):
        outbox.send_next(DUE)
    settings.EMAIL_BACKEND = working
    for visit in course.appointments.all():
        cancel(visit, reason="Moved away", by=rosa, at=NOW)
    assert outbox.send_next(DUE + outbox.CLAIM) is True
    assert state() == (None, "no visit is booked any more", 2, DUE)
    assert len(mail.outbox) == 1


def test_send_next_gives_up_when_the_worker_dies_each_time(course, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    for crash in range(10):
        with pytest.raises(SystemExit):
            outbox.send_next(DUE + crash * outbox.CLAIM)
    assert outbox.send_next(DUE + 10 * outbox.CLAIM) is True
    assert state() == (None, "the worker stopped each time", 11, DUE)


class Slow(locmem.EmailBackend):
    """A mail server so slow that the claim runs out: another worker sends meanwhile."""

    def send_messages(self, messages):
        OutboxMessage.objects.update(claimed_until=DUE + 3 * outbox.CLAIM)
        return super().send_messages(messages)


def test_send_next_leaves_a_message_that_another_worker_holds_by_now(course, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Slow"
    assert outbox.send_next(DUE) is True
    assert state() == (None, "", 1, DUE)
    assert OutboxMessage.objects.get().claimed_until == DUE + 3 * outbox.CLAIM


class Watching(locmem.EmailBackend):
    """Notes whether a transaction is open, and sends from a second worker while the first one sends."""

    seen: ClassVar[list] = []

    def send_messages(self, messages):
        self.seen.append((connection.in_atomic_block, outbox.send_next(DUE)))
        return super().send_messages(messages)


@pytest.mark.django_db(transaction=True)
def test_send_next_sends_outside_any_transaction_and_others_skip_it(course, settings):
    Watching.seen.clear()
    settings.EMAIL_BACKEND = f"{__name__}.Watching"
    assert outbox.send_next(DUE) is True
    assert Watching.seen == [(False, False)]
    assert len(mail.outbox) == 1
    assert state() == (DUE, "", 1, DUE)
