"""A booked review: told, reminded, in calendar and itinerary, moved, missed, cancelled and taken back."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from clinic.models import OutboxMessage
from patients import links
from planner import lettering, outbox, own, reminding, reviews
from planner.calendars import calendar_file, visits_for_calendar
from planner.models import Appointment, AppointmentEvent, PatientNotice
from planner.queries.itinerary import itinerary_of
from planner.queries.own import own_courses
from planner.queries.reviews import review_of, review_times
from planner.telling import UNDO_MINUTES
from tests.kept import kept
from tests.planner import treating
from tests.planner.reviewed import BEFORE, book, finish
from tests.refusing import refusing

MINUTE = dt.timedelta(minutes=1)
SENT = BEFORE + UNDO_MINUTES * MINUTE
refused = refusing(Appointment, AppointmentEvent, OutboxMessage)


@kept
def course(ana, site, rosa):
    """Ana's course is over, and nothing of it waits to be told."""
    made = finish(ana, site, rosa)
    OutboxMessage.objects.update(dropped_because="over")
    return made


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(BEFORE, tick=False) as traveller:
        yield traveller


@kept
def review(course, rosa):
    """Its review is booked."""
    return book(course, rosa)


def waiting(course):
    """Kind and letter of what is told of the course next."""
    rows = OutboxMessage.objects.filter(subject_id=course.pk, sent_at=None, dropped_because="")
    row = rows.exclude(kind__in=reminding.KINDS).order_by("-pk").first()
    return (row.kind, lettering.compose(row, row.due_at)[0]) if row else (None, None)


def place(time):
    return {"start": time.start, "practitioner_id": time.gap.person.pk, "room_id": time.gap.room.pk}


def move(review, by, number=5, **changed):
    time = review_times(review.reviewed, BEFORE)[number]
    version = {"version": review.version}
    return reviews.move_review(review, **place(time) | version | changed, by=by, at=BEFORE)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "(review: photos and a talk, nothing is treated)"), ("es", "(revisión: fotos y conversación")],
)
def test_a_booked_review_is_told_after_ten_minutes(course, rosa, language, words):
    type(course.patient).objects.filter(pk=course.patient_id).update(language=language)
    review = book(course, rosa)
    kind, letter = waiting(course)
    due_at = OutboxMessage.objects.get(dropped_because="").due_at
    assert (kind, due_at) == ("course_booked", SENT)
    assert words in letter.text and f"{review.start:%H:%M}" in letter.text and letter.calendar


def test_a_moved_review_is_told_confirmed_anew_and_frees_its_old_time(course, review, rosa):
    Appointment.objects.filter(pk=review.pk).update(confirmed_at=BEFORE)
    moved = move(review, rosa)
    assert moved.start != review.start and moved.confirmed_at is None and moved.version == review.version + 1
    assert review_times(course, BEFORE)[0].start == review.start
    assert moved.events.order_by("pk").last().kind == "moved"
    assert waiting(course)[1].text.count("review") == 1


def test_move_review_refuses_another_version_a_state_an_early_day_and_a_time_that_is_gone(review, rosa):
    assert refused(move, review, rosa, version=99).code == "review_changed"
    early = review.start - dt.timedelta(days=20)
    assert refused(move, review, rosa, start=early).code == "review_early"
    assert refused(move, review, rosa, start=review.start + 7 * MINUTE).code == "review_time_gone"
    reviews.cancel_review(review, reason="Ill", by=rosa, at=BEFORE)
    assert refused(move, review, rosa, number=0).code == "review_changed"


def test_a_cancelled_review_is_told_and_may_be_taken_back_for_ten_minutes(course, review, rosa):
    outbox.send_next(at=SENT)
    reviews.cancel_review(review, reason="Ill", by=rosa, at=SENT)
    assert "No visit is booked for you" in waiting(course)[1].text
    late = SENT + (UNDO_MINUTES + 1) * MINUTE
    assert refused(reviews.restore_review, review, by=rosa, at=late).code == "undo_too_late"
    back = reviews.restore_review(review, by=rosa, at=SENT + MINUTE)
    assert (back.status, review_of(course)) == ("booked", back)
    assert waiting(course) == (None, None)
    assert reviews.restore_review(review, by=rosa, at=late) == back


def test_a_cancelled_review_is_not_taken_back_onto_a_newer_one(course, review, rosa):
    reviews.cancel_review(review, reason="Ill", by=rosa, at=BEFORE)
    book(course, rosa, number=3)
    assert refused(reviews.restore_review, review, by=rosa, at=BEFORE).code == "a_course_has_one_review_ahead"


def test_a_missed_review_is_marked_once_it_has_begun(course, review, rosa, now):
    assert refused(reviews.miss_review, review, by=rosa, at=review.start - MINUTE).code == "not_yet"
    assert reviews.miss_review(review, by=rosa, at=review.start).status == "noshow"
    assert review_of(course) is None


