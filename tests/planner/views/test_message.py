"""Messages on the staff's pages: what was sent and waits, in what words, and what is done about it."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from clinic.letters import AddressRefusedError
from clinic.models import OutboxMessage
from patients import links
from planner import outbox
from planner.reminding import plan_messages
from tests.planner.making import NOW, book, every, make_patient, screen, slots_at
from tests.planner.reading import main, queries

DUE, DAY = NOW + dt.timedelta(minutes=10), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(DUE, tick=False):
        yield


def nobody_there(letter, *, key):
    raise AddressRefusedError


def only():
    return OutboxMessage.objects.get()


def words(answer):
    return answer.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("who", ["rosa", "priya", "mona"])
def test_the_patients_page_lists_what_waits_and_what_left(request, who, course, ana, client_for):
    browser = client_for(request.getfixturevalue(who))
    page = reverse("patient_detail", args=[ana.pk])
    shown = words(browser.get(page))
    assert "Leaves within a minute" in shown and "E-mail to a•••@patients.example" in shown
    outbox.send_next(DUE)
    assert "Sent Mon 7 Sep 2026, 07:10" in words(browser.get(page))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (-1, "Leaves Mon 7 Sep 2026, 07:10"),
        (15, "Leaves within a minute"),
        (16, "Waits since Mon 7 Sep 2026, 07:10: nothing is being sent at the moment"),
    ],
)
def test_a_message_that_should_be_gone_says_that_nothing_is_sent(
    course, ana, rosa, client_for, minutes, said
):
    desk = client_for(rosa)
    with time_machine.travel(DUE + dt.timedelta(minutes=minutes), tick=False):
        assert said in words(desk.get(reverse("patient_messages", args=[ana.pk])))


def test_every_message_is_shown_as_an_example_with_its_switch(rosa, mona, site, client_for):
    page = reverse("message_examples")
    assert "Your visit on" in words(client_for(rosa).get(page))
    site.location.reminder_days = 0
    site.location.save()
    shown = words(client_for(mona).get(page))
    assert "Switched off" in shown and reverse("settings_edit", args=["locations", site.location.pk]) in shown


def test_a_waiting_message_shows_the_words_it_would_leave_in(course, rosa, client_for):
    shown = words(client_for(rosa).get(reverse("message_detail", args=[only().pk])))
    assert "As it would leave now" in shown and "- Mon 12 Oct 2026, 10:00" in shown
    assert (only().sent_at, mail.outbox) == (None, [])


def test_looking_at_a_waiting_link_makes_no_address(ana, rosa, client_for):
    link = links.create_link(ana, purpose="plan", by=rosa, at=NOW)
    links.send_link(link, by=rosa, at=NOW)
    shown = words(client_for(rosa).get(reverse("message_detail", args=[only().pk])))
    assert "is made when it leaves" in shown
    assert link.tokens.count() == 0


def test_what_left_stays_in_its_words_whatever_changes(course, rosa, client_for):
    outbox.send_next(DUE)
    course.location.name = "Elsewhere"
    course.location.save()
    shown = words(client_for(rosa).get(reverse("message_detail", args=[only().pk])))
    assert "Your visits at Larkmoor" in shown and "As it left" in shown


def test_stop_and_send_again_from_its_page(course, ana, rosa, client_for):
    desk = client_for(rosa)
    page = desk.post(reverse("message_stop", args=[only().pk]), follow=True)
    assert page.redirect_chain == [(reverse("patient_messages", args=[ana.pk]), 302)]
    assert "Not sent: stopped by Rosa Diaz" in words(page)
    assert outbox.send_next(DUE) is False
    desk.post(reverse("message_again", args=[only().pk]))
    assert outbox.send_next(DUE) is True
    assert len(mail.outbox) == 1


def test_what_did_not_arrive_is_on_today_until_seen_to(course, ana, rosa, client_for):
    outbox.send_next(DUE, post=nobody_there)
    desk = client_for(rosa)
    item = "did not get a message: booked dates"
    assert item in words(desk.get(reverse("today")))
    listed = words(desk.get(reverse("message_failures")))
    assert "there is no such e-mail address" in listed and str(ana) in listed
    settle = f"{reverse('message_settle', args=[only().pk])}?next={reverse('message_failures')}"
    assert "Everything was delivered" in words(desk.post(settle, follow=True))
    assert item not in words(desk.get(reverse("today")))


def test_many_that_did_not_arrive_are_one_item_of_today(course, ana, rosa, client_for):
    outbox.send_next(DUE, post=nobody_there)
    for again in (1, 2, 3):
        OutboxMessage.objects.create(
            kind="course_booked", subject_id=course.pk, again=again, patient_id=ana.pk, location=ana.location,
            due_at=DUE, failed_because="the mail server was not reached", failed_at=DUE,
        )  # fmt: skip
    shown = words(client_for(rosa).get(reverse("today")))
    assert "4 messages</b> could not be delivered" in shown
    assert reverse("message_failures") in shown


def test_a_refusal_is_said_on_its_page(course, rosa, client_for):
    outbox.send_next(DUE)
    answer = client_for(rosa).post(reverse("message_stop", args=[only().pk]))
    assert answer.status_code == 409
    assert "This message does not wait any more." in words(answer)


def test_the_dates_are_sent_from_the_itinerary(course, rosa, client_for):
    outbox.send_next(DUE)
    page = client_for(rosa).post(reverse("course_send", args=[course.pk]), follow=True)
    assert "Booked dates: leaves" in words(page)
    assert outbox.send_next(DUE) is True
    assert [sent.subject for sent in mail.outbox] == ["Your visits at Larkmoor"] * 2


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    course, ana, rosa, client_for, django_assert_num_queries, django_assert_max_num_queries
):
    desk, page = client_for(rosa), reverse("patient_messages", args=[ana.pk])
    desk.get(page)
    with django_assert_max_num_queries(30) as once:
        desk.get(page)
    for again in range(1, 31):
        OutboxMessage.objects.create(
            kind="course_booked", subject_id=course.pk, again=again, patient_id=ana.pk, location=ana.location,
            due_at=DUE, asked_by=rosa, dropped_because="stopped", closed_at=DUE, closed_by=rosa,
        )  # fmt: skip
    with django_assert_num_queries(len(once)):
        desk.get(page)


def test_a_worker_that_stands_still_is_on_today(course, rosa, client_for):
    desk, item = client_for(rosa), "Messages</b> are not being sent"
    with time_machine.travel(DUE + dt.timedelta(hours=2), tick=False):
        assert item not in words(desk.get(reverse("today")))  # nothing was ever sent here
    outbox.send_next(DUE)
    OutboxMessage.objects.create(
        kind="course_booked", subject_id=course.pk, again=1, patient_id=course.patient_id,
        location=course.location, due_at=DUE,
    )  # fmt: skip
    with time_machine.travel(DUE + dt.timedelta(minutes=59), tick=False):
        assert item not in words(desk.get(reverse("today")))
    with time_machine.travel(DUE + dt.timedelta(minutes=60), tick=False):
        shown = words(desk.get(reverse("today")))
        assert item in shown and "Since Mon 7 Sep, 07:10." in shown
        assert "Should have left" in words(desk.get(reverse("message_failures")))


def listed(answer, part):
    """The messages of one half of the course's card, in words."""
    return [
        (row.title.replace("\u00a0", " "), row.words.replace("\u00a0", " "))
        for row in answer.context["letters"][part]
    ]


