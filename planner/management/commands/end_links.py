"""Ends every own link of every patient at once, for the day on which a copy of the database leaked."""

from django.core.management.base import BaseCommand, CommandError

from patients import links


class Command(BaseCommand):
    """Without --all it only counts. Papers open nothing afterwards; a new sheet gets a new code."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="end them, for good")

    def handle(self, *, all: bool, **options):
        if not all:
            raise CommandError(f"{links.alive_links()} links are alive. Say --all to end them for good.")
        self.stdout.write(f"Ended {links.end_all_links()} links. Patients get new ones from the desk.")
