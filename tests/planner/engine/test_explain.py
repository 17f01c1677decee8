"""Why there is no plan: windows, funnel, the visit that is blocked, and relaxations that were solved."""

from datetime import date

import pytest

from planner.engine.check import check
from planner.engine.explain import Stage, explain, savings
from planner.engine.model import (
    Device,
    Gap,
    Infeasible,
    Pin,
    Plan,
    Practitioner,
    PreferredTime,
    Room,
    Visit,
    WeeklyHours,
)
from planner.engine.relaxations import Change, Relax, hard, soft
from planner.engine.series import solve
from tests.planner.engine.brute import reachable
from tests.planner.engine.build import MONDAY, OFFICE, at, diary, patient, problem, request
from tests.planner.engine.instances import problem_from

MORNINGS = tuple(WeeklyHours(day, 540, 720) for day in range(5))


def changes(why):
    return [(one.change.kind, one.change.amount) for one in why.relaxations]


def test_explain_has_nothing_to_say_about_a_plan():
    assert explain(problem()) is None


def test_funnel_counts_the_starts_left_at_each_stage():
    busy = [
        ("ana", at("2027-01-11T09:00Z"), at("2027-01-11T09:30Z")),
        ("one", at("2027-01-11T11:00Z"), at("2027-01-11T12:00Z")),
        ("pen", at("2027-01-11T09:00Z"), at("2027-01-11T11:00Z")),
    ]
    the_diary = diary(
        practitioners=(Practitioner("ana", MORNINGS),),
        devices=(Device("pen"),),
        opening_hours=OFFICE,
        busy=busy,
    )
    asked = request(
        1,
        visits=(Visit(60, device_pools=(("pen",),)),),
        latest=MONDAY,
        patient=patient(hours=(WeeklyHours(0, 540, 690),)),
    )
    why = explain(problem(the_diary, asked))
    assert (why.blocked, why.windows[0].first, why.windows[0].last) == (0, MONDAY, MONDAY)
    assert why.windows[0].starts == {
        Stage.OPEN: 29,  # 09:00 to 16:00
        Stage.PRACTITIONER: 7,  # 09:30 to 11:00
        Stage.PATIENT: 5,  # to 10:30
        Stage.ROOM: 3,  # to 10:00
        Stage.DEVICE: 0,
    }


def test_room_free_only_for_another_practitioner_does_not_count():
    people = (
        Practitioner("ana", MORNINGS, rooms=frozenset({"one"})),
        Practitioner("ben", (), rooms=frozenset({"two"})),
    )
    rooms = (Room("one", ()), Room("two"))
    why = explain(problem(diary(practitioners=people, rooms=rooms), request(1, latest=MONDAY)))
    starts = why.windows[0].starts
    assert (starts[Stage.PATIENT], starts[Stage.ROOM]) == (9, 0)


def test_explain_names_the_first_visit_no_earlier_ones_lead_to():
    closed = ((date(2027, 1, 18), date(2027, 1, 22)),)
    why = explain(problem(diary(closures=closed), request(3, latest=date(2027, 1, 12))))
    assert why.blocked == 1
    assert [(str(one.first), str(one.last)) for one in why.windows] == [
        ("2027-01-11", "2027-01-12"),
        ("2027-01-18", "2027-01-22"),
        ("2027-01-25", "2027-01-31"),
    ]
    assert why.windows[1].starts[Stage.OPEN] == 0
    assert why.windows[1].is_empty is False


def test_window_without_a_date_is_empty():
    why = explain(problem(the_request=request(3, finish_by=date(2027, 1, 20))))
    assert (why.blocked, [one.is_empty for one in why.windows]) == (2, [False, False, True])
    assert changes(why) == [(Relax.NO_FINISH_BY, None)]


def test_weekday_and_hours_may_be_widened():
    hours = (WeeklyHours(5, 540, 600), WeeklyHours(1, 480, 540))
    the_diary = diary(practitioners=(Practitioner("ana", MORNINGS[:4]),))
    why = explain(problem(the_diary, request(1, patient=patient(hours=hours))))
    assert changes(why) == [
        (Relax.WEEKDAY, 0),
        (Relax.ANY_WEEKDAY, None),
        (Relax.LATER, 60),
        (Relax.ANY_TIME, None),
        (Relax.WEEKDAY, 2),
        (Relax.WEEKDAY, 3),
    ]
    assert [one.gained for one in why.relaxations][:2] == [3, 9]


