"""An independent reading of series-repair/1: each course by check.py, then all of them side by side.

Shares nothing with the solver but the values: the problem and the plans.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.engine.check import Broken, check
from planner.engine.model import Device, Diary, Placement, Plan, Practitioner, Role, Room

if TYPE_CHECKING:
    from planner.engine.repair import RepairProblem, Series

UNPLACED = "unplaced"  # the name of that cost in the breakdown


@dataclass(frozen=True, slots=True)
class RepairViolation:
    """A hard rule broken by a visit (0-based) of a course, or by the course as a whole (None).

    `other` is the course it collides with; a course without a plan or unknown breaks the rule COUNT.
    """

    rule: Broken
    series: str
    visit: int | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class RepairReport:
    """`cost` and `breakdown` are those of the plans, whether or not they are allowed."""

    ok: bool
    violations: tuple[RepairViolation, ...]
    cost: int
    breakdown: Mapping[str, int]


Plans = Mapping[str, Plan | Sequence[Placement] | None]
Use = tuple[str, int, int, str, int]  # resource, from, to, course, visit


def check_repair(problem: "RepairProblem", plans: Plans) -> RepairReport:
    """Check every course on its own and all together, and add up the cost."""
    broken = [RepairViolation(Broken.COUNT, name) for name in sorted(_strangers(problem, plans))]
    costs: Counter[str] = Counter()
    uses: list[Use] = []
    for one in problem.series:
        plan = plans.get(one.id)
        if plan is None:
            costs[UNPLACED] += problem.unplaced * len(one.request.visits)
            continue
        visits = plan.visits if isinstance(plan, Plan) else tuple(plan)
        report = check(problem.problem_of(one), visits)
        broken += [RepairViolation(found.rule, one.id, found.visit) for found in report.violations]
        costs.update({term.value: cost for term, cost in report.breakdown.items()})
        uses += _uses(problem.diary, one, visits)
    broken += _collisions(uses)
    breakdown = {name: cost for name, cost in costs.items() if cost}
    return RepairReport(not broken, tuple(broken), sum(breakdown.values()), breakdown)


def _strangers(problem: "RepairProblem", plans: Plans) -> set[str]:
    """Courses the answer says nothing about, and answers about no course."""
    return {one.id for one in problem.series} ^ set(plans)


def _uses(diary: Diary, series: "Series", visits: Sequence[Placement]) -> list[Use]:
    """Who and what a plan takes and when."""
    found: list[Use] = []
    everything: list[Practitioner | Room | Device] = [*diary.practitioners, *diary.rooms, *diary.devices]
    buffers = {one.id: one.buffers for one in everything}
    for index, (visit, placed) in enumerate(zip(series.request.visits, visits, strict=False)):
        roles = [(Role.PRACTITIONER, placed.practitioner), (Role.ROOM, placed.room)]
        roles += [(Role.DEVICE, device) for device in placed.devices]
        for role, one in roles:
            claim, (before, after) = visit.claim(role), buffers.get(one, (0, 0))
            begin, end = placed.minute + claim.begin - before, placed.minute + claim.end + after
            found.append((one, begin, end, series.id, index))
    return found


def _collisions(uses: list[Use]) -> list[RepairViolation]:
    """Two courses that take the same practitioner, room or device at one time, named at the later visit."""
    found: list[RepairViolation] = []
    busy: dict[str, list[Use]] = {}
    for use in sorted(uses):
        busy.setdefault(use[0], []).append(use)
    for rows in busy.values():
        for at, (_, _, end, name, _) in enumerate(rows):
            for _, begin, _, later, visit in rows[at + 1 :]:
                if begin >= end:
                    break
                if later != name:
                    found.append(RepairViolation(Broken.COLLISION, later, visit, name))
    return found
