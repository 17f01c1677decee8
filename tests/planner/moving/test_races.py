"""Clock changes, and two who change at once."""

import datetime as dt
import itertools
import uuid

import pytest

from clinic.models import Absence, OutboxMessage
from clinic.refusals import Refusal
from planner.models import Appointment, AppointmentEvent, CourseChange
from planner.moving import Order, batch_keys, change_course, change_courses
from planner.undoing import undo_change
from tests.planner.making import NOW, book, slots_at
from tests.planner.moves import Kind, at_clock, confirm, dates, look, move, order_of, visit
from tests.planner.moving.diary import DAY, DAYS, MINUTE, refused
from tests.planner.reading import words
from tests.refusing import at_once

pytestmark = pytest.mark.sweep

# Clock changes


def test_moves_across_both_clock_changes_keep_the_wall_clock(course, rosa):
    autumn = dt.date(2026, 10, 26)  # the Monday after the clocks went back
    move(course, 2, autumn, rosa, dt.time(10))
    assert visit(course, 2).start == dt.datetime(2026, 10, 26, 10, tzinfo=dt.UTC)
    assert visit(course, 1).start == dt.datetime(2026, 9, 7, 9, tzinfo=dt.UTC)
    spring = dt.date(2027, 3, 29)
    move(course, 4, spring, rosa, dt.time(10))
    assert visit(course, 4).start == dt.datetime(2027, 3, 29, 9, tzinfo=dt.UTC)
    gaps = [(late - early).days for early, late in itertools.pairwise(dates(course).values())]
    assert gaps == [49, 28, 126]  # whole local days, whatever the clocks did


def test_a_move_over_a_clock_change_is_taken_back_to_the_same_instants(course, rosa):
    before = dict(course.appointments.values_list("number", "start"))
    change = move(course, 2, dt.date(2026, 10, 26), rosa, dt.time(10))  # later ones may follow
    assert visit(course, 2).start - before[2] == dt.timedelta(days=14, hours=1)
    undo_change(change, by=rosa, at=NOW + MINUTE)
    assert dict(course.appointments.values_list("number", "start")) == before


# Races


@pytest.mark.django_db(transaction=True)
def test_two_desks_move_the_same_visit_at_once(course, rosa, mona):
    previews = [
        look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + days * DAY, dt.time(10)))
        for days in (1, 2)
    ]
    told = at_once(lambda: confirm(previews[0], rosa), lambda: confirm(previews[1], mona))
    (refusal,) = (one for one in told if isinstance(one, Refusal))
    first = told.index(refusal) == 1  # Rosa was first
    who, on = ("Rosa Diaz", "Tue 13 Oct 2026") if first else ("Mona Weiss", "Wed 14 Oct 2026")
    assert words(refusal.sentence) == f"{who} changed visit 2 at 07:00. It is on {on}, 10:00 now."
    assert CourseChange.objects.count() == 1
    assert dates(course)[2] == DAYS[1] + (1 if first else 2) * DAY  # what was confirmed first stands
    assert OutboxMessage.objects.filter(kind="course_changed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_patients_want_the_same_slot_at_once(site, course, bea, rosa, mona):
    slots = slots_at(site, DAYS, dt.time(14), practitioner=1, room=1)
    other = book(bea, site, rosa, slots=slots)
    start = at_clock(course, DAYS[1] + DAY, dt.time(10))
    person = site.practitioners[0].pk
    previews = [
        look(one, Kind.MOVED, number=2, start=start, practitioner_id=person) for one in (course, other)
    ]
    told = at_once(lambda: confirm(previews[0], rosa), lambda: confirm(previews[1], mona))
    (refusal,) = (one for one in told if isinstance(one, Refusal))
    assert words(refusal.sentence) == "Tue 13 Oct 2026, 10:00 was just taken. Nothing was changed."
    assert Appointment.objects.filter(start=start, status="booked").count() == 1
    loser = previews[told.index(refusal)].course
    assert dates(loser) == dict(enumerate(DAYS, start=1))  # all as it was


@pytest.mark.django_db(transaction=True)
def test_a_double_click_changes_once(course, rosa):
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + DAY, dt.time(10)))
    key = uuid.uuid4()
    told = at_once(*[lambda: confirm(preview, rosa, key=key)] * 2)
    assert told[0] == told[1]
    assert CourseChange.objects.count() == 1
    assert visit(course, 2).version == 2  # moved once
    assert OutboxMessage.objects.filter(kind="course_changed").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [Kind.CANCELLED, Kind.HELD, Kind.STOPPED])
def test_a_double_click_ends_once(course, rosa, kind):
    number = 2 if kind == Kind.CANCELLED else None
    preview, key = look(course, Kind.CANCELLED, number=2, reason="Away"), uuid.uuid4()
    order = order_of(preview) if number else Order(course.pk, kind, reason="Away")
    told = at_once(*[lambda: change_course(order, key=key, by=rosa, at=NOW)] * 2)
    assert told[0] == told[1]
    ended = AppointmentEvent.objects.filter(kind="cancelled").values_list("appointment", flat=True)
    assert len(ended) == len(set(ended)) == (1 if number else 4)
    assert OutboxMessage.objects.filter(kind="course_changed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_accept_all_changes_each_course_once(site, course, bea, rosa):
    other = book(bea, site, rosa, slots=slots_at(site, DAYS, dt.time(14), practitioner=1, room=1))
    orders = [
        order_of(look(one, Kind.MOVED, number=2, start=at_clock(one, DAYS[1] + DAY, dt.time(10 + 4 * late))))
        for late, one in enumerate((course, other))
    ]
    batch = uuid.uuid4()
    keys = batch_keys(batch, orders)
    told = at_once(*[lambda: change_courses(orders, keys=keys, by=rosa, at=NOW, batch=batch)] * 2)
    assert told[0] == told[1]
    assert CourseChange.objects.count() == 2
    assert [visit(one, 2).version for one in (course, other)] == [2, 2]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_undo_takes_back_once(course, rosa):
    change = move(course, 2, DAYS[1] + DAY, rosa)
    told = at_once(*[lambda: undo_change(change, by=rosa, at=NOW + MINUTE)] * 2)
    assert told[0] == told[1]
    assert (dates(course)[2], visit(course, 2).version) == (DAYS[1], 3)


@pytest.mark.django_db(transaction=True)
def test_an_undo_and_a_new_change_at_once_leave_one_of_both(course, rosa, mona):
    change = move(course, 2, DAYS[1] + DAY, rosa)
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + 2 * DAY, dt.time(10)))
    told = at_once(lambda: undo_change(change, by=rosa, at=NOW + MINUTE), lambda: confirm(preview, mona))
    assert len([one for one in told if isinstance(one, Refusal)]) == 1
    assert dates(course)[2] in (DAYS[1], DAYS[1] + 2 * DAY)


def test_an_absence_between_change_and_undo_keeps_the_new_date(site, course, rosa):
    change = move(course, 2, DAYS[1] + DAY, rosa)
    Absence.objects.create(
        practitioner=site.practitioners[0],
        start=at_clock(course, DAYS[1], dt.time(0)),
        end=at_clock(course, DAYS[1], dt.time(23)),
        reason="Ill",
    )
    assert refused(undo_change, change, by=rosa, at=NOW + MINUTE).code == "away_since"
