"""Tiny repairs drawn from a seed, crowded so that courses clash, and their optimum by trying everything."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import product

from planner.engine.check import Broken, Checker
from planner.engine.model import Booked, Gap, Pin, Placement, Problem, Role
from planner.engine.repair import RepairProblem, Series
from tests.planner.engine.brute import local_starts
from tests.planner.engine.instances import problem_from

TINY = 400  # plans of one course; more are too many to try


def repair_from(seed: int) -> RepairProblem:
    """Two to four courses of one or two visits that want the same few days."""
    rnd = random.Random(seed)  # noqa: S311 - not for secrets
    made = problem_from(seed)
    first = made.diary.first_date
    diary = replace(
        made.diary,
        last_date=first + timedelta(days=rnd.randint(1, 4)),
        grid_minutes=rnd.choice([60, 120]),
        not_before=None,
        practitioners=made.diary.practitioners[: rnd.choice([1, 1, 2])],
        rooms=made.diary.rooms[: rnd.choice([1, 2])],
    )
    known = {one.id for kind in (diary.practitioners, diary.rooms, diary.devices) for one in kind}
    diary = replace(diary, busy=[row for row in diary.busy if row[0] in known])
    series = tuple(Series(f"s{at}", _request(rnd, made, diary)) for at in range(rnd.randint(2, 4)))
    return RepairProblem(diary, series, made.weights, rnd.choice([60, 1000]))


def _request(rnd: random.Random, made: Problem, diary):
    count = rnd.choice([1, 1, 2])
    visit = replace(made.request.visits[0], practitioners=None, rooms=None)
    starts = local_starts(diary.tz, diary.first_date, diary.last_date, diary.grid_minutes)
    people, rooms = [one.id for one in diary.practitioners], [one.id for one in diary.rooms]
    current = tuple(Booked(rnd.choice(starts), rnd.choice(people), rnd.choice(rooms)) for _ in range(count))
    pins = (
        (Pin(0, start=current[0].start, practitioner=current[0].practitioner),) if rnd.random() < 0.1 else ()
    )
    return replace(
        made.request,
        visits=(visit,) * count,
        gaps=(Gap(2, 2, rnd.choice([2, 3])),) * (count - 1),
        earliest=diary.first_date,
        latest=None,
        finish_by=None,
        previous=None,
        pins=pins,
        current=current if rnd.random() < 0.7 else None,
    )


def cheapest_repair(problem: RepairProblem) -> int | None:
    """The least cost of all courses together; None when a course has too many plans to try."""
    plans = [_plans(problem.problem_of(one)) for one in problem.series]
    if any(found is None for found in plans):
        return None
    left_out = [problem.unplaced * len(one.request.visits) for one in problem.series]
    options = [
        sorted([*found, (cost, [])], key=lambda one: one[0])
        for found, cost in zip(plans, left_out, strict=True)
    ]
    return _best(options, 0, [], None)


def _best(options, cost: int, taken: list, best: int | None) -> int | None:
    if not options:
        return cost
    later = sum(some[0][0] for some in options[1:])
    for own, claims in options[0]:
        if best is not None and cost + own + later >= best:
            break
        if any(_clash(one, other) for one in claims for other in taken):
            continue
        found = _best(options[1:], cost + own, taken + claims, best)
        best = found if best is None or (found is not None and found < best) else best
    return best


def _clash(one, other) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _plans(problem: Problem):
    """Every allowed plan of one course: its cost and what it takes."""
    checker = Checker(problem)
    places = [_places(checker, index) for index in range(len(problem.request.visits))]
    if len(places[0]) * (len(places[1]) if len(places) > 1 else 1) > TINY**2:
        return None
    found = []
    for visits in product(*places):
        if any(rule for index in range(len(visits)) for rule in checker.broken_chain(index, visits)):
            continue
        cost = sum(
            sum(checker.own_costs(index, visit).values()) + sum(checker.chain_costs(index, visits).values())
            for index, visit in enumerate(visits)
        )
        found.append(
            (cost, [row for index, visit in enumerate(visits) for row in _claims(checker, index, visit)])
        )
        if len(found) > TINY:
            return None
    return found


def _claims(checker: Checker, index: int, placed: Placement):
    visit = checker.problem.request.visits[index]
    roles = [(placed.practitioner, Role.PRACTITIONER), (placed.room, Role.ROOM)]
    roles += [(device, Role.DEVICE) for device in placed.devices]
    found = []
    for one, role in roles:
        claim, (before, after) = visit.claim(role), checker.buffers[one]
        found.append((one, placed.minute + claim.begin - before, placed.minute + claim.end + after))
    return found


def _places(checker: Checker, index: int) -> list[Placement]:
    diary, visit = checker.problem.diary, checker.problem.request.visits[index]
    found = []
    for minute in local_starts(diary.tz, diary.first_date, diary.last_date, diary.grid_minutes):
        on = checker.local(minute).date()
        for person, room in product(diary.practitioners, diary.rooms):
            for devices in product(*visit.device_pools):
                placed = Placement(minute, on, person.id, room.id, devices, {})
                broken = set(checker.broken_alone(index, placed))
                if not broken:
                    found.append(placed)
                if broken & {Broken.PRACTITIONER_BUSY, Broken.PATIENT_BUSY}:
                    break
    return found
