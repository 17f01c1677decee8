"""The demo goes into an empty database only, and only once."""

import threading
import time
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from clinic import clock
from planner.management.commands.demo import LOCK
from planner.models import Appointment
from tests import people


def test_a_database_that_holds_anything_else_is_refused(location):
    with pytest.raises(CommandError, match="This database is not empty"):
        call_command("demo")


@pytest.mark.sweep
@pytest.mark.django_db
def test_the_demo_loads_where_today_is_another_day_than_in_utc():
    with time_machine.travel("2026-11-22T22:17:00Z", tick=True):
        call_command("demo", stdout=StringIO())
    review = Appointment.objects.get(kind=Appointment.Kind.REVIEW, status="arrived")
    zone = review.location.time_zone
    assert (review.on, clock.local_date(review.start, zone)) == (date(2026, 11, 23), date(2026, 11, 23))


@pytest.mark.django_db(transaction=True)
def test_of_two_starts_at_once_the_second_waits_and_finds_the_clinic():
    said = StringIO()

    def second():
        try:
            call_command("demo", if_empty=True, stdout=said)
        finally:
            connections.close_all()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        thread.start()
        while not _waiting() and thread.is_alive():
            time.sleep(0.02)
        people.make_location()
    thread.join()
    assert said.getvalue().splitlines() == ["The clinic is there already."]


def _waiting():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return cursor.fetchone()[0]
