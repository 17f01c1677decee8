"""Other starts for one visit: allowed, priced as the checker prices them, cheapest first."""

from dataclasses import replace

import pytest

from planner.engine.alternatives import alternatives
from planner.engine.check import check
from planner.engine.model import Gap, Infeasible, Practitioner, WeeklyHours
from planner.engine.series import solve
from tests.planner.engine.build import MONDAY, at, diary, iso, problem, request
from tests.planner.engine.instances import problem_from


def course():
    hours = tuple(WeeklyHours(day, 540, 660) for day in range(3))
    return problem(
        diary(practitioners=(Practitioner("ana", hours),)), request(latest=MONDAY, gaps=(Gap(7, 7, 8),))
    )


def test_alternatives_are_ranked_by_what_they_cost_more():
    made = course()
    found = alternatives(made, solve(made), 1)
    assert [(iso(one.placement.minute), one.extra, one.cost) for one in found] == [
        ("2027-01-18T09:30Z", 0, 0),
        ("2027-01-18T10:00Z", 0, 0),
        ("2027-01-18T09:15Z", 3, 3),
        ("2027-01-18T09:45Z", 3, 3),
        ("2027-01-19T09:00Z", 10, 10),
        ("2027-01-19T09:30Z", 10, 10),
        ("2027-01-19T10:00Z", 10, 10),
        ("2027-01-19T09:15Z", 13, 13),
        ("2027-01-19T09:45Z", 13, 13),
    ]
    assert [one.placement.minute for one in alternatives(made, solve(made), 1, limit=2)] == [
        at("2027-01-18T09:30Z"),
        at("2027-01-18T10:00Z"),
    ]


def test_alternatives_of_a_slot_just_taken():
    made = course()
    plan = solve(made)
    taken = [("ana", at("2027-01-18T09:00Z"), at("2027-01-18T10:00Z"))]
    now = replace(made, diary=replace(made.diary, busy=taken))
    assert iso(alternatives(now, plan, 1)[0].placement.minute) == "2027-01-18T10:00Z"


def test_alternatives_offer_the_same_start_with_another_practitioner():
    hours = (WeeklyHours(0, 540, 600),)
    people = (Practitioner("ana", hours), Practitioner("ben", hours))
    made = problem(diary(practitioners=people), request(latest=MONDAY, gaps=(Gap(7, 7, 7),)))
    found = alternatives(made, solve(made), 1)
    assert [(iso(one.placement.minute), one.placement.practitioner, one.extra) for one in found] == [
        ("2027-01-18T09:00Z", "ben", 30)
    ]


@pytest.mark.sweep
@pytest.mark.parametrize("first", range(0, 160, 40))
def test_alternatives_cost_what_the_checker_says(first):
    for seed in range(first, first + 40):
        made = problem_from(seed)
        plan = solve(made)
        if isinstance(plan, Infeasible):
            continue
        for index in range(len(plan.visits)):
            for one in alternatives(made, plan, index, limit=40):
                visits = (*plan.visits[:index], one.placement, *plan.visits[index + 1 :])
                report = check(made, visits)
                assert (seed, report.violations, report.cost) == (seed, (), one.cost)
                assert one.extra == one.cost - plan.cost >= 0