def test_a_review_is_reminded_and_not_prepared_for(course, review, priya):
    treating.approve_texts(priya.practitioner)
    reminding.plan_messages(review.start - dt.timedelta(days=10))
    about = OutboxMessage.objects.filter(kind__in=reminding.KINDS, subject_id=review.pk)
    assert [row.kind for row in about] == ["reminder"]
    letter, why = lettering.compose(about.get(), about.get().due_at)
    assert f"{review.start:%H:%M}" in letter.text and not why
    Appointment.objects.filter(pk=review.pk).update(status="cancelled")
    assert lettering.compose(about.get(), about.get().due_at) == (None, "the visit was cancelled")


def test_the_calendar_names_the_review_and_corrects_it_when_it_moves(course, review, rosa):
    def event():
        file = calendar_file(visits_for_calendar(course), title="Visit {n}, Larkmoor", at=BEFORE).decode()
        return file.replace("\r\n ", "").replace("\r\n", "\n").split("BEGIN:VEVENT")[-1]

    first = event()
    assert f"UID:{course.booking_key}-review@needleplan" in first and "SUMMARY:Review\\, " in first
    move(review, rosa)
    assert "SEQUENCE:1" in first and "SEQUENCE:2" in event()
    reviews.cancel_review(review, reason="Ill", by=rosa, at=BEFORE)
    assert "STATUS:CANCELLED" in event()


def test_the_itinerary_names_the_booked_review(course, priya, rosa, client_for):
    treating.approve_texts(priya.practitioner)
    assert itinerary_of(course, at=BEFORE).review is None
    book(course, rosa)
    said = itinerary_of(course, at=BEFORE).review
    assert said.heading.startswith("Your review: ") and "30\xa0min" in said.items[0].text
    page = client_for(rosa).get(reverse("course_itinerary", args=[course.pk])).content.decode()
    assert said.heading in page
    paper = client_for(rosa).get(reverse("course_itinerary_pdf", args=[course.pk]))
    assert paper.content.startswith(b"%PDF")


def test_the_desk_moves_takes_back_and_marks_a_review_in_the_browser(course, review, client_for, rosa, now):
    desk, here = client_for(rosa), reverse("course_review", args=[course.pk])
    page = desk.get(here)
    assert "Move here" in page.content.decode() and "did not come" not in page.content.decode()
    sent = {"time": page.context["times"][4].key, "version": review.version}
    assert desk.post(here, sent).url == here
    assert desk.post(here, sent).status_code == 409
    assert desk.post(reverse("review_cancel", args=[review.pk]), {"reason": "Ill"}).url == here
    assert reverse("review_undo", args=[review.pk]) in desk.get(here).content.decode()
    assert desk.post(reverse("review_undo", args=[review.pk])).url == here
    review.refresh_from_db()
    now.move_to(review.start)
    desk = client_for(rosa)
    assert "did not come" in desk.get(here).content.decode()
    assert desk.post(reverse("review_no_show", args=[review.pk])).url == here
    review.refresh_from_db()
    assert review.status == "noshow"


def test_the_patient_confirms_the_review_asks_for_another_date_and_cancels(course, review, rosa):
    link = links.create_link(course.patient, purpose="plan", by=rosa)
    (one,) = own_courses(course.patient, "en", BEFORE)
    assert one.next == one.review and one.review.appointment == review
    assert own.confirm_visit(link, review, at=BEFORE).confirmed_at == BEFORE
    own.ask_to_move(link, review, words="Mornings", key=course.booking_key, at=BEFORE)
    assert own_courses(course.patient, "en", BEFORE)[0].review.wish.words == "Mornings"
    version = Appointment.objects.get(pk=review.pk).version
    told = own.cancel_visit(link, review, words="Ill", version=version, at=BEFORE)
    assert own.cancel_visit(link, review, words="Ill", version=version, at=BEFORE) == told
    assert (told.kind, told.change, own_courses(course.patient, "en", BEFORE)[0].review) == (
        PatientNotice.Kind.CANCELLED,
        None,
        None,
    )
    own.undo_cancel(link, review, at=BEFORE + MINUTE)
    assert own_courses(course.patient, "en", BEFORE)[0].review.state == "booked"


def test_the_desk_reads_what_the_patient_told_about_a_review(course, review, rosa, client_for):
    link = links.create_link(course.patient, purpose="plan", by=rosa)
    notice = own.ask_to_move(link, review, words="Mornings", key=course.booking_key, at=BEFORE)
    page = client_for(rosa).get(reverse("notice_detail", args=[notice.pk])).content.decode()
    assert "The review, " in page and reverse("course_review", args=[course.pk]) in page
    assert "The review, " in client_for(rosa).get(reverse("today")).content.decode()
