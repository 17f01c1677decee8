"""64 people book overlapping courses at once: nobody is in two places, no course is half, nothing deadlocks.

The checks are plain SQL over the columns and the catalogue tables; they use no range, constraint or engine.
The control run shows that they find what they look for.
"""

import time
from collections import Counter

import pytest
from django.db import connection

from planner.busytime import faulty_chunks
from planner.models import Appointment, TreatmentCourse
from tests.planner import contest, making

pytestmark = pytest.mark.sweep

PATIENTS, REQUESTS, FEW = 300, 2000, 300
CROWDED = {"crowd": 40, "days": 1}  # so that the control surely finds what it looks for
GUARDS = {
    "planner_appointment": [
        "practitioner_is_in_one_place_at_a_time",
        "room_is_in_one_place_at_a_time",
        "device_is_in_one_place_at_a_time",
        "patient_is_in_one_place_at_a_time",
        "visits_of_a_course_keep_their_gap",
    ],
    "planner_appointmentarea": [
        "an_area_of_a_patient_keeps_its_gap",
        "an_area_keeps_its_gap_from_joined_visits",
    ],
}
PAIR = """
    FROM (SELECT * FROM planner_appointment WHERE status IN ('booked', 'arrived', 'fulfilled')) a
    JOIN (SELECT * FROM planner_appointment WHERE status IN ('booked', 'arrived', 'fulfilled')) b
    ON a.id < b.id
"""
CHECKS = {
    "practitioner twice": f"""
        SELECT count(*) {PAIR} AND a.practitioner_id = b.practitioner_id
        AND a.treatment_start < b."end" AND b.treatment_start < a."end" """,
    "room twice, cleaning counted": f"""
        SELECT count(*) {PAIR} AND a.room_id = b.room_id JOIN clinic_room r ON r.id = a.room_id
        WHERE a.start < b."end" + r.turnover_minutes * interval '1 minute'
        AND b.start < a."end" + r.turnover_minutes * interval '1 minute'""",
    "device twice": f"""
        SELECT count(*) {PAIR} AND a.device_id = b.device_id
        AND a.treatment_start < b."end" AND b.treatment_start < a."end" """,
    "patient twice": f"""
        SELECT count(*) {PAIR} AND a.patient_id = b.patient_id
        AND a.start < b."end" AND b.start < a."end" """,
    "visits of a course under 28 days apart": f"""
        SELECT count(*) {PAIR} AND a.course_id = b.course_id AND abs(a."on" - b."on") < 28""",
    "an area of a patient under 28 days apart": f"""
        SELECT count(*) {PAIR} AND a.patient_id = b.patient_id AND abs(a."on" - b."on") < 28
        JOIN planner_treatmentcourse_areas x ON x.treatmentcourse_id = a.course_id
        JOIN planner_treatmentcourse_areas y ON y.treatmentcourse_id = b.course_id
        AND x.treatmentarea_id = y.treatmentarea_id""",
    "half a course": """
        SELECT count(*) FROM planner_treatmentcourse c
        WHERE sessions <> (SELECT count(DISTINCT number) FROM planner_appointment a WHERE a.course_id = c.id)
        OR sessions * 2 <> (SELECT count(*) FROM planner_appointmentarea x
                            JOIN planner_appointment a ON a.id = x.appointment_id WHERE a.course_id = c.id)
        OR sessions <> (SELECT count(*) FROM planner_appointmentevent e
                        JOIN planner_appointment a ON a.id = e.appointment_id
                        WHERE a.course_id = c.id AND e.kind = 'booked')
        OR 1 <> (SELECT count(*) FROM clinic_outboxmessage m
                 WHERE m.subject_id = c.id AND m.kind = 'course_booked')""",
}
DEFINITION = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s"
NOTHING = dict.fromkeys(CHECKS, 0)


