"""Check in, cancel, miss: the states of one visit."""

import datetime as dt
import functools

import pytest
from django.db import IntegrityError, transaction

from clinic.refusals import Refusal
from planner import booking
from planner.models import Appointment
from planner.models.diary import AppointmentStatus
from tests.kept import kept
from tests.planner.booked import DAY, refused, utc
from tests.planner.making import NOW, book, every, make_patient, screen, slots_at
from tests.planner.moves import cancel, miss
from tests.refusing import at_once


@kept
def visit(site, ana, rosa):
    """Ana's first visit, today at ten."""
    return book(ana, site, rosa).appointments.get(number=1)


TEN, MINUTE = utc(2026, 9, 7, 9, 0), dt.timedelta(minutes=1)


def state(visit):
    """What the diary says of a visit: status, reason, arrival, version, its areas, its events."""
    visit = Appointment.objects.get(pk=visit.pk)
    return (
        visit.status,
        visit.status_reason,
        visit.arrived_at,
        visit.version,
        sorted(set(visit.areas.values_list("status", flat=True))),
        list(visit.events.values_list("kind", "at", "by__name", "reason")),
    )


BOOKED = ("booked", NOW, "Rosa Diaz", "")


def test_check_in_is_recorded_with_who_and_when(visit, rosa):
    booking.check_in(visit, by=rosa, at=TEN)
    assert state(visit) == ("arrived", "", TEN, 2, ["arrived"], [BOOKED, ("arrived", TEN, "Rosa Diaz", "")])


def test_check_in_twice_changes_nothing(visit, rosa, priya):
    booking.check_in(visit, by=rosa, at=TEN)
    before = state(visit)
    booking.check_in(visit, by=priya, at=TEN + dt.timedelta(minutes=1))
    assert state(visit) == before


def test_check_in_is_only_for_visits_of_today(visit, rosa):
    assert refused(booking.check_in, visit, by=rosa, at=TEN - DAY).code == "not_today"
    assert refused(booking.check_in, visit, by=rosa, at=TEN + DAY).code == "not_today"


def test_undo_check_in_goes_back_to_booked(visit, rosa):
    booking.check_in(visit, by=rosa, at=TEN)
    booking.undo_check_in(visit, by=rosa, at=TEN)
    arrived, undone = ("arrived", TEN, "Rosa Diaz", ""), ("unarrived", TEN, "Rosa Diaz", "")
    assert state(visit) == ("booked", "", None, 3, ["booked"], [BOOKED, arrived, undone])


def test_send_to_room_is_recorded_once_and_goes_with_the_check_in(visit, rosa, mona):
    assert refused(booking.send_to_room, visit, by=rosa, at=TEN).code == "not_here"
    booking.check_in(visit, by=rosa, at=TEN)
    booking.send_to_room(visit, by=rosa, at=TEN + MINUTE)
    sent = booking.send_to_room(visit, by=mona, at=TEN + 2 * MINUTE)
    assert (sent.roomed_at, sent.version) == (TEN + MINUTE, 3)
    assert state(visit)[-1][-1] == ("roomed", TEN + MINUTE, "Rosa Diaz", "")
    booking.undo_check_in(visit, by=rosa, at=TEN + 3 * MINUTE)
    visit.refresh_from_db()
    assert (visit.status, visit.arrived_at, visit.roomed_at) == ("booked", None, None)


def test_who_was_sent_to_the_room_waits_again_once(visit, rosa, mona):
    booking.check_in(visit, by=rosa, at=TEN)
    booking.send_to_room(visit, by=rosa, at=TEN)
    for by in (mona, rosa):
        back = booking.undo_send_to_room(visit, by=by, at=TEN + MINUTE)
    assert (back.status, back.arrived_at, back.roomed_at, back.version) == ("arrived", TEN, None, 4)
    roomed, unroomed = ("roomed", TEN, "Rosa Diaz", ""), ("unroomed", TEN + MINUTE, "Mona Weiss", "")
    assert state(visit)[-1] == [BOOKED, ("arrived", TEN, "Rosa Diaz", ""), roomed, unroomed]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_sends_to_the_room_once(visit, rosa):
    booking.check_in(visit, by=rosa, at=TEN)
    at_once(*[lambda: booking.send_to_room(visit, by=rosa, at=TEN)] * 2)
    assert visit.events.filter(kind="roomed").count() == 1


