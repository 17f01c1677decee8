"""A clinic from September to April by lot: after every step all rules hold and the pages answer."""

import pytest
import time_machine

from planner.busytime import faulty_chunks
from planner.models import TreatmentSession
from planner.queries.record import hash_of
from tests.planner import making, treating
from tests.planner.test_melee import CHECKS_OF_STATES, count
from tests.planner.test_race import found
from tests.planner.walk import DAY, Walk

pytestmark = pytest.mark.sweep
STEPS, SEEDS = 40, (1,)
CHECKS = CHECKS_OF_STATES | {
    "a stopped course has a visit ahead": """
        SELECT count(*) FROM planner_appointment a JOIN planner_treatmentcourse c ON c.id = a.course_id
        WHERE c.status = 'stopped' AND a.status = 'booked' AND a.start > (
            SELECT max(at) FROM planner_coursechange h WHERE h.course_id = c.id AND h.kind = 'stopped')""",
    "a course has more live visits than it has numbers": """
        SELECT count(*) FROM planner_treatmentcourse c WHERE sessions < (
            SELECT count(*) FROM planner_appointment a
            WHERE a.course_id = c.id AND a.status IN ('booked', 'arrived', 'fulfilled'))""",
    # A number that was missed goes behind those that are left; the others keep their order.
    "visits ahead of a course are out of order": """
        SELECT count(*) FROM planner_appointment a JOIN planner_appointment b USING (course_id)
        WHERE a.number < b.number AND a.start > b.start AND a.status = 'booked' AND b.status = 'booked'
        AND a.number > COALESCE((
            SELECT max(number) FROM planner_appointment d WHERE d.course_id = a.course_id AND (
                d.status IN ('arrived', 'fulfilled') OR d.status = 'booked' AND d.start <= '{now}')), 0)""",
    "a merged file holds something": """
        SELECT count(*) FROM patients_patient p WHERE merged_into_id IS NOT NULL AND (
            EXISTS (SELECT FROM planner_appointment a WHERE a.patient_id = p.id)
            OR EXISTS (SELECT FROM patients_screening s WHERE s.patient_id = p.id))""",
    "a visit is on another day than its start": """
        SELECT count(*) FROM planner_appointment a JOIN clinic_location l ON l.id = a.location_id
        WHERE (a.start AT TIME ZONE l.time_zone)::date <> a."on" """,
}


@pytest.fixture
def begin(location, rosa, priya, mona, acne_scars, cheeks, chin, rule_set):
    """A small clinic, three patients with a course each; the second has a double of other dates."""
    site = making.make_site(
        location, acne_scars, [cheeks, chin], priya.practitioner, practitioners=2, rooms=2, devices=2
    )
    treating.approve_texts(priya.practitioner)
    patients = [making.make_patient(rosa) for _ in range(4)]
    stock = treating.make_stock(location)
    for place, patient in enumerate(patients):
        making.screen(patient, site, rosa)
        treating.consent(patient, site, rosa)
        days = making.every(35, first=making.MONDAY + place * 3 * DAY)
        slots = making.slots_at(site, days, making.dt.time(9 + place * 2), practitioner=place % 2)
        making.book(patient, site, rosa, slots=slots)
    return lambda seed: Walk(site, stock, (rosa, priya), patients, seed)


def wrong(now, whole):
    """What does not hold, by name; `whole` looks at what is slow as well."""
    told = {name: times for name, times in found().items() if name != "half a course"}
    told |= {name: count(sql.format(now=now)) for name, sql in CHECKS.items()}
    if whole:
        told["busy time"] = len(faulty_chunks())
        told["seals"] = sum(
            hash_of(one) != one.content_hash for one in TreatmentSession.objects.exclude(signed_at=None)
        )
    return {name: times for name, times in told.items() if times}


def walk(one, steps, *sign_in):
    for number in range(steps):
        try:
            one.step()
            faults = wrong(one.now, number % 20 == 19)
            assert faults == {}
            with time_machine.travel(one.now, tick=False):
                clients = [again() for again in sign_in]  # a session does not last that long
                for client, address in zip(clients * 2, one.pages(), strict=True):
                    assert client.get(address).status_code == 200, address
        except Exception as error:
            raise AssertionError("\n".join([*one.story[-25:], repr(error)])) from error


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clinic_of_months_keeps_every_rule_at_every_step(begin, seed, client_for, rosa, priya):
    one = begin(seed)
    walk(one, STEPS, lambda: client_for(rosa), lambda: client_for(priya))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 30))
def test_a_clinic_of_a_year_keeps_every_rule_at_every_step(begin, seed, client_for, rosa, priya):
    one = begin(seed)
    walk(one, 400, lambda: client_for(rosa), lambda: client_for(priya))
