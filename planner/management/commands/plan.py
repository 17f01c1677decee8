"""Solves a planning problem from a file (series-plan/1, docs/planner.md) and prints the plan as JSON."""

from django.core.management.base import BaseCommand

from planner.engine.describe import why_sentences
from planner.engine.dump import placement_json, plan_json
from planner.engine.explain import Why, explain
from planner.engine.fields import FileError
from planner.engine.files import parse_problem
from planner.engine.model import Plan, Problem
from planner.engine.series import solve
from planner.management.planfiles import FOUND, REFUSED, finish, read, unreadable


class Command(BaseCommand):
    """Exit status: 0 a plan, 1 none exists, 2 the file cannot be read (the field is named)."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", help="a file, or - for standard input")
        parser.add_argument(
            "--explain", action="store_true", help="add the cost by term, or why there is no plan"
        )

    def handle(self, *, file: str, explain: bool, **options):
        try:
            problem = parse_problem(read(file))
        except FileError as error:
            unreadable(self, error)
        found = solve(problem)
        answer = plan_json(found, problem.diary.tz)
        if explain:
            answer |= _explained(problem, found)
        finish(self, answer, FOUND if isinstance(found, Plan) else REFUSED)


def _explained(problem: Problem, found) -> dict:
    if isinstance(found, Plan):
        return {"breakdown": {term.value: cost for term, cost in found.breakdown.items()}}
    why = explain(problem)
    return {} if why is None else {"why": _why(why, problem.diary.tz)}


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
