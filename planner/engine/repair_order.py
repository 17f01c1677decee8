"""In which order the plans of a repair can be written one by one, no course taking a place not yet left."""

from collections.abc import Mapping

from planner.engine.model import Claimed, Diary, Plan, Request, Role
from planner.engine.repair import RepairProblem, claimed, claims_of


def steps(problem: RepairProblem, plans: Mapping[str, Plan | None]) -> tuple[tuple[str, ...], ...]:
    """Groups of courses in the order they can be written; those of a group only together.

    A course waits for every other one that still holds a place it goes to. Courses without a plan keep what
    they have and are in no group: a course that would need their place is in none either.
    """
    waits = _waits(problem, plans)
    stuck = {one for one in waits if plans[one] is None}
    while True:
        more = {one for one in waits if one not in stuck and waits[one] & stuck}
        if not more:
            break
        stuck |= more
    reach = {one: _reach(one, waits) for one in waits if one not in stuck}
    groups: list[tuple[str, ...]] = []
    for one in sorted(reach, key=lambda name: (len(reach[name]), name)):
        if not any(one in group for group in groups):
            groups.append(tuple(sorted({one, *(other for other in reach[one] if one in reach[other])})))
    return tuple(groups)


def _waits(problem: RepairProblem, plans: Mapping[str, Plan | None]) -> dict[str, set[str]]:
    """For each course those whose booked places its plan needs."""
    held = {one.id: _booked_claims(problem.diary, one.request) for one in problem.series}
    found: dict[str, set[str]] = {}
    for one in problem.series:
        plan = plans[one.id]
        visits = plan.visits if plan else ()
        wanted = [
            row
            for visit, at in zip(one.request.visits, visits, strict=False)
            for row in claims_of(problem.diary, visit, at)
        ]
        found[one.id] = {
            other
            for other, rows in held.items()
            if other != one.id and any(_clash(mine, theirs) for mine in wanted for theirs in rows)
        }
    return found


def _booked_claims(diary: Diary, request: Request) -> list[Claimed]:
    found: list[Claimed] = []
    for visit, booked in zip(request.visits, request.current or (), strict=False):
        if booked is None:
            continue
        used = [(booked.practitioner, Role.PRACTITIONER), (booked.room, Role.ROOM)]
        used += [(device, Role.DEVICE) for device in booked.devices]
        for one, role in used:
            if one is not None:
                found.append(claimed(diary, visit, role, one, booked.start))
    return found


def _clash(mine: Claimed, theirs: Claimed) -> bool:
    return mine[0] == theirs[0] and mine[1] < theirs[2] and theirs[1] < mine[2]


def _reach(one: str, waits: Mapping[str, set[str]]) -> set[str]:
    """Every course that a course waits for, directly or not."""
    found: set[str] = set()
    ahead = list(waits[one])
    while ahead:
        other = ahead.pop()
        if other not in found:
            found.add(other)
            ahead += waits[other]
    return found
