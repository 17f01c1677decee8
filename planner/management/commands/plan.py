"""Solves a planning problem from a file (docs/planner.md) and prints the plan as JSON."""

from time import monotonic

from django.core.management.base import BaseCommand

from planner.engine.describe import why_sentences
from planner.engine.dump import placement_json, plan_json
from planner.engine.explain import Why, explain
from planner.engine.fields import FileError
from planner.engine.files import parse_problem
from planner.engine.model import Plan, Problem
from planner.engine.repair import Repair, RepairProblem, repair
from planner.engine.repair_files import parse_repair, repair_json
from planner.engine.series import solve
from planner.management.planfiles import FOUND, REFUSED, finish, read, unreadable

SECONDS = 10  # for the proof of a repair


class Command(BaseCommand):
    """Exit status: 0 a plan, 1 none exists, 2 the file cannot be read (the field is named).

    With --repair: 1 when a course is left without a plan.
    """

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", help="a file, or - for standard input")
        parser.add_argument(
            "--explain", action="store_true", help="add the cost by term, or why there is no plan"
        )
        parser.add_argument("--repair", action="store_true", help="the file holds many courses")
        parser.add_argument("--seconds", type=float, default=SECONDS, help="time to prove a repair the best")

    def handle(self, *, file: str, explain: bool, repair: bool, seconds: float, **options):
        try:
            text = read(file)
            problem = parse_repair(text) if repair else parse_problem(text)
        except FileError as error:
            unreadable(self, error)
        if isinstance(problem, RepairProblem):
            self.repaired(problem, explain, seconds)
            return
        found = solve(problem)
        answer = plan_json(found, problem.diary.tz)
        if explain:
            answer |= _explained(problem, found)
        finish(self, answer, FOUND if isinstance(found, Plan) else REFUSED)

    def repaired(self, problem: RepairProblem, explain: bool, seconds: float):
        """Print the plans of all courses."""
        until = monotonic() + seconds
        found = repair(problem, lambda: until - monotonic())
        answer = repair_json(found, problem.diary.tz)
        if explain:
            answer |= _explained_repair(problem, found)
        finish(self, answer, FOUND if all(found.plans.values()) else REFUSED)


def _explained(problem: Problem, found) -> dict:
    if isinstance(found, Plan):
        return {"breakdown": {term.value: cost for term, cost in found.breakdown.items()}}
    why = explain(problem)
    return {} if why is None else {"why": _why(why, problem.diary.tz)}


def _explained_repair(problem: RepairProblem, found: Repair) -> dict:
    """The cost by term, and for each course left without a plan why it has none even alone, if so."""
    left = [one for one in problem.series if found.plans[one.id] is None]
    unplaced = sum(problem.unplaced * len(one.request.visits) for one in left)
    reasons = {one.id: explain(problem.problem_of(one)) for one in left}
    return {
        "breakdown": {term.value: cost for term, cost in found.breakdown.items()}
        | ({"unplaced": unplaced} if unplaced else {}),
        "why": {name: why and _why(why, problem.diary.tz) for name, why in reasons.items()},
    }


def _why(why: Why, tz: str) -> dict:
    return {
        "sentences": list(why_sentences(why)),
        "blocked": why.blocked,
        "windows": [
            {
                "first": window.first.isoformat(),
                "last": window.last.isoformat(),
                "starts": {stage.value: number for stage, number in window.starts.items()},
            }
            for window in why.windows
        ],
        "relaxations": [
            {
                "change": one.change.kind.value,
                "amount": one.change.amount,
                "beyond_protocol": one.change.beyond_protocol,
                "gained": one.gained,
                "cost": one.plan.cost,
                "sessions": [placement_json(visit, tz) for visit in one.plan.visits],
            }
            for one in why.relaxations
        ],
    }
