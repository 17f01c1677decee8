"""Reading the diary: every row that blocks a time becomes a claim, and nothing else does."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planner import booking, diary
from planner.engine import model as engine
from tests.planner import making
from tests.planner.making import MONDAY, NOW, book, every, make_patient, screen, slots_at
from tests.planner.moves import cancel

DAY = dt.timedelta(days=1)


def minute(*parts):
    """Epoch minutes of an instant in UTC."""
    return engine.epoch_minute(dt.datetime(*parts, tzinfo=dt.UTC))


def read(site, *, first=MONDAY, last=MONDAY, at=NOW, without=()):
    """Read the site's diary over some dates."""
    here = diary.site_of(site.location, site.indication.pk)
    return diary.read_diary(
        site.location,
        practitioners=here.people,
        rooms=here.rooms,
        devices=here.devices,
        first_date=first,
        last_date=last,
        not_before=at,
        without=without,
    )


def names(site):
    """The planner's names of the first practitioner, room and pen."""
    return f"p{site.practitioners[0].pk}", f"r{site.rooms[0].pk}", f"d{site.devices[0].pk}"


def test_read_diary_states_the_whole_site(site):
    person, room, pen = names(site)
    colleague, other = f"p{site.practitioners[1].pk}", f"r{site.rooms[1].pk}"
    hours = tuple(engine.WeeklyHours(weekday, 480, 1080) for weekday in range(7))
    read_one = read(site)
    assert read_one == engine.Diary(
        tz="Europe/London",
        first_date=MONDAY,
        last_date=MONDAY,
        practitioners=read_one.practitioners,
        rooms=(engine.Room(id=room, buffers=(0, 10)), engine.Room(id=other, buffers=(0, 10))),
        devices=(engine.Device(id=pen),),
        busy=[],
        opening_hours=hours,
        closures=(),
        not_before=minute(2026, 9, 7, 6, 0),
        grid_minutes=15,
    )
    assert {one.id: one for one in read_one.practitioners} == {
        person: engine.Practitioner(id=person, hours=hours),
        colleague: engine.Practitioner(id=colleague, hours=hours),
    }


def test_read_diary_claims_each_place_for_its_own_time(site, ana, rosa):
    site.practitioners[0].before_minutes, site.practitioners[0].after_minutes = 5, 10
    site.practitioners[0].save()
    book(ana, site, rosa)
    person, room, pen = names(site)
    assert sorted(read(site).busy) == [
        (pen, minute(2026, 9, 7, 9, 30), minute(2026, 9, 7, 9, 55)),
        (person, minute(2026, 9, 7, 9, 25), minute(2026, 9, 7, 10, 5)),
        (room, minute(2026, 9, 7, 9, 0), minute(2026, 9, 7, 10, 5)),
    ]


def test_read_diary_leaves_out_what_is_cancelled_or_planned_anew(site, ana, rosa):
    visit = book(ana, site, rosa).appointments.get(number=1)
    assert read(site, without=[visit.pk]).busy == []
    cancel(visit, reason="Ill", by=rosa, at=NOW)
    assert read(site).busy == []


def test_read_diary_keeps_what_is_arrived(site, ana, rosa):
    visit = book(ana, site, rosa).appointments.get(number=1)
    booking.check_in(visit, by=rosa, at=visit.start)
    assert len(read(site).busy) == 3


def test_read_diary_reads_a_day_around_the_dates_and_no_more(site, ana, rosa):
    book(ana, site, rosa)
    assert len(read(site, first=MONDAY + DAY, last=MONDAY + 2 * DAY).busy) == 3
    assert read(site, first=MONDAY + 3 * DAY, last=MONDAY + 4 * DAY).busy == []


def test_read_diary_counts_a_person_who_is_busy_at_another_location(site, ana, rosa):
    branch = making.make_branch(site, "Hillcrest", "Europe/London")
    book(ana, branch, rosa)
    person, *_ = names(site)
    assert read(site).busy == [(person, minute(2026, 9, 7, 9, 30), minute(2026, 9, 7, 9, 55))]


def test_read_diary_reads_absences_closures_and_room_limits(site):
    person, room, pen = names(site)
    start, end = dt.datetime(2026, 9, 7, 9, tzinfo=dt.UTC), dt.datetime(2026, 9, 7, 11, tzinfo=dt.UTC)
    for one in (site.practitioners[0], site.rooms[0], site.devices[0]):
        one.absences.create(start=start, end=end, reason="Away")
    site.practitioners[0].rooms.add(site.rooms[0])
    site.devices[0].rooms.add(site.rooms[0])
    site.location.closures.create(first_date=MONDAY - 9 * DAY, last_date=MONDAY - DAY, reason="Over")
    site.location.closures.create(first_date=MONDAY, last_date=MONDAY + DAY, reason="Works")
    found, away = read(site), ((minute(2026, 9, 7, 9, 0), minute(2026, 9, 7, 11, 0)),)
    mine = next(one for one in found.practitioners if one.id == person)
    assert (mine.absences, mine.rooms) == (away, frozenset({room}))
    assert (found.rooms[0].absences, found.devices[0].absences) == (away, away)
    assert found.devices[0].rooms == frozenset({room})
    assert found.closures == ((MONDAY, MONDAY + DAY),)


