"""A clinic of five years for bin/bench desk: rows copied from a few real ones by INSERT … SELECT and COPY."""

# ruff: noqa: S311, S608 - the same names every time; statements of our own constants

import datetime as dt
import io
import random
from dataclasses import dataclass

import pgtrigger
from django.db import connection

from clinic.models import Room
from patients.folding import fold
from patients.intake import search_text
from patients.models import Patient
from tests import people
from tests.planner import making, treating

LOCATIONS, ROOMS, TIMES = 4, 5, 6  # rooms of each location with one person each, visits a day in each
CYCLE_DAYS, GAP_DAYS, CYCLES = 140, 35, 6  # a course is four visits of one weekday and time
TODAY_AT = 3 * CYCLE_DAYS + 60  # days since the first visit of all
EVERY_MINUTES = 75
LEFT_OUT = ("id",)


@dataclass(frozen=True)
class Crowd:
    """What was made: the staff of the first location, and how many rows."""

    desk: object
    lead: object
    location: object


def make_staff() -> tuple:
    """The locations with their people, and one course with a signed visit to copy from."""
    location = people.make_location("Larkmoor 0")
    desk = people.make_user("Rosa Diaz", "front_desk", location)
    priya = people.make_user("Priya Nair", "practitioner", location)
    lead = people.make_practitioner(priya)
    people.make_rule_set(approved_by=lead)
    areas = [people.make_area("cheeks", "Cheeks"), people.make_area("chin", "Chin")]
    site = making.make_site(location, people.make_indication(), areas, lead, practitioners=1, rooms=0)
    treating.approve_texts(lead)
    places = [(location.pk, *place) for place in _staffed(location, site, lead)]
    for number in range(1, LOCATIONS):
        branch = people.make_location(f"Larkmoor {number}")
        for weekday in range(7):
            branch.opening_hours.create(weekday=weekday, opens=dt.time(8), closes=dt.time(18))
        places += [(branch.pk, *place) for place in _staffed(branch, site, None)]
    return site, desk, priya, places


def _staffed(location, site, lead):
    """Five people and five rooms; the first person may be somebody who is there already."""
    for number in range(ROOMS):
        person = lead if lead and number == 0 else making.make_colleague(location, f"{location} {number}")
        if person is not lead:
            person.indications.add(site.indication)
            making.make_hours(person, location)
        room = Room.objects.create(location=location, name=f"Room {number}", turnover_minutes=10)
        yield person.pk, room.pk


def make_template(site, desk, priya):
    """One course by the commands, its first visit signed: what all others are copies of."""
    patient = making.make_patient(desk, phototype=3)
    making.screen(patient, site, desk)
    room = Room.objects.filter(location=site.location).first()
    site = making.replace(site, rooms=(room,))
    stock = treating.make_stock(site.location)
    visit = treating.arrive(patient, site, desk)
    treating.consent(patient, site, desk)
    treating.screen_today(visit, priya)
    session = treating.complete(treating.start(visit, priya), site, stock, priya)
    signed = treating.sign(session, priya)
    # The copies take its places: it stands for no visit of its own.
    with pgtrigger.ignore("planner.Appointment:a_visit_that_was_held_stays_so"):
        execute("UPDATE planner_appointment SET status = 'cancelled' WHERE course_id = %s", [visit.course_id])
    return signed


