"""bin/bench desk: what the desk's pages cost in a large clinic, each beside the bare SQL of the same answer.

100,000 visits and 50,000 patients; search in 1,000,000 patients. The floor is the very statements of the
page, run on a bare connection in the same run; `server` is the processor time of Python, which tells the
page's own work from waiting on a busy machine. No network is measured.
"""

# ruff: noqa: E402, T201, S311 - Django first; it prints a table; the same pages every time

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings

settings.DEBUG = False  # as in a clinic: no list of all statements, no checks of templates

import argparse
import datetime as dt
import gc
import itertools
import platform
import random
import statistics
import time

import _bench_crowd as crowd
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from patients.models import Patient
from planner.models import Appointment, TreatmentCourse
from tests.planner.making import MONDAY, NOW

MORNING = NOW + dt.timedelta(hours=3)  # half of the day's visits are over
AIM = 50  # milliseconds, 95 of 100


def main() -> None:
    """Fill a database, measure, print a table, leave nothing behind."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--runs", type=int, default=60, help="pages of each kind")
    options.add_argument("--patients", type=int, default=1_000_000, help="patients that are searched")
    chosen = options.parse_args()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        with time_machine.travel(MORNING, tick=True):
            measure(chosen.runs, chosen.patients)
    finally:
        connection.close()
        teardown_databases(made, verbosity=0)


def measure(runs: int, searched: int) -> None:
    """The pages in the filled clinic, then the search among many more patients."""
    began = time.perf_counter()
    site, desk, priya, places = crowd.make_staff()
    with time_machine.travel(NOW, tick=True):
        signed = crowd.make_template(site, desk, priya)
    template = Patient.objects.get(pk=signed.patient_id)
    crowd.add_patients(template, 0, 50_000)
    crowd.fill(signed, places, MONDAY)
    visits, patients = Appointment.objects.count(), Patient.objects.count()
    print(f"Python {platform.python_version()}, load at the start {os.getloadavg()[0]:.1f}")
    print(f"{visits:,} visits, {patients:,} patients, made in {time.perf_counter() - began:.0f} s\n")
    print(f"{'':<34}{'queries':>8}{'median':>10}{'95 of 100':>11}{'server':>10}{'bare SQL':>11}{'ratio':>8}")
    gc.collect()
    gc.freeze()  # as clinic/wsgi.py does
    desks, rooms = signed_in(desk), signed_in(priya)
    for name, client, urls in pages(desks, rooms):
        say(name, client, itertools.islice(itertools.cycle(urls), runs))
    tag = desks.get("/board/changes/")["ETag"]
    say("Board, nothing new", desks, ["/board/changes/"] * runs, headers={"If-None-Match": tag})
    tag = desks.get("/changes/")["ETag"]
    say("Today, nothing new", desks, ["/changes/"] * runs, headers={"If-None-Match": tag})
    began = time.perf_counter()
    crowd.add_patients(template, 50_000, searched - patients)
    crowd.execute("VACUUM ANALYZE patients_patient, patients_nameword")
    print(f"\n{Patient.objects.count():,} patients, made in {time.perf_counter() - began:.0f} s\n")
    for name, urls in searches(runs):
        say(name, desks, urls, headers={"HX-Request": "true", "HX-Target": "np-hits"})


def signed_in(user) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def pages(desk: Client, room: Client):
    """Name, who asks, and addresses of each kind of page."""
    days = [MONDAY + dt.timedelta(days=number) for number in range(-20, 40)]
    draw = random.Random(3)
    courses = list(TreatmentCourse.objects.filter(location__name="Larkmoor 0", status="active"))
    chosen = draw.sample(courses, 60)
    weeks = [f"/board/?day={day}&view=week" for day in days]
    yield "Today, the desk", desk, ["/"]
    yield "Today, a practitioner", room, ["/"]
    yield "Board, today", desk, ["/board/"]
    yield "Board, a day", desk, [f"/board/?day={day}" for day in days]
    yield "Board, a week", desk, weeks
    yield "Board, what others changed", desk, [f"/board/changes/?day={day}" for day in days]
    yield "Patient, the desk", desk, [f"/patients/{one.patient_id}/" for one in chosen]
    yield "Patient, a practitioner", room, [f"/patients/{one.patient_id}/" for one in chosen]
    yield "Course", desk, [f"/courses/{one.pk}/" for one in chosen]
    yield "Short notice", desk, ["/short-notice/"]
    yield "Walk-in", desk, ["/walk-in/"]


def searches(runs: int):
    """What somebody types: whole words, beginnings, a typing error, numbers."""
    draw, most = random.Random(5), Patient.objects.order_by("-pk").values_list("pk", flat=True)[0]
    found = Patient.objects.filter(pk__in=draw.sample(range(most - 900_000, most), runs * 2))
    known = list(found if found.count() >= runs else Patient.objects.order_by("?")[:runs])[:runs]
    yield "Search, both names", [_q(f"{one.given_name} {one.family_name}") for one in known]
    yield "Search, family name", [_q(one.family_name) for one in known]
    yield "Search, beginnings", [_q(f"{one.family_name[:4]} {one.given_name[:3]}") for one in known]
    yield "Search, three letters", [_q(one.family_name[:3]) for one in known]
    yield "Search, birth date", [_q(f"{one.birth_date:%d.%m.%Y}") for one in known]
    yield "Search, end of the phone", [_q(str(one.phone)[-6:]) for one in known]
    yield "Search, record number", [_q(one.record_number) for one in known]
    yield "Search, an error", [_q(f"{mistyped(one.family_name, draw)} {one.given_name}") for one in known]
    yield "Search, an error in one word", [_q(mistyped(one.family_name, draw)) for one in known]
    yield "Search, nobody", [_q("Qwxzjk" + one.family_name[:2]) for one in known]


def _q(text: str) -> str:
    return f"/search/?q={text}"


def mistyped(word: str, draw: random.Random) -> str:
    """The word with one letter wrong."""
    place = draw.randrange(1, len(word))
    return word[:place] + draw.choice("bdkmp".replace(word[place], "")) + word[place + 1 :]


def say(name: str, client: Client, urls, headers=None) -> None:
    """One line: queries, server time, the same statements bare, and the ratio."""
    urls = list(urls)
    client.get(urls[0], headers=headers)
    times, work, bare, counts = [], [], [], []
    for url in urls:
        began, worked = time.perf_counter(), time.process_time()
        answer = client.get(url, headers=headers)
        times.append((time.perf_counter() - began) * 1000)
        work.append((time.process_time() - worked) * 1000)
        if answer.status_code not in (200, 302, 304):  # a single hit is opened at once
            raise SystemExit(f"{url}: {answer.status_code}")
    for url in urls[:: max(1, len(urls) // 10)]:
        with CaptureQueriesContext(connection) as taken:
            client.get(url, headers=headers)
        counts.append(len(taken))
        bare.append(bare_time([one["sql"] for one in taken.captured_queries]))
    late, least = percentile(times), statistics.median(bare)
    ratio = statistics.median(times) / least
    mark = "" if late < AIM else "  over the aim"
    number = f"{min(counts)}" if min(counts) == max(counts) else f"{min(counts)}-{max(counts)}"
    print(
        f"{name:<34}{number:>8}{statistics.median(times):>7.1f} ms{late:>8.1f} ms"
        f"{statistics.median(work):>7.1f} ms{least:>8.1f} ms"
        f"{ratio:>7.1f}x{mark}",
        flush=True,
    )


def percentile(times: list[float]) -> float:
    """What 95 of 100 do not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def bare_time(statements: list[str]) -> float:
    """Milliseconds of the same statements on the connection below Django, rows fetched."""
    with connection.cursor() as wrapped:
        cursor = wrapped.cursor
        began = time.perf_counter()
        for statement in statements:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()
        return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
