"""The checker sees every broken rule and adds up every term."""

from dataclasses import replace
from datetime import date

import pytest

from planner.engine.check import Broken, Violation, check
from planner.engine.model import (
    Booked,
    Device,
    Gap,
    Pin,
    Placement,
    Practitioner,
    PreferredTime,
    Previous,
    Room,
    Term,
    Visit,
)
from tests.planner.engine.build import MONDAY, OFFICE, at, diary, patient, problem, request

PEOPLE = (Practitioner("ana", OFFICE, rooms=frozenset({"one"})), Practitioner("ben", OFFICE))
ROOMS = (Room("one"), Room("two"))
DEVICES = (Device("pen", rooms=frozenset({"one"})), Device("roller"))
VISIT = Visit(60, device_pools=(("pen", "roller"),))


def placed(start, practitioner="ana", room="one", devices=("pen",)):
    return Placement(at(start), date.fromisoformat(start[:10]), practitioner, room, devices, {})


SECOND = placed("2027-01-18T10:00Z")


def made(**changes):
    plain = request(visits=(VISIT, VISIT))
    return problem(diary(practitioners=PEOPLE, rooms=ROOMS, devices=DEVICES), replace(plain, **changes))


def violations(first, the_problem=None, second=SECOND):
    return [(one.rule, one.visit) for one in check(the_problem or made(), (first, second)).violations]


def test_check_finds_nothing_in_a_good_plan():
    report = check(made(), (placed("2027-01-11T10:00Z"), SECOND))
    assert (report.ok, report.violations, report.cost, report.breakdown) == (True, (), 0, {})


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (placed("2027-01-11T10:05Z"), [Broken.GRID]),
        (placed("2027-01-11T16:30Z"), [Broken.PRACTITIONER_BUSY]),
        (placed("2027-01-11T10:00Z", room="two", devices=("roller",)), [Broken.PAIRING]),
        (placed("2027-01-11T10:00Z", "ben", "two"), [Broken.PAIRING]),
        (placed("2027-01-11T10:00Z", devices=()), [Broken.DEVICES]),
        (placed("2027-01-11T10:00Z", devices=("laser",)), [Broken.DEVICES]),
        (placed("2027-01-11T10:00Z", "eve"), [Broken.NOT_ALLOWED]),
        (placed("2027-01-11T10:00Z", room="attic"), [Broken.NOT_ALLOWED]),
    ],
)
def test_check_names_the_rule_a_visit_breaks(first, expected):
    assert violations(first) == [(rule, 0) for rule in expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"earliest": date(2027, 1, 12)}, [(Broken.FIRST_DATE, 0)]),
        ({"latest": date(2027, 1, 10)}, [(Broken.FIRST_DATE, 0)]),
        ({"finish_by": date(2027, 1, 17)}, [(Broken.FINISH_BY, 1)]),
        ({"gaps": (Gap(8, 8),)}, [(Broken.GAP, 1)]),
        ({"gaps": (Gap(2, 2, 6),)}, [(Broken.GAP, 1)]),
        ({"previous": Previous(date(2027, 1, 8), Gap(7, 7))}, [(Broken.GAP, 0)]),
        ({"pins": (Pin(1, practitioner="ben"),)}, [(Broken.PIN, 1)]),
        ({"pins": (Pin(0, start=at("2027-01-11T11:00Z")),)}, [(Broken.PIN, 0)]),
        ({"patient": patient(blackouts=((MONDAY, MONDAY),))}, [(Broken.PATIENT_BUSY, 0)]),
        ({"visits": (VISIT, replace(VISIT, rooms=frozenset({"two"})))}, [(Broken.NOT_ALLOWED, 1)]),
        ({"visits": (replace(VISIT, practitioners=frozenset({"ben"})), VISIT)}, [(Broken.NOT_ALLOWED, 0)]),
    ],
)
def test_check_names_the_rule_a_plan_breaks(changes, expected):
    assert violations(placed("2027-01-11T10:00Z"), made(**changes)) == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [("ana", Broken.PRACTITIONER_BUSY), ("one", Broken.ROOM_BUSY), ("pen", Broken.DEVICE_BUSY)],
)
def test_check_sees_a_claim(who, expected):
    busy = [(who, at("2027-01-11T10:59Z"), at("2027-01-11T12:00Z"))]
    plain = made()
    taken = replace(plain, diary=replace(plain.diary, busy=busy))
    assert violations(placed("2027-01-11T10:00Z"), taken) == [(expected, 0)]


def test_check_sees_a_start_in_the_past_and_beyond_the_horizon():
    plain = made()
    now = replace(plain, diary=replace(plain.diary, not_before=at("2027-01-11T10:01Z")))
    assert violations(placed("2027-01-11T10:00Z"), now) == [(Broken.NOT_BEFORE, 0)]
    short = replace(plain, diary=replace(plain.diary, last_date=date(2027, 1, 17)))
    assert violations(placed("2027-01-11T10:00Z"), short) == [(Broken.HORIZON, 1)]


def test_check_sees_visits_that_collide():
    both = placed("2027-01-11T10:00Z")
    assert (Broken.COLLISION, 1) in violations(both, second=both)


def test_check_counts_the_visits():
    assert check(made(), (SECOND,)).violations == (Violation(Broken.COUNT),)


def test_check_adds_up_every_term():
    wishes = patient(
        preferred_weekdays=frozenset({1}),
        preferred_times=(PreferredTime(12 * 60, 14 * 60),),
        preferred_practitioners=frozenset({"ben"}),
    )
    booked = (None, Booked(at("2027-01-20T10:00Z"), "ben", "two"))
    wished = made(patient=wishes, current=booked, gaps=(Gap(7, 9, 14, 8, 10),), earliest=date(2027, 1, 10))
    weighed = replace(
        wished,
        weights=replace(
            wished.weights,
            gap_square=1,
            gap_soft_under=4,
            finish_delay=2,
            move=30,
            move_day=2,
            move_practitioner=15,
        ),
    )
    second = placed("2027-01-18T09:15Z", "ben")
    report = check(weighed, (placed("2027-01-11T10:00Z"), second))
    assert report.ok
    assert report.breakdown == {
        Term.GAP: 20 + 4 + 4,
        Term.WEEKDAY: 30,
        Term.TIME_OF_DAY: 2 * 8 + 2 * 11,
        Term.PRACTITIONER_NOT_PREFERRED: 20,
        Term.PRACTITIONER_CHANGE: 30,
        Term.START_DELAY: 1,
        Term.FINISH_DELAY: 16,
        Term.FRAGMENT: 3,
        Term.MOVE: 30 + 4,
    }
    assert report.cost == sum(report.breakdown.values())
