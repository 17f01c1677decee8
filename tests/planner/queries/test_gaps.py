"""Where today has room, and who is in their window for it."""

import datetime as dt

import pytest

from clinic.models import Closure, WorkingHours
from patients.screenings import safety_of
from planner import booking
from planner.models import Appointment
from planner.queries import board, today
from planner.queries.gaps import gaps_of, open_gaps
from tests.planner import making
from tests.planner.making import MONDAY, every

NOON = dt.datetime(2026, 9, 7, 11, 2, tzinfo=dt.UTC)  # 12:02 in London


@pytest.fixture
def visit(ana, site, rosa):
    """Ana's first visit on MONDAY at two, with Priya in room 1: 14:00 to 14:55, cleaned until 15:05."""
    slots = making.slots_at(site, every(35), dt.time(14))
    return making.book(ana, site, rosa, slots=slots).appointments.get(number=1)


def drawn(site, user, now=NOON, day=MONDAY):
    held = [one for one in today.visits_of(site.location, day) if one.status != "cancelled"]
    rows = today.rows_of(held, safety_of({one.patient_id for one in held}, day), user, now)
    return board.board_of(site.location, day, rows, now)


def told(gaps):
    return [(board.said(start), board.said(end), who.title, room.title) for (start, end), who, room in gaps]


def test_a_gap_has_a_person_and_a_room_free_for_an_hour_and_begins_on_the_grid(site, visit, rosa):
    assert told(gaps_of(drawn(site, rosa), 15)) == [
        ("12:15", "14:30", "Priya Nair", "Room 2"),
        ("12:15", "18:00", "Daniel Okafor", "Room 2"),
    ]
    Appointment.objects.filter(pk=visit.pk).update(room=site.rooms[1])
    assert told(gaps_of(drawn(site, rosa), 15))[1] == ("12:15", "18:00", "Daniel Okafor", "Room 1")


def test_a_stretch_of_less_than_an_hour_is_no_gap(site, visit, rosa):
    WorkingHours.objects.filter(practitioner=site.practitioners[0]).update(closes=dt.time(15, 40))
    later = NOON + dt.timedelta(hours=2)
    assert told(gaps_of(drawn(site, rosa, later), 15)) == [("14:15", "18:00", "Daniel Okafor", "Room 2")]


def test_a_missed_visit_leaves_its_time_free(site, visit, rosa):
    later = NOON + dt.timedelta(hours=2, minutes=20)
    booking.mark_no_show(visit, by=rosa, at=later)
    assert ("14:30", "18:00", "Priya Nair", "Room 1") in told(gaps_of(drawn(site, rosa, later), 15))


def test_a_closed_day_and_another_day_have_no_gaps(site, visit, rosa):
    assert gaps_of(drawn(site, rosa, NOON + dt.timedelta(days=1)), 15) == []
    Closure.objects.create(location=site.location, first_date=MONDAY, last_date=MONDAY, reason="Training")
    assert gaps_of(drawn(site, rosa), 15) == []


def test_who_is_in_their_window_and_cleared_is_named_with_the_move(site, visit, rosa):
    day = MONDAY + dt.timedelta(days=29)  # the second visit is planned for day 35, its window opened at 28
    now = NOON + dt.timedelta(days=29)
    booking.check_in(visit, by=rosa, at=visit.start)
    second = visit.course.appointments.get(number=2)
    making.screen(visit.patient, site, rosa, at=now)
    gaps = open_gaps(site.location, drawn(site, rosa, now, day))
    assert [(fit.patient, fit.words.replace("\u00a0", " ")) for fit in gaps[0].fits] == [
        (str(visit.patient), "4 wk 1 d since visit 1")
    ]
    place = f"start={day}T12%3A15&practitioner={gaps[0].person.key}&room={gaps[0].room.key}"
    assert gaps[0].fits[0].url == f"/visits/{second.pk}/move/?{place}"
    assert gaps[0].times == "12:15–18:00"


@pytest.mark.parametrize("days", [27, 35])
def test_nobody_is_named_before_the_window_opens_or_on_the_day_itself(site, visit, rosa, days):
    now = NOON + dt.timedelta(days=days)
    making.screen(visit.patient, site, rosa, at=now)
    gaps = open_gaps(site.location, drawn(site, rosa, now, MONDAY + dt.timedelta(days=days)))
    assert [gap.fits for gap in gaps] == [()] * len(gaps)


def test_nobody_is_named_who_is_not_screened(site, visit, rosa):
    now = NOON + dt.timedelta(days=33)  # the screening of the booking is older than thirty days
    gaps = open_gaps(site.location, drawn(site, rosa, now, MONDAY + dt.timedelta(days=33)))
    assert gaps and not any(gap.fits for gap in gaps)
