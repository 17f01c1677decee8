"""What staff do with messages: stop, send again, see to; what their lists say."""

import datetime as dt

import pytest
from django.core import mail

from clinic.letters import AddressRefusedError
from clinic.models import OutboxMessage
from clinic.refusals import Refusal
from patients import intake, links
from planner import messages, outbox
from planner.queries.messages import messages_of, undelivered
from tests.kept import kept
from tests.planner.making import NOW, every
from tests.planner.moves import cancel, move
from tests.refusing import at_once, refusing

DUE = NOW + dt.timedelta(minutes=10)
refused = refusing(OutboxMessage)


@kept
def failed(course):
    """The address did not work."""
    outbox.send_next(DUE, post=nobody_there)
    return OutboxMessage.objects.get()


def nobody_there(letter, *, key):
    raise AddressRefusedError


def only():
    return OutboxMessage.objects.get()


def test_a_stopped_message_does_not_leave_and_says_who_stopped_it(course, ana, rosa):
    first = messages.stop_message(only(), by=rosa, at=NOW)
    assert messages.stop_message(only(), by=rosa, at=DUE).closed_at == first.closed_at == NOW
    assert outbox.send_next(DUE) is False
    (row,) = messages_of(ana)
    assert (row.state, row.words, mail.outbox) == ("dropped", "Not sent: stopped by Rosa Diaz", [])


def test_a_message_stopped_before_its_time_waits_for_it_again(course, rosa):
    messages.stop_message(only(), by=rosa, at=NOW)
    again = messages.send_again(only(), by=rosa, at=NOW + dt.timedelta(minutes=1))
    assert (again, again.dropped_because, again.closed_by, again.due_at) == (only(), "", None, DUE)
    assert [outbox.send_next(DUE - dt.timedelta(seconds=1)), outbox.send_next(DUE)] == [False, True]


def test_a_message_that_left_is_not_stopped(course, rosa):
    outbox.send_next(DUE)
    assert refused(messages.stop_message, only(), by=rosa, at=DUE).code == "message_over"


def test_a_message_that_is_leaving_is_not_stopped(course, rosa):
    def leaving(letter, *, key):
        assert refused(messages.stop_message, only(), by=rosa, at=DUE).code == "message_leaving"

    outbox.send_next(DUE, post=leaving)
    assert only().sent_at == DUE


def test_what_could_not_be_delivered_is_sent_again_to_the_new_address(failed, ana, rosa, site):
    assert [(one.pk, patient) for one, patient in undelivered(site.location)] == [(failed.pk, ana)]
    intake.edit_patient(ana, details={"email": "new@patients.example"}, version=ana.version, by=rosa)
    later = DUE + dt.timedelta(hours=1)
    again = messages.send_again(failed, by=rosa, at=later)
    assert messages.send_again(failed, by=rosa, at=later) == again
    assert undelivered(site.location) == []
    assert outbox.send_next(later) is True
    assert [sent.to for sent in mail.outbox] == [["new@patients.example"]]
    waited, over = messages_of(ana)
    assert [(row.state, row.by) for row in (waited, over)] == [
        ("sent", "E-mail to n•••@patients.example"),
        ("failed", f"E-mail to a•••@{'patients.example'}"),
    ]
    assert over.words.replace("\u00a0", " ") == (
        "Could not be delivered Mon 7 Sep 2026, 07:10: there is no such e-mail address. Seen to by Rosa Diaz"
    )


def test_what_left_is_sent_again_and_again(course, rosa):
    outbox.send_next(DUE)
    last = only()
    for number in (1, 2):
        last = messages.send_again(last, by=rosa, at=DUE)
        assert last.again == number
        assert outbox.send_next(DUE) is True
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 3


def test_nothing_is_sent_again_that_has_nothing_to_tell(failed, course, rosa):
    for visit in course.appointments.all():
        cancel(visit, reason="Moved away", by=rosa, at=NOW)
    refusal = refused(messages.send_again, failed, by=rosa, at=DUE)
    assert refusal.sentence == "It would not leave: no visit is booked any more."


def test_an_ended_link_is_not_sent_again(ana, rosa):
    link = links.create_link(ana, purpose="plan", by=rosa, at=NOW)
    links.send_link(link, by=rosa, at=NOW)
    outbox.send_next(NOW)
    links.revoke_link(link, by=rosa, at=NOW)
    refusal = refused(messages.send_again, only(), by=rosa, at=NOW)
    assert refusal.sentence == "It would not leave: the link was ended."


def test_nobody_is_written_to_who_does_not_want_it(failed, course, ana, rosa):
    intake.edit_patient(ana, details={"contact_by": "none"}, version=ana.version, by=rosa)
    for command, what in ((messages.send_again, failed), (messages.send_dates, course)):
        refusal = refused(command, what, by=rosa, at=DUE)
        assert refusal.sentence == "The patient does not want to be written to."


def test_told_in_another_way_it_leaves_the_attention_list(failed, rosa, site):
    first = messages.settle_message(failed, by=rosa, at=DUE)
    assert (
        messages.settle_message(failed, by=rosa, at=DUE + dt.timedelta(hours=1)).closed_at == first.closed_at
    )
    assert undelivered(site.location) == []


def test_only_what_was_given_up_is_seen_to(course, rosa):
    assert refused(messages.settle_message, only(), by=rosa, at=NOW).code == "message_over"


def test_send_dates_sends_them_once_more_with_the_calendar(course, rosa):
    assert messages.send_dates(course, by=rosa, at=NOW) == only()  # it waits already
    outbox.send_next(DUE)
    made = messages.send_dates(course, by=rosa, at=DUE)
    assert (made.kind, made.again, made.asked_by) == ("course_booked", 1, rosa)
    outbox.send_next(DUE)
    assert [len(sent.attachments) for sent in mail.outbox] == [1, 1]
    for visit in course.appointments.all():
        cancel(visit, reason="Moved away", by=rosa, at=NOW)
    assert refused(messages.send_dates, course, by=rosa, at=DUE).code == "nothing_to_tell"


def test_dates_asked_for_while_a_change_waits_are_told_once(course, rosa):
    outbox.send_next(DUE)
    move(course, 2, every(35)[1] + dt.timedelta(days=1), rosa, at=DUE)
    told, changed = OutboxMessage.objects.order_by("pk")
    assert messages.send_dates(course, by=rosa, at=DUE) == changed
    assert messages.send_again(told, by=rosa, at=DUE) == changed
    assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize("command", [messages.stop_message, messages.send_again, messages.settle_message])
def test_strangers_do_nothing_with_messages(course, otto, command):
    otto.role = ""
    assert refused(command, only(), by=otto).code == "role"


@pytest.mark.django_db(transaction=True)
def test_a_double_click_sends_again_once(failed, rosa):
    first, second = at_once(*[lambda: messages.send_again(failed, by=rosa, at=DUE)] * 2)
    assert first == second
    assert OutboxMessage.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_stopping_races_sending_and_one_of_them_wins(course, rosa):
    """Whoever locks the row first: it left and cannot be stopped, or it was stopped and never left."""
    stopped, sent = at_once(
        lambda: messages.stop_message(only(), by=rosa, at=DUE), lambda: outbox.send_next(DUE)
    )
    message = only()
    if isinstance(stopped, Refusal):
        assert (sent, message.sent_at, len(mail.outbox)) == (True, DUE, 1)
        assert stopped.stale
    else:
        assert (sent, message.dropped_because, mail.outbox) == (False, "stopped", [])