def test_the_courses_page_lists_what_was_sent_and_what_will_be(course, rosa, client_for):
    page = reverse("course_detail", args=[course.pk])
    outbox.send_next(DUE)
    plan_messages(NOW + 20 * DAY)  # those of visit 2 are written, those of 3 and 4 are not yet
    shown = client_for(rosa).get(page)
    assert listed(shown, "over") == [("Booked dates", "Sent Mon 7 Sep 2026, 07:10")]
    assert listed(shown, "ahead") == [
        ("Reminder for Mon 12 Oct", "Leaves Sat 10 Oct 2026, 09:00"),
        ("Reminder for Mon 16 Nov", "Leaves Sat 14 Nov 2026, 09:00"),
        ("Reminder for Mon 21 Dec", "Leaves Sat 19 Dec 2026, 09:00"),
    ]
    assert [row.message.pk is None for row in shown.context["letters"]["ahead"]] == [False, True, True]
    assert "To come 3 Reminder for Mon 12 Oct Leaves Sat 10 Oct 2026, 09:00" in main(shown)


def test_a_course_that_waits_reminds_of_nothing(course, rosa, client_for):
    course.status = "on_hold"
    course.save()
    shown = client_for(rosa).get(reverse("course_detail", args=[course.pk]))
    assert listed(shown, "ahead") == [("Booked dates", "Leaves within a minute")]
    assert "So far 0 Nothing was sent yet." in main(shown)


def test_the_courses_page_knows_no_message_of_another_course(course, site, rosa, client_for):
    bea = make_patient(rosa)
    screen(bea, site, rosa)
    other = book(bea, site, rosa, slots=slots_at(site, every(35), dt.time(14), practitioner=1, room=1))
    shown = client_for(rosa).get(reverse("course_detail", args=[other.pk]))
    assert {row.message.patient_id for row in shown.context["letters"]["ahead"]} == {other.patient_id}


def test_the_courses_page_takes_as_many_queries_for_many_messages(course, rosa, client_for):
    client, page = client_for(rosa), reverse("course_detail", args=[course.pk])
    few = queries(client, page)
    for at in (20, 55, 90):
        plan_messages(NOW + at * DAY)
    assert OutboxMessage.objects.count() == 4
    assert queries(client, page) == few
