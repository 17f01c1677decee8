"""Courses follow what is recorded of a patient: a consent taken back stops them, a pregnancy frees them."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from clinic.models import OutboxMessage
from patients import consents, links
from patients.models import Consent
from patients.screenings import record_phone_screening
from planner.models import Appointment, CourseChange
from planner.moving import Kind, Order, change_course
from planner.queries.attention import attention_items
from planner.undoing import undo_change
from tests import people
from tests.kept import kept
from tests.patients.conftest import make_text
from tests.patients.screening.samples import NOT_SURE, yes
from tests.planner import making, treating
from tests.planner.making import NOW, book, screen
from tests.refusing import refusing

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
refused = refusing(Consent, Appointment, CourseChange, OutboxMessage)


@kept
def course(site, ana, rosa):
    """Ana's course with its consent: four visits 35 days apart at ten, the first today."""
    treating.consent(ana, site, rosa)
    return book(ana, site, rosa)


def withdraw(patient, by, at=NOW + HOUR):
    return consents.withdraw_consent(patient.consents.get(), by=by, at=at)


def states(course):
    course.refresh_from_db()
    return course.status, list(course.appointments.order_by("number").values_list("status", flat=True))


def said(course):
    course.refresh_from_db()
    return course.status_reason.replace("\xa0", " ")


# A withdrawn consent


def test_withdrawing_stops_the_course_and_cancels_what_lies_ahead(ana, course, priya):
    withdraw(ana, priya)
    assert states(course) == ("stopped", ["cancelled"] * 4)
    assert said(course) == "Consent withdrawn on Mon 7 Sep 2026"
    change = course.changes.get()
    assert (change.kind, change.by, change.reason) == ("stopped", priya, course.status_reason)
    message = OutboxMessage.objects.get(subject_id=course.pk, dropped_because="")
    assert message.due_at == NOW + HOUR + 10 * MINUTE


def test_withdrawing_stops_a_course_on_hold_and_one_elsewhere(ana, course, site, rosa, priya):
    order = Order(course.pk, Kind.HELD, reason="Travelling", release=False)
    change_course(order, key=uuid.uuid4(), by=rosa, at=NOW)
    branch = making.make_branch(site, "Hillcrest", "Europe/London")
    start = making.MONDAY + dt.timedelta(days=140)
    slots = making.slots_at(branch, making.every(35, first=start))
    other = book(ana, branch, rosa, slots=slots, request=making.asking(branch, start_from=start))
    withdraw(ana, priya)
    assert states(course) == ("stopped", ["cancelled"] * 4)
    assert states(other) == ("stopped", ["cancelled"] * 4)


def test_withdrawing_leaves_what_is_done_and_who_is_here(ana, course, priya, rosa):
    Appointment.objects.filter(course=course, number=1).update(status="arrived", arrived_at=NOW)
    withdraw(ana, priya)
    assert states(course) == ("stopped", ["arrived", "cancelled", "cancelled", "cancelled"])


def test_a_refused_withdrawal_stops_nothing(ana, course, priya, rosa):
    assert refused(withdraw, ana, rosa).code == "role"
    withdraw(ana, priya)
    assert refused(withdraw, ana, priya).code == "already_withdrawn"


def test_an_older_consent_is_not_what_is_withdrawn(ana, course, site, priya, rosa):
    first, text = ana.consents.get(), make_text(site.indication, priya, number=2)
    second = consents.record_consent(ana, text=text, method="paper", by=rosa, at=NOW + MINUTE)
    refusal = refused(consents.withdraw_consent, first, by=priya, at=NOW + HOUR)
    assert (refusal.code, refusal.stale) == ("newer_consent", True)
    consents.withdraw_consent(second, by=priya, at=NOW + HOUR)
    assert states(course)[0] == "stopped"


def test_the_stop_is_taken_back_only_on_a_new_consent(ana, course, site, priya, rosa):
    withdraw(ana, priya, at=NOW)
    change = course.changes.get()
    refusal = refused(undo_change, change, by=rosa, at=NOW + MINUTE)
    assert (refusal.code, refusal.next_step) == ("consent_withdrawn", "Take a new consent first.")
    treating.consent(ana, site, rosa)
    undo_change(change, by=rosa, at=NOW + 2 * MINUTE)
    assert states(course) == ("active", ["booked"] * 4)


def test_the_database_leaves_no_course_running_without_its_consent(ana, course):
    with pytest.raises(DatabaseError, match="leaves no course running"), transaction.atomic():
        ana.consents.update(withdrawn_at=NOW)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# A pregnancy (ruling 3)


