"""Compares the busy time that planning reads with the appointments it is made of; --mend puts it right."""

import sys

from django.core.management.base import BaseCommand

from planner import busytime


class Command(BaseCommand):
    """Exit status: 0 all agree, 1 something differed (also when it was mended)."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--mend", action="store_true", help="work out anew what differs")

    def handle(self, *, mend: bool, **options):
        faults = busytime.faulty_chunks()
        if not faults:
            self.stdout.write("The busy time agrees with the appointments.")
            return
        for role, resource, chunk in faults:
            self.stdout.write(f"{role}{resource}, chunk {chunk}: differs")
        if mend:
            busytime.mend(faults)
            self.stdout.write("Mended." if not busytime.faulty_chunks() else "Not mended.")
        sys.exit(1)
