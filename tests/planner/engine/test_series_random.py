"""The solver against trying everything, on problems drawn from seeds: same cost, no rule broken."""

import pytest

from planner.engine.check import check
from planner.engine.model import Infeasible
from planner.engine.series import solve
from tests.planner.engine.brute import cheapest, reachable
from tests.planner.engine.instances import problem_from

pytestmark = pytest.mark.sweep

BATCH = 63
HEAVY = {371, 482, 511, 532, 578, 680, 775, 820}  # brute force takes too long for every day


def assert_optimal(seed: int) -> None:
    problem = problem_from(seed)
    found, least = solve(problem), cheapest(problem)
    if isinstance(found, Infeasible):
        assert (seed, least) == (seed, None)
        assert (seed, found.blocked) == (seed, reachable(problem))
        return
    report = check(problem, found)
    assert (seed, report.violations) == (seed, ())
    assert (seed, found.cost, found.cost) == (seed, least, report.cost)
    assert (seed, found.breakdown) == (seed, report.breakdown)


@pytest.mark.parametrize("first", range(0, 1008, BATCH))
def test_solve_costs_what_brute_force_finds(first):
    for seed in sorted(set(range(first, first + BATCH)) - HEAVY):
        assert_optimal(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1008, 10_080, 8 * BATCH))
def test_solve_costs_what_brute_force_finds_at_full_size(first):
    for seed in range(first, first + 8 * BATCH):
        assert_optimal(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", sorted(HEAVY))
def test_solve_costs_what_brute_force_finds_on_heavy_problems(seed):
    assert_optimal(seed)
