"""Repair of many courses: the joint optimum against trying everything, and the order of writing."""

import sys
from dataclasses import replace
from datetime import date

import pytest

from planner.engine.check import Broken
from planner.engine.check_repair import RepairViolation, check_repair
from planner.engine.model import Booked, Device, Pin, Practitioner, Room, Visit, Weights
from planner.engine.reflow import REPLANNING
from planner.engine.repair import RepairProblem, Series, quick_repair, repair, unaffected_kept
from planner.engine.repair_order import steps
from tests.planner.engine.build import MONDAY, OFFICE, at, diary, iso, request
from tests.planner.engine.repairs import cheapest_repair, repair_from

BEN = Practitioner("ben", OFFICE)
MOVES = replace(REPLANNING, time_of_day=0)


def plenty():
    """More than enough time for a proof."""
    return 30.0


def booked(clock: str, who: str = "ana", room: str = "one"):
    return Booked(at(f"2027-01-11T{clock}Z"), who, room)


def one_visit(name: str, clock: str, **changes) -> Series:
    asked = request(1, current=(booked(clock),), latest=MONDAY)
    return Series(name, replace(asked, **changes))


def monday(*series: Series, **changes) -> RepairProblem:
    """One Monday with Ana in room one unless told otherwise."""
    made = diary(last_date=MONDAY, grid_minutes=60, **changes)
    return RepairProblem(made, series, MOVES, 1000)


def places(found) -> dict:
    return {
        name: plan and [(iso(one.minute)[11:16], one.practitioner, one.room) for one in plan.visits]
        for name, plan in found.plans.items()
    }


def assert_optimal(seed: int) -> None:
    problem = repair_from(seed)
    least = cheapest_repair(problem)
    if least is None:
        return
    quick, found = quick_repair(problem), repair(problem, plenty)
    assert (seed, found.cost, found.bound, found.status) == (seed, least, least, "optimal")
    assert (seed, quick.bound <= least <= quick.cost) == (seed, True)
    for one in (quick, found):
        report = check_repair(problem, one.plans)
        assert (seed, report.violations, report.cost) == (seed, (), one.cost)
    assert (seed, set(found.breakdown.items()) <= set(report.breakdown.items())) == (seed, True)


@pytest.mark.sweep
@pytest.mark.parametrize("first", range(0, 200, 40))
def test_repair_costs_what_brute_force_finds(first):
    for seed in range(first, first + 40):
        assert_optimal(seed)


@pytest.mark.sweep
@pytest.mark.slow
@pytest.mark.parametrize("first", range(200, 4000, 200))
def test_repair_costs_what_brute_force_finds_at_full_size(first):
    for seed in range(first, first + 200):
        assert_optimal(seed)


def test_repair_moves_a_course_out_of_the_way_of_one_that_has_no_other_place():
    # both want ten o'clock; the one that may only come then gets it
    hours = replace(request().patient, busy=((at("2027-01-11T00:00Z"), at("2027-01-11T10:00Z")),))
    only_ten = replace(hours, busy=(*hours.busy, (at("2027-01-11T11:00Z"), at("2027-01-12T00:00Z"))))
    found = repair(monday(one_visit("free", "10:00"), one_visit("bound", "15:00", patient=only_ten)), plenty)
    assert places(found) == {"free": [("09:00", "ana", "one")], "bound": [("10:00", "ana", "one")]}
    assert (found.cost, found.bound, found.status) == (60, 60, "optimal")
    assert found.breakdown == {"move": 60}


def test_repair_leaves_out_whoever_costs_least_when_not_all_fit():
    two = request(2, current=(booked("10:00"), None), latest=MONDAY)
    made = monday(
        one_visit("one", "09:00"),
        one_visit("two", "09:00"),
        practitioners=(replace(diary().practitioners[0], hours=(OFFICE[0]._replace(to_minute=600),)),),
    )
    found = repair(made, plenty)
    assert sorted(plan is None for plan in found.plans.values()) == [False, True]
    assert (found.cost, found.status) == (1000, "optimal")
    alone = repair(replace(made, series=(Series("long", two),)), plenty)
    assert (alone.plans, alone.cost, alone.status) == ({"long": None}, 2000, "optimal")


def test_repair_keeps_pinned_visits_clear():
    pinned = one_visit("pinned", "10:00", pins=(Pin(0, start=at("2027-01-11T10:00Z")),))
    found = repair(monday(one_visit("other", "10:00"), pinned), plenty)
    assert places(found)["pinned"] == [("10:00", "ana", "one")]
    assert places(found)["other"] != [("10:00", "ana", "one")]
    assert found.cost == 30


