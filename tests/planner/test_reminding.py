"""Reminders and how to prepare: once per visit and time, in time, in the clinic's hours, or not at all."""

import datetime as dt

import pytest
from django.core import mail
from django.core.mail.backends import locmem

from clinic.models import Location, OutboxMessage
from patients import intake
from planner import outbox
from planner.models import Appointment, CourseChange, TreatmentCourse
from planner.queries.messages import messages_of
from planner.reminding import plan_messages
from planner.undoing import undo_change
from tests.kept import kept
from tests.planner import making, treating
from tests.planner.making import NOW, book, every, make_patient, screen, slots_at
from tests.planner.moves import cancel, confirm, look, move
from tests.refusing import at_once

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
# Ana's second visit: Mon 12 Oct 2026 at ten. London is an hour before UTC until 25 October.
SECOND = dt.date(2026, 10, 12)
PREPARE = dt.datetime(2026, 10, 4, 8, tzinfo=dt.UTC)  # Sun 4 Oct, nine on the wall: the day before the 7 days
REMIND = dt.datetime(2026, 10, 10, 8, tzinfo=dt.UTC)  # Sat 10 Oct: two days before
START = dt.datetime(2026, 10, 12, 9, tzinfo=dt.UTC)


@kept
def course(site, ana, rosa, priya):
    """Four visits 35 days apart at ten; the dates are told, the texts approved."""
    treating.approve_texts(priya.practitioner)
    made = book(ana, site, rosa)
    while outbox.send_next(NOW + 10 * MINUTE):
        pass
    return made


@pytest.fixture(autouse=True)
def _nothing_sent():
    mail.outbox.clear()


def visit(course, number=2):
    return course.appointments.get(number=number)


def work(at):
    """What the worker does in its minute."""
    plan_messages(at)
    while outbox.send_next(at):
        pass


def told():
    """Kind and subject of what left."""
    return [sent.subject for sent in mail.outbox]


def waiting():
    rows = OutboxMessage.objects.filter(kind__in=("preparation", "reminder"), sent_at=None)
    return list(rows.order_by("due_at").values_list("kind", "due_at", "dropped_because"))


def test_a_visit_is_prepared_for_before_the_first_stop_and_reminded_of_two_days_before(course):
    plan_messages(PREPARE - DAY)
    assert waiting() == [("preparation", PREPARE, ""), ("reminder", REMIND, "")]
    work(PREPARE - MINUTE)
    assert told() == []
    work(PREPARE)
    assert told() == ["How to prepare for Mon 12 Oct"]
    work(REMIND)
    work(REMIND + HOUR)
    assert told() == ["How to prepare for Mon 12 Oct", "Your visit on Mon 12 Oct, 10:00"]


def test_planning_again_plans_nothing_twice(course):
    assert [plan_messages(PREPARE), plan_messages(PREPARE), plan_messages(REMIND)] == [2, 0, 0]


def test_the_list_says_which_visit_a_message_is_about(course, ana):
    work(PREPARE)
    waits, left, dates = messages_of(ana)
    assert [row.title.replace("\u00a0", " ") for row in (waits, left, dates)] == [
        "Reminder for Mon 12 Oct",
        "How to prepare for Mon 12 Oct",
        "Booked dates",
    ]


def test_what_to_do_before_is_that_of_the_approved_texts_with_the_real_day(course, ana):
    work(PREPARE)
    body = mail.outbox[0].body
    assert "your next visit is on Monday 12 October 2026 at 10:00." in body
    assert "- Stop retinol and acid creams on Wed\u00a07\u00a0Oct." in body
    assert "- No sunbed, tan or fake tan for 7 days" in body
    assert "Tell us before you travel if" in body
    assert "Has one of these days passed?" not in body
    assert "/my/open/" in body and "/my/open/…/" in OutboxMessage.objects.get(kind="preparation").text


def test_who_books_late_is_told_at_once_and_that_days_may_have_passed(site, ana, rosa, priya):
    treating.approve_texts(priya.practitioner)
    booked_at = NOW + 4 * HOUR  # the first visit is in three days
    book(ana, site, rosa, slots=slots_at(site, every(35, first=making.MONDAY + 3 * DAY)), at=booked_at)
    work(booked_at + 9 * MINUTE)
    assert told() == []
    work(booked_at + 10 * MINUTE)
    assert told() == ["Your visits at Larkmoor", "How to prepare for Thu 10 Sep"]
    assert "Has one of these days passed? Call us before you come." in mail.outbox[1].body


def test_nobody_is_reminded_of_a_date_given_after_the_reminder_would_have_left(site, ana, rosa):
    booked_at = NOW + 4 * HOUR
    book(ana, site, rosa, slots=slots_at(site, every(35, first=making.MONDAY + DAY)), at=booked_at)
    work(booked_at + HOUR)
    assert told() == ["Your visits at Larkmoor"]


