"""Hold, resume, extend, stop; and several courses together."""

import datetime as dt
import uuid

from planner.moving import Order, batch_keys, change_course, change_courses
from planner.undoing import undo_change
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import NOW, book, slots_at
from tests.planner.moves import Kind, at_clock, confirm, dates, look, order_of
from tests.planner.moving.diary import DAY, DAYS, MINUTE, diary, refused

# Hold, resume, extend, stop


def test_hold_frees_the_visits_ahead_and_resume_books_them_anew(course, rosa):
    confirm_state(course, Kind.HELD, rosa, reason="Travelling")
    course.refresh_from_db()
    assert (course.status, dates(course)) == ("on_hold", {})
    preview = look(course, Kind.RESUMED, not_before=DAYS[1])
    confirm(preview, rosa)
    course.refresh_from_db()
    assert course.status == "active"
    assert sorted(dates(course)) == [1, 2, 3, 4]
    assert min(dates(course).values()) >= DAYS[1]


def confirm_state(course, kind, by, *, at=NOW, **how):
    return change_course(Order(course.pk, kind, **how), key=uuid.uuid4(), by=by, at=at)


def test_hold_may_keep_the_visits(course, rosa):
    confirm_state(course, Kind.HELD, rosa, reason="Travelling", release=False)
    assert sorted(dates(course)) == [1, 2, 3, 4]


def test_a_page_of_resuming_left_open_runs_no_course_that_a_stop_holds(course, site, ana, rosa):
    confirm_state(course, Kind.HELD, rosa, reason="Travelling", release=False)
    left_open = order_of(look(course, Kind.RESUMED))
    assert left_open.moves == ()
    making.screen(ana, site, rosa, at=NOW + MINUTE, BLEEDING_DISORDER=yes())
    refusal = refused(change_course, left_open, key=uuid.uuid4(), by=rosa, at=NOW + 2 * MINUTE)
    assert refusal.code == "screening_stop"
    course.refresh_from_db()
    assert course.status == "on_hold"


def test_a_hold_that_kept_its_dates_is_not_taken_back_under_a_stop(course, site, ana, rosa):
    change = confirm_state(course, Kind.HELD, rosa, reason="Travelling", release=False)
    making.screen(ana, site, rosa, at=NOW + MINUTE, BLEEDING_DISORDER=yes())
    assert refused(undo_change, change, by=rosa, at=NOW + 2 * MINUTE).code == "screening_stop"
    course.refresh_from_db()
    assert course.status == "on_hold"


def test_hold_is_taken_back_whole(course, rosa):
    before = diary()[0]
    change = confirm_state(course, Kind.HELD, rosa, reason="Travelling")
    undo_change(change, by=rosa, at=NOW + MINUTE)
    course.refresh_from_db()
    assert (diary()[0], course.status) == (before, "active")


def test_stop_needs_a_reason_and_ends_the_course(course, rosa):
    assert refused(confirm_state, course, Kind.STOPPED, rosa).field == "reason"
    confirm_state(course, Kind.STOPPED, rosa, reason="Moving away")
    course.refresh_from_db()
    assert (course.status, course.status_reason, dates(course)) == ("stopped", "Moving away", {})


def test_extend_adds_visits_up_to_the_protocols_most(course, rosa):
    confirm(look(course, Kind.EXTENDED, sessions=6), rosa)
    course.refresh_from_db()
    assert course.sessions == 6
    assert dates(course)[6] == DAYS[3] + 70 * DAY
    assert refused(confirm_state, course, Kind.EXTENDED, rosa, sessions=7).code == "too_many_visits"


# Several courses together


def test_a_batch_is_all_or_nothing_and_is_taken_back_at_once(site, course, bea, rosa):
    request = making.asking(site)
    slots = slots_at(site, DAYS, dt.time(12), practitioner=1, room=1)
    other = book(bea, site, rosa, slots=slots, request=request)
    # the two trade their hours, which only works together
    first = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + DAY, dt.time(10)))
    second = look(other, Kind.MOVED, number=2, start=at_clock(other, DAYS[1] + DAY, dt.time(12)))
    orders, batch = [order_of(first), order_of(second)], uuid.uuid4()
    before = diary()[0]
    keys = batch_keys(batch, orders)
    made = change_courses(orders, keys=keys, by=rosa, at=NOW, batch=batch)
    assert change_courses(orders, keys=keys, by=rosa, at=NOW, batch=batch) == made
    undo_change(made[0], by=rosa, at=NOW + MINUTE)
    assert diary()[0] == before
