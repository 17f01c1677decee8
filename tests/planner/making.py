"""What the planner's tests plan with: a staffed site, protocols, screened patients, courses."""

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass, replace

from clinic import clock
from clinic.models import Device, Location, OpeningHours, Practitioner, Room, WorkingHours
from patients.intake import register_patient
from patients.models import Patient, Screening, ScreeningAnswer
from patients.screening import model as screening
from patients.screening.evaluate import questions
from patients.screening.table import SHIPPED
from patients.screening.terms import BOOKING_STAGES, Reply
from patients.screenings import record_screening
from planner.booking import book_course
from planner.models import Protocol
from planner.planning import CourseRequest, Slot
from tests import people

MONDAY = dt.date(2026, 9, 7)
NOW = dt.datetime(2026, 9, 7, 6, 0, tzinfo=dt.UTC)  # before the doors open
NINE = NOW + dt.timedelta(hours=2)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Site:
    """A location that can treat, and what it treats."""

    location: Location
    indication: object
    areas: tuple
    protocol: Protocol
    practitioners: tuple[Practitioner, ...]
    rooms: tuple[Room, ...]
    devices: tuple[Device, ...]


def make_site(location, indication, areas, approver, *, practitioners=2, rooms=2, devices=1):
    """Staff and equip a location: open daily 08:00 to 18:00, everybody trained for everything.

    `approver` is the practitioner who approves the protocol; they treat here as well.
    """
    staff = [approver, *(make_colleague(location, name) for name in NAMES[: practitioners - 1])]
    for person in staff:
        person.indications.add(indication)
        make_hours(person, location)
    OpeningHours.objects.bulk_create(
        OpeningHours(location=location, weekday=weekday, opens=dt.time(8), closes=dt.time(18))
        for weekday in range(7)
    )
    pens = [
        Device.objects.create(location=location, name=f"Pen {number}", model_name="Fine 3")
        for number in range(1, devices + 1)
    ]
    for person in staff:
        person.devices.add(*pens)
    places = [
        Room.objects.create(location=location, name=f"Room {number}", turnover_minutes=10)
        for number in range(1, rooms + 1)
    ]
    protocol = approve_protocol(make_protocol(indication), approver)
    return Site(location, indication, tuple(areas), protocol, tuple(staff), tuple(places), tuple(pens))


def make_branch(site, name, time_zone):
    """A second location with a room, a pen and the staff of the first, in its own zone."""
    branch = people.make_location(name, time_zone)
    for weekday in range(7):
        branch.opening_hours.create(weekday=weekday, opens=dt.time(8), closes=dt.time(18))
    for person in site.practitioners:
        person.locations.add(branch)
        make_hours(person, branch)
    pen = branch.devices.create(name="Pen 1", model_name="Fine 3")
    for person in site.practitioners:
        person.devices.add(pen)
    return replace(site, location=branch, rooms=(make_room(branch),), devices=(pen,))


def make_room(location, name="Room 1"):
    """A room that is cleaned for ten minutes."""
    return Room.objects.create(location=location, name=name, turnover_minutes=10)


NAMES = ("Daniel Okafor", "Ines Roth", "Mei Tanaka", "Samir Haddad", "Clara Voss")


def make_colleague(location, name):
    """A practitioner without an account."""
    person = Practitioner.objects.create(name=name, title="RN")
    person.locations.add(location)
    return person


def make_hours(practitioner, location, opens=dt.time(8), closes=dt.time(18), weekdays=range(7)):
    """Working hours of one practitioner at one location."""
    WorkingHours.objects.bulk_create(
        WorkingHours(
            practitioner=practitioner, location=location, weekday=weekday, opens=opens, closes=closes
        )
        for weekday in weekdays
    )


def make_protocol(indication, number=1, **fields):
    """A draft of a protocol: 4 to 6 visits, 28 to 42 days apart."""
    return Protocol.objects.create(indication=indication, number=number, **fields)


def approve_protocol(protocol, practitioner):
    """The same protocol, approved."""
    protocol.approved_by, protocol.approved_at = practitioner, NOW
    protocol.save()
    return protocol


