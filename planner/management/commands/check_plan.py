"""Judges a plan with code that shares nothing with the solver; prints the report as JSON."""

from django.core.management.base import BaseCommand

from planner.engine.check import check
from planner.engine.dump import report_json
from planner.engine.fields import FileError
from planner.engine.files import parse_problem, parse_solution
from planner.management.planfiles import FOUND, REFUSED, finish, read, unreadable


class Command(BaseCommand):
    """Exit status: 0 the plan holds, 1 it breaks a rule, 2 a file cannot be read (the field is named)."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", help="the problem")
        parser.add_argument("solution", help="the plan; one of the two may be - for standard input")

    def handle(self, *, file: str, solution: str, **options):
        try:
            problem = parse_problem(read(file))
            plan = parse_solution(read(solution), problem)
        except FileError as error:
            unreadable(self, error)
        report = check(problem, plan)
        finish(self, report_json(report), FOUND if report.ok else REFUSED)
