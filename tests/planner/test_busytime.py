"""Busy time kept beside the rows: it says what the live appointments say, whatever happens to them."""

import datetime as dt
import io
import random
import uuid
from functools import partial

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from clinic import clock
from clinic.refusals import Refusal
from planner import busy, busytime
from planner.engine import model as engine
from planner.models import Appointment, BusyChunk, SlotOffer
from planner.models.busy import CHUNK_MINUTES
from tests.kept import kept
from tests.planner import making
from tests.planner.making import MONDAY, NOW, book, every, slots_at
from tests.planner.moves import cancel, miss
from tests.refusing import at_once

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
TIMES = [
    "start",
    "treatment_start",
    "end",
    "room_until",
    "practitioner_from",
    "practitioner_until",
    "device_from",
    "device_until",
]


def shift(visit, by):
    """Move a visit by so much, past every command."""
    for name in TIMES:
        setattr(visit, name, getattr(visit, name) + by)
    visit.on = clock.local_date(visit.start, visit.location.time_zone)
    visit.next_earliest_on = visit.on + visit.gap_days * DAY
    visit.save()


def consultation(site, patient, day, hour):
    """Half an hour of the first practitioner and room, written past every command."""
    start = dt.datetime.combine(day, dt.time(hour), dt.UTC)
    end = start + 30 * MINUTE
    return Appointment.objects.create(
        kind="consultation",
        location=site.location,
        patient=patient,
        practitioner=site.practitioners[0],
        room=site.rooms[0],
        start=start,
        treatment_start=start,
        end=end,
        room_until=end,
        practitioner_from=start,
        practitioner_until=end,
        on=day,
    )


def read(site, first, last, **how):
    """What the site's people, rooms and devices are taken with, from one instant to another."""
    keys = ([one.pk for one in kind] for kind in (site.practitioners, site.rooms, site.devices))
    return busy.read_taken(*keys, first, last, **how)


def spans_of(visit):
    """What a visit claims of its practitioner, room and device, in epoch minutes."""
    minute = engine.epoch_minute
    return sorted(
        [
            (f"p{visit.practitioner_id}", minute(visit.practitioner_from), minute(visit.practitioner_until)),
            (f"r{visit.room_id}", minute(visit.start), minute(visit.room_until)),
            (f"d{visit.device_id}", minute(visit.device_from), minute(visit.device_until)),
        ]
    )


@kept
def visits(site, ana, rosa):
    """Ana's four visits."""
    return list(book(ana, site, rosa).appointments.order_by("number"))


def test_busy_time_is_kept_when_visits_are_booked(visits):
    assert BusyChunk.objects.count() == 12
    assert busytime.faulty_chunks() == []


def test_busy_time_is_free_again_when_a_visit_is_called_off(visits, rosa):
    cancel(visits[0], reason="Ill", by=rosa, at=NOW)
    miss(visits[1], by=rosa, at=visits[1].start)
    assert busytime.faulty_chunks() == []
    taken = [one for one in BusyChunk.objects.all() if any(bytes(one.taken))]
    assert len(taken) == 6


def test_busy_time_follows_every_change_of_place_or_time(visits, site):
    shift(visits[0], 3 * DAY + 30 * MINUTE)
    assert busytime.faulty_chunks() == []
    Appointment.objects.filter(pk=visits[1].pk).update(
        practitioner=site.practitioners[1],
        room=site.rooms[1],
        device=None,
        device_from=None,
        device_until=None,
    )
    assert busytime.faulty_chunks() == []
    Appointment.objects.filter(pk=visits[1].pk).update(status="cancelled")
    Appointment.objects.filter(pk=visits[1].pk).update(status="booked")
    assert busytime.faulty_chunks() == []


def test_busy_time_is_not_written_for_other_changes(visits):
    before = {one.pk: bytes(one.taken) for one in BusyChunk.objects.all()}
    BusyChunk.objects.update(taken=b"")
    Appointment.objects.update(status="arrived", version=7)
    assert {bytes(one.taken) for one in BusyChunk.objects.all()} == {b""}
    busytime.mend(before)
    assert {one.pk: bytes(one.taken) for one in BusyChunk.objects.all()} == before


def test_busy_time_follows_deleted_rows_and_an_emptied_table(visits, site, ana):
    with pgtrigger.ignore("planner.Appointment:a_visit_that_was_held_stays_so"):
        consultation(site, ana, MONDAY + 2 * DAY, 9).delete()
    assert busytime.faulty_chunks() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE planner_appointment CASCADE")
    assert BusyChunk.objects.count() == 0


