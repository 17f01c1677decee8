"""Booking a whole course: what is written, and the same call again."""

import datetime as dt
import uuid

import pytest

from clinic.models import OutboxMessage
from planner.models import Appointment, AppointmentArea, AppointmentEvent, TreatmentCourse
from tests.planner import making
from tests.planner.booked import DAY, DIARY, refused, utc, with_two_pens
from tests.planner.making import MONDAY, NOW, asking, book, every, make_patient, screen, slots_at
from tests.refusing import at_once, rows

# The whole result


def test_book_course_writes_every_row_of_the_course(site, ana, rosa):
    key = uuid.UUID(int=7)
    course = book(ana, site, rosa, key=key)
    facts = TreatmentCourse.objects.values().get()
    screening = ana.screenings.get()
    assert facts.pop("booking_hash") == course.booking_hash
    assert facts == {
        "id": course.pk,
        "patient_id": ana.pk,
        "location_id": site.location.pk,
        "indication_id": site.indication.pk,
        "protocol_id": site.protocol.pk,
        "screening_id": screening.pk,
        "sessions": 4,
        "gap_min_days": 28,
        "gap_target_days": 35,
        "gap_max_days": 42,
        "treatment_minutes": 25,
        "numbing_minutes": 30,
        "wishes": asking(site).wishes() | {"area_ids": [area.pk for area in site.areas], "weekdays": []},
        "proposal": "best_fit",
        "status": "active",
        "status_reason": "",
        "booking_key": key,
        "created_at": NOW,
        "created_by_id": rosa.pk,
        "earlier_since": None,
        "earlier_note": "",
        "version": 1,
    }
    assert set(course.areas.all()) == set(site.areas)


def test_book_course_writes_every_visit_with_all_its_claims(site, ana, rosa):
    person = site.practitioners[1]
    person.before_minutes, person.after_minutes = 5, 10
    person.save()
    slots = slots_at(site, every(35), practitioner=1, room=1)
    course = book(ana, site, rosa, slots=slots)
    first = course.appointments.values().get(number=1)
    first.pop("id")
    assert first == {
        "kind": "treatment",
        "course_id": course.pk,
        "number": 1,
        "patient_id": ana.pk,
        "location_id": site.location.pk,
        "practitioner_id": person.pk,
        "room_id": site.rooms[1].pk,
        "device_id": site.devices[0].pk,
        "status": "booked",
        "start": utc(2026, 9, 7, 9, 0),  # ten o'clock in London, in summer
        "treatment_start": utc(2026, 9, 7, 9, 30),
        "end": utc(2026, 9, 7, 9, 55),
        "room_until": utc(2026, 9, 7, 10, 5),
        "practitioner_from": utc(2026, 9, 7, 9, 25),
        "practitioner_until": utc(2026, 9, 7, 10, 5),
        "device_from": utc(2026, 9, 7, 9, 30),
        "device_until": utc(2026, 9, 7, 9, 55),
        "on": MONDAY,
        "gap_days": 28,
        "course_gap_days": 28,
        "next_earliest_on": MONDAY + 28 * DAY,
        "short_gap_reason": "",
        "is_pinned": False,
        "confirmed_at": None,
        "arrived_at": None,
        "roomed_at": None,
        "reviewed_id": None,
        "status_reason": "",
        "version": 1,
    }
    assert list(course.appointments.order_by("number").values_list("number", "on")) == list(
        enumerate(every(35), 1)
    )


def test_book_course_writes_areas_events_and_one_message(site, ana, rosa):
    course = book(ana, site, rosa)
    visits = list(course.appointments.order_by("number"))
    areas = AppointmentArea.objects.order_by("appointment__number", "area__position")
    assert list(areas.values_list("appointment", "area", "patient", "on", "next_earliest_on", "status")) == [
        (visit.pk, area.pk, ana.pk, visit.on, visit.on + 28 * DAY, "booked")
        for visit in visits
        for area in site.areas
    ]
    assert list(
        AppointmentEvent.objects.order_by("pk").values_list("appointment", "kind", "at", "by", "reason")
    ) == [(visit.pk, "booked", NOW, rosa.pk, "") for visit in visits]
    message = OutboxMessage.objects.values().get()
    assert {name: value for name, value in message.items() if value not in (None, "", 0)} == {
        "id": message["id"],
        "kind": "course_booked",
        "subject_id": course.pk,
        "version": 1,
        "patient_id": ana.pk,
        "location_id": site.location.pk,
        "due_at": NOW + dt.timedelta(minutes=10),
    }


def test_book_course_without_a_device_claims_none(site, ana, rosa):
    for person in site.practitioners:
        person.devices.clear()
    slots = [
        making.Slot(one.start, one.practitioner_id, one.room_id, None) for one in slots_at(site, every(35))
    ]
    course = book(ana, site, rosa, slots=slots)
    assert set(course.appointments.values_list("device", "device_from", "device_until")) == {
        (None, None, None)
    }


# The same again


def test_book_course_twice_with_one_key_is_one_course(site, ana, rosa):
    key = uuid.uuid4()
    first = book(ana, site, rosa, key=key)
    before = rows(*DIARY)
    assert book(ana, site, rosa, key=key).pk == first.pk
    assert rows(*DIARY) == before


def test_book_course_refuses_a_key_that_booked_other_dates(site, ana, rosa):
    key = uuid.uuid4()
    book(ana, site, rosa, key=key)
    later = slots_at(site, every(35), dt.time(14))
    refusal = refused(book, ana, site, rosa, key=key, slots=later)
    assert (refusal.code, refusal.stale) == ("booking_key_reused", True)


@pytest.mark.django_db(transaction=True)
def test_book_course_at_once_with_one_key_is_one_course(site, ana, rosa):
    key = uuid.uuid4()
    told = at_once(*[lambda: book(ana, site, rosa, key=key)] * 4)
    course = TreatmentCourse.objects.get()
    assert told == [course] * 4
    assert (Appointment.objects.count(), OutboxMessage.objects.count()) == (4, 1)


@pytest.mark.django_db(transaction=True)
def test_book_course_at_once_with_one_key_and_nothing_in_common_is_one_course(site, ana, rosa):
    site = with_two_pens(site)
    bea = make_patient(rosa)
    screen(bea, site, rosa)
    key = uuid.uuid4()
    elsewhere = slots_at(site, every(35), practitioner=1, room=1, device=1)
    told = at_once(
        lambda: book(ana, site, rosa, key=key),
        lambda: book(bea, site, rosa, key=key, slots=elsewhere),
    )
    assert [one.code for one in told if isinstance(one, Exception)] == ["booking_key_reused"]
    assert TreatmentCourse.objects.count() == 1
