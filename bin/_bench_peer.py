"""django-appointment's free slots on the calendar given as JSON on standard input; prints JSON.

Runs in an environment of its own (requirements-bench.txt), never beside the product.
"""

# ruff: noqa: E402, T201 - Django first; it prints its answer. It ships no migrations: all tables are made at once.

import datetime as dt
import json
import statistics
import sys
import time
from collections import deque

import django
from django.conf import settings

GIVEN = json.load(sys.stdin)
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **GIVEN["database"]}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "appointment"],
    MIGRATION_MODULES={
        "auth": None,
        "contenttypes": None,
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    TIME_ZONE=GIVEN["tz"],
    LOGGING_CONFIG=None,
)
django.setup()

from appointment.models import Appointment, AppointmentRequest, Service, StaffMember, WorkingHours
from appointment.services import get_available_slots_for_staff
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext


def main():
    """Make the calendar, ask for the slots, print medians and counts."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    service = Service.objects.create(name="Visit", duration=dt.timedelta(minutes=GIVEN["minutes"]), price=0)
    staff = [make_staff(number, weeks, service) for number, weeks in enumerate(GIVEN["hours"])]
    book(staff, service)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    days = [dt.date.fromisoformat(day) for day in GIVEN["days"]]
    answers = {"one": slots(staff[:1], days, service), "all": slots(staff, days, service)}
    json.dump(answers, sys.stdout)


def make_staff(number, hours, service):
    """One member of staff with one span a weekday: more it does not know; pauses are booked."""
    user = get_user_model().objects.create(username=f"staff{number}")
    member = StaffMember.objects.create(
        user=user, slot_duration=GIVEN["grid"], appointment_buffer_time=0, work_on_saturday=True
    )
    member.services_offered.add(service)
    for weekday, begin, end in hours:
        # its week begins on Sunday
        WorkingHours.objects.create(
            staff_member=member,
            day_of_week=(weekday + 1) % 7,
            start_time=clock(begin),
            end_time=clock(end),
        )
    return member


def book(staff, service):
    """Every claim of the calendar as an appointment."""
    client = get_user_model().objects.create(username="client")
    requests = AppointmentRequest.objects.bulk_create(
        AppointmentRequest(
            date=day,
            start_time=clock(begin),
            end_time=clock(end),
            service=service,
            staff_member=staff[who],
            id_request=f"r{at}",
        )
        for at, (who, day, begin, end) in enumerate(GIVEN["busy"])
    )
    Appointment.objects.bulk_create(
        Appointment(client=client, appointment_request=one, id_request=one.id_request) for one in requests
    )


def clock(minute):
    return dt.time(minute // 60, minute % 60)


def slots(staff, days, service):
    """Median milliseconds, queries and number of the free slots of these people on these days."""
    times, found = [], 0
    connection.queries_log = deque(maxlen=100_000)  # it asks more than Django's 9,000 kept queries
    with CaptureQueriesContext(connection) as queries:
        found = sum(len(of(one, day, service)) for one in staff for day in days)
    for _ in range(GIVEN["runs"]):
        began = time.perf_counter()
        for one in staff:
            for day in days:
                of(one, day, service)
        times.append((time.perf_counter() - began) * 1000)
    return {"median_ms": statistics.median(times), "queries": len(queries), "slots": found}


def of(member, day, service):
    return get_available_slots_for_staff(day, member, (day.weekday() + 1) % 7, service)


if __name__ == "__main__":
    main()
