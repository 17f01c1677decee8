"""What holds for every problem, whatever Hypothesis thinks of."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.engine.check import check
from planner.engine.model import Infeasible, Plan
from planner.engine.proposals import proposals
from planner.engine.series import solve
from tests.planner.engine.instances import base_minute, problem_from

pytestmark = pytest.mark.sweep

seeds = st.integers(min_value=0, max_value=2**32)


@settings(max_examples=150)
@given(seeds)
def test_no_visit_breaks_a_hard_rule(seed):
    made = problem_from(seed)
    plan = solve(made)
    if isinstance(plan, Plan):
        report = check(made, plan)
        assert (report.violations, report.cost, report.breakdown) == ((), plan.cost, plan.breakdown)


@settings(max_examples=150)
@given(
    seed=seeds,
    who=st.integers(min_value=0, max_value=20),
    begin=st.integers(min_value=-300, max_value=15 * 1440),
    minutes=st.integers(min_value=1, max_value=3000),
)
def test_a_new_claim_never_lowers_the_cost(seed, who, begin, minutes):
    made = problem_from(seed)
    # a claim changes the rests around a practitioner's free time, which are a matter of taste, not of room
    made = replace(made, weights=replace(made.weights, fragment=0))
    everyone = [*made.diary.practitioners, *made.diary.rooms, *made.diary.devices]
    start = base_minute(made.diary.tz, made.diary.first_date) + begin
    claim = (everyone[who % len(everyone)].id, start, start + minutes)
    fuller = replace(made, diary=replace(made.diary, busy=[*made.diary.busy, claim]))
    before, after = solve(made), solve(fuller)
    if isinstance(before, Infeasible):
        assert isinstance(after, Infeasible)
    elif isinstance(after, Plan):
        assert after.cost >= before.cost


@settings(max_examples=60)
@given(seeds)
def test_every_proposal_keeps_the_hard_rules(seed):
    made = problem_from(seed)
    found = proposals(made)
    for one in (found.best_fit, found.soonest_finish, found.same_day_and_person):
        if one.plan is not None:
            assert check(made, one.plan).violations == ()
            assert check(made, one.plan).cost >= found.best_fit.plan.cost
    if found.best_fit.plan is not None:
        assert found.soonest_finish.plan.visits[-1].on <= found.best_fit.plan.visits[-1].on