def test_busy_time_of_a_visit_over_the_border_of_two_chunks(visits):
    border = dt.datetime.fromtimestamp(
        (visits[0].start.timestamp() // 60 // CHUNK_MINUTES + 1) * CHUNK_MINUTES * 60, dt.UTC
    )
    shift(visits[0], border - visits[0].treatment_start - 5 * MINUTE)
    assert busytime.faulty_chunks() == []
    chunk = engine.epoch_minute(border) // CHUNK_MINUTES
    room = BusyChunk.objects.filter(role="r", chunk__in=[chunk - 1, chunk], resource=visits[0].room_id)
    assert [any(bytes(one.taken)) for one in room] == [True, True]


def test_busy_time_of_odd_minutes_is_exact(visits, site):
    shift(visits[0], 2 * MINUTE)
    visits[0].refresh_from_db()
    assert busytime.faulty_chunks() == []
    assert set(BusyChunk.objects.values_list("tick", flat=True)) == {1, 5}
    found = read(site, visits[0].start - DAY, visits[-1].start + DAY)
    assert found.size == 1
    assert sorted(found) == sorted(row for visit in visits for row in spans_of(visit))


def test_busy_time_after_two_visits_changed_places_in_one_transaction(visits, site, ana, rosa):
    other = making.make_patient(rosa, given_name="Bo")
    making.screen(other, site, rosa)
    theirs = book(other, site, rosa, slots=slots_at(site, every(35), dt.time(14))).appointments.get(number=1)
    by = theirs.start - visits[0].start
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        shift(visits[0], by)
        assert busytime.faulty_chunks() == []
        shift(theirs, -by)
    assert busytime.faulty_chunks() == []


def test_busy_time_agrees_after_many_random_changes(visits, site):
    draw = random.Random(4)  # noqa: S311 - the same changes every time
    for _ in range(60):
        visit = draw.choice(visits)
        visit.refresh_from_db()
        visit.status = draw.choice(["booked", "cancelled", "arrived"])
        visit.practitioner, visit.room = draw.choice(site.practitioners), draw.choice(site.rooms)
        shift(visit, draw.choice([-1, 1]) * draw.choice([5, 15, 60, 61]) * MINUTE)
    assert busytime.faulty_chunks() == []


def test_read_taken_leaves_out_a_visit_but_not_what_is_held_over_it(visits, site, rosa):
    visit = visits[0]
    first, last = visit.start - DAY, visit.start + DAY
    assert sorted(read(site, first, last)) == spans_of(visit)
    assert list(read(site, first, last, without=[visit.pk])) == []
    SlotOffer.objects.create(
        course=visit.course,
        appointment=visit,
        location=visit.location,
        practitioner=visit.practitioner,
        room=visit.room,
        device=visit.device,
        key=uuid.uuid4(),
        offered_at=NOW,
        offered_by=rosa,
        held_until=NOW + DAY,
        **{name: getattr(visit, name) + 15 * MINUTE for name in TIMES},
    )
    held = [(one, begin + 15, end + 15) for one, begin, end in spans_of(visit)]
    assert sorted(read(site, first, last, without=[visit.pk], now=NOW)) == held
    assert list(read(site, first, last, without=[visit.pk], now=NOW + 2 * DAY)) == []


def test_read_taken_does_not_free_the_place_of_a_cancelled_visit(visits, site, rosa, ana):
    for one in visits:
        cancel(one, reason="Ill", by=rosa, at=NOW)
    cancelled = visits[0]
    other = making.make_patient(rosa, given_name="Bo")
    making.screen(other, site, rosa)
    book(other, site, rosa)
    first, last = cancelled.start - DAY, cancelled.start + DAY
    assert sorted(read(site, first, last, without=[cancelled.pk])) == spans_of(cancelled)


def test_booking_is_refused_by_the_rows_when_the_busy_time_is_wrong(visits, site, rosa):
    BusyChunk.objects.all().delete()
    other = making.make_patient(rosa, given_name="Bo")
    making.screen(other, site, rosa)
    assert list(read(site, visits[0].start - DAY, visits[0].start + DAY)) == []
    with pytest.raises(Refusal) as refused:
        book(other, site, rosa)
    assert refused.value.code == "diary_changed"


def test_check_busy_names_what_differs_and_mends_it(visits):
    wrong = BusyChunk.objects.filter(role="r").order_by("chunk").first()
    BusyChunk.objects.filter(pk=wrong.pk).update(taken=b"")
    assert busytime.faulty_chunks() == [wrong.pk]
    told = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_busy", "--mend", stdout=told)
    assert ended.value.code == 1
    assert told.getvalue() == f"r{wrong.resource}, chunk {wrong.chunk}: differs\nMended.\n"
    told = io.StringIO()
    call_command("check_busy", stdout=told)
    assert told.getvalue() == "The busy time agrees with the appointments.\n"


@pytest.mark.django_db(transaction=True)
def test_busy_time_loses_nothing_when_many_write_the_same_chunk(site, rosa):
    patients = making.make_patients(rosa, 8)
    calls = [
        partial(consultation, site, patient, MONDAY + DAY, 8 + at) for at, patient in enumerate(patients)
    ]
    at_once(*calls)
    assert Appointment.objects.count() == 8
    assert busytime.faulty_chunks() == []
    assert len(BusyChunk.objects.all()) == 2