def test_every_limit_is_tried_alone():
    asked = request(
        2,
        visits=(Visit(60, practitioners=frozenset({"eve"})),) * 2,
        latest=MONDAY,
        finish_by=date(2027, 1, 30),
        pins=(Pin(1, practitioner="ana"),),
        patient=patient(hours=MORNINGS, blackouts=((date(2027, 1, 12), date(2027, 1, 13)),)),
    )
    tried = [(change.kind, change.amount) for change, _ in hard(problem(the_request=asked))]
    assert tried == [
        (Relax.WEEKDAY, 5),
        (Relax.WEEKDAY, 6),
        (Relax.ANY_WEEKDAY, None),
        (Relax.EARLIER, 60),
        (Relax.LATER, 60),
        (Relax.ANY_TIME, None),
        (Relax.ANY_PRACTITIONER, None),
        (Relax.LATER_START, 14),
        (Relax.NO_FINISH_BY, None),
        (Relax.NO_BLACKOUTS, None),
        (Relax.UNPIN, 1),
        (Relax.LONGER_GAP, 49),
    ]


def test_longer_gap_is_marked_and_comes_last_and_the_minimum_stays():
    away = (at("2027-01-18T00:00Z"), at("2027-01-23T00:00Z"))
    the_diary = diary(practitioners=(Practitioner("ana", OFFICE, (away,)),), last_date=date(2027, 3, 31))
    made = problem(the_diary, request(latest=MONDAY, gaps=(Gap(7, 7, 10),)), gap_abs=0)
    why = explain(made)
    assert [one.change for one in why.relaxations] == [
        Change(Relax.LATER_START, 14),
        Change(Relax.LONGER_GAP, 49, beyond_protocol=True),
    ]
    assert [relaxed.request.gaps[0].min_days for _, relaxed in hard(made)] == [7, 7]


def test_two_causes_at_once_leave_no_relaxation_and_it_is_said():
    asked = request(
        1,
        visits=(Visit(60, practitioners=frozenset({"eve"})),),
        patient=patient(blackouts=((MONDAY, date(2027, 1, 31)),)),
    )
    why = explain(problem(the_request=asked))
    assert (why.relaxations, why.several_causes) == ((), True)


@pytest.mark.sweep
@pytest.mark.parametrize("first", range(0, 150, 50))
def test_relaxations_hold_and_the_blocked_visit_is_the_first(first):
    for seed in range(first, first + 50):
        made = problem_from(seed)
        why = explain(made)
        if why is None:
            assert isinstance(solve(made), Plan)
            continue
        assert solve(made) == Infeasible(why.blocked)
        assert why.blocked == reachable(made)
        tried = dict(hard(made))
        for one in why.relaxations:
            assert check(tried[one.change], one.plan).cost == one.plan.cost
            assert check(tried[one.change], one.plan).ok
        for window in why.windows:
            counts = list(window.starts.values())
            assert counts[1:] == sorted(counts[1:], reverse=True)


def test_savings_say_what_each_wish_costs():
    wishes = patient(preferred_weekdays=frozenset({5}), preferred_times=(PreferredTime(17 * 60, 18 * 60),))
    made = problem(the_request=request(patient=wishes))
    found = savings(made, solve(made))
    assert [(one.change.kind, one.saved) for one in found] == [
        (Relax.NO_WISHED_WEEKDAYS, 30),
        (Relax.NO_WISHED_TIMES, 16),
    ]
    assert savings(made, solve(made), least=20) == found[:1]


def test_savings_include_hard_limits():
    made = problem(
        the_request=request(gaps=(Gap(7, 14, 17),), finish_by=date(2027, 1, 20), latest=date(2027, 1, 12))
    )
    found = savings(made, solve(made))
    assert [(one.change.kind, one.saved) for one in found] == [(Relax.NO_FINISH_BY, 50)]


def test_soft_wishes_are_only_those_that_weigh():
    assert [change.kind for change, _ in soft(problem(practitioner_change=0))] == []
    assert [change.kind for change, _ in soft(problem())] == [Relax.NO_CONTINUITY]


def test_window_of_the_blocked_visit_holds_only_dates_an_earlier_visit_leads_to():
    people = (Practitioner("ana", (WeeklyHours(0, 540, 600),)), Practitioner("ben", ()))
    visits = tuple(Visit(60, practitioners=frozenset({one.id})) for one in people)
    the_diary = diary(practitioners=people, opening_hours=OFFICE)
    why = explain(problem(the_diary, request(visits=visits, gaps=(Gap(7, 7, 7),))))
    window = why.windows[1]
    assert (why.blocked, window.first, window.last) == (1, date(2027, 1, 18), date(2027, 1, 25))
    assert (window.starts[Stage.OPEN], window.starts[Stage.PRACTITIONER]) == (2 * 29, 0)