def test_read_diary_ignores_a_limit_to_rooms_elsewhere(site):
    branch = making.make_branch(site, "Hillcrest", "Europe/London")
    site.practitioners[0].rooms.add(branch.rooms[0])
    mine = next(one for one in read(site).practitioners if one.id == names(site)[0])
    assert mine.rooms is None


def test_read_diary_reads_hours_of_this_location_only_and_23_59_as_midnight(site):
    person = site.practitioners[0]
    person.working_hours.all().delete()
    branch = making.make_branch(site, "Hillcrest", "Europe/London")
    person.working_hours.filter(location=site.location).delete()
    person.working_hours.create(
        location=site.location, weekday=2, opens=dt.time(14), closes=dt.time(23, 59), valid_to=MONDAY
    )
    assert person.working_hours.filter(location=branch.location).count() == 7
    mine = next(one for one in read(site).practitioners if one.id == names(site)[0])
    assert mine.hours == (engine.WeeklyHours(2, 840, 1440, None, MONDAY),)


def test_read_diary_never_starts_within_the_minute_that_has_begun(site):
    assert read(site, at=NOW + dt.timedelta(seconds=1)).not_before == engine.epoch_minute(NOW) + 1


def test_staff_are_those_who_treat_this_here(site):
    assert {one.pk for one in diary.site_of(site.location, site.indication.pk).people} == {
        one.pk for one in site.practitioners
    }
    first, second = site.practitioners
    first.indications.clear()
    assert [one.pk for one in diary.site_of(site.location, site.indication.pk).people] == [second.pk]
    second.is_active = False
    second.save()
    assert diary.site_of(site.location, site.indication.pk).people == []


def test_patient_times_are_other_visits_and_days_too_close_to_the_same_areas(site, ana, rosa):
    visits = book(ana, site, rosa).appointments.order_by("start")
    cheeks, _ = site.areas
    busy, blackouts = diary.patient_times(ana.pk, areas=[cheeks.pk], gap_min_days=28, since=NOW)
    assert busy == tuple((engine.epoch_minute(one.start), engine.epoch_minute(one.end)) for one in visits)
    assert blackouts == tuple((one.on - 27 * DAY, one.on + 27 * DAY) for one in visits)
    other = making.people.make_area("neck", "Neck", 3)
    assert diary.patient_times(ana.pk, areas=[other.pk], gap_min_days=28, since=NOW) == (busy, ())


def test_patient_times_count_a_visit_of_the_past_for_the_gap(site, ana, rosa):
    first = book(ana, site, rosa).appointments.get(number=1)
    busy, blackouts = diary.patient_times(
        ana.pk, areas=[site.areas[0].pk], gap_min_days=28, since=NOW + 10 * DAY
    )
    assert len(busy) == 3
    assert (first.on - 27 * DAY, first.on + 27 * DAY) in blackouts


@pytest.mark.parametrize(
    ("shift", "taken"), [(-60, False), (-45, True), (0, True), (60, True), (65, False), (70, False)]
)
def test_is_taken_knows_how_long_a_room_is_held(site, course, shift, taken):
    """Booked: room from 10:00 to 11:05. The hint leaves out the cleaning after the new visit."""
    start = slots_at(site, [MONDAY])[0].start + dt.timedelta(minutes=shift)
    slots = [making.Slot(start, site.practitioners[1].pk, site.rooms[0].pk, None)]
    assert diary.is_taken(slots, numbing_minutes=30, treatment_minutes=25) is taken


def test_is_taken_looks_at_person_and_pen_apart_from_the_room(site, course):
    (slot,) = slots_at(site, [MONDAY], room=1)
    colleague = site.practitioners[1].pk
    assert diary.is_taken([slot], numbing_minutes=30, treatment_minutes=25)
    pen_only = making.Slot(slot.start, colleague, slot.room_id, slot.device_id)
    assert diary.is_taken([pen_only], numbing_minutes=30, treatment_minutes=25)
    nothing = making.Slot(slot.start, colleague, slot.room_id, None)
    assert not diary.is_taken([nothing], numbing_minutes=30, treatment_minutes=25)
    after = making.Slot(
        slot.start + dt.timedelta(minutes=25), slot.practitioner_id, slot.room_id, slot.device_id
    )
    assert not diary.is_taken([after], numbing_minutes=30, treatment_minutes=25)


def test_read_diary_takes_the_same_queries_for_more_rows(site, rosa):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            read(site)
        return len(caught)

    few = queries()
    for number in range(3):
        making.make_hours(making.make_colleague(site.location, f"Colleague {number}"), site.location)
        site.location.rooms.create(name=f"Extra {number}")
        patient = make_patient(rosa)
        screen(patient, site, rosa)
        book(patient, site, rosa, slots=slots_at(site, every(28, first=MONDAY + number * DAY)))
    for person in site.location.practitioners.all():
        person.indications.add(site.indication)
    assert queries() == few
