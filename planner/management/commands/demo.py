"""Loads the demo clinic into an empty database."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from clinic import clock
from clinic.models import Location, User
from patients.models import Patient
from planner.demo.own import own_page_of_the_demo
from planner.demo.people import register_again, register_all
from planner.demo.place import ACCOUNTS, PASSWORD, build_place
from planner.demo.stories import tell_all

# Any fixed number of ours; PostgreSQL drops the lock at the end of the transaction.
LOCK = 7_133_530_102


class Command(BaseCommand):
    help = "Loads a believable demo clinic. Refuses a database that holds anything else."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="keep what is there without complaint")

    def handle(self, *, if_empty: bool, **options):
        began = time.monotonic()
        with transaction.atomic():
            _wait_for_another()
            empty = not any(table.objects.exists() for table in (User, Patient, Location))
            if not empty and not if_empty:
                raise CommandError("This database is not empty. The demo goes into an empty one only.")
            if empty:
                _load()
        loaded = f"The demo clinic is loaded ({time.monotonic() - began:.0f} s)."
        self._say_accounts(loaded if empty else "The clinic is there already.")

    def _say_accounts(self, sentence: str) -> None:
        self.stdout.write(sentence)
        known = set(User.objects.values_list("email", flat=True))
        for name, email, role in ACCOUNTS:
            if email in known:
                self.stdout.write(f"  {User.Role(role).label:<13} {email:<20} {PASSWORD}   {name}")
        if found := own_page_of_the_demo():
            address, patient = found
            self.stdout.write(f"  A patient's own page: {address} (birth date {patient.birth_date:%d %m %Y})")


def _wait_for_another() -> None:
    """Of two that start at once one loads the demo; the other finds it there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _load() -> None:
    place = build_place(clock.now())
    known = register_all(place)
    tell_all(place, known)
    register_again(place, known)
