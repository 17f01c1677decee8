"""Judges a plan with code that shares nothing with the solver; prints the report as JSON."""

from django.core.management.base import BaseCommand

from planner.engine.check import check
from planner.engine.check_repair import check_repair
from planner.engine.dump import report_json
from planner.engine.fields import FileError
from planner.engine.files import parse_problem, parse_solution
from planner.engine.repair_files import is_repair, parse_plans, parse_repair, repair_report_json
from planner.management.planfiles import FOUND, REFUSED, finish, read, unreadable


class Command(BaseCommand):
    """Exit status: 0 the plan holds, 1 it breaks a rule, 2 a file cannot be read (the field is named)."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", help="the problem, of one course or of many")
        parser.add_argument("solution", help="the plan; one of the two may be - for standard input")

    def handle(self, *, file: str, solution: str, **options):
        try:
            ok, answer = _judged(read(file), read(solution))
        except FileError as error:
            unreadable(self, error)
        finish(self, answer, FOUND if ok else REFUSED)


def _judged(problem: str, solution: str) -> tuple[bool, dict]:
    """Whether the solution holds, and the report."""
    if is_repair(problem):
        many = parse_repair(problem)
        found = check_repair(many, parse_plans(solution, many))
        return found.ok, repair_report_json(found)
    one = parse_problem(problem)
    report = check(one, parse_solution(solution, one))
    return report.ok, report_json(report)
