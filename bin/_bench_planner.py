"""bin/bench planner: what a proposal costs on calendars of three sizes and loads, each beside a floor.

The floor is psycopg2 fetching the same busy rows as integers. Beside it: the same requests through OR-Tools
CP-SAT (the same optimum is asserted), and django-appointment's free slots on the same calendar.
"""

# ruff: noqa: E402, E501, S101, T201 - Django first; lines of a table; it asserts and prints

import argparse
import json
import os
import platform
import statistics
import sys
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

import _bench_calendars as calendars
import _bench_cpsat as cpsat
import _bench_floor as floor
import _bench_slots as peer
from django.db import connection
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from planner.engine.availability import Availability
from planner.engine.check_repair import check_repair
from planner.engine.model import Booked, Plan
from planner.engine.proposals import proposals
from planner.engine.reflow import reflow
from planner.engine.repair import RepairProblem, Series, claims_of, quick_repair, repair, unaffected_kept
from planner.engine.series import solve
from planner.engine.taken import with_claims
from planner.planning import read_planning
from tests import people
from tests.planner import making

REPAIRED = {"small": 6, "middle": 30, "large": 60}  # courses that one practitioner's week away touches
REPAIR_SECONDS = 10
WEEK = 7 * 1440  # minutes
LINES = {
    "floor_ms": "rows as integers (the floor)",
    "one_ms": "one proposal, reading included",
    "three_ms": "three proposals, reading included",
    "reflow_ms": "a re-flow, reading included",
}


def main():
    """Measure, print a table or JSON, leave nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--runs", type=int, default=3, help="timings of each request")
    parser.add_argument("--requests", type=int, default=8, help="requests on each calendar")
    parser.add_argument("--sizes", default=",".join(calendars.SIZES), help="some of: small,middle,large")
    parser.add_argument("--without", default="", help="leave out some of: cpsat,repair,peer")
    chosen = parser.parse_args()
    without = set(chosen.without.split(","))
    made = setup_databases(verbosity=0, interactive=False)
    try:
        calendars.drop_overlaps()
        found = {"machine": machine(), "calendars": [], "peer": None}
        patients = some_patients()
        for name in chosen.sizes.split(","):
            site = calendars.make_site(name)
            for load in calendars.LOADS:
                calendars.fill(site, load, patients)
                found["calendars"].append(measure(name, load, site, chosen, without))
                if not chosen.json:
                    say(found["calendars"][-1])
                if name == "middle" and load == 70 and "peer" not in without:
                    found["peer"] = peer.compare(site, chosen.runs)
        if chosen.json:
            print(json.dumps(found, indent=2))
        else:
            say_peer(found["peer"])
    finally:
        connection.close()
        teardown_databases(made, verbosity=0)


def machine():
    """What these numbers hold for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        version = cursor.fetchone()[0]
    return {
        "python": platform.python_version(),
        "postgresql": version,
        "cores": os.cpu_count(),
        "load_at_start": round(os.getloadavg()[0], 1),
    }


def some_patients():
    """Five hundred patients, who take what is booked in turn."""
    location = people.make_location("Desk")
    desk = people.make_user("Desk of the bench", "front_desk", location)
    return [patient.pk for patient in making.make_patients(desk, 500)]


