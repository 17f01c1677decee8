"""The board in blocks: whose time is taken by what, in the wall-clock minutes of the place."""

import datetime as dt

import pytest

from clinic.models import Absence, Closure, OpeningHours, WorkingHours
from patients.screenings import safety_of
from planner import booking
from planner.models import Appointment
from planner.queries import board, today
from planner.queries.board_week import monday_of, selected_visit, week_of
from tests.kept import kept
from tests.planner import making
from tests.planner.making import MONDAY, NOW, every
from tests.planner.moves import miss

TEN = dt.datetime(2026, 9, 7, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@kept
def visit(ana, site, rosa):
    """Ana's first visit on MONDAY at ten: half an hour of numbing, then needling."""
    return making.book(ana, site, rosa).appointments.get(number=1)


def rows_on(site, user, day, last=None):
    held = [one for one in today.visits_of(site.location, day, last) if one.status != "cancelled"]
    return today.rows_of(held, safety_of({one.patient_id for one in held}, day), user, NOW)


def drawn(site, user, day=MONDAY, now=NOW):
    return board.board_of(site.location, day, rows_on(site, user, day), now)


def told(column):
    return [(block.kind, block.times, block.label) for block in column.blocks]


def test_a_visit_takes_the_person_for_the_needling_and_the_room_for_all_of_it(site, visit, rosa):
    page = drawn(site, rosa)
    person, room = page.people, page.rooms[0]
    priya = next(column for column in person if column.title == "Priya Nair")
    assert (priya.note, told(priya)) == ("1 visit", [("visit", "10:30–10:55", "")])
    assert (room.title, told(room)) == (
        "Room 1",
        [
            ("numbing", "10:00–10:30", "Numbing"),
            ("visit", "10:30–10:55", ""),
            ("turnover", "10:55–11:05", "Cleaning"),
        ],
    )
    assert (page.opens, page.closes, page.lines) == (480, 1080, 120)
    assert page.hours[0] == ("08:00", 1) and page.hours[-1] == ("17:00", 109)
    assert [(block.row, block.span) for block in room.blocks] == [(25, 6), (31, 5), (36, 2)]
    assert [told(column) for column in page.rooms[1:]] == [[]]


def test_time_around_a_treatment_is_drawn_with_the_person(site, visit, rosa):
    Appointment.objects.filter(pk=visit.pk).update(
        practitioner_from=visit.treatment_start - 5 * MINUTE, practitioner_until=visit.end + 10 * MINUTE
    )
    priya = next(column for column in drawn(site, rosa).people if column.title == "Priya Nair")
    assert told(priya) == [
        ("buffer", "10:25–10:30", "Before"),
        ("visit", "10:30–10:55", ""),
        ("buffer", "10:55–11:05", "After"),
    ]


def test_hours_breaks_and_time_off_are_the_ground(site, rosa):
    priya = site.practitioners[0]
    WorkingHours.objects.filter(practitioner=priya, weekday=0).update(opens=dt.time(9), closes=dt.time(12))
    making.make_hours(priya, site.location, dt.time(13), dt.time(17), weekdays=[0])
    Absence.objects.create(practitioner=priya, start=TEN, end=TEN + 30 * MINUTE, reason="Dentist")
    Absence.objects.create(room=site.rooms[1], start=NOW, end=TEN, reason="Painting")
    page = drawn(site, rosa)
    column = next(one for one in page.people if one.key == priya.pk)
    assert told(column) == [
        ("off", "08:00–09:00", "Off"),
        ("away", "10:00–10:30", "Dentist"),
        ("off", "12:00–13:00", "Break"),
        ("off", "17:00–18:00", "Off"),
    ]
    assert told(page.rooms[1]) == [("away", "08:00–10:00", "Painting")]


def test_a_closed_day_says_why_in_every_column(site, rosa):
    Closure.objects.create(location=site.location, first_date=MONDAY, last_date=MONDAY, reason="Training")
    page = drawn(site, rosa)
    assert page.closed == "Training"
    columns = [*page.people, *page.rooms]
    assert [told(column) for column in columns] == [[("closed", "08:00–18:00", "Closed: Training")]] * 4


def test_a_day_without_hours_or_visits_is_drawn_from_eight_to_six(site, rosa):
    OpeningHours.objects.all().delete()
    assert (drawn(site, rosa).opens, drawn(site, rosa).closes) == (480, 1080)


def test_the_board_reaches_as_far_as_its_visits(site, visit, rosa):
    OpeningHours.objects.update(opens=dt.time(10, 30), closes=dt.time(11))
    page = drawn(site, rosa)
    assert (page.opens, page.closes) == (600, 720)


@pytest.mark.parametrize(
    ("now", "row"),
    [
        (TEN, 25),
        (TEN + 4 * MINUTE, 25),
        (TEN + 5 * MINUTE, 26),
        (TEN - 121 * MINUTE, None),
        (TEN + 480 * MINUTE, None),
        (TEN + dt.timedelta(days=1), None),
    ],
)
def test_now_is_a_line_of_today_only(site, visit, rosa, now, row):
    assert drawn(site, rosa, now=now).now_row == row


def test_a_missed_visit_frees_its_room_and_stands_beside_who_took_its_time(site, visit, rosa):
    miss(visit, by=rosa, at=visit.start + 20 * MINUTE)
    other = making.make_patient(rosa)
    making.screen(other, site, rosa)
    days = [MONDAY, *every(35, first=MONDAY + dt.timedelta(days=36), times=3)]
    making.book(other, site, rosa, slots=making.slots_at(site, days))
    page = drawn(site, rosa)
    priya = next(column for column in page.people if column.title == "Priya Nair")
    assert priya.note == "2 visits, 1 missed"
    assert sorted((block.visit.state, block.is_slim) for block in priya.blocks) == [
        ("noshow", True),
        ("planned", False),
    ]
    assert [block.visit.state for block in page.rooms[0].blocks] == ["planned"] * 3


def test_the_board_keeps_the_clock_of_its_place_across_a_clock_change(site, visit, rosa):
    for one in visit.course.appointments.filter(number__in=(2, 3)):  # in summer time, in winter time
        page = drawn(site, rosa, day=one.on)
        assert told(page.rooms[0])[0] == ("numbing", "10:00–10:30", "Numbing")


def test_a_person_who_left_stays_on_the_board_with_their_visits(site, visit, rosa):
    type(visit.practitioner).objects.update(is_active=False)
    assert [column.title for column in drawn(site, rosa).people] == ["Priya Nair"]


def test_the_version_changes_with_what_the_board_shows(site, visit, rosa, priya):
    first = seen = board.board_version(site.location, MONDAY, MONDAY)
    later = MONDAY + dt.timedelta(days=1)
    assert board.board_version(site.location, later, later) != first
    assert board.board_version(site.location, MONDAY, MONDAY) == first
    changes = (
        lambda: booking.check_in(visit, by=rosa, at=TEN),
        lambda: Absence.objects.create(room=site.rooms[1], start=NOW, end=TEN, reason="Painting"),
        lambda: Closure.objects.create(
            location=site.location, first_date=MONDAY, last_date=MONDAY, reason="Training"
        ),
        lambda: making.screen(visit.patient, site, rosa, at=TEN),
    )
    for change in changes:
        change()
        now = board.board_version(site.location, MONDAY, MONDAY)
        assert now != seen
        seen = now


def test_a_week_sorts_visits_by_who_where_and_day(site, visit, rosa):
    week = week_of(site.location, MONDAY, rows_on(site, rosa, MONDAY, MONDAY + dt.timedelta(days=6)))
    assert monday_of(dt.date(2026, 9, 13)) == MONDAY == monday_of(MONDAY)
    assert [day.day for day in week.days] == [7, 8, 9, 10, 11, 12, 13]
    held = {line.title: [len(rows) for rows in line.days] for line in (*week.people, *week.rooms)}
    assert held == {
        "Daniel Okafor": [0] * 7,
        "Priya Nair": [1, 0, 0, 0, 0, 0, 0],
        "Room 1": [1, 0, 0, 0, 0, 0, 0],
        "Room 2": [0] * 7,
    }
    assert not week.has_closed


def test_a_selected_visit_knows_its_place_in_the_course(site, visit, rosa):
    second = visit.course.appointments.get(number=2)
    found = selected_visit(site.location, second.pk)
    assert (found.since_last, found.late_days, found.done, found.next.number) == (35, 0, 0, 3)
    assert found.areas == "cheeks, chin"
    first = selected_visit(site.location, visit.pk)
    assert (first.since_last, first.next.pk) == (None, second.pk)
    assert selected_visit(site.location, 0) is None
