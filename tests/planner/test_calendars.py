"""The calendar file, read by another parser: zone, names, versions, cancellations, both clock changes."""

import datetime as dt
import re

import pytest
import time_machine
import vobject
from django.urls import reverse

from planner.calendars import calendar_file, time_zone, visits_for_calendar
from tests import people
from tests.planner import making, moves
from tests.planner.making import NOW
from tests.planner.views.test_own import come_in

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday():
    """Before the doors open on the day of the first visit; `move_to` turns the clock on."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def read(data):
    """UID → event, by a parser that shares no code with the writer."""
    parsed = vobject.readOne(data.decode())
    return {str(event.uid.value): event for event in parsed.vevent_list}, parsed


def events(course, at=NOW):
    data = calendar_file(visits_for_calendar(course), title="Visit {n}", at=at)
    found, _parsed = read(data)
    return [found[uid] for uid in sorted(found)]


def test_every_visit_is_there_on_the_clock_of_the_clinic(course):
    said = [
        (one.summary.value, one.dtstart.value.astimezone(dt.UTC), one.dtend.value - one.dtstart.value)
        for one in events(course)
    ]
    utc = dt.UTC
    assert said == [
        ("Visit 1", dt.datetime(2026, 9, 7, 9, 0, tzinfo=utc), dt.timedelta(minutes=55)),
        ("Visit 2", dt.datetime(2026, 10, 12, 9, 0, tzinfo=utc), dt.timedelta(minutes=55)),
        ("Visit 3", dt.datetime(2026, 11, 16, 10, 0, tzinfo=utc), dt.timedelta(minutes=55)),
        ("Visit 4", dt.datetime(2026, 12, 21, 10, 0, tzinfo=utc), dt.timedelta(minutes=55)),
    ]
    assert {one.dtstart.value.strftime("%H:%M") for one in events(course)} == {"10:00"}
    assert events(course)[0].location.value == "Larkmoor, 1 Mill Lane, Larkmoor"


def test_a_visit_keeps_its_name_and_its_version_rises(course, rosa, site):
    first = {str(one.uid.value): int(one.sequence.value) for one in events(course)}
    assert list(first.values()) == [0, 0, 0, 0]
    moves.move(course, 2, dt.date(2026, 10, 13), rosa, keep_later=True)
    second = {str(one.uid.value): int(one.sequence.value) for one in events(course)}
    assert list(second) == list(first)
    assert [second[uid] > first[uid] for uid in first] == [False, True, False, False]


def test_a_visit_called_off_is_cancelled_and_one_with_a_new_date_is_the_same_visit(course, rosa, site):
    number = course.appointments.get(number=4)
    cancelled = moves.look(course, moves.Kind.CANCELLED, number=4, reason="Ill")
    moves.confirm(cancelled, rosa)
    before = events(course)[3]
    assert (before.status.value, int(before.sequence.value)) == ("CANCELLED", 1)
    again = moves.look(course, moves.Kind.REPLANNED)
    moves.confirm(again, rosa)
    after = events(course)[3]
    assert (after.uid.value, after.status.value) == (before.uid.value, "CONFIRMED")
    assert int(after.sequence.value) > int(before.sequence.value)
    assert course.appointments.filter(number=4).count() == 2 and number.pk


@pytest.mark.parametrize(
    ("zone", "first", "changes"),
    [
        ("Europe/London", "2026-09-01", {"2026-10-25T02:00:00": "+0000", "2027-03-28T01:00:00": "+0100"}),
        ("America/New_York", "2026-09-01", {"2026-11-01T02:00:00": "-0500", "2027-03-14T02:00:00": "-0400"}),
        ("Asia/Tokyo", "2026-09-01", {}),
        (
            "Australia/Lord_Howe",
            "2026-09-01",
            {"2026-10-04T02:00:00": "+1100", "2027-04-04T02:00:00": "+1030"},
        ),
    ],
)
def test_the_zone_tells_its_clock_changes_in_its_own_time(zone, first, changes):
    start = dt.datetime.fromisoformat(first).replace(tzinfo=dt.UTC)
    text = time_zone(zone, start, start + 250 * DAY).to_ical().decode()
    starts = re.findall(r"DTSTART:(\d+)T(\d+)", text)[1:]
    offsets = re.findall(r"TZOFFSETTO:(\S+)", text)[1:]
    said = [f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}" for day, time in starts]
    assert dict(zip(said, offsets, strict=True)) == changes


def test_a_branch_in_another_zone_has_its_own(site, ana, rosa):
    branch = making.make_branch(site, "Hillcrest", "America/New_York")
    days = making.every(35, first=dt.date(2026, 10, 12))
    request = making.asking(branch, start_from=days[0])
    course = making.book(ana, branch, rosa, slots=making.slots_at(branch, days), request=request)
    starts = [one.dtstart.value for one in events(course)]
    assert [start.strftime("%d %b %H:%M %z") for start in starts[:2]] == [
        "12 Oct 10:00 -0400",
        "16 Nov 10:00 -0500",
    ]


def test_the_patient_gets_the_file_without_the_treatment(course, ana, rosa):
    phone = come_in(ana, rosa)
    phone.post(reverse("own_language"), {"language": "es"})
    answer = phone.get(reverse("own_calendar"))
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "text/calendar; charset=utf-8",
        "no-store, private",
    )
    found, _ = read(answer.content)
    assert sorted(one.summary.value for one in found.values())[0] == "Visita 1, Larkmoor"
    for word in ("Acne", "Cheeks", "Ana", "Silva"):
        assert word not in answer.content.decode()


def test_what_is_long_over_is_not_in_the_patients_file(course, ana, rosa, monday):
    monday.move_to(dt.datetime(2026, 10, 20, tzinfo=dt.UTC))
    found, _ = read(come_in(ana, rosa).get(reverse("own_calendar")).content)
    assert len(found) == 2


def test_a_patient_without_visits_gets_an_empty_calendar(ana, rosa):
    answer = come_in(ana, rosa).get(reverse("own_calendar"))
    assert b"BEGIN:VCALENDAR" in answer.content and b"VEVENT" not in answer.content


def test_the_staff_get_the_file_of_a_course_of_their_place(course, client_for, rosa):
    address = reverse("course_calendar", args=[course.pk])
    found, _ = read(client_for(rosa).get(address).content)
    assert len(found) == 4
    other = people.make_user("Hugo Lind", "front_desk", people.make_location("Hillcrest"))
    assert client_for(other).get(address).status_code == 404
    page = client_for(rosa).get(reverse("course_itinerary", args=[course.pk]))
    if page.status_code == 200:
        assert address in page.content.decode()


@pytest.mark.parametrize("minutes", [0, 30, 60, 90])
def test_a_visit_in_the_hour_that_comes_twice_keeps_its_instants(course, minutes):
    """25 Oct 2026, 01:00 to 02:00 in London: a wall-clock time alone names the first one."""
    visits = visits_for_calendar(course)
    visit = visits[0][0]
    visit.start = dt.datetime(2026, 10, 25, 0, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
    visit.end = visit.start + dt.timedelta(minutes=55)
    found, _parsed = read(calendar_file(visits[:1], title="Visit {n}", at=NOW))
    (event,) = found.values()
    said = [moment.value.astimezone(dt.UTC) for moment in (event.dtstart, event.dtend)]
    assert said == [visit.start, visit.end]
