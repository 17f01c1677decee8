"""bin/bench room: what the server needs to answer one change in the treatment room.

The floor is the bare SQL that any answer needs, in the same run: lock the patient, read the record, write it
and one area of it, commit. No network is measured.
"""

# ruff: noqa: E402, T201, S608 - Django first; it prints a table; names of our own tables

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

import argparse
import platform
import statistics
import time

import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from planner.models import SessionArea, TreatmentSession
from tests import people
from tests.planner import making, treating
from tests.planner.views.session.typed import JSON, typed_finish, typed_numbing, typed_treatment, url


def main() -> None:
    """Measure each step, print a table, leave nothing behind."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--runs", type=int, default=40, help="timings per line; the median counts")
    runs = options.parse_args().runs
    setup_test_environment(debug=False)
    made = setup_databases(verbosity=0, interactive=False)
    try:
        with time_machine.travel(treating.SIGNED, tick=True):
            measure(runs)
    finally:
        connection.close()
        teardown_databases(made, verbosity=0)


def measure(runs: int) -> None:
    """Print one line for the floor and one for each step."""
    session, site, stock, user = an_open_record()
    room = Client()
    room.force_login(user)
    steps = {
        "numbing": typed_numbing(session, stock),
        "treatment": typed_treatment(session, site, stock),
        "finish": typed_finish(session),
    }
    for step, typed in steps.items():
        change(room, session, step, typed)
    print(f"Python {platform.python_version()}, load at the start {os.getloadavg()[0]:.1f}\n")
    print(f"{'':<34}{'median':>10}{'slowest':>10}{'to floor':>10}")
    floor = timed(lambda: bare(session.pk), runs)
    say("bare SQL writes (floor)", floor, floor)
    for step, typed in steps.items():
        say(f"a change, {step}", timed(lambda: change(room, session, step, typed), runs), floor)  # noqa: B023


def an_open_record() -> tuple:
    """Ana on the day of her first visit, screened, with a record just opened."""
    location = people.make_location()
    rosa = people.make_user("Rosa Diaz", "front_desk", location)
    priya = people.make_user("Priya Nair", "practitioner", location)
    lead = people.make_practitioner(priya)
    people.make_rule_set(approved_by=lead)
    areas = [people.make_area("cheeks", "Cheeks"), people.make_area("chin", "Chin")]
    site = making.make_site(location, people.make_indication(), areas, lead)
    treating.approve_texts(lead)
    ana = making.make_patient(rosa, phototype=3)
    making.screen(ana, site, rosa)
    visit = treating.arrive(ana, site, rosa)
    treating.consent(ana, site, rosa)
    treating.screen_today(visit, priya)
    return treating.start(visit, priya), site, treating.make_stock(location), priya


def change(room: Client, session: TreatmentSession, step: str, typed: dict) -> float:
    """Send one change as the page does; seconds until the answer."""
    typed["version"] = TreatmentSession.objects.values_list("version", flat=True).get(pk=session.pk)
    began = time.perf_counter()
    answer = room.post(url(step, session), typed, headers=JSON)
    spent = time.perf_counter() - began
    if answer.status_code != 200:
        raise SystemExit(answer.content.decode())
    return spent


def bare(pk: int) -> float:
    """The same writes without anything around them."""
    record, area = TreatmentSession._meta.db_table, SessionArea._meta.db_table
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        who = f"SELECT patient_id FROM {record} WHERE id = %s"
        cursor.execute(f"SELECT 1 FROM patients_patient WHERE id = ({who}) FOR UPDATE", [pk])
        cursor.execute(f"SELECT * FROM {record} WHERE id = %s", [pk])
        cursor.fetchall()
        cursor.execute(f"UPDATE {record} SET saved_at = saved_at WHERE id = %s", [pk])
        cursor.execute(f"UPDATE {area} SET passes = passes WHERE session_id = %s", [pk])
    return time.perf_counter() - began


def timed(call, runs: int) -> list[float]:
    """Seconds of each call."""
    return [call() for _ in range(runs)]


def say(what: str, seconds: list[float], floor: list[float]) -> None:
    """One line of the table."""
    middle, ratio = statistics.median(seconds), statistics.median(seconds) / statistics.median(floor)
    print(f"{what:<34}{1000 * middle:>7.1f} ms{1000 * max(seconds):>7.1f} ms{ratio:>9.1f}×")


if __name__ == "__main__":
    main()
