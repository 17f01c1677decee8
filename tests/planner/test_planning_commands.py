"""manage.py plan and check_plan: a problem as a file, solved, judged and explained from the command line."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from planner.engine.dump import problem_json
from planner.engine.model import PatientTimes, WeeklyHours
from planner.engine.repair import RepairProblem
from planner.engine.repair_files import parse_repair, repair_problem_json
from tests.planner.engine.build import problem, request
from tests.planner.engine.repairs import repair_from


def written(tmp_path: Path, made, name: str = "problem.json") -> str:
    file = tmp_path / name
    file.write_text(json.dumps(problem_json(made)))
    return str(file)


def ran(*arguments: str, **options) -> tuple[int, dict]:
    """The exit status and the printed JSON of a command."""
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out, **options)
    except SystemExit as stopped:
        return int(stopped.code), json.loads(out.getvalue() or "{}")
    return 0, json.loads(out.getvalue())


def impossible():
    nights = (WeeklyHours(0, 0, 60),)
    return problem(None, request(patient=PatientTimes(hours=nights)))


def test_plan_prints_the_optimum_and_check_plan_agrees(tmp_path):
    file = written(tmp_path, problem())
    status, answer = ran("plan", file, explain=True)
    assert status == 0
    assert (answer["status"], answer["cost"], answer["bound"]) == ("optimal", 0, 0)
    assert [visit["start"] for visit in answer["sessions"]] == [
        "2027-01-11T09:00+00:00",
        "2027-01-18T09:00+00:00",
    ]
    assert answer["breakdown"] == {}
    solution = tmp_path / "solution.json"
    solution.write_text(json.dumps(answer))
    assert ran("check_plan", file, str(solution)) == (
        0,
        {"ok": True, "violations": [], "cost": 0, "breakdown": {}},
    )


def test_check_plan_names_what_a_plan_breaks(tmp_path):
    file = written(tmp_path, problem())
    _, answer = ran("plan", file)
    answer["sessions"][1]["start"] = "2027-01-13T09:00+00:00"
    solution = tmp_path / "solution.json"
    solution.write_text(json.dumps(answer["sessions"]))
    status, report = ran("check_plan", file, str(solution))
    assert (status, report["ok"], report["violations"]) == (1, False, [{"rule": "gap", "session": 1}])


def test_plan_explains_why_there_is_none(tmp_path):
    status, answer = ran("plan", written(tmp_path, impossible()), explain=True)
    assert (status, answer["status"], answer["cost"], answer["sessions"]) == (1, "infeasible", None, [])
    assert answer["why"]["blocked"] == 0
    assert [one["change"] for one in answer["why"]["relaxations"]] == ["any_time"]
    assert answer["why"]["sentences"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "file: is not JSON"),
        ('{"tz": "Mars/Base"}', "tz"),
        ('{"tz": "Europe/London"}', "horizon: must be an object"),
    ],
)
def test_plan_names_the_field_that_is_wrong(tmp_path, text, words):
    file, said = tmp_path / "bad.json", io.StringIO()
    file.write_text(text)
    with pytest.raises(SystemExit) as stopped:
        call_command("plan", str(file), stderr=said)
    assert stopped.value.code == 2
    assert words in said.getvalue()


def test_plan_of_a_file_that_is_not_there_says_so(tmp_path):
    said = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("plan", str(tmp_path / "none.json"), stderr=said)
    assert (stopped.value.code, "cannot be read" in said.getvalue()) == (2, True)


def test_plan_reads_standard_input(tmp_path):
    text = json.dumps(problem_json(problem()))
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "manage.py", "plan", "-"],
        input=text,
        capture_output=True,
        text=True,
        cwd=root,
        env={"NEEDLEPLAN_DEBUG": "1", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert (done.returncode, json.loads(done.stdout)["status"], done.stderr) == (0, "optimal", "")


def written_repair(tmp_path: Path, made: RepairProblem) -> str:
    file = tmp_path / "repair.json"
    file.write_text(json.dumps(repair_problem_json(made)))
    return str(file)


def test_plan_repairs_many_courses_and_check_plan_agrees(tmp_path):
    file = written_repair(tmp_path, repair_from(25))
    status, answer = ran("plan", file, repair=True, explain=True)
    assert (status, answer["status"], answer["cost"]) == (0, "optimal", answer["bound"])
    assert sum(answer["breakdown"].values()) == answer["cost"]
    solution = tmp_path / "solution.json"
    solution.write_text(json.dumps(answer))
    told = {"ok": True, "violations": [], "cost": answer["cost"], "breakdown": answer["breakdown"]}
    assert ran("check_plan", file, str(solution)) == (0, told)
    first, second = list(answer["plans"])[:2]
    answer["plans"][first] = answer["plans"][second]
    solution.write_text(json.dumps(answer))
    status, told = ran("check_plan", file, str(solution))
    assert (status, told["ok"]) == (1, False)
    assert {"rule", "series", "session", "with"} == set(told["violations"][0])


def test_plan_says_which_courses_a_repair_leaves_out(tmp_path):
    made = repair_from(25)
    series = (replace(made.series[0], request=impossible().request), *made.series[1:])
    file = written_repair(tmp_path, replace(made, series=series))
    status, answer = ran("plan", file, repair=True, explain=True)
    assert status == 1
    assert answer["plans"]["s0"] is None
    assert answer["breakdown"]["unplaced"] == made.unplaced * len(series[0].request.visits)
    assert list(answer["why"]) == ["s0"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"series": None}, "series: is missing"),
        ({"series": [{"request": {}}]}, "series[0].id: is missing"),
        ({"series": [{"id": "a", "request": {"first_date": {}}}]}, "series[0].request.sessions: is missing"),
        ({"weights": {"unplaced": "much"}}, "weights.unplaced: must be a whole number"),
        ({"weights": {"unplaced": -1}}, "file: the weight unplaced must not be negative"),
        ({"weights": {"lateness": 3}}, "weights.lateness: is not a known weight"),
    ],
)
def test_plan_names_the_field_of_a_bad_repair_file(tmp_path, change, said):
    file = tmp_path / "repair.json"
    file.write_text(json.dumps(repair_problem_json(repair_from(25)) | change))
    error = io.StringIO()
    assert ran("plan", str(file), repair=True, stderr=error)[0] == 2
    assert error.getvalue().strip() == said


def test_check_plan_names_the_field_of_a_bad_answer_to_a_repair(tmp_path):
    file = written_repair(tmp_path, repair_from(25))
    for plans, said in (
        (None, "plans: is missing"),
        ([], "plans: must be an object"),
        ({"s0": [{"practitioner": "p0"}]}, "plans.s0[0].start: is missing"),
    ):
        solution, error = tmp_path / "solution.json", io.StringIO()
        solution.write_text(json.dumps({"plans": plans}))
        assert ran("check_plan", file, str(solution), stderr=error)[0] == 2
        assert error.getvalue().strip() == said


@pytest.mark.parametrize("seed", range(40))
def test_a_repair_is_read_as_it_was_written(seed):
    made = repair_from(seed)
    assert parse_repair(json.dumps(repair_problem_json(made))) == made