def measure(name, load, site, chosen, without):
    """Everything about one calendar."""
    asked = list(calendars.requests(site, chosen.requests))

    def read(request):
        return read_planning(0, site.location, request, earliest_on=None, at=making.NOW)

    plannings = [read(request) for request in asked]
    fetched = [floor.asked(site, one.problem.diary) for one in plannings]
    with CaptureQueriesContext(connection) as queries:
        read(asked[0])
    found = {
        "size": name,
        "load": load,
        "claims": round(statistics.mean(floor.claims(one) for one in fetched)),
        "queries": len(queries),
        "floor_ms": timed(lambda at: floor.fetch(fetched[at]), chosen),
        "one_ms": timed(lambda at: solve(read(asked[at]).problem), chosen),
        "three_ms": timed(lambda at: proposals(read(asked[at]).problem), chosen),
        "memory_mb": peak(lambda: proposals(read(asked[0]).problem)),
    }
    found["to_floor"] = {
        one: found["three_ms"][one] / found["floor_ms"][one] for one in ("best", "median", "p95")
    }
    answers = [solve(one.problem) for one in plannings]
    found["feasible"] = sum(isinstance(one, Plan) for one in answers)
    moved = [away(one.problem, plan) for one, plan in zip(plannings, answers, strict=True)]
    moved = [one for one in moved if one is not None]
    if moved:
        found["reflow_ms"] = timed(lambda at: (read(asked[at]), reflow(moved[at % len(moved)])), chosen)
    if "cpsat" not in without:
        found["cpsat"] = through_cpsat(name, plannings, found)
    if "repair" not in without:
        found["repair"] = repaired(name, site, read)
    return found


def timed(call, chosen):
    """Milliseconds over all requests and runs, each warmed up once: best, median, 95th percentile.

    On a machine with other work the best comes nearest to what the work itself takes.
    """
    times = []
    for at in range(chosen.requests):
        call(at)
        for _ in range(chosen.runs):
            began = time.perf_counter()
            call(at)
            times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return {"best": times[0], "median": statistics.median(times), "p95": times[int(len(times) * 0.95)]}


def peak(call):
    """The most memory a call needs beyond what is there, in MB."""
    call()
    tracemalloc.start()
    call()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def away(problem, plan):
    """The course booked, the practitioner of its third visit away that day; None without a plan."""
    if not isinstance(plan, Plan):
        return None
    third = plan.visits[2]
    current = tuple(Booked(one.minute, one.practitioner, one.room) for one in plan.visits)
    staff = tuple(
        replace(one, absences=(*one.absences, (third.minute - 600, third.minute + 600)))
        if one.id == third.practitioner
        else one
        for one in problem.diary.practitioners
    )
    changed = replace(problem.diary, practitioners=staff)
    return replace(problem, diary=changed, request=replace(problem.request, current=current))


def through_cpsat(name, plannings, found):
    """The first requests as CP-SAT models: seconds, how many were proven, and how often slower they are."""
    seconds, proven = [], 0
    for one in plannings[: {"small": 3, "middle": 2, "large": 1}[name]]:
        took, least, is_proven = cpsat.cheapest(one.problem, Availability(one.problem))
        seconds.append(took)
        proven += is_proven
        if is_proven:
            mine = solve(one.problem)
            assert (mine.cost if isinstance(mine, Plan) else None) == least, "another optimum than CP-SAT's"
    middle = statistics.median(seconds)
    return {
        "seconds": middle,
        "asked": len(seconds),
        "proven": proven,
        "times_slower": middle * 1000 / found["one_ms"]["median"],
    }


def repaired(name, site, read):
    """Courses of one practitioner who is away for a week: the quick answer, and the proven one."""
    problem = absent_week(name, site, read)
    if problem is None:
        return None
    began = time.perf_counter()
    quick = quick_repair(problem)
    at_once = time.perf_counter()
    until = at_once + REPAIR_SECONDS
    best = repair(problem, lambda: until - time.perf_counter())
    done = time.perf_counter()
    report = check_repair(problem, best.plans)
    assert report.ok and report.cost == best.cost, "the checker disagrees"
    return {
        "courses": len(problem.series),
        "quick_ms": (at_once - began) * 1000,
        "exact_ms": (done - at_once) * 1000,
        "quick_cost": quick.cost,
        "cost": best.cost,
        "bound": best.bound,
        "left_out": sum(plan is None for plan in best.plans.values()),
    }