def test_repair_shares_rooms_and_devices_out():
    pen = Visit(60, device_pools=(("pen", "roller"),))
    series = [one_visit(name, "10:00", visits=(pen,)) for name in ("a", "b")]
    made = monday(
        *series,
        practitioners=(*diary().practitioners, BEN),
        rooms=(Room("one"), Room("two")),
        devices=(Device("pen", rooms=frozenset({"one"})), Device("roller", rooms=frozenset({"one"}))),
    )
    found = repair(made, plenty)
    # one room only holds devices: the second course goes to another hour rather than to room two
    assert (found.cost, found.status) == (30, "optimal")
    assert check_repair(made, found.plans).ok


def test_repair_without_the_exact_solver_still_answers(monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    made = monday(one_visit("a", "10:00"), one_visit("b", "10:00"))
    found = repair(made, plenty)
    assert (found.cost, found.bound, found.status) == (30, 0, "feasible")
    assert check_repair(made, found.plans).ok


def test_repair_without_time_gives_the_quick_answer_and_its_bound():
    made = monday(one_visit("a", "10:00"), one_visit("b", "10:00"))
    assert repair(made, lambda: 0.0) == quick_repair(made)
    assert quick_repair(made).bound == 0


def test_repair_of_nothing_costs_nothing():
    found = repair(monday(), plenty)
    assert (found.plans, found.cost, found.status) == ({}, 0, "optimal")


def test_unaffected_visits_stay_where_they_are():
    away = replace(diary().practitioners[0], absences=((at("2027-01-11T08:00Z"), at("2027-01-11T12:00Z")),))
    made = monday(one_visit("morning", "10:00"), one_visit("afternoon", "14:00"), practitioners=(away,))
    kept = unaffected_kept(made)
    assert kept.weights == REPLANNING
    assert [one.request.pins for one in kept.series] == [
        (),
        (Pin(0, at("2027-01-11T14:00Z"), date(2027, 1, 11), "ana"),),
    ]
    assert places(repair(kept, plenty))["afternoon"] == [("14:00", "ana", "one")]


def test_steps_write_a_course_only_when_its_place_is_free():
    names = {
        "a": ("10:00", "11:00"),
        "b": ("11:00", "12:00"),
        "c": ("14:00", "15:00"),
        "d": ("15:00", "14:00"),
    }
    made = monday(*(one_visit(name, was) for name, (was, _) in names.items()))
    pinned = replace(
        made,
        series=tuple(
            Series(
                one.id,
                replace(one.request, pins=(Pin(0, start=at(f"2027-01-11T{names[one.id][1]}Z")),)),
            )
            for one in made.series
        ),
    )
    plans = repair(pinned, plenty).plans
    assert steps(pinned, plans) == (("b",), ("a",), ("c", "d"))
    # b finds no place and keeps what it has: a cannot come, and is not written either
    assert steps(pinned, {**plans, "b": None}) == (("c", "d"),)


def test_steps_know_the_devices_that_are_held():
    pen = Visit(60, device_pools=(("pen",),))
    made = monday(
        one_visit("a", "10:00", visits=(pen,)),
        one_visit(
            "b", "11:00", visits=(pen,), current=(Booked(at("2027-01-11T10:00Z"), None, None, ("pen",)),)
        ),
        devices=(Device("pen"),),
    )
    plans = repair(replace(made, weights=Weights()), plenty).plans
    plans = {"a": plans["a"], "b": None}
    assert iso(plans["a"].visits[0].minute) == "2027-01-11T09:00Z"
    assert steps(made, plans) == (("a",),)
    moved = {
        **plans,
        "a": replace(plans["a"], visits=(replace(plans["a"].visits[0], minute=at("2027-01-11T10:00Z")),)),
    }
    assert steps(made, moved) == ()


def test_check_repair_names_the_course_and_the_visit():
    made = monday(one_visit("a", "10:00"), one_visit("b", "10:00"))
    plans = dict(repair(made, plenty).plans)
    plans["b"] = plans["a"]
    report = check_repair(made, plans)
    assert report.violations == (
        RepairViolation(Broken.COLLISION, "b", 0, "a"),
        RepairViolation(Broken.COLLISION, "b", 0, "a"),
    )
    assert check_repair(made, {"a": None, "x": None}).violations == (
        RepairViolation(Broken.COUNT, "b"),
        RepairViolation(Broken.COUNT, "x"),
    )
    assert check_repair(made, {"a": None, "b": None}).breakdown == {"unplaced": 2000}


def test_a_repair_names_each_course_once():
    with pytest.raises(ValueError, match="the ids of the series must differ"):
        monday(one_visit("a", "10:00"), one_visit("a", "11:00"))
