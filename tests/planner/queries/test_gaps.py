"""Where a day has room, whom of the short-notice list it fits, and what was given away."""

import datetime as dt
import uuid

import pytest

from clinic import clock
from clinic.models import Closure, WorkingHours
from planner import offers
from planner.models import Appointment
from planner.queries.gaps import filled_gaps, free_stretches, open_gaps, worth_showing
from planner.shortlist import waiters_of
from planner.site import read_site
from tests.kept import kept
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import MONDAY, every
from tests.planner.moves import Kind, confirm, look, move

NOON = dt.datetime(2026, 9, 7, 11, 2, tzinfo=dt.UTC)  # 12:02 in London
LATER = NOON + dt.timedelta(hours=2, minutes=20)
DAY = dt.timedelta(days=1)


@kept
def visit(ana, site, rosa):
    """Ana's first visit on MONDAY at two, with Priya in room 1: 14:00 to 14:55, cleaned until 15:05."""
    slots = making.slots_at(site, every(35), dt.time(14))
    return making.book(ana, site, rosa, slots=slots).appointments.get(number=1)


def read(site, day=MONDAY):
    return read_site(site.location, None, first_date=day)[0]


def told(site, at=NOON, day=MONDAY):
    gaps = free_stretches(site.location, read(site, day), day, at)
    zone = site.location.time_zone
    times = [[f"{clock.local(one, zone):%H:%M}" for one in (gap.start, gap.end)] for gap in gaps]
    return [(*time, gap.person.name, gap.room.name) for time, gap in zip(times, gaps, strict=True)]


def fits(site, day, at):
    known = read(site, day)
    gaps = open_gaps(site.location, known, day, at, waiters_of(site.location, known, at))
    return [(gap.slot, [(one.visit.pk, one.before_number) for one in gap.suiting.fitting]) for gap in gaps]


def why_not(site, day, at):
    known = read(site, day)
    gaps = open_gaps(site.location, known, day, at, waiters_of(site.location, known, at))
    return {why for gap in gaps for _, why in gap.suiting.others}


def test_a_gap_has_a_person_and_a_room_free_for_an_hour_and_no_room_twice(site, visit):
    assert told(site) == [
        ("12:15", "18:00", "Daniel Okafor", "Room 2"),
        ("12:15", "14:00", "Priya Nair", "Room 1"),
        ("15:15", "18:00", "Priya Nair", "Room 1"),
    ]


def test_a_stretch_of_less_than_an_hour_is_no_gap(site, visit):
    WorkingHours.objects.filter(practitioner=site.practitioners[0]).update(closes=dt.time(15, 40))
    assert told(site, LATER) == [("14:30", "18:00", "Daniel Okafor", "Room 2")]


def test_a_missed_visit_leaves_its_time_free(site, visit, rosa):
    confirm(look(visit.course, Kind.NO_SHOW, number=1, at=LATER), rosa, at=LATER)
    assert ("14:30", "18:00", "Priya Nair", "Room 1") in told(site, LATER)


def test_a_closed_day_and_a_day_that_is_over_have_no_gaps(site, visit):
    assert told(site, NOON + DAY) == []
    Closure.objects.create(location=site.location, first_date=MONDAY, last_date=MONDAY, reason="Training")
    assert told(site) == []


def test_who_is_on_the_list_in_their_window_and_cleared_fits(site, visit, rosa):
    day, now = MONDAY + 29 * DAY, NOON + 29 * DAY  # visit 2 is planned for day 35, its window opened at 28
    making.screen(visit.patient, site, rosa, at=now)
    assert [found for _, found in fits(site, day, now)] == [[], []]  # not on the list
    offers.mark_earlier(visit.course, welcome=True, note="", by=rosa, at=now)
    second = visit.course.appointments.get(number=2)
    assert [found for _, found in fits(site, day, now)] == [[(second.pk, 1)]] * 2


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (27, "the gap to the visit before is too short, or a wait is not over"),
        (35, "its next visit is not later"),
    ],
)
def test_nobody_fits_before_the_window_opens_or_on_the_day_itself(site, visit, rosa, days, why):
    now = NOON + days * DAY + dt.timedelta(hours=4)
    making.screen(visit.patient, site, rosa, at=now)
    offers.mark_earlier(visit.course, welcome=True, note="", by=rosa, at=now)
    assert not any(found for _, found in fits(site, MONDAY + days * DAY, now))
    expected = {why} if days == 27 else set()  # on the day itself the next visit is the third
    assert expected <= why_not(site, MONDAY + days * DAY, now)


def test_who_was_told_to_wait_does_not_fit(site, visit, rosa):
    now = NOON + 33 * DAY
    offers.mark_earlier(visit.course, welcome=True, note="", by=rosa, at=now)
    assert any(found for _, found in fits(site, MONDAY + 33 * DAY, now))  # an old screen alone is tolerated
    making.screen(visit.patient, site, rosa, at=now, PREGNANT=yes())
    assert not any(found for _, found in fits(site, MONDAY + 33 * DAY, now))


def test_today_shows_first_what_fits_somebody(site, visit, rosa):
    day, now = MONDAY + 29 * DAY, NOON + 29 * DAY
    offers.mark_earlier(visit.course, welcome=True, note="", by=rosa, at=now)
    known = read(site, day)
    gaps = open_gaps(site.location, known, day, now, waiters_of(site.location, known, now))
    empty = free_stretches(site.location, known, day, now) * 4
    assert [gap for gap in worth_showing([*empty, *gaps]) if gap.suiting.fitting] == gaps


def test_a_time_that_was_taken_is_told_with_its_old_day(site, visit, rosa):
    second = visit.course.appointments.get(number=2)
    slot = making.slots_at(site, [second.on - 3 * DAY], dt.time(10))[0]
    offers.mark_earlier(visit.course, welcome=True, note="", by=rosa, at=NOON)
    offer = offers.offer_slot(second, slot, minutes=30, key=uuid.uuid4(), by=rosa, at=NOON)
    assert filled_gaps(site.location, second.on - 3 * DAY) == []
    offers.take_offer(offer, by=rosa, at=NOON)
    (one,) = filled_gaps(site.location, second.on - 3 * DAY)
    assert (one.start, one.patient, one.was_on) == (slot.start, str(visit.patient), second.on)
    move(visit.course, 2, second.on, rosa, at=NOON)
    assert filled_gaps(site.location, second.on - 3 * DAY) == []
    assert Appointment.objects.get(pk=second.pk).on == second.on