def absent_week(name, site, read):
    """Courses booked one after the other with one practitioner, who is then away in their fullest week."""
    who = site.practitioners[-1]
    asked = replace(next(calendars.requests(site, 1)), sessions=4, practitioner_id=who.pk)
    diary_read, base = None, read(asked).problem
    made, taken = [], []
    for number in range(REPAIRED[name]):
        wishes = replace(
            base.request.patient, preferred_weekdays=frozenset({number % 5}), preferred_times=None
        )
        wished = replace(base, request=replace(base.request, patient=wishes))
        diary_read = replace(base.diary, busy=with_claims(base.diary.busy, taken))
        plan = solve(replace(wished, diary=diary_read))
        if isinstance(plan, Plan):
            made.append((wished.request, plan))
            taken += claims(base.diary, wished.request, plan)
    person = f"p{who.pk}"
    weeks = [
        visit.minute // WEEK for _, plan in made for visit in plan.visits if visit.practitioner == person
    ]
    if not weeks:
        return None
    away_in = max(set(weeks), key=weeks.count)
    return repair_of(base, made, person, (away_in * WEEK, (away_in + 1) * WEEK))


def repair_of(base, made, person, week):
    """The courses with a visit in that week, all other courses left where they are."""
    hit, kept = [], []
    for request, plan in made:
        there = any(week[0] <= one.minute < week[1] and one.practitioner == person for one in plan.visits)
        if there:
            current = tuple(
                Booked(one.minute, one.practitioner, one.room, one.devices) for one in plan.visits
            )
            hit.append(Series(f"s{len(hit)}", replace(request, current=current)))
        else:
            kept += claims(base.diary, request, plan)
    staff = tuple(
        replace(one, absences=(*one.absences, week)) if one.id == person else one
        for one in base.diary.practitioners
    )
    changed = replace(base.diary, practitioners=staff, busy=with_claims(base.diary.busy, kept))
    return unaffected_kept(RepairProblem(changed, tuple(hit)))


def claims(diary, request, plan):
    """What a plan takes of people, rooms and devices."""
    visits = zip(request.visits, plan.visits, strict=True)
    return [row for visit, placed in visits for row in claims_of(diary, visit, placed)]


def say(found):
    """One calendar as lines of a table."""
    print(
        f"\n{found['size']}, {found['load']} % asked for: {found['claims']} claims in reach, "
        f"{found['queries']} queries, {found['feasible']} requests with a plan, {found['memory_mb']:.1f} MB"
    )
    least = found["floor_ms"]
    print(f"  {'':<36}{'best':>9}{'median':>12}{'95 %':>12}{'to the floor: best, median':>32}")
    for key, what in LINES.items():
        if key in found:
            times = found[key]
            shown = "".join(f"{times[one]:>9.1f} ms" for one in ("best", "median", "p95"))
            ratios = [times[one] / least[one] for one in ("best", "median")]
            print(f"  {what:<34}{shown}{ratios[0]:>20.2f}{ratios[1]:>10.2f}")
    if "cpsat" in found:
        one = found["cpsat"]
        print(
            f"  {'one request through CP-SAT':<34}{one['seconds'] * 1000:>9.0f} ms"
            f"{one['proven']:>6} of {one['asked']} proven{one['times_slower']:>10.0f} times one proposal"
        )
    if found.get("repair"):
        one = found["repair"]
        print(
            f"  {'repair of ' + str(one['courses']) + ' courses':<34}{one['quick_ms']:>9.0f} ms at once, "
            f"cost {one['quick_cost']}; {one['exact_ms']:.0f} ms exact, cost {one['cost']}, bound {one['bound']}, "
            f"{one['left_out']} left out"
        )


def say_peer(found):
    """The free slots of four weeks, beside django-appointment."""
    if found:
        for key, what in (("one", "one practitioner"), ("all", "all practitioners")):
            ours, theirs = found["ours"][key], found["theirs"][key]
            print(
                f"\nfree slots of 28 days, {what}: ours {ours['median_ms']:.1f} ms in {ours['queries']} queries, "
                f"django-appointment {theirs['median_ms']:.0f} ms in {theirs['queries']} queries: "
                f"{theirs['median_ms'] / ours['median_ms']:.0f} times; {ours['slots']} slots on both sides"
            )


if __name__ == "__main__":
    main()