@pytest.fixture
def arena(location, rosa, priya, acne_scars, cheeks, chin, rule_set):
    """Four practitioners, three rooms and pens, 300 screened patients."""
    site = making.make_site(
        location, acne_scars, [cheeks, chin], priya.practitioner, practitioners=4, rooms=3, devices=3
    )
    patients = making.make_patients(rosa, PATIENTS)
    making.screen_all(patients, site, rosa)
    return site, [patient.pk for patient in patients]


def found():
    """Run every check: what it looks for → how often it was found."""
    with connection.cursor() as cursor:
        counts = {}
        for name, sql in CHECKS.items():
            cursor.execute(sql)
            counts[name] = cursor.fetchone()[0]
    return counts


def deadlocks():
    """Deadlocks PostgreSQL has counted in this database, once everybody else has left it."""
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            if cursor.fetchone() == (1,):
                break
            time.sleep(0.05)
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def contend(arena, rosa, number, crowd=PATIENTS, days=14, **how):
    """Let `crowd` patients book courses that begin within `days`, and return what they were told."""
    site, patients = arena
    wishes = contest.make_wishes(site, patients[:crowd], number, days)
    connection.close()
    return contest.run_contest(connection.settings_dict["NAME"], site, rosa, wishes, **how)


def assert_sound(told, requests, deadlocks_before):
    """What they were told is what is stored, and nothing stored is wrong."""
    assert told.broken == []
    assert found() == NOTHING
    assert faulty_chunks() == []
    assert deadlocks() == deadlocks_before
    assert len(told.booked) + sum(told.refused.values()) == requests
    courses = dict(told.booked)  # a request sent twice is told the same course twice
    assert set(told.booked) == set(courses.items())
    assert dict(TreatmentCourse.objects.values_list("booking_key", "pk")) == courses
    cancelled = Appointment.objects.filter(status="cancelled").values_list("pk", flat=True)
    assert sorted(cancelled) == sorted(set(told.cancelled))


@pytest.mark.django_db(transaction=True)
def test_race_of_whole_courses_keeps_every_rule(arena, rosa):
    before = deadlocks()
    told = contend(arena, rosa, REQUESTS)
    assert_sound(told, REQUESTS, before)
    assert set(told.refused) == {"diary_changed"}
    assert len(set(told.booked)) > 20
    assert max(Counter(told.booked).values()) == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_race_of_10000_whole_courses_keeps_every_rule(arena, rosa):
    before = deadlocks()
    told = contend(arena, rosa, 10_000)
    assert_sound(told, 10_000, before)


@pytest.fixture
def no_busy_time(transactional_db):
    """Switch off the triggers that keep busy time: their row locks, too, would keep people apart."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_busy_time_%'")
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(f"ALTER TABLE planner_appointment DISABLE TRIGGER {name}")
    assert len(names) == 4
    yield
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"ALTER TABLE planner_appointment ENABLE TRIGGER {name}")


@pytest.mark.django_db(transaction=True)
def test_race_without_locks_is_held_by_the_constraints_alone(arena, rosa, no_busy_time):
    told = contend(arena, rosa, FEW // 3, **CROWDED, locked=False)
    assert found() == NOTHING
    assert {"practitioner_taken", "room_taken"} & set(told.refused)


@pytest.fixture
def no_guards(transactional_db):
    """Drop the exclusion constraints; afterwards empty the diary and put them back as they were."""
    dropped = []
    with connection.cursor() as cursor:
        for table, names in GUARDS.items():
            for name in names:
                cursor.execute(DEFINITION, [name])
                dropped.append((table, name, cursor.fetchone()[0]))
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE planner_appointment CASCADE")
        for table, name, definition in dropped:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


@pytest.mark.django_db(transaction=True)
def test_race_without_locks_and_constraints_breaks_the_rules(arena, rosa, no_guards, no_busy_time):
    contend(arena, rosa, FEW, **CROWDED, locked=False)
    broken = found()
    assert broken["practitioner twice"] > 0
    assert broken["room twice, cleaning counted"] > 0
    assert broken["device twice"] > 0
    assert broken["an area of a patient under 28 days apart"] > 0
