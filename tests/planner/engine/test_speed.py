"""A clinic of ordinary size is planned while somebody waits: well under a second."""

from time import process_time

import pytest

from planner.engine.check import check
from planner.engine.model import Plan
from planner.engine.proposals import proposals
from planner.engine.series import solve
from tests.planner.engine.clinics import medium_clinic

pytestmark = pytest.mark.sweep


def quickest(call, made):
    times = []
    for _ in range(3):
        begin = process_time()
        found = call(made)
        times.append(process_time() - begin)
    return min(times), found


def test_medium_clinic_is_planned_in_time():
    made = medium_clinic()
    seconds, plan = quickest(solve, made)
    assert isinstance(plan, Plan)
    assert check(made, plan).cost == plan.cost
    assert seconds < 0.3  # about 0.08 s on a quiet core of 2026


def test_three_proposals_of_a_medium_clinic_come_in_time():
    seconds, found = quickest(proposals, medium_clinic())
    assert found.best_fit.plan is not None
    assert seconds < 0.4  # about 0.10 s on a quiet core of 2026
