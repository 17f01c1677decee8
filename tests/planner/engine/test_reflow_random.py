"""Re-flow against trying everything, on booked courses to which something happens: the same least cost."""

from itertools import product

import pytest

from planner.engine.check import Checker, check
from planner.engine.departures import Reason, departures
from planner.engine.model import Infeasible, Placement
from planner.engine.reflow import LATE_DAY, held, reflow, replanning, tolerant
from tests.planner.engine.brute import cheapest
from tests.planner.engine.test_reflow_properties import EVENTS, after, booked_course

pytestmark = pytest.mark.sweep

BATCH = 40
WINDOW = {Reason.TOO_EARLY, Reason.TOO_LATE}  # follow from the other visits as well


def assert_least_disruption(seed: int) -> None:
    made = booked_course(seed)
    if made is None:
        return
    made = after(made, EVENTS[seed % len(EVENTS)], seed * 7919 % 1000)
    asked = replanning(made)
    reasons = departures(asked)
    assert_reasons(seed, asked, reasons)
    found = reflow(made)
    least = cheapest(held(asked, reasons))
    if least is None:
        least = cheapest(tolerant(asked))
    if least is None:
        assert (seed, isinstance(found, Infeasible) or found.plan.cost >= LATE_DAY) == (seed, True)
        return
    report = check(found.problem, found.plan)
    assert (seed, report.violations, report.cost) == (seed, (), least)


def assert_reasons(seed: int, asked, reasons) -> None:
    """A place that holds breaks no rule in some room, one that is lost breaks one in every room."""
    checker = Checker(asked)
    for index, (booked, reason) in enumerate(zip(asked.request.current or (), reasons, strict=False)):
        if booked is None or booked.practitioner is None or reason in WINDOW:
            continue
        broken = [
            any(checker.broken_alone(index, one)) for one in _in_every_room(asked, checker, index, booked)
        ]
        assert (seed, index, reason is None) == (seed, index, not all(broken))


def _in_every_room(asked, checker: Checker, index: int, booked):
    on = checker.local(booked.start).date()
    for room in asked.diary.rooms:
        for devices in product(*asked.request.visits[index].device_pools):
            yield Placement(booked.start, on, booked.practitioner, room.id, devices, {})


@pytest.mark.parametrize("first", range(0, 400, BATCH))
def test_reflow_costs_what_brute_force_finds(first):
    for seed in range(first, first + BATCH):
        assert_least_disruption(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(400, 10_000, 10 * BATCH))
def test_reflow_costs_what_brute_force_finds_at_full_size(first):
    for seed in range(first, first + 10 * BATCH):
        assert_least_disruption(seed)