def test_a_pregnancy_frees_the_visits_and_holds_the_course_by_itself(ana, course, site, rosa):
    screen(ana, site, rosa, at=NOW + HOUR, PREGNANT=yes())
    assert states(course) == ("on_hold", ["cancelled"] * 4)
    assert said(course) == "Screening of Mon 7 Sep 2026: not suitable, visits released"
    assert (course.changes.get().by, course.changes.get().kind) == (rosa, "held")


def test_a_pregnancy_told_by_phone_does_the_same(ana, course, site, rosa):
    link = links.create_link(ana, purpose="screening", by=rosa)
    record_phone_screening(
        ana,
        link=link,
        indication=site.indication,
        areas=site.areas,
        answers=making.all_no(PREGNANT=yes()),
        at=NOW + HOUR,
    )
    assert states(course) == ("on_hold", ["cancelled"] * 4)
    assert course.changes.get().by is None


def test_a_pregnancy_frees_the_dates_that_a_hold_had_kept(ana, course, site, rosa):
    order = Order(course.pk, Kind.HELD, reason="Travelling", release=False)
    change_course(order, key=uuid.uuid4(), by=rosa, at=NOW)
    screen(ana, site, rosa, at=NOW + HOUR, PREGNANT=yes())
    assert states(course) == ("on_hold", ["cancelled"] * 4)
    screen(ana, site, rosa, at=NOW + 2 * HOUR, PREGNANT=yes())
    assert course.changes.count() == 2


@pytest.mark.parametrize("answers", [{"PREGNANT": NOT_SURE}, {"BLEEDING_DISORDER": yes()}])
def test_other_answers_wait_for_a_press(ana, course, site, rosa, answers):
    screen(ana, site, rosa, at=NOW + HOUR, **answers)
    assert states(course) == ("active", ["booked"] * 4)


def test_a_release_is_not_taken_back_while_the_stop_stands(ana, course, site, rosa):
    screen(ana, site, rosa, at=NOW, PREGNANT=yes())
    refusal = refused(undo_change, course.changes.get(), by=rosa, at=NOW + MINUTE)
    assert refusal.code == "screening_stop"


# The pages


@pytest.fixture
def moment():
    with time_machine.travel(NOW + HOUR, tick=False):
        yield


def test_the_page_of_a_withdrawal_names_what_it_cancels(ana, course, priya, moment):
    browser, consent = people.sign_in(priya), ana.consents.get()
    page = reverse("consent_withdraw", args=[consent.pk])
    assert page in browser.get(reverse("consent_detail", args=[consent.pk])).content.decode()
    shown = browser.get(page).content.decode()
    assert shown.count("is cancelled") == 4 and "the course is stopped" in shown
    answer = browser.post(page, follow=True)
    text = answer.content.decode()
    assert "The course is stopped, 4 booked visits cancelled." in text
    assert page not in text
    assert browser.get(page).status_code == 302


@pytest.mark.parametrize("who", ["rosa", "mona"])
def test_withdrawing_is_closed_to_others(request, who, ana, course, moment):
    browser = people.sign_in(request.getfixturevalue(who))
    assert browser.post(reverse("consent_withdraw", args=[ana.consents.get().pk])).status_code == 403
    assert states(course)[0] == "active"


def items(location, at):
    day = at.date()
    with time_machine.travel(at, tick=False):
        return [(item.what, item.why.replace("\xa0", " ")) for item in attention_items(location, [], day)]


def test_today_says_what_stopped_by_itself_until_the_next_day(ana, course, priya, location):
    withdraw(ana, priya)
    told = [
        (
            "withdrew the consent: the course is stopped",
            "Consent withdrawn on Mon 7 Sep 2026. 4 booked visits are cancelled. A message tells them.",
        )
    ]
    assert items(location, NOW + HOUR) == told
    assert items(location, NOW + dt.timedelta(days=1)) == told
    assert items(location, NOW + dt.timedelta(days=2)) == []


def test_today_offers_a_new_consultation_after_a_release(ana, course, site, rosa, location):
    ana.email = ""
    ana.save()
    screen(ana, site, rosa, at=NOW + HOUR, PREGNANT=yes())
    assert items(location, NOW + HOUR) == [
        (
            "has a course on hold",
            "Screening of Mon 7 Sep 2026: not suitable, visits released. 4 booked visits are cancelled. "
            "No message goes to them: call them. "
            "Offer a new consultation when the screening allows it again.",
        )
    ]


@pytest.mark.parametrize("who", ["rosa", "priya"])
def test_the_patients_page_says_that_the_course_waits(request, who, ana, course, site, rosa, moment):
    screen(ana, site, rosa, at=NOW, PREGNANT=yes())
    page = people.sign_in(request.getfixturevalue(who)).get(reverse("patient_detail", args=[ana.pk]))
    assert "Offer a new consultation when the screening allows it again." in page.content.decode()