def test_nobody_is_told_how_to_prepare_on_the_day_itself(course):
    plan_messages(PREPARE)
    work(START - HOUR)
    assert told() == ["Your visit on Mon 12 Oct, 10:00"]
    assert ("preparation", PREPARE, "the day of the visit has come") in waiting()


def test_nothing_is_said_of_a_cancelled_visit(course, rosa):
    plan_messages(PREPARE - DAY)
    cancel(visit(course), reason="Away", by=rosa, at=PREPARE - HOUR)
    work(PREPARE)
    assert told() == ["Your new dates at Larkmoor"]
    assert ("preparation", PREPARE, "the visit was cancelled") in waiting()


def test_a_visit_that_moved_is_reminded_of_at_its_new_time_only(course, rosa):
    work(PREPARE)
    move(course, 2, SECOND + DAY, rosa, at=PREPARE + HOUR)
    work(REMIND)  # the day of the old reminder
    work(REMIND + DAY)
    assert sorted(told()) == [
        "How to prepare for Mon 12 Oct",
        "How to prepare for Tue 13 Oct",
        "Your new dates at Larkmoor",
        "Your visit on Tue 13 Oct, 10:00",
    ]


def test_a_visit_that_moved_back_is_reminded_of_after_all(course, rosa):
    plan_messages(REMIND - DAY)
    change = move(course, 2, SECOND + DAY, rosa, at=REMIND - HOUR)
    plan_messages(REMIND - HOUR)
    undo_change(change, by=rosa, at=REMIND - HOUR + 5 * MINUTE)
    work(REMIND)
    assert told()[-1] == "Your visit on Mon 12 Oct, 10:00"


def test_a_reminder_that_races_a_move_is_judged_when_it_leaves(course, rosa):
    """Planned, then moved, and no worker looked in between."""
    plan_messages(REMIND - HOUR)
    move(course, 2, SECOND + DAY, rosa, at=REMIND - MINUTE)
    while outbox.send_next(REMIND):
        pass
    assert "Your visit on Mon 12 Oct, 10:00" not in told()
    assert "the visit was moved" in [because for _, _, because in waiting()]


def test_nothing_leaves_at_night_and_nothing_is_lost_of_it(course):
    plan_messages(REMIND - DAY)
    late = REMIND + 11 * HOUR  # the worker was down all day: eight in the evening
    OutboxMessage.objects.filter(kind="preparation").update(dropped_because="stopped")
    work(late)
    work(late + 5 * HOUR)
    assert told() == []
    assert OutboxMessage.objects.get(kind="reminder").tries == 0
    work(REMIND + DAY)
    assert "Your visit on Mon 12 Oct, 10:00" in told()


def test_a_reminder_that_comes_too_late_is_not_sent(course):
    plan_messages(REMIND - DAY)
    work(START)
    assert told() == []
    assert "the visit has begun" in [because for _, _, because in waiting()]


@pytest.mark.parametrize(
    ("number", "day", "due"),
    [
        # Visit on Mon 16 Nov 2026; the clock went back on 25 October: nine is 09:00 UTC again.
        (3, dt.date(2026, 11, 16), "2026-11-14T09:00:00+00:00"),
        # Visit on Mon 12 Oct, still summer time.
        (2, SECOND, "2026-10-10T08:00:00+00:00"),
    ],
)
def test_reminders_keep_the_wall_clock_over_the_end_of_summer_time(course, number, day, due):
    due = dt.datetime.fromisoformat(due)
    plan_messages(due - DAY)
    row = OutboxMessage.objects.get(kind="reminder", subject_id=visit(course, number).pk)
    assert (visit(course, number).on, row.due_at) == (day, due)


def test_a_reminder_keeps_the_wall_clock_over_the_beginning_of_summer_time(site, ana, rosa):
    """Visit on Mon 29 Mar 2027 at ten: the clock went forward the day before."""
    first = dt.date(2027, 3, 29)
    booked_at = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
    screen(ana, site, rosa, at=booked_at)
    request = making.asking(site, start_from=first)
    made = book(ana, site, rosa, slots=slots_at(site, every(35, first=first)), request=request, at=booked_at)
    plan_messages(dt.datetime(2027, 3, 20, tzinfo=dt.UTC))
    row = OutboxMessage.objects.get(kind="reminder", subject_id=visit(made, 1).pk)
    assert row.due_at == dt.datetime(2027, 3, 27, 9, tzinfo=dt.UTC)
    while outbox.send_next(row.due_at):
        pass
    assert "Your visit on Mon 29 Mar, 10:00" in told()


def test_the_days_before_are_the_locations_own(course):
    plan_messages(PREPARE - DAY)
    Location.objects.update(reminder_days=3, write_from=dt.time(11))
    plan_messages(PREPARE - DAY)
    assert waiting() == [("preparation", PREPARE + 2 * HOUR, ""), ("reminder", REMIND - DAY + 2 * HOUR, "")]


