"""Which booked visits a change of hours, closures, time off or resources touches."""

import datetime as dt

import pytest

from clinic.models import Absence, Closure, OpeningHours, WorkingHours
from planner.models import Appointment
from planner.queries.affected import visits_touched
from tests.kept import kept
from tests.planner import making

# Visits at 10:00 in London (09:00 UTC in summer) on 7 Sep, 12 Oct, 16 Nov and 21 Dec 2026, all Mondays.
# Arrival 10:00, half an hour of numbing, treatment 10:30 to 10:55, the room is cleaned until 11:05.
DAYS = [dt.date(2026, 9, 7), dt.date(2026, 10, 12), dt.date(2026, 11, 16), dt.date(2026, 12, 21)]


@kept
def site(location, acne_scars, cheeks, chin, priya, rule_set):
    return making.make_site(location, acne_scars, (cheeks, chin), priya.practitioner)


@kept
def course(site, rosa):
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    return making.book(patient, site, rosa)


def days(row, *after, now=making.NOW, **kwargs):
    return [visit.on for visit in visits_touched(row, after=after, now=now, **kwargs)]


def changed(row, **values):
    """The stored row with other values, as a form leaves it: unsaved."""
    copy = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(copy, name, value)
    return copy


def test_a_closure_touches_the_visits_of_its_days_at_its_location(course, site):
    closure = Closure(location=site.location, first_date=DAYS[1], last_date=DAYS[2], reason="Paint")
    assert days(closure, closure) == DAYS[1:3]


def test_a_longer_closure_touches_only_what_was_not_closed_before(course, site):
    closure = Closure.objects.create(
        location=site.location, first_date=DAYS[1], last_date=DAYS[1], reason="Paint"
    )
    longer = changed(closure, last_date=DAYS[2])
    assert days(longer, longer) == [DAYS[2]]
    assert days(closure) == []


def test_visits_over_or_cancelled_are_not_touched(course, site):
    closure = Closure(location=site.location, first_date=DAYS[0], last_date=DAYS[3], reason="Paint")
    Appointment.objects.filter(on=DAYS[2]).update(status="cancelled")
    after_the_first = dt.datetime(2026, 9, 8, tzinfo=dt.UTC)
    assert days(closure, closure, now=after_the_first) == [DAYS[1], DAYS[3]]


@pytest.mark.parametrize(
    ("begin", "end", "touched"),
    [
        ("09:00", "09:30", []),  # the practitioner comes in after numbing, 10:30 local time
        ("09:00", "09:31", [DAYS[0]]),
        ("09:55", "18:00", []),
        ("09:54", "18:00", [DAYS[0]]),
    ],
)
def test_time_off_of_a_practitioner_touches_their_part_of_the_visit(begin, end, touched, course, priya):
    off = Absence(practitioner=priya.practitioner, reason="Leave", start=at(begin), end=at(end))
    assert days(off, off) == touched


@pytest.mark.parametrize(
    ("begin", "end", "touched"),
    [
        ("08:00", "09:00", []),
        ("08:00", "09:01", [DAYS[0]]),
        ("10:05", "11:00", []),
        ("10:04", "11:00", [DAYS[0]]),
    ],
)
def test_time_off_of_a_room_touches_numbing_and_cleaning_too(begin, end, touched, course, site):
    off = Absence(room=site.rooms[0], reason="Paint", start=at(begin), end=at(end))
    assert days(off, off) == touched


def test_time_off_of_a_device_touches_the_treatments_with_it(course, site):
    off = Absence(device=site.devices[0], reason="Repair", start=at("09:40"), end=at("09:41"))
    assert days(off, off) == [DAYS[0]]
    assert days(Absence(room=site.rooms[1], start=off.start, end=off.end), off) == [DAYS[0]]


def at(time):
    return dt.datetime.fromisoformat(f"2026-09-07T{time}:00+00:00")


def test_shorter_opening_hours_touch_the_visits_that_stick_out(course, site):
    monday = OpeningHours.objects.get(location=site.location, weekday=0)
    later = changed(monday, opens=dt.time(10, 1))
    earlier = changed(monday, closes=dt.time(10, 54))
    assert days(later, later) == DAYS
    assert days(earlier, earlier) == DAYS
    assert days(monday) == DAYS
    just = changed(monday, opens=dt.time(10), closes=dt.time(10, 55))
    assert days(just, just) == []


def test_opening_hours_that_end_one_day_touch_the_visits_after_it(course, site):
    monday = OpeningHours.objects.get(location=site.location, weekday=0)
    ending = changed(monday, valid_to=DAYS[1])
    assert days(ending, ending) == DAYS[2:]


def test_two_spans_that_meet_hold_a_visit_together(course, site):
    monday = OpeningHours.objects.get(location=site.location, weekday=0)
    OpeningHours.objects.create(location=site.location, weekday=0, opens=dt.time(10, 30), closes=dt.time(18))
    morning = changed(monday, closes=dt.time(10, 30))
    assert days(morning, morning) == []
    gap = changed(monday, closes=dt.time(10, 29))
    assert days(gap, gap) == DAYS


def test_another_weekday_and_another_person_touch_nothing(course, site):
    tuesday = OpeningHours.objects.get(location=site.location, weekday=1)
    assert days(tuesday) == []
    colleague = WorkingHours.objects.get(practitioner=site.practitioners[1], weekday=0)
    assert days(colleague) == []


def test_working_hours_hold_the_treatment_not_the_numbing(course, site, priya):
    monday = WorkingHours.objects.get(practitioner=priya.practitioner, weekday=0)
    half_past = changed(monday, opens=dt.time(10, 30))
    assert days(half_past, half_past) == []
    too_late = changed(monday, opens=dt.time(10, 31))
    assert days(too_late, too_late) == DAYS


def test_moving_hours_to_another_weekday_touches_the_old_one(course, site, priya):
    monday = WorkingHours.objects.get(practitioner=priya.practitioner, weekday=0)
    moved = changed(monday, weekday=6)
    assert days(moved, moved) == DAYS


def test_switching_off_touches_all_visits_ahead(course, site):
    for row in (site.practitioners[0], site.rooms[0], site.devices[0]):
        assert days(row, row, switched_off=True) == DAYS
        assert days(row, row) == []
    assert days(site.rooms[1], switched_off=True) == []
