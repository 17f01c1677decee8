"""series-plan/1 in and out, with the field named in every error."""

import json

import pytest

from planner.engine.check import check
from planner.engine.dump import plan_json, problem_json, report_json
from planner.engine.fields import FileError
from planner.engine.files import parse_problem, parse_solution
from planner.engine.model import Claim, Gap, Infeasible
from planner.engine.series import solve
from tests.planner.engine.build import at
from tests.planner.engine.instances import problem_from


def plain() -> dict:
    """A small file with most of its keys."""
    return {
        "tz": "Europe/London",
        "horizon": {"first_date": "2027-03-22", "last_date": "2027-04-30"},
        "not_before": "2027-03-22T08:00",
        "clinic": {
            "opening_hours": [{"weekday": day, "from": "08:00", "to": "24:00"} for day in range(7)],
            "closures": [{"first_date": "2027-03-26", "last_date": "2027-03-29"}],
        },
        "practitioners": [
            {
                "id": "ana",
                "hours": [{"weekday": 1, "from": "09:00", "to": "12:00", "valid_from": "2027-03-23"}],
                "absences": [{"from": "2027-04-06T00:00", "to": "2027-04-07T00:00"}],
                "rooms": ["one"],
            }
        ],
        "rooms": [{"id": "one", "hours": None}],
        "devices": [{"id": "pen", "rooms": None}],
        "busy": [{"resource": "ana", "from": "2027-03-23T09:00Z", "to": "2027-03-23T11:00+01:00"}],
        "request": {
            "sessions": [
                {
                    "duration": 70,
                    "buffers": {"room": [0, 10], "patient": [5, 0]},
                    "offset": {"practitioner": 40, "device": 40},
                    "practitioners": None,
                    "device_pools": [["pen"]],
                }
            ]
            * 2,
            "gaps": [{"min": 7, "target": 14, "max": None}],
            "first_date": {"earliest": "2027-03-22", "latest": None},
            "patient": {"preferred_weekdays": [1], "preferred_times": [{"from": "10:00", "to": "12:00"}]},
        },
        "weights": {"gap_abs": 3, "time_of_day_cap": None},
        "note": "unknown keys are ignored",
    }


def changed(path: str, value) -> str:
    data = json.loads(json.dumps(plain()))
    *parents, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    node = data
    for key in parents:
        node = node[key]
    node[last] = value
    return json.dumps(data)


def test_problem_is_read_with_claims_and_local_times():
    made = parse_problem(json.dumps(plain()))
    visit = made.request.visits[0]
    assert (visit.patient, visit.practitioner, visit.room, visit.device) == (
        Claim(-5, 70),
        Claim(40, 70),
        Claim(0, 80),
        Claim(40, 70),
    )
    assert made.request.gaps == (Gap(7, 14, None),)
    assert made.diary.practitioners[0].absences == ((at("2027-04-05T23:00Z"), at("2027-04-06T23:00Z")),)
    assert list(made.diary.busy) == [("ana", at("2027-03-23T09:00Z"), at("2027-03-23T10:00Z"))]
    assert made.diary.not_before == at("2027-03-22T08:00Z")
    assert (made.weights.gap_abs, made.weights.weekday, made.diary.grid_minutes) == (3, 15, 15)


def test_own_buffers_are_read_and_written():
    made = parse_problem(changed("practitioners/0/buffers", [5, 10]))
    assert made.diary.buffers == {"ana": (5, 10)}
    assert parse_problem(json.dumps(problem_json(made))) == made
    assert "buffers" not in problem_json(parse_problem(json.dumps(plain())))["practitioners"][0]


def test_plan_is_written_with_the_offset_of_the_zone():
    made = parse_problem(json.dumps(plain()))
    found = plan_json(solve(made), "Europe/London")
    assert found["status"] == "optimal"
    assert found["cost"] == found["bound"] == solve(made).cost
    assert found["sessions"] == [
        {"start": "2027-03-30T10:00+01:00", "practitioner": "ana", "room": "one", "devices": ["pen"]},
        {"start": "2027-04-13T10:00+01:00", "practitioner": "ana", "room": "one", "devices": ["pen"]},
    ]


def test_solution_is_read_and_checked():
    made = parse_problem(json.dumps(plain()))
    written = plan_json(solve(made), made.diary.tz)
    for text in (json.dumps(written), json.dumps(written["sessions"])):
        report = check(made, parse_solution(text, made))
        assert report_json(report) == {
            "ok": True,
            "violations": [],
            "cost": written["cost"],
            "breakdown": {term.value: cost for term, cost in solve(made).breakdown.items()},
        }


def test_infeasible_is_written_without_visits():
    assert plan_json(Infeasible(1), "UTC") == {
        "status": "infeasible",
        "cost": None,
        "bound": None,
        "sessions": [],
    }


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("tz", "Europe/Larkmoor", "tz"),
        ("tz", None, "tz"),
        ("horizon/first_date", "22 March", "horizon.first_date"),
        ("horizon", None, "horizon"),
        ("not_before", "tomorrow", "not_before"),
        ("grid_minutes", 7, "file"),
        ("clinic/opening_hours/0/weekday", 7, "clinic.opening_hours[0].weekday"),
        ("clinic/opening_hours/0/to", "24:15", "clinic.opening_hours[0].to"),
        ("clinic/closures/0/last_date", "2027-03-01", "clinic.closures[0]"),
        ("practitioners/0/id", 3, "practitioners[0].id"),
        ("practitioners/0/buffers", [5], "practitioners[0].buffers"),
        ("rooms/0/buffers", [0, 400], "rooms[0].buffers"),
        ("devices/0/buffers", [-5, 0], "devices[0].buffers"),
        ("practitioners/0/hours/0/from", "9:00", "practitioners[0].hours[0].from"),
        ("practitioners/0/absences/0/to", "2027-04-01T00:00", "practitioners[0].absences[0]"),
        ("rooms", {}, "rooms"),
        ("busy/0/resource", "eve", "busy[0].resource"),
        ("request/sessions/1/duration", "70", "request.sessions[1].duration"),
        ("request/sessions/1/buffers/room", [5], "request.sessions[1].buffers.room"),
        ("request/sessions/1/duration", 900, "request.sessions[1]"),
        ("request/gaps/0/min", 1, "request.gaps[0]"),
        ("request/gaps", [], "request"),
        ("request/first_date/earliest", None, "request.first_date.earliest"),
        ("request/patient/preferred_weekdays", [1.5], "request.patient.preferred_weekdays[0]"),
        ("weights", {"gaps": 3}, "weights.gaps"),
        ("weights", {"gap_abs": None}, "weights.gap_abs"),
        ("weights", {"gap_abs": -3}, "weights"),
        ("weights", [], "weights"),
    ],
)
def test_error_names_the_field(path, value, field):
    with pytest.raises(FileError) as caught:
        parse_problem(changed(path, value))
    assert caught.value.field == field


@pytest.mark.parametrize("text", ["", "[]", "{", "3"])
def test_file_that_is_no_object_is_refused(text):
    with pytest.raises(FileError) as caught:
        parse_problem(text)
    assert caught.value.field == "file"


def test_solution_names_the_field():
    made = parse_problem(json.dumps(plain()))
    with pytest.raises(FileError, match=r"^sessions\[0\].start: is missing$"):
        parse_solution(json.dumps([{"practitioner": "ana"}]), made)


@pytest.mark.sweep
@pytest.mark.parametrize("first", range(0, 200, 50))
def test_written_problem_reads_the_same(first):
    for seed in range(first, first + 50):
        made = problem_from(seed)
        assert parse_problem(json.dumps(problem_json(made))) == made
