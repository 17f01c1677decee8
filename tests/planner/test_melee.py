"""Everything that writes, at once, on a few patients: nothing deadlocks, breaks or is left half done."""

import datetime as dt

import pytest
from django.db import connection, transaction

from clinic.models import Absence
from patients import screenings
from patients.models import ScreenedFinding
from planner.busytime import faulty_chunks
from planner.locks import lock_places
from tests.patients.screening.samples import yes
from tests.planner import making, treating
from tests.planner.making import MONDAY, NOW
from tests.planner.melee import Melee
from tests.planner.test_race import CHECKS, deadlocks, found
from tests.refusing import at_once

pytestmark = [pytest.mark.sweep, pytest.mark.django_db(transaction=True)]
SECONDS, THREADS, PATIENTS = 5, 12, 5
CHECKS_OF_STATES = {
    "state and history differ": """
        SELECT count(*) FROM planner_appointment a, LATERAL (
            SELECT kind FROM planner_appointmentevent e WHERE e.appointment_id = a.id AND kind IN
            ('booked', 'arrived', 'unarrived', 'fulfilled', 'cancelled', 'noshow', 'restored')
            ORDER BY id DESC LIMIT 1) AS last
        WHERE last.kind NOT IN (a.status, 'restored') AND (last.kind, a.status) <> ('unarrived', 'booked')""",
    "two messages wait about one course": """
        SELECT count(*) FROM (
            SELECT subject_id FROM clinic_outboxmessage WHERE kind IN ('course_booked', 'course_changed')
            AND sent_at IS NULL AND dropped_because = '' AND failed_because = ''
            GROUP BY subject_id HAVING count(*) > 1) twice""",
    "visit and record differ": """
        SELECT count(*) FROM planner_appointment a
        LEFT JOIN planner_treatmentsession s ON s.appointment_id = a.id
        WHERE a.kind = 'treatment' AND (
            (a.status = 'fulfilled') <> (s.signed_at IS NOT NULL AND s.not_treated_reason = '')
            OR s.id IS NOT NULL AND s.signed_at IS NULL AND a.status <> 'arrived')""",
}


@pytest.fixture
def melee(location, rosa, priya, mona, acne_scars, cheeks, chin, rule_set):
    """Three practitioners, two rooms and pens; a few patients, each with a course from today on."""
    site = making.make_site(
        location, acne_scars, [cheeks, chin], priya.practitioner, practitioners=3, rooms=2, devices=2
    )
    treating.approve_texts(priya.practitioner)
    patients = making.make_patients(rosa, PATIENTS)
    making.screen_all(patients, site, rosa)
    for place, patient in enumerate(patients):
        treating.consent(patient, site, rosa)
        where = {"practitioner": place % 3, "room": place % 2, "device": place % 2}
        slots = making.slots_at(site, making.every(35), dt.time(9 + place // 2 * 2, 15), **where)
        making.book(patient, site, rosa, slots=slots)
    return Melee(site, treating.make_stock(location), (rosa, priya), patients)


def count(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_melee_of_everything_that_writes_keeps_every_rule(melee):
    before = deadlocks()
    connection.close()
    melee.run(SECONDS, THREADS)
    assert melee.broken == []
    assert melee.disorder == []
    wrong = {name: times for name, times in found().items() if name != "half a course"}
    wrong |= {name: count(sql) for name, sql in CHECKS_OF_STATES.items()}
    assert wrong == dict.fromkeys(wrong, 0)
    assert len(wrong) == len(CHECKS) - 1 + len(CHECKS_OF_STATES)
    assert faulty_chunks() == []
    assert deadlocks() == before


def test_who_only_names_a_person_does_not_wait_for_those_who_book_them(site, ana, rosa, priya):
    """A record names its practitioner while it holds the patient: waiting there would be a deadlock."""
    making.screen(ana, site, rosa, at=NOW, PREGNANT=yes())
    finding, person = ScreenedFinding.objects.get(), priya.practitioner

    def clear():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        Absence.objects.create(practitioner=person, start=NOW, end=NOW + dt.timedelta(hours=1))
        how = {"happened_on": MONDAY, "note": "Seen the letter"}
        return screenings.clear_finding(finding, **how, by=priya, at=NOW)

    with transaction.atomic():
        lock_places(
            practitioners=[person.pk],
            rooms=[room.pk for room in site.rooms],
            devices=[pen.pk for pen in site.devices],
        )
        (cleared,) = at_once(clear)
    assert cleared.recorded_by == person
