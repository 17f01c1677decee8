"""Three proposals of one reading: each the optimum of its kind, none shown twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from planner.engine.availability import Availability
from planner.engine.calendar import day_number, weekday
from planner.engine.check import check
from planner.engine.model import (
    Gap,
    Infeasible,
    Kind,
    Plan,
    Practitioner,
    PreferredTime,
    Problem,
    WeeklyHours,
)
from planner.engine.proposals import proposals
from planner.engine.series import solve
from tests.planner.engine.build import MONDAY, OFFICE, at, diary, patient, problem, request, starts
from tests.planner.engine.instances import problem_from


def five_visits(**changes):
    ana = Practitioner("ana", OFFICE, absences=((at("2027-03-15T00:00Z"), at("2027-03-27T00:00Z")),))
    ben = Practitioner("ben", tuple(WeeklyHours(day, 540, 1020) for day in (0, 1, 3)))
    the_diary = diary(practitioners=(ana, ben), last_date=MONDAY + timedelta(days=230))
    wishes = patient(
        preferred_weekdays=frozenset({0, 1, 3}),
        preferred_times=(PreferredTime(15 * 60, 17 * 60),),
        preferred_practitioners=frozenset({"ana"}),
    )
    return problem(the_diary, request(5, gaps=(Gap(28, 35, 42),) * 4, patient=wishes, **changes))


def test_proposals_are_three_different_courses():
    found = proposals(five_visits())
    assert [str(visit.on) for visit in found.best_fit.plan.visits] == [
        "2027-01-18",  # a week later, so that nobody has to work round ana's absence
        "2027-02-22",
        "2027-03-29",
        "2027-05-03",
        "2027-06-07",
    ]
    assert [str(visit.on) for visit in found.soonest_finish.plan.visits] == [
        "2027-01-11",
        "2027-02-08",
        "2027-03-08",
        "2027-04-05",
        "2027-05-03",
    ]
    same = found.same_day_and_person
    assert (same.kind, same.same_as, same.runner_up) == (Kind.SAME_DAY_AND_PERSON, None, True)
    assert {visit.on.weekday() for visit in same.plan.visits} == {same.weekday}
    assert {visit.practitioner for visit in same.plan.visits} == {same.practitioner}
    assert found.starts > 0


def test_soonest_finish_weighs_a_day_of_the_finish_with_100():
    made = five_visits()
    plan = proposals(made).soonest_finish.plan
    weighed = replace(made, weights=replace(made.weights, finish_delay=100))
    assert (plan, check(weighed, plan).cost) == (solve(weighed), plan.cost)


def test_soonest_finish_is_not_shown_twice_when_the_best_fit_ends_as_soon():
    made = problem(the_request=request(latest=MONDAY, gaps=(Gap(7, 7, 10),)))
    found = proposals(made)
    assert (found.soonest_finish.same_as, found.soonest_finish.plan) == (Kind.BEST_FIT, found.best_fit.plan)


def test_same_day_and_person_is_the_best_fit_where_nothing_else_is():
    hours = (WeeklyHours(0, 540, 600),)
    pinned = diary(practitioners=(Practitioner("ana", hours),), last_date=date(2027, 1, 18))
    same = proposals(problem(pinned)).same_day_and_person
    assert (same.same_as, same.runner_up, same.weekday, same.practitioner) == (Kind.BEST_FIT, False, 0, "ana")


def test_same_day_and_person_may_not_exist():
    mondays, tuesdays = (WeeklyHours(0, 540, 600),), (WeeklyHours(1, 540, 600),)
    people = (Practitioner("ana", mondays), Practitioner("ben", tuesdays))
    the_diary = diary(practitioners=people)
    found = proposals(problem(the_diary, request(gaps=(Gap(8, 8, 8),), latest=date(2027, 1, 12))))
    assert starts(found.best_fit.plan) == ["2027-01-11T09:00Z", "2027-01-19T09:00Z"]
    assert found.same_day_and_person.plan is None


def test_proposals_of_an_impossible_course_say_where_it_ends():
    found = proposals(problem(the_request=request(finish_by=date(2027, 1, 17))))
    assert found.infeasible == Infeasible(blocked=1)
    assert [one.plan for one in (found.best_fit, found.soonest_finish, found.same_day_and_person)] == [
        None
    ] * 3


def held(made: Problem, on_weekday: int, person: str) -> Problem:
    """The problem with one weekday and one practitioner, by its hard rules."""
    practitioners = tuple(one for one in made.diary.practitioners if one.id == person)
    first = made.diary.first_date
    days = [first + timedelta(days=n) for n in range((made.diary.last_date - first).days + 1)]
    away = tuple((on, on) for on in days if on.weekday() != on_weekday)
    blackouts = (*made.request.patient.blackouts, *away)
    changed = replace(made.request, patient=replace(made.request.patient, blackouts=blackouts))
    return replace(made, diary=replace(made.diary, practitioners=practitioners), request=changed)


@pytest.mark.parametrize("seed", [7, 25, 30, 44, 57, 71, 93, 101, 118, 126])
def test_same_day_and_person_is_the_best_of_every_pair(seed):
    made = problem_from(seed)
    made = replace(made, request=replace(made.request, pins=()))
    found = proposals(made)
    costs = []
    for person in made.diary.practitioners:
        for on_weekday in range(7):
            plan = solve(held(made, on_weekday, person.id))
            costs += [plan.cost] if isinstance(plan, Plan) else []
    same = found.same_day_and_person
    if found.infeasible or not costs:
        assert same.plan is None
    elif not same.runner_up and same.same_as is None:
        assert same.plan.cost == min(costs)
        assert {weekday(day_number(visit.on)) for visit in same.plan.visits} == {same.weekday}
    else:
        assert check(made, same.plan).cost >= min(costs)
    for one in (found.best_fit, found.soonest_finish, same):
        assert one.plan is None or check(made, one.plan).ok


def test_proposals_use_a_reading_they_are_given():
    made = five_visits()
    assert proposals(made, Availability(made)) == proposals(made)


def test_same_day_and_person_is_the_next_best_pair_when_the_best_is_the_best_fit():
    made = five_visits()
    plans = [solve(held(made, day, person.id)) for day in range(7) for person in made.diary.practitioners]
    best, second, *_ = sorted((plan for plan in plans if isinstance(plan, Plan)), key=lambda plan: plan.cost)
    found = proposals(made)
    assert starts(found.best_fit.plan) == starts(best)
    assert (found.same_day_and_person.plan.cost, starts(found.same_day_and_person.plan)) == (
        second.cost,
        starts(second),
    )
