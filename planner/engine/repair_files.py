"""series-repair/1: many courses on one diary as a JSON file, and their plans as the answer."""

from dataclasses import asdict

from planner.engine.check_repair import RepairReport
from planner.engine.dump import Json, diary_json, placement_json, request_json
from planner.engine.fields import Node, built, json_object
from planner.engine.files import Reader, placements
from planner.engine.model import Placement
from planner.engine.repair import UNPLACED, Repair, RepairProblem, Series


def is_repair(text: str) -> bool:
    """Whether a file is about many courses; raises FileError when it is no JSON object."""
    return "series" in json_object(text)


def parse_repair(text: str) -> RepairProblem:
    """The problem in a series-repair/1 file; raises FileError with the path of the field."""
    return _Reader(json_object(text)).repair()


class _Reader(Reader):
    def repair(self) -> RepairProblem:
        weights = self.root.at("weights")
        diary, known = self.diary(), self.weights("unplaced")
        unplaced = weights.at("unplaced").whole() if weights.has("unplaced") else UNPLACED
        series = tuple(self.series(item) for item in self.root.at("series").items())
        return built(self.root, lambda: RepairProblem(diary, series, known, unplaced))

    def series(self, node: Node) -> Series:
        return Series(node.at("id").text(), self.request(node.at("request")))


def parse_plans(text: str, problem: RepairProblem) -> dict[str, tuple[Placement, ...] | None]:
    """The plans of a solution file, for check_repair.check_repair."""
    node = Node("", json_object(text)).at("plans")
    if not isinstance(node.value, dict):
        raise node.fail("must be an object" if node.value is not None else "is missing")
    return {
        name: placements(node.at(name), problem.diary.tz) if plan is not None else None
        for name, plan in node.value.items()
    }


def repair_problem_json(problem: RepairProblem) -> Json:
    """The problem as one JSON object; parse_repair reads the same problem from it."""
    return {
        **diary_json(problem.diary),
        "series": [{"id": one.id, "request": request_json(one.request)} for one in problem.series],
        "weights": {**asdict(problem.weights), "unplaced": problem.unplaced},
    }


def repair_json(found: Repair, tz: str) -> Json:
    """What the command `plan --repair` prints, without what it explains."""
    plans = {
        name: None if plan is None else [placement_json(visit, tz) for visit in plan.visits]
        for name, plan in found.plans.items()
    }
    return {"status": found.status, "cost": found.cost, "bound": found.bound, "plans": plans}


def repair_report_json(report: RepairReport) -> Json:
    """What the command `check_plan` prints about plans of many courses; visits are counted from 0."""
    return {
        "ok": report.ok,
        "violations": [
            {"rule": one.rule.value, "series": one.series, "session": one.visit, "with": one.other}
            for one in report.violations
        ],
        "cost": report.cost,
        "breakdown": dict(report.breakdown),
    }