def test_switched_off_nothing_is_planned_and_what_waits_is_dropped(course):
    plan_messages(PREPARE - DAY)
    Location.objects.update(reminder_days=0, preparation_on=False)
    work(PREPARE)
    assert (told(), [because for _, _, because in waiting()]) == (
        [],
        ["messages on how to prepare are switched off", "reminders are switched off"],
    )
    assert plan_messages(PREPARE) == 0


def test_a_course_on_hold_is_not_reminded_of_and_is_again_once_it_runs(course):
    plan_messages(PREPARE - DAY)
    TreatmentCourse.objects.update(status="on_hold")
    work(PREPARE)
    assert (told(), waiting()[0][2]) == ([], "the course is on hold")
    TreatmentCourse.objects.update(status="active")
    work(PREPARE + HOUR)
    assert told() == ["How to prepare for Mon 12 Oct"]


def test_who_does_not_want_it_gets_nothing_and_who_comes_to_want_it_does(course, ana, rosa):
    ana = intake.edit_patient(ana, details={"contact_by": "none"}, version=ana.version, by=rosa)
    assert plan_messages(PREPARE) == 0
    intake.edit_patient(ana, details={"contact_by": "email"}, version=ana.version, by=rosa)
    work(PREPARE + HOUR)
    assert told() == ["How to prepare for Mon 12 Oct"]


def test_without_approved_texts_nobody_is_told_how_to_prepare(site, rosa, priya):
    """English is approved, Spanish is not: no mix of languages, and no message."""
    treating.approve_texts(priya.practitioner, languages=("en",))
    patient = make_patient(rosa, language="es")
    screen(patient, site, rosa)
    book(patient, site, rosa)
    plan_messages(PREPARE)
    assert waiting() == [("reminder", REMIND, "")]


def test_a_text_message_names_clinic_day_and_time_and_no_health(course, ana, rosa, settings, tmp_path):
    settings.SMS_GATEWAY, settings.SMS_FOLDER = "clinic.sms.FileDrop", tmp_path
    details = {"contact_by": "sms", "phone": "020 7946 0018"}
    intake.edit_patient(ana, details=details, version=ana.version, by=rosa)
    work(PREPARE)
    work(REMIND)
    reminder, preparation = sorted(file.read_text() for file in tmp_path.iterdir())[::-1]
    kept = {row.kind: row for row in OutboxMessage.objects.filter(channel="sms")}
    assert {row.address for row in kept.values()} == {"+442079460018"}
    assert kept["reminder"].text.startswith("Larkmoor: we expect you on Mon 12 Oct, 10:00. Cannot come?")
    assert "how to prepare for your visit on Mon 12 Oct, 10:00: http" in kept["preparation"].text
    for text in (reminder, preparation):
        assert not any(word in text.lower() for word in ("acne", "retin", "skin", "scar", "ana", "preg"))


class Silent(locmem.EmailBackend):
    """A mail server that never answers."""

    def send_messages(self, messages):
        raise TimeoutError


def test_a_reminder_tried_until_after_the_visit_is_dropped(course, settings):
    plan_messages(REMIND - DAY)
    settings.EMAIL_BACKEND = f"{__name__}.Silent"
    while outbox.send_next(START - 6 * MINUTE):
        pass
    reminder = OutboxMessage.objects.get(kind="reminder")
    assert (reminder.tries, reminder.due_at, reminder.dropped_because) == (1, START - MINUTE, "")
    assert outbox.send_next(START) is True
    reminder.refresh_from_db()
    assert (reminder.dropped_because, mail.outbox) == ("the visit has begun", [])


@pytest.mark.django_db(transaction=True)
def test_workers_that_plan_at_once_plan_each_message_once(course):
    at_once(*[lambda: plan_messages(PREPARE)] * 4)
    assert [kind for kind, _, _ in waiting()] == ["preparation", "reminder"]


@pytest.mark.django_db(transaction=True)
def test_a_reminder_racing_a_cancellation_is_dropped_or_followed_by_the_truth(course, rosa):
    """Whoever comes first: nothing left, or a reminder left and the message of the change follows."""
    plan_messages(REMIND - HOUR)
    OutboxMessage.objects.filter(kind="preparation").update(dropped_because="stopped")
    cancelled = look(course, CourseChange.Kind.CANCELLED, number=2, reason="Away", at=REMIND)
    at_once(lambda: confirm(cancelled, rosa, at=REMIND), lambda: outbox.send_next(REMIND))
    left = "Your visit on Mon 12 Oct, 10:00" in told()
    reminder = OutboxMessage.objects.get(kind="reminder")
    assert (reminder.sent_at, reminder.dropped_because) == (
        (REMIND, "") if left else (None, "the visit was cancelled")
    )
    while outbox.send_next(REMIND + 10 * MINUTE):
        pass
    assert told()[-1] == "Your new dates at Larkmoor"
    assert "12 Oct" not in mail.outbox[-1].body
    assert Appointment.objects.get(course=course, number=2).status == "cancelled"
