"""Whole courses: gaps, continuity, pins, the visit before, the patient's own times, moves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from planner.engine.check import check
from planner.engine.model import (
    Booked,
    Gap,
    Infeasible,
    Pin,
    Plan,
    Practitioner,
    PreferredTime,
    Previous,
    Room,
    Term,
    Visit,
    WeeklyHours,
)
from planner.engine.series import solve
from tests.planner.engine.build import MONDAY, OFFICE, at, diary, patient, problem, request, starts

TWO = (Practitioner("ana", OFFICE), Practitioner("ben", OFFICE))
NOON = at("2027-01-11T12:00Z")


def solved(the_problem) -> Plan:
    plan = solve(the_problem)
    assert isinstance(plan, Plan)
    assert check(the_problem, plan).ok
    assert check(the_problem, plan).breakdown == plan.breakdown
    return plan


def test_solve_keeps_the_target_gap_at_no_cost():
    plan = solved(problem())
    assert (starts(plan), plan.cost, plan.breakdown) == (["2027-01-11T09:00Z", "2027-01-18T09:00Z"], 0, {})
    first = plan.visits[0]
    assert (first.on, first.practitioner, first.room, first.devices) == (MONDAY, "ana", "one", ())


def test_solve_is_the_same_twice():
    assert solve(problem()) == solve(problem())


def test_solve_waits_for_a_practitioner_rather_than_change():
    away = (at("2027-01-18T00:00Z"), at("2027-01-20T00:00Z"))
    people = (Practitioner("ana", OFFICE, (away,)), Practitioner("ben", OFFICE, ((NOON - 999, NOON + 999),)))
    plan = solved(problem(diary(practitioners=people), request(latest=MONDAY)))
    # two days over the target cost 20, a change of practitioner would cost 30
    assert [visit.practitioner for visit in plan.visits] == ["ana", "ana"]
    assert (plan.breakdown, plan.visits[1].costs) == ({Term.GAP: 20}, {Term.GAP: 20})


def test_solve_changes_practitioner_when_waiting_costs_more():
    away = (at("2027-01-18T00:00Z"), at("2027-01-22T00:00Z"))
    people = (Practitioner("ana", OFFICE, (away,)), Practitioner("ben", OFFICE, ((NOON - 999, NOON + 999),)))
    wide = request(latest=MONDAY, gaps=(Gap(7, 7, 14),))
    plan = solved(problem(diary(practitioners=people), wide))
    assert [visit.practitioner for visit in plan.visits] == ["ana", "ben"]
    assert plan.breakdown == {Term.PRACTITIONER_CHANGE: 30}


def test_minimum_gap_is_hard():
    # ana works on Mondays and the Sunday six days later only
    hours = (WeeklyHours(0, 540, 660), WeeklyHours(6, 540, 660))
    made = problem(diary(practitioners=(Practitioner("ana", hours),)), request(gaps=(Gap(7, 6, 13),)))
    assert starts(solved(made)) == ["2027-01-11T09:00Z", "2027-01-18T09:00Z"]


def test_maximum_gap_is_hard():
    off = (at("2027-01-18T00:00Z"), at("2027-01-22T00:00Z"))
    made = problem(
        diary(practitioners=(Practitioner("ana", OFFICE, (off,)),)),
        request(latest=MONDAY, gaps=(Gap(7, 7, 10),)),
    )
    assert solve(made) == Infeasible(blocked=1)
    assert isinstance(solve(replace(made, request=replace(made.request, gaps=(Gap(7, 7, None),)))), Plan)


def test_soft_band_and_square_count_beyond_the_target():
    off = (at("2027-01-18T00:00Z"), at("2027-01-21T00:00Z"))
    made = problem(
        diary(practitioners=(Practitioner("ana", OFFICE, (off,)),)),
        request(latest=MONDAY, gaps=(Gap(7, 7, 14, soft_max_days=8),)),
        gap_square=1,
        gap_soft_over=5,
    )
    assert solved(made).breakdown == {Term.GAP: 10 * 3 + 9 + 5 * 2}


def test_wishes_are_soft_and_counted():
    made = problem(
        the_request=request(
            1,
            patient=patient(
                preferred_weekdays=frozenset({1}),
                preferred_times=(PreferredTime(17 * 60, 19 * 60),),
                preferred_practitioners=frozenset({"ben"}),
            ),
        ),
    )
    plan = solved(made)
    assert starts(plan) == ["2027-01-12T16:00Z"]
    # an hour before 17:00 is four quarters
    assert plan.breakdown == {Term.START_DELAY: 1, Term.TIME_OF_DAY: 8, Term.PRACTITIONER_NOT_PREFERRED: 20}


def test_time_of_day_is_capped_and_a_day_without_a_wish_costs_the_cap():
    times = (PreferredTime(20 * 60, 22 * 60, frozenset({0})),)
    one_day = request(1, latest=MONDAY, patient=patient(preferred_times=times))
    assert solved(problem(the_request=one_day, time_of_day_cap=5)).breakdown == {Term.TIME_OF_DAY: 5}
    other = request(
        1, patient=patient(preferred_times=(times[0]._replace(weekdays=frozenset({6})),)), latest=MONDAY
    )
    assert solved(problem(the_request=other, time_of_day_cap=5)).breakdown == {Term.TIME_OF_DAY: 5}
    assert solved(problem(the_request=other)).breakdown == {}


def test_fragment_avoids_an_unusable_rest():
    hours = (WeeklyHours(0, 540, 690),)
    made = problem(diary(practitioners=(Practitioner("ana", hours),)), request(1))
    assert starts(solved(made)) == ["2027-01-11T09:00Z"]
    busy = [("ana", at("2027-01-11T10:15Z"), at("2027-01-11T11:30Z"))]
    plan = solved(
        problem(diary(practitioners=(Practitioner("ana", hours),), busy=busy), request(1, latest=MONDAY))
    )
    assert (starts(plan), plan.breakdown) == (["2027-01-11T09:00Z"], {Term.FRAGMENT: 3})


@pytest.mark.parametrize(
    ("pin", "expected"),
    [
        (Pin(1, start=at("2027-01-20T11:15Z")), ["2027-01-13T09:00Z", "2027-01-20T11:15Z"]),
        (Pin(1, on=date(2027, 1, 20)), ["2027-01-13T09:00Z", "2027-01-20T09:00Z"]),
        (Pin(0, start=at("2027-01-14T10:00Z")), ["2027-01-14T10:00Z", "2027-01-21T09:00Z"]),
    ],
)
def test_pinned_visit_stays(pin, expected):
    assert starts(solved(problem(the_request=request(pins=(pin,))))) == expected


def test_pinned_practitioner_and_room_stay():
    the_diary = diary(practitioners=TWO, rooms=(Room("one"), Room("two")))
    pins = (Pin(0, practitioner="ben"), Pin(1, room="two"))
    plan = solved(problem(the_diary, request(pins=pins)))
    assert [visit.practitioner for visit in plan.visits] == ["ben", "ben"]
    assert plan.visits[1].room == "two"


@pytest.mark.parametrize(
    "pins",
    [
        (Pin(0, start=at("2027-01-11T09:07Z")),),  # off the grid
        (Pin(0, start=at("2027-01-16T09:00Z")),),  # a Saturday
        (Pin(0, on=date(2027, 3, 1)),),  # beyond the diary
        (Pin(0, start=at("2030-01-11T09:00Z")),),
        (Pin(0, start=NOON), Pin(0, start=NOON + 15)),
        (Pin(0, practitioner="ana"), Pin(0, practitioner="ben")),
    ],
)
def test_pin_that_cannot_be_kept_is_infeasible(pins):
    assert solve(problem(diary(practitioners=TWO), request(pins=pins))) == Infeasible(blocked=0)


def test_previous_visit_counts_for_gap_and_continuity():
    previous = Previous(date(2027, 1, 6), Gap(7, 7, 10), "ben")
    plan = solved(problem(diary(practitioners=TWO), request(1, previous=previous)))
    assert (starts(plan), plan.visits[0].practitioner, plan.cost) == (["2027-01-13T09:00Z"], "ben", 0)
    stranger = solved(problem(the_request=request(1, previous=previous)))
    assert stranger.breakdown == {Term.PRACTITIONER_CHANGE: 30}


def test_previous_visit_keeps_its_minimum_gap():
    previous = Previous(date(2027, 1, 8), Gap(28, 35, None))
    assert solve(problem(the_request=request(1, previous=previous))) == Infeasible(blocked=0)


def test_patient_times_are_hard():
    times = patient(
        hours=tuple(WeeklyHours(day, 10 * 60, 12 * 60) for day in (0, 1)),
        busy=((at("2027-01-11T10:30Z"), at("2027-01-11T11:15Z")),),
        blackouts=((date(2027, 1, 12), date(2027, 1, 17)),),
    )
    assert starts(solved(problem(the_request=request(1, patient=times)))) == ["2027-01-18T10:00Z"]


def test_first_visit_and_finish_keep_their_limits():
    late = request(1, earliest=date(2027, 1, 15), latest=date(2027, 1, 17))
    assert starts(solved(problem(the_request=late))) == ["2027-01-15T09:00Z"]
    assert solve(problem(the_request=request(finish_by=date(2027, 1, 17)))) == Infeasible(blocked=1)


def test_current_plan_stays_where_it_is_when_moving_costs():
    booked = (Booked(at("2027-01-12T14:00Z"), "ben", "two"), Booked(at("2027-01-19T14:00Z"), "ben", "two"))
    the_diary = diary(practitioners=TWO, rooms=(Room("one"), Room("two")))
    made = problem(
        the_diary, request(current=booked), move=30, move_day=2, move_practitioner=15, move_room=5, gap_abs=3
    )
    plan = solved(made)
    assert [(v.minute, v.practitioner, v.room) for v in plan.visits] == [
        (one.start, one.practitioner, one.room) for one in booked
    ]
    assert plan.breakdown == {Term.START_DELAY: 1}


def test_one_taken_slot_moves_one_visit_a_little():
    booked = (Booked(at("2027-01-12T14:00Z"), "ana", "one"), Booked(at("2027-01-19T14:00Z"), "ana", "one"))
    busy = [("ana", at("2027-01-19T13:00Z"), at("2027-01-19T18:00Z"))]
    made = problem(diary(busy=busy), request(current=booked), move=30, move_day=2, start_delay=0)
    plan = solved(made)
    assert starts(plan)[0] == "2027-01-12T14:00Z"
    assert plan.visits[1].on == date(2027, 1, 19)
    assert plan.breakdown == {Term.MOVE: 30}


def test_booked_room_is_worth_another_time_when_the_room_weighs_more():
    rooms = (Room("one"), Room("two", (WeeklyHours(0, 15 * 60, 16 * 60),)))
    booked = (Booked(at("2027-01-11T09:00Z"), "ana", "two"),)
    one = request(1, current=booked, latest=MONDAY)
    stay = solved(problem(diary(rooms=rooms), one, move=4, move_room=3))
    assert (starts(stay), stay.visits[0].room, stay.cost) == (["2027-01-11T09:00Z"], "one", 3)
    move = solved(problem(diary(rooms=rooms), one, move=3, move_room=4))
    assert (starts(move), move.visits[0].room, move.cost) == (["2027-01-11T15:00Z"], "two", 3)


def test_room_that_is_filled_best_is_chosen():
    rooms = (Room("wide"), Room("tight", (WeeklyHours(0, 540, 600),)))
    plan = solved(problem(diary(rooms=rooms), request(1)))
    assert plan.visits[0].room == "tight"


def test_six_visits_of_the_default_protocol():
    end = MONDAY + timedelta(days=238)
    made = problem(
        diary(last_date=end),
        request(6, visits=(Visit(70),) * 6, gaps=(Gap(28, 35, 42),) * 5, latest=MONDAY + timedelta(days=27)),
    )
    plan = solved(made)
    assert [str(visit.on) for visit in plan.visits] == [
        "2027-01-11",
        "2027-02-15",
        "2027-03-22",
        "2027-04-26",
        "2027-05-31",
        "2027-07-05",
    ]
    # 09:00 in winter and in summer, an hour apart in UTC
    assert starts(plan)[2:4] == ["2027-03-22T09:00Z", "2027-04-26T08:00Z"]
    assert plan.cost == 0
