"""Brings the database up to date; of several servers that start at once one does it, the others wait."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

# Any fixed number of ours; an advisory lock is seen by everybody in the same database.
LOCK = 7_133_530_101


class Command(BaseCommand):
    """Migrations, cache table and what ships, under a lock that the database drops with the connection."""

    help = __doc__

    def handle(self, *args, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=options["verbosity"])
            call_command("createcachetable", verbosity=options["verbosity"])
            call_command("load_shipped", verbosity=options["verbosity"])
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
