"""Clock changes, and two who change at once."""

import datetime as dt
import uuid

import pytest

from clinic.models import Absence
from clinic.refusals import Refusal
from planner.models import Appointment, CourseChange
from planner.undoing import undo_change
from tests.planner.making import NOW, book, slots_at
from tests.planner.moves import Kind, at_clock, confirm, dates, look, move, visit
from tests.planner.moving.diary import DAY, DAYS, MINUTE, refused
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


# Races


@pytest.mark.django_db(transaction=True)
def test_two_desks_move_the_same_visit_at_once(course, rosa, mona):
    previews = [
        look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + days * DAY, dt.time(10)))
        for days in (1, 2)
    ]
    told = at_once(lambda: confirm(previews[0], rosa), lambda: confirm(previews[1], mona))
    refusals = [one for one in told if isinstance(one, Refusal)]
    assert [one.code for one in refusals] == ["visit_changed"]
    assert CourseChange.objects.count() == 1


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
    assert [one.code for one in told if isinstance(one, Refusal)] == ["just_taken"]
    assert Appointment.objects.filter(start=start, status="booked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_changes_once(course, rosa):
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + DAY, dt.time(10)))
    key = uuid.uuid4()
    told = at_once(*[lambda: confirm(preview, rosa, key=key)] * 2)
    assert told[0] == told[1]
    assert CourseChange.objects.count() == 1


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
    assert refused(undo_change, change, by=rosa, at=NOW + MINUTE).code == "just_taken"
