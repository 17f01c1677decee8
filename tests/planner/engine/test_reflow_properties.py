"""What holds for every re-flow of a booked course, whatever Hypothesis thinks of."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.engine import events
from planner.engine.check import Broken, check
from planner.engine.model import Booked, Gap, Infeasible, Plan, Problem
from planner.engine.reflow import LATE_DAY, Reflow, reflow
from planner.engine.series import solve
from tests.planner.engine.instances import base_minute, problem_from

pytestmark = pytest.mark.sweep

seeds = st.integers(min_value=0, max_value=2**32)
picks = st.integers(min_value=0, max_value=2**16)
EVENTS = ("move", "cancel", "defer", "attend", "close", "gaps", "length", "away", "claim")


def booked_course(seed: int) -> Problem | None:
    """A problem whose plan has been booked as the solver proposed it."""
    made = problem_from(seed)
    found = solve(made)
    if isinstance(found, Infeasible):
        return None
    return with_current(made, found)


def with_current(problem: Problem, plan: Plan) -> Problem:
    current = tuple(Booked(one.minute, one.practitioner, one.room) for one in plan.visits)
    return replace(problem, request=replace(problem.request, current=current))


def after(problem: Problem, event: str, pick: int) -> Problem:
    """The problem after something has happened to it."""
    diary, request = problem.diary, problem.request
    index = pick % len(request.visits)
    day = diary.first_date + timedelta(days=pick % 12)
    booked = request.current[index]
    if event == "move":
        return events.moved(problem, index, Booked(booked.start + (pick % 9 - 4) * 24 * 60))
    if event == "cancel":
        return events.given_up(problem, index)
    if event == "defer":
        return events.deferred(problem, day)
    if event == "attend" and request.gaps:
        return events.attended(problem, day - timedelta(days=3), diary.practitioners[0].id)
    if event == "close":
        return events.closed(problem, (day, day + timedelta(days=pick % 3)))
    if event == "gaps":
        return events.with_gaps(problem, Gap(2 + pick % 2, 3, 4 + pick % 5))
    if event == "length":
        visits = tuple(replace(visit, minutes=visit.minutes + 15) for visit in request.visits)
        return events.with_visits(problem, visits)
    who = booked.practitioner if event == "away" else booked.room
    begin = base_minute(diary.tz, diary.first_date) + pick % 12 * 24 * 60
    claim = (who, begin, begin + pick % 4 * 24 * 60 + 300)
    return replace(problem, diary=replace(diary, busy=[*diary.busy, claim]))


@settings(max_examples=250)
@given(seed=seeds, event=st.sampled_from(EVENTS), pick=picks)
def test_reflow_keeps_every_hard_rule_and_is_idempotent(seed, event, pick):
    made = booked_course(seed)
    assume(made is not None)
    made = after(made, event, pick)
    found = reflow(made)
    if isinstance(found, Infeasible):
        assert isinstance(solve(made), Infeasible)
        return
    report = check(found.problem, found.plan)
    assert (report.violations, report.cost, report.breakdown) == ((), found.plan.cost, found.plan.breakdown)
    strict = {one.rule for one in check(made, found.plan).violations}
    assert strict == ({Broken.GAP} if any(one.late_days for one in found.changes) else set())
    if not strict:
        again = reflow(with_current(made, found.plan))
        assert again.nothing_changes
        assert [one.minute for one in again.plan.visits] == [one.minute for one in found.plan.visits]


@settings(max_examples=150)
@given(seed=seeds)
def test_reflow_without_an_event_moves_nothing(seed):
    made = booked_course(seed)
    assume(made is not None)
    found = reflow(made)
    assert found.nothing_changes
    assert [one.minute for one in found.plan.visits] == [one.start for one in made.request.current]


@settings(max_examples=150)
@given(seed=seeds, event=st.sampled_from(EVENTS), pick=picks)
def test_a_visit_that_could_stay_beside_the_others_is_not_moved(seed, event, pick):
    made = booked_course(seed)
    assume(made is not None)
    made = after(made, event, pick)
    found = reflow(made)
    assume(isinstance(found, Reflow) and not any(one.late_days for one in found.changes))
    for change in found.moved:
        before = change.before
        if before.practitioner is None or before.room is None:
            continue
        back = replace(
            change.after,
            minute=before.start,
            practitioner=before.practitioner,
            room=before.room,
        )
        visits = [back if one is change.after else one for one in found.plan.visits]
        assert check(found.problem, visits).violations


@settings(max_examples=150)
@given(seed=seeds, event=st.sampled_from(EVENTS), pick=picks)
def test_a_longest_gap_is_exceeded_only_where_no_plan_keeps_it(seed, event, pick):
    made = booked_course(seed)
    assume(made is not None)
    made = after(made, event, pick)
    found = reflow(made)
    if isinstance(found, Reflow) and any(one.late_days for one in found.changes):
        assert isinstance(solve(made), Infeasible)
        assert found.plan.cost >= LATE_DAY


@settings(max_examples=100)
@given(seed=seeds, event=st.sampled_from(("away", "claim", "close")), pick=picks, other=picks)
def test_a_further_claim_never_makes_a_reflow_cheaper(seed, event, pick, other):
    made = booked_course(seed)
    assume(made is not None)
    made = after(made, event, pick)
    before, later = reflow(made), reflow(after(made, "claim", other))
    if isinstance(before, Infeasible):
        assert isinstance(later, Infeasible)
    elif isinstance(later, Reflow) and comparable(before, later):
        assert later.plan.cost >= before.plan.cost


def comparable(before: Reflow, later: Reflow) -> bool:
    """Whether both have one price list, and no visit moves later that stayed before.

    A visit that can stay does, whatever that costs the others; once it cannot, the course may become cheaper.
    """
    pairs = zip(before.changes, later.changes, strict=True)
    same = before.problem.request == later.problem.request
    return same and all(then.stays or not now.stays for now, then in pairs)