def make_patient(by, at=NOW, **details):
    """A registered adult at the location of `by`; each has another name."""
    number = next(_numbers)
    details = {
        "given_name": "Ana",
        "family_name": f"Silva {number}",
        "birth_date": dt.date(1987, 1, 21),
        "email": f"ana.{number}@patients.example",
        "phototype": 2,
    } | details
    return register_patient(details=details, by=by, at=at, passed_by=None)


def make_patients(by, number):
    """Many patients at once: the first by the command, the others as its copies."""
    first = make_patient(by)
    return [first] + Patient.objects.bulk_create(
        copied(first, record_number=f"{first.record_number}-{copy}") for copy in range(1, number)
    )


def screen_all(patients, site, by, at=NOW):
    """Screen many patients at once, everything no: the first by the command, the others as its copies."""
    first, *others = patients
    done = screen(first, site, by, at=at)
    copies = Screening.objects.bulk_create(copied(done, patient_id=other.pk) for other in others)
    link = Screening.areas.through
    link.objects.bulk_create(
        link(screening=copy, treatmentarea=area) for copy in copies for area in done.areas.all()
    )
    ScreeningAnswer.objects.bulk_create(
        copied(answer, screening_id=copy.pk) for copy in copies for answer in done.answers.all()
    )
    assert not done.findings.exists()


def copied(row, **changed):
    """The same row again, unsaved, but for what is changed."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    generated = {field.attname for field in row._meta.concrete_fields if field.generated}
    kept = {name: value for name, value in fields.items() if name not in generated | {"id"}}
    return type(row)(**kept | changed)


NO = screening.Answer(Reply.NO)


def all_no(stages=BOOKING_STAGES, **changed):
    """Every question of the stages answered no, but for the given ones."""
    return {rule.code: NO for rule in questions(SHIPPED, stages)} | changed


def screen(patient, site, by, *, areas=None, at=NOW, **answers):
    """A screening before booking; without `answers` everything is no."""
    return record_screening(
        patient,
        stage="booking",
        indication=site.indication,
        areas=areas or site.areas,
        answers=all_no(**answers),
        by=by,
        at=at,
    )


def asking(site, **changed):
    """A request for four visits from MONDAY on, 35 days apart, half an hour of numbing."""
    asked = {
        "indication_id": site.indication.pk,
        "area_ids": tuple(area.pk for area in site.areas),
        "sessions": 4,
        "gap_target_days": 35,
        "start_from": MONDAY,
        "numbing_minutes": 30,
    } | changed
    return CourseRequest(**asked)


def slots_at(site, days, time=dt.time(10), *, practitioner=0, room=0, device=0):
    """One slot on each local day at one wall-clock time; indexes choose who, where and with what."""
    return [
        Slot(
            start=clock.instant(day, time, site.location.time_zone),
            practitioner_id=site.practitioners[practitioner].pk,
            room_id=site.rooms[room].pk,
            device_id=site.devices[device].pk if site.devices else None,
        )
        for day in days
    ]


def every(days, *, first=MONDAY, times=4):
    """Local dates a fixed number of days apart."""
    return [first + dt.timedelta(days=days * number) for number in range(times)]


def book(patient, site, by, *, slots=None, key=None, at=NOW, request=None):
    """Book a course of four visits, 35 days apart at ten o'clock, unless told otherwise."""
    request = request or asking(site)
    return book_course(
        patient,
        location=site.location,
        request=request,
        slots=slots or slots_at(site, every(35, times=request.sessions)),
        proposal="best_fit",
        booking_key=key or uuid.uuid4(),
        by=by,
        at=at,
    )


def book_visit(site, by, name, time, person=0):
    """Book a screened patient of this name from MONDAY on, with one of the practitioners; the first visit."""
    given, family = name.split()
    patient = make_patient(by, given_name=given, family_name=family)
    screen(patient, site, by)
    slots = slots_at(site, every(35), time, practitioner=person, room=person)
    return book(patient, site, by, slots=slots).appointments.get(number=1)
