"""The review after a course: due, booked in the diary like any visit, cancelled, held."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from clinic.words import day_date
from planner import reviews
from planner.models import Appointment, AppointmentEvent, TreatmentCourse
from planner.queries.decisions import reviews_due
from planner.queries.reviews import due_on, review_of, review_times
from tests.kept import kept
from tests.planner import making
from tests.planner.making import NOW
from tests.planner.reviewed import BEFORE, DUE, LAST, book, finish
from tests.refusing import at_once, refusing

DAY = dt.timedelta(days=1)
refused = refusing(Appointment, AppointmentEvent)


@kept
def course(ana, site, rosa):
    """Ana's course is over: its last visit was on 7 September."""
    return finish(ana, site, rosa)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(BEFORE, tick=False) as traveller:
        yield traveller


def test_free_times_begin_when_the_review_is_due(course):
    times = review_times(course, BEFORE)
    assert due_on(course) == DUE
    assert times[0].start.date() == DUE and len(times) == 12
    assert {time.start.date() for time in times} == {DUE + n * DAY for n in range(4)}
    later = review_times(course, BEFORE, DUE + 9 * DAY)
    assert later[0].start.date() == DUE + 9 * DAY


def test_book_review_claims_half_an_hour_of_person_room_and_patient(course, rosa):
    review = book(course, rosa)
    review.refresh_from_db()
    assert (review.kind, review.course, review.number, review.status) == ("review", None, None, "booked")
    assert review.end - review.start == dt.timedelta(minutes=30)
    assert (review.patient, review.on, review.device) == (course.patient, DUE, None)
    assert review.room_until >= review.end and review.practitioner_from <= review.start
    assert review.events.get().kind == "booked"
    assert review_of(course) == review
    assert review_times(course, BEFORE)[0].start != review.start


def test_book_review_twice_is_one_review(course, rosa):
    first = book(course, rosa)
    assert book(course, rosa, number=3) == first
    assert Appointment.objects.filter(kind="review").count() == 1


@pytest.mark.django_db(transaction=True)
def test_book_review_at_once_is_one_review(course, rosa):
    made = at_once(lambda: book(course, rosa), lambda: book(course, rosa))
    assert made[0] == made[1] and Appointment.objects.filter(kind="review").count() == 1


def test_book_review_refuses_an_early_day_a_running_course_and_a_time_that_is_gone(course, rosa):
    early = review_times(course, BEFORE)[0].start - DAY
    assert refused(book, course, rosa, start=early).sentence == f"The review is from {day_date(DUE)} on."
    assert refused(book, course, rosa, start=early + DAY + dt.timedelta(minutes=7)).code == "review_time_gone"
    TreatmentCourse.objects.update(status="active")
    assert refused(book, course, rosa).code == "course_running"


def test_a_cancelled_review_frees_its_time(course, rosa):
    review = book(course, rosa)
    assert refused(reviews.cancel_review, review, reason=" ", by=rosa).code == "reason_missing"
    reviews.cancel_review(review, reason="Ill", by=rosa)
    assert review_of(course) is None and review_times(course, BEFORE)[0].start == review.start


def test_today_asks_for_the_review_until_it_is_booked(course, site, rosa, now):
    assert reviews_due(site.location, DUE - DAY) == []
    assert reviews_due(site.location, DUE) == [(course, LAST)]
    book(course, rosa)
    assert reviews_due(site.location, DUE) == []


def test_the_desk_plans_and_cancels_a_review_in_the_browser(course, client_for, rosa):
    desk, here = client_for(rosa), reverse("course_review", args=[course.pk])
    page = desk.get(here)
    assert "due from Sun" in page.content.decode().replace("\xa0", " ")
    assert desk.post(here, {"time": "soon"}).status_code == 422
    assert desk.post(here, {"time": page.context["times"][0].key}).url == here
    review = Appointment.objects.get(kind="review")
    shown = desk.get(here).content.decode()
    assert "Booked" in shown and "Cancel the review" in shown
    off = reverse("review_cancel", args=[review.pk])
    assert desk.post(off, {"reason": ""}).status_code == 422
    assert desk.post(off, {"reason": "Moved away"}).url == here
    assert desk.get(reverse("today")).status_code == desk.get(reverse("board")).status_code == 200


def test_every_page_of_the_day_shows_a_review(course, client_for, rosa, priya, now):
    review = book(course, rosa)
    now.move_to(review.start)
    for who, name in ((rosa, "today"), (rosa, "day_list"), (rosa, "board"), (priya, "today")):
        assert "Review" in client_for(who).get(reverse(name)).content.decode()
    board = client_for(rosa).get(reverse("board"), {"visit": review.pk})
    assert board.status_code == 200
    for name in ("appointment_move", "appointment_cancel", "appointment_no_show"):
        assert client_for(rosa).get(reverse(name, args=[review.pk])).status_code in (200, 302, 404)
    assert client_for(priya).get(reverse("session_start", args=[review.pk])).status_code == 404
    assert client_for(priya).get(reverse("review_start", args=[review.pk])).status_code == 200
    assert client_for(rosa).get(reverse("patient_detail", args=[course.patient_id])).status_code == 200


def test_a_running_course_has_no_review_to_plan(ana, site, rosa, client_for):
    running = making.book(ana, site, rosa, at=NOW)
    page = client_for(rosa).get(reverse("course_review", args=[running.pk])).content.decode()
    assert "The course is not over yet" in page