def columns(table: str) -> list[str]:
    """The columns of a table that may be written, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [row[0] for row in cursor.fetchall() if row[0] not in LEFT_OUT]


def copy_rows(table: str, source: str, changed: dict[str, str], template: str) -> None:
    """One copy of the `template` rows for each row of `source`, but for what is changed (SQL)."""
    names = columns(table)
    values = ", ".join(changed.get(name, f't."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    execute(
        f"INSERT INTO {table} ({listed}) SELECT {values} FROM {source} CROSS JOIN {table} t"
        f" WHERE t.id IN ({template})"
    )


def execute(statement: str, values=None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


SYLLABLES = """
an bel cor da el fre gor ha in jo ka lu mar na ol pe quin ro sa ta ul ver wil xa yo zan
""".split()  # noqa: SIM905


def names(draw: random.Random, number: int, parts: int) -> list[str]:
    """Made-up names of a few syllables."""
    found: dict[str, None] = {}
    while len(found) < number:
        found["".join(draw.choices(SYLLABLES, k=parts)).capitalize()] = None
    return list(found)


def add_patients(template: Patient, first: int, number: int) -> None:
    """Further patients by COPY; some names are common, most are not."""
    draw = random.Random(first)
    given, family = names(random.Random(1), 400, 2), names(random.Random(2), 9000, 3)
    fields = columns("patients_patient")
    lines = io.StringIO()
    one = Patient(**{field.attname: getattr(template, field.attname) for field in Patient._meta.fields})
    for place in range(first, first + number):
        one.given_name = given[int(draw.random() ** 2 * len(given))]
        one.family_name = family[int(draw.random() ** 3 * len(family))]
        one.birth_date = dt.date(1940, 1, 1) + dt.timedelta(days=draw.randrange(24000))
        one.phone = f"+4420{place + 10_000_000:08d}"
        one.email, one.record_number = f"p{place}@bench.example", f"B-{place}"
        one.sort_name = fold(f"{one.family_name} {one.given_name}")
        one.search_text = search_text(one)
        lines.write("\t".join(_copied(getattr(one, name)) for name in fields) + "\n")
    lines.seek(0)
    with connection.cursor() as cursor:
        listed = ", ".join(f'"{name}"' for name in fields)
        cursor.execute("SET statement_timeout = 0")  # a page asked for before has set its own
        # The words of names in one statement instead of by the trigger: a million at once are not its work.
        cursor.execute("ALTER TABLE patients_patient DISABLE TRIGGER USER")
        cursor.copy_expert(f"COPY patients_patient ({listed}) FROM STDIN", lines)
        cursor.execute("ALTER TABLE patients_patient ENABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO patients_nameword"
            " SELECT DISTINCT word FROM patients_patient, string_to_table(search_text, ' ') word"
            " WHERE word !~ '[0-9]' AND word <> '' ON CONFLICT DO NOTHING"
        )


def _copied(value) -> str:
    if value is None:
        return r"\N"
    return str(value).replace("\\", "\\\\").replace("\t", " ").replace("\n", " ")


def fill(signed, places, today: dt.date) -> None:
    """25,200 courses of four visits: about half of them over, the others ahead."""
    course, visit = signed.appointment.course_id, signed.appointment_id
    execute("CREATE TEMP TABLE bench_place (location bigint, person bigint, room bigint, place int)")
    for number, (location, person, room) in enumerate(places):
        execute("INSERT INTO bench_place VALUES (%s, %s, %s, %s)", [location, person, room, number])
    execute(
        f"""CREATE TEMP TABLE bench_course AS
        SELECT row_number() OVER (ORDER BY cycle, base, place, slot) AS nr, location, person, room, slot,
               date '{today}' - {TODAY_AT} + cycle * {CYCLE_DAYS} + base AS first_on, gen_random_uuid() AS key
        FROM generate_series(0, {CYCLES - 1}) cycle, generate_series(0, {GAP_DAYS - 1}) base, bench_place,
             generate_series(0, {TIMES - 1}) slot"""
    )
    execute(
        """CREATE TEMP TABLE bench_who AS
        SELECT id AS patient, row_number() OVER (ORDER BY id) AS nr FROM patients_patient
        WHERE record_number LIKE 'B-%'"""
    )
    execute("ALTER TABLE bench_course ADD patient bigint, ADD course bigint, ADD screening bigint")
    execute("UPDATE bench_course c SET patient = w.patient FROM bench_who w WHERE w.nr = c.nr")
    _screen_and_consent(signed)
    copy_rows(
        "planner_treatmentcourse",
        "bench_course c",
        {
            "patient_id": "c.patient",
            "location_id": "c.location",
            "screening_id": "c.screening",
            "booking_key": "c.key",
            "status": f"CASE WHEN c.first_on + {3 * GAP_DAYS} < date '{today}'"
            " THEN 'completed' ELSE 'active' END",
            "created_at": "c.first_on - interval '14 days'",
            "earlier_since": "CASE WHEN c.nr % 401 = 0 THEN c.first_on - interval '10 days' END",
        },
        str(course),
    )
    execute(
        "UPDATE bench_course c SET course = r.id FROM planner_treatmentcourse r WHERE r.booking_key = c.key"
    )
    copy_rows(
        "planner_treatmentcourse_areas",
        "bench_course c",
        {"treatmentcourse_id": "c.course"},
        f"SELECT id FROM planner_treatmentcourse_areas WHERE treatmentcourse_id = {course}",
    )
    _visits(visit, course, today)
    _changes(signed)
    execute("ANALYZE")


def _changes(signed) -> None:
    """Each tenth course was changed once; its visits stand where they stood."""
    execute(
        """INSERT INTO planner_coursechange
            (course_id, kind, key, asked_hash, at, by_id, reason, before, after)
        SELECT course, 'moved', gen_random_uuid(), '', first_on - interval '3 days', %s, '',
               '{"visits": []}', '{"visits": []}'
        FROM bench_course WHERE nr %% 10 = 0""",
        [signed.appointment.course.created_by_id],
    )


def _screen_and_consent(signed) -> None:
    """One screening with all its answers for each course, six days before its first visit; one consent."""
    screening = signed.appointment.course.screening_id
    copy_rows(
        "patients_screening",
        "bench_course c",
        {
            "patient_id": "c.patient",
            "answered_at": "greatest(c.first_on, date '2026-08-20') - interval '6 days'",
            "answered_on": "greatest(c.first_on, date '2026-08-20') - 6",
        },
        str(screening),
    )
    execute(
        "UPDATE bench_course c SET screening = s.id FROM patients_screening s WHERE s.patient_id = c.patient"
    )
    copy_rows(
        "patients_screening_areas",
        "bench_course c",
        {"screening_id": "c.screening"},
        f"SELECT id FROM patients_screening_areas WHERE screening_id = {screening}",
    )
    copy_rows(
        "patients_screeninganswer",
        "bench_course c",
        {"screening_id": "c.screening"},
        f"SELECT id FROM patients_screeninganswer WHERE screening_id = {screening}",
    )
    copy_rows("patients_consent", "bench_course c", {"patient_id": "c.patient"}, str(signed.consent_id))


def _visits(visit: int, course: int, today: dt.date) -> None:
    """Four visits of each course; those before today are fulfilled and signed."""
    at = (
        f"((c.first_on + k * {GAP_DAYS}) + time '08:00' + c.slot * interval '{EVERY_MINUTES} minutes')"
        " AT TIME ZONE 'Europe/London'"
    )
    on = f"(c.first_on + k * {GAP_DAYS})"
    later = {
        name: f'{at} + (t."{name}" - t.start)'
        for name in (
            "start",
            "treatment_start",
            "end",
            "room_until",
            "practitioner_from",
            "practitioner_until",
        )
    }
    copy_rows(
        "planner_appointment",
        "bench_course c CROSS JOIN generate_series(0, 3) k",
        later
        | {
            "device_id": "NULL",
            "device_from": "NULL",
            "device_until": "NULL",
            "on": on,
            "next_earliest_on": f"{on} + t.gap_days",
            "number": "k + 1",
            "status": f"CASE WHEN {on} < date '{today}' THEN 'fulfilled' ELSE 'booked' END",
            "arrived_at": "NULL",
            "patient_id": "c.patient",
            "course_id": "c.course",
            "location_id": "c.location",
            "practitioner_id": "c.person",
            "room_id": "c.room",
        },
        str(visit),
    )
    mine = "(SELECT a.* FROM planner_appointment a JOIN bench_course c ON c.course = a.course_id) a"
    copy_rows(
        "planner_appointmentarea",
        mine,
        {
            "appointment_id": "a.id",
            "patient_id": "a.patient_id",
            "on": 'a."on"',
            "next_earliest_on": "a.next_earliest_on",
            "status": "a.status",
        },
        f"SELECT id FROM planner_appointmentarea WHERE appointment_id = {visit}",
    )
    # Their screening is that of the course, not of the day: a trigger would refuse it.
    execute("ALTER TABLE planner_treatmentsession DISABLE TRIGGER USER")
    copy_rows(
        "planner_treatmentsession",
        "(SELECT a.*, c.screening, (SELECT max(id) FROM patients_consent o WHERE o.patient_id = a.patient_id)"
        " AS consent FROM planner_appointment a JOIN bench_course c ON c.course = a.course_id"
        " WHERE a.status = 'fulfilled') a",
        {
            "appointment_id": "a.id",
            "patient_id": "a.patient_id",
            "practitioner_id": "a.practitioner_id",
            "screening_id": "a.screening",
            "consent_id": "a.consent",
            "started_at": "a.start",
            "saved_at": 'a."end"',
            "signed_at": 'a."end"',
        },
        f"SELECT id FROM planner_treatmentsession WHERE appointment_id = {visit}",
    )
    execute("ALTER TABLE planner_treatmentsession ENABLE TRIGGER USER")
