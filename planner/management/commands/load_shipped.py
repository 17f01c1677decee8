"""Adds the shipped indications, areas, creams, protocols, rules and texts that are missing."""

from django.core.management.base import BaseCommand

from planner.shipped import load_shipped


class Command(BaseCommand):
    """Running it again adds nothing and changes nothing."""

    help = __doc__

    def handle(self, *args, **options):
        added = load_shipped()
        if options["verbosity"]:
            what = ", ".join(f"{count} {kind}" for kind, count in added.items())
            self.stdout.write(f"Added {what}." if what else "Everything shipped is there.")
