"""Confirms who uses an account, where the clinic has no second colleague who could."""

from django.core.management.base import BaseCommand, CommandError

from clinic.accounts import confirm_at_the_server


class Command(BaseCommand):
    """Whoever runs the server stands in for the colleague."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--email", required=True, help="the address of the account")

    def handle(self, *, email, **options):
        if not confirm_at_the_server(email):
            raise CommandError("No account of this address waits for a confirmation.")
        self.stdout.write("The account signs from now on.")
