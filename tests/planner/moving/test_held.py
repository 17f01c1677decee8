"""What is done, and taken back, with the visits of a course that waits or was stopped."""

import uuid

from patients import links
from planner import booking, own
from planner.moving import Order, change_course
from planner.undoing import undo_change
from tests.kept import kept
from tests.planner import making
from tests.planner.booked import utc
from tests.planner.making import NOW
from tests.planner.moves import Kind, cancel, confirm, dates, look, visit
from tests.planner.moving.diary import MINUTE, diary, refused

TEN = utc(2026, 9, 7, 9, 0)


@kept
def held(course, rosa):
    """The course on hold, its dates kept."""
    hold(course, rosa)
    return course


def hold(course, by, at=NOW):
    return change(course, Kind.HELD, by, reason="Travelling", release=False, at=at)


def change(course, kind, by, *, at=NOW, **how):
    return change_course(Order(course.pk, kind, **how), key=uuid.uuid4(), by=by, at=at)


def status(course):
    course.refresh_from_db()
    return course.status, course.status_reason


def test_a_cancelled_visit_of_a_held_course_is_given_back(held, rosa):
    before = diary()
    done = cancel(visit(held, 2), reason="Cannot come", by=rosa, at=NOW)
    undo_change(done, by=rosa, at=NOW + MINUTE)
    assert (diary(), status(held)) == (before, ("on_hold", "Travelling"))


def test_a_missed_visit_of_a_held_course_is_given_back(held, rosa):
    before, row = diary(), visit(held, 1)
    done = change(held, Kind.NO_SHOW, rosa, about=row.pk, about_version=row.version, at=TEN + MINUTE)
    undo_change(done, by=rosa, at=TEN + 2 * MINUTE)
    assert (diary(), status(held)) == (before, ("on_hold", "Travelling"))


def test_stopping_a_held_course_is_taken_back_whole(held, rosa):
    before = diary()
    done = change(held, Kind.STOPPED, rosa, reason="Moving away")
    undo_change(done, by=rosa, at=NOW + MINUTE)
    assert (diary(), status(held)) == (before, ("on_hold", "Travelling"))


def test_a_patient_takes_back_the_own_cancelling_in_a_held_course(held, ana, rosa):
    link = links.create_link(ana, purpose="plan", by=rosa, at=NOW)
    second = visit(held, 2)
    own.cancel_visit(link, second, version=second.version, at=NOW)
    own.undo_cancel(link, second, at=NOW + MINUTE)
    assert (visit(held, 2).status, status(held)) == ("booked", ("on_hold", "Travelling"))


def test_a_release_of_dates_that_a_hold_had_kept_stays_while_the_stop_stands(held, ana, site, rosa):
    making.screen(ana, site, rosa, at=NOW, PREGNANT=making.screening.Answer(making.Reply.YES))
    done = held.changes.order_by("pk").last()
    assert refused(undo_change, done, by=rosa, at=NOW + MINUTE).code == "screening_stop"


def test_a_check_in_is_not_undone_once_the_course_is_held(course, rosa):
    first = visit(course, 1)
    booking.check_in(first, by=rosa, at=TEN)
    change(course, Kind.HELD, rosa, reason="Screening of today", at=TEN + MINUTE)
    refusal = refused(booking.undo_check_in, first, by=rosa, at=TEN + 2 * MINUTE)
    assert str(refusal) == (
        "This course is on hold. Screening of today. Cancel the visit, or resume the course first."
    )


# What a stop leaves behind: the patient who is here, and the visit whose time has come


def test_the_visit_of_a_patient_who_is_here_is_cancelled_after_a_stop_and_given_back(course, rosa):
    first = visit(course, 1)
    booking.check_in(first, by=rosa, at=TEN)
    change(course, Kind.STOPPED, rosa, reason="Changed her mind", at=TEN)
    done = cancel(first, reason="Went home", by=rosa, at=TEN + MINUTE)
    assert dates(course) == {}
    undo_change(done, by=rosa, at=TEN + 2 * MINUTE)
    assert (visit(course, 1).status, status(course)) == ("arrived", ("stopped", "Changed her mind"))


def test_a_visit_whose_time_had_come_is_missed_after_a_stop(course, rosa):
    change(course, Kind.STOPPED, rosa, reason="Moving away", at=TEN + MINUTE)
    row = visit(course, 1)
    change(course, Kind.NO_SHOW, rosa, about=row.pk, about_version=row.version, at=TEN + 2 * MINUTE)
    assert (dates(course), status(course)) == ({}, ("stopped", "Moving away"))


def test_a_visit_of_a_held_course_is_cancelled_without_a_new_date(held, rosa):
    preview = look(held, Kind.CANCELLED, number=2, new_date=True, reason="Cannot come")
    assert preview.moves
    refusal = refused(confirm, preview, rosa)
    assert str(refusal) == "This course is on hold, so no visit gets a new date. Resume it first."
