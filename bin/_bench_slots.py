"""Free slots of four weeks on one calendar: ours, and django-appointment's in an environment of its own."""

# ruff: noqa: S101, S603, S608 - it asserts, starts the peer, and names a database of its own

import datetime as dt
import json
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic import clock
from planner import diary
from planner.engine.availability import Availability
from planner.engine.model import Claim, Problem, Request, Visit
from tests.planner import making

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "bench-venv"
FIRST = dt.date(2027, 1, 11)
DAYS, MINUTES, GRID = 28, 35, 15


def compare(site, runs):
    """Both answers on the same calendar, the same number of slots asserted."""
    ours = {"one": timed(site, site.practitioners[:1], runs), "all": timed(site, site.practitioners, runs)}
    theirs = ask_peer(site, runs)
    for key, mine in ours.items():
        assert mine["slots"] == theirs[key]["slots"], f"{mine['slots']} slots, not {theirs[key]['slots']}"
    return {"ours": ours, "theirs": theirs}


def timed(site, people, runs):
    """Median milliseconds, queries and number of our free slots, reading included."""
    with CaptureQueriesContext(connection) as queries:
        found = free_starts(site, people)
    times = []
    for _ in range(max(runs, 5)):
        began = time.perf_counter()
        free_starts(site, people)
        times.append((time.perf_counter() - began) * 1000)
    return {"median_ms": statistics.median(times), "queries": len(queries), "slots": found}


def free_starts(site, people):
    """How many starts of a visit the diary leaves to these practitioners."""
    wanted = {one.pk for one in people}
    here = diary.site_of(site.location, site.indication.pk)
    staff = [one for one in here.people if one.pk in wanted]
    read = diary.read_diary(
        site.location,
        practitioners=staff,
        rooms=(),
        devices=(),
        first_date=FIRST,
        last_date=FIRST + dt.timedelta(days=DAYS - 1),
        not_before=making.NOW,
        site=here,
    )
    visit = Visit(MINUTES)
    free = Availability(Problem(read, Request((visit,), (), FIRST)))
    found = 0
    for one in read.practitioners:
        line = free.sliced(free.starts(one.id, Claim(0, MINUTES)))
        found += sum((line.part(day.low, day.high) & day.starts).bit_count() for day in free.days.values())
    return found


def ask_peer(site, runs):
    """The peer's answer, from a process of its own with a database of its own."""
    if not (HOME / "bin" / "python").exists():
        venv.create(HOME, with_pip=True)
        install = [HOME / "bin" / "pip", "install", "--quiet", "-r", ROOT / "requirements-bench.txt"]
        subprocess.run(install, check=True)
    name = connection.settings_dict["NAME"] + "_peer"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        asked = calendar(site) | {"database": database(name), "runs": runs}
        done = subprocess.run(
            [HOME / "bin" / "python", ROOT / "bin" / "_bench_peer.py"],
            input=json.dumps(asked),
            stdout=subprocess.PIPE,
            stderr=sys.stderr,
            text=True,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])  # the peer's own code prints as well
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def database(name):
    """How to reach the peer's database: as ours, by another name."""
    known = ("USER", "PASSWORD", "HOST", "PORT")
    return {"NAME": name} | {key: connection.settings_dict.get(key) or "" for key in known}


def calendar(site):
    """Working hours as one span a weekday, pauses and visits as claims, in local minutes."""
    zone = site.location.time_zone
    hours, busy = [], []
    days = [FIRST + dt.timedelta(days=at) for at in range(DAYS)]
    for number, one in enumerate(site.practitioners):
        spans = {}
        for span in one.working_hours.order_by("weekday", "opens"):
            spans.setdefault(span.weekday, []).append((minute(span.opens), minute(span.closes)))
        hours.append([(weekday, parts[0][0], parts[-1][1]) for weekday, parts in spans.items()])
        for day in days:
            for before, after in zip(
                spans.get(day.weekday(), []), spans.get(day.weekday(), [])[1:], strict=False
            ):
                busy.append((number, day.isoformat(), before[1], after[0]))
    numbers = {one.pk: number for number, one in enumerate(site.practitioners)}
    since, _ = clock.day_bounds(days[0], zone)
    _, until = clock.day_bounds(days[-1], zone)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT practitioner_id, practitioner_from, practitioner_until FROM planner_appointment"
            " WHERE start >= %s AND start < %s",
            [since, until],
        )
        for who, begin, end in cursor.fetchall():
            begins, ends = clock.local(begin, zone), clock.local(end, zone)
            busy.append((numbers[who], begins.date().isoformat(), minute(begins), minute(ends)))
    return {
        "tz": zone,
        "minutes": MINUTES,
        "grid": GRID,
        "days": [day.isoformat() for day in days],
        "hours": hours,
        "busy": busy,
    }


def minute(time_of_day):
    return time_of_day.hour * 60 + time_of_day.minute
