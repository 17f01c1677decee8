"""bin/bench: what planning and booking cost on this machine, each beside a floor measured in the same run.

The floor of planning is psycopg2 fetching the busy rows in reach as integers. Booking is measured under
contention: 64 connections wanting overlapping courses.
"""

# ruff: noqa: E402, T201, S311 - Django first; it prints a table; the same diary every time

import argparse
import datetime as dt
import os
import platform
import random
import statistics
import sys
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

import _bench_floor as floor
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from planner.engine.proposals import proposals
from planner.models import Appointment
from planner.planning import read_planning
from tests import people
from tests.planner import contest, making

SIZES = {
    # practitioners, rooms, pens, share of the day that is booked
    "small clinic": (2, 2, 1, 0.5),
    "medium clinic": (8, 6, 4, 0.8),
}
WEEKS = 40
VISIT = dt.timedelta(minutes=75)


def main():
    """Measure, print a table, leave nothing behind."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--runs", type=int, default=15, help="timings per line; the median counts")
    options.add_argument("--requests", type=int, default=600, help="bookings sent at once")
    chosen = options.parse_args()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        say_machine()
        for name, size in SIZES.items():
            plan_lines(name, make_clinic(name, *size), chosen.runs)
        booking_lines(chosen.requests)
    finally:
        connection.close()
        teardown_databases(made, verbosity=0)


def say_machine():
    """What these numbers hold for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    print(f"Python {platform.python_version()}, PostgreSQL {version} (fsync {fsync}), {os.cpu_count()} cores")
    print(f"load of the machine at the start: {os.getloadavg()[0]:.1f}\n")
    print(f"{'':<16}{'what':<46}{'median':>10}{'slowest':>10}{'to floor':>10}")


def make_clinic(name, practitioners, rooms, pens, share):
    """A site with a diary that is partly full for as long as a course can reach."""
    location = people.make_location(name)
    manager = people.make_user(f"Manager of {name}", "front_desk", location)
    approver = making.make_colleague(location, f"Lead of {name}")
    indication = people.make_indication(name.replace(" ", "_"), name)
    areas = [people.make_area(f"{name.split()[0]}_{one}", f"{name} {one}") for one in ("cheeks", "chin")]
    making.NAMES = tuple(f"Person {number}" for number in range(practitioners))
    site = making.make_site(
        location, indication, areas, approver, practitioners=practitioners, rooms=rooms, devices=pens
    )
    fill(site, making.make_patients(manager, 60), share)
    return site


def fill(site, patients, share):
    """Book consultations: in each room one visit after another, each with some probability."""
    draw, rows = random.Random(7), []
    for day in making.every(1, times=WEEKS * 7):
        start = making.slots_at(site, [day], dt.time(8))[0].start
        for place in range(7):
            begin = start + place * VISIT
            staff = draw.sample(site.practitioners, k=len(site.practitioners))
            crowd, pens = draw.sample(patients, k=len(site.rooms)), list(site.devices)
            for room, person, patient in zip(site.rooms, staff, crowd, strict=False):
                if draw.random() < share:
                    pen = pens.pop() if pens else None
                    rows.append(consultation(site, begin, room, person, patient, pen))
    Appointment.objects.bulk_create(rows, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def consultation(site, begin, room, person, patient, pen):
    """One row that holds a room, a person, a patient and perhaps a pen."""
    treatment, end = begin + dt.timedelta(minutes=30), begin + dt.timedelta(minutes=60)
    return Appointment(
        kind="consultation",
        location=site.location,
        patient=patient,
        practitioner=person,
        room=room,
        device=pen,
        start=begin,
        treatment_start=treatment,
        end=end,
        room_until=end + dt.timedelta(minutes=10),
        practitioner_from=treatment,
        practitioner_until=end,
        device_from=treatment if pen else None,
        device_until=end if pen else None,
        on=begin.date(),
    )


def plan_lines(name, site, runs):
    """Floor, reading, solving, all together."""
    for sessions in (4, 6):
        request = making.asking(site, sessions=sessions)

        def read(request=request):
            return read_planning(0, site.location, request, earliest_on=None, at=making.NOW)

        planning = read()
        rows = floor.asked(site, planning.problem.diary)
        what = f"{sessions} visits, {floor.claims(rows)} claims"
        least = timed(lambda rows=rows: floor.fetch(rows), runs)
        line(name, f"{what}: rows as integers (floor)", least, least)
        line(name, f"{what}: read the problem", timed(read, runs), least)
        line(name, f"{what}: three proposals", timed(lambda p=planning: proposals(p.problem), runs), least)
        line(name, f"{what}: read and solve", timed(lambda: proposals(read().problem), runs), least)


def timed(call, runs):
    """Milliseconds of each run, after one to warm up."""
    call()
    found = []
    for _ in range(runs):
        began = time.perf_counter()
        call()
        found.append((time.perf_counter() - began) * 1000)
    return found


def line(name, what, times, least):
    """One line of the table."""
    ratio = statistics.median(times) / statistics.median(least)
    print(f"{name:<16}{what:<46}{statistics.median(times):>7.1f} ms{max(times):>7.1f} ms{ratio:>9.1f}x")


def booking_lines(requests):
    """One booking alone, then many at once."""
    location = people.make_location("Race")
    desk = people.make_user("Desk of the race", "front_desk", location)
    lead = making.make_colleague(location, "Lead of the race")
    people.make_rule_set(approved_by=lead)
    indication = people.make_indication("race", "Race")
    areas = [people.make_area("race_cheeks", "Race cheeks"), people.make_area("race_chin", "Race chin")]
    site = making.make_site(location, indication, areas, lead, practitioners=4, rooms=3, devices=3)
    patients = making.make_patients(desk, 300)
    making.screen_all(patients, site, desk)
    alone = timed(one_after_another(site, patients, desk), 20)
    print(f"\nOne booking of 4 visits, nobody else there: {statistics.median(alone):.0f} ms (median of 20)")
    wishes = contest.make_wishes(site, [patient.pk for patient in patients], requests)
    connection.close()
    told = contest.run_contest(connection.settings_dict["NAME"], site, desk, wishes)
    waits = sorted(told.waits)
    print(
        f"{requests} contested bookings, {contest.THREADS} connections, {contest.PROCESSES} processes: "
        f"{requests / told.seconds:.0f} a second; {len(set(told.booked))} booked, "
        f"{sum(told.refused.values())} refused, {len(told.broken)} broken"
    )
    half, late = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"waits: median {half:.0f} ms, 99 of 100 under {late:.0f} ms, longest {waits[-1]:.0f} ms")


def one_after_another(site, patients, desk):
    """A call that books the next patient on the next free day."""
    waiting = iter(patients[-60:])
    first = iter(making.every(1, first=making.MONDAY + dt.timedelta(days=1), times=28))

    def book():
        slots = making.slots_at(site, making.every(35, first=next(first)), dt.time(16, 30))
        making.book(next(waiting), site, desk, slots=slots, key=uuid.uuid4())

    return book


if __name__ == "__main__":
    main()