def test_the_database_sends_nobody_to_a_room_who_is_not_here(visit):
    with pytest.raises(IntegrityError, match="who_is_sent_to_the_room_has_arrived"), transaction.atomic():
        Appointment.objects.filter(pk=visit.pk).update(roomed_at=TEN)


def test_cancel_frees_the_slot_and_keeps_the_other_visits(visit, site, rosa):
    cancel(visit, reason="Has a cold", by=rosa, at=NOW)
    assert state(visit) == (
        "cancelled",
        "Has a cold",
        None,
        2,
        ["cancelled"],
        [BOOKED, ("cancelled", NOW, "Rosa Diaz", "Has a cold")],
    )
    assert list(visit.course.appointments.order_by("number").values_list("status", flat=True)) == [
        "cancelled",
        "booked",
        "booked",
        "booked",
    ]
    other = make_patient(rosa)
    screen(other, site, rosa)
    assert book(other, site, rosa, slots=slots_at(site, every(28))).appointments.count() == 4


def test_cancel_needs_a_reason(visit, rosa):
    refusal = refused(cancel, visit, reason="  ", by=rosa, at=NOW)
    assert (refusal.code, refusal.field) == ("reason_missing", "reason")


def test_cancel_after_arrival(visit, rosa):
    booking.check_in(visit, by=rosa, at=TEN)
    cancel(visit, reason="Felt faint", by=rosa, at=TEN)
    assert state(visit)[0] == "cancelled"


def test_no_show_only_from_the_start_on(visit, rosa):
    assert refused(miss, visit, by=rosa, at=TEN - dt.timedelta(minutes=1)).code == "not_yet"
    miss(visit, by=rosa, at=TEN)
    assert state(visit) == ("noshow", "", None, 2, ["noshow"], [BOOKED, ("noshow", TEN, "Rosa Diaz", "")])


ENDS = {
    "check_in": booking.check_in,
    "undo_check_in": booking.undo_check_in,
    "send_to_room": booking.send_to_room,
    "undo_send_to_room": booking.undo_send_to_room,
    "cancel": functools.partial(cancel, reason="Ill"),
    "miss": miss,
}


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        ("cancel", "check_in", "status_changed"),
        ("cancel", "undo_check_in", "status_changed"),
        ("cancel", "miss", "visit_changed"),
        ("miss", "check_in", "status_changed"),
        ("miss", "undo_check_in", "status_changed"),
        ("miss", "cancel", "visit_changed"),
        ("check_in", "miss", "status_changed"),
        ("cancel", "send_to_room", "not_here"),
        ("miss", "send_to_room", "not_here"),
        ("cancel", "undo_send_to_room", "status_changed"),
        ("undo_check_in", "undo_send_to_room", "status_changed"),
    ],
)
def test_what_is_over_stays_over(visit, rosa, first, then, code):
    ENDS[first](visit, by=rosa, at=TEN)
    refusal = refused(ENDS[then], visit, by=rosa, at=TEN)
    assert (refusal.code, refusal.stale) == (code, True)


@pytest.mark.parametrize("command", ENDS)
def test_a_closed_account_changes_no_visit(visit, otto, command):
    assert refused(ENDS[command], visit, by=otto, at=TEN).code == "role"


@pytest.mark.django_db(transaction=True)
def test_cancel_at_once_by_two_is_one_cancellation(visit, rosa, priya):
    told = at_once(
        lambda: cancel(visit, reason="Ill", by=rosa, at=NOW),
        lambda: cancel(visit, reason="Ill", by=priya, at=NOW),
    )
    assert [one.code for one in told if isinstance(one, Refusal)] == ["visit_changed"]
    assert visit.events.filter(kind="cancelled").count() == 1


def test_a_visit_of_a_course_is_cancelled_by_a_change_of_the_course_only(visit, rosa):
    cancelled = AppointmentStatus.CANCELLED
    refusal = refused(booking.end_appointment, visit, cancelled, reason="Ill", by=rosa, at=NOW)
    assert refusal.code == "visit_of_a_course"
