"""Makes the first location and the first manager of a new clinic; everything else is made in the app."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clinic.accounts import password_link_path
from clinic.models import Location, User


class Command(BaseCommand):
    """Refused once anybody has an account."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--email", required=True, help="the manager's work email")
        parser.add_argument("--name", required=True, help="the manager's name")
        parser.add_argument("--location", required=True, help="name of the first location")
        parser.add_argument("--time-zone", required=True, help="for example Europe/London")

    @transaction.atomic
    def handle(self, *, email, name, location, time_zone, **options):
        if User.objects.exists():
            raise CommandError("This clinic has accounts already. A manager adds more under Settings.")
        place = Location(
            name=location,
            time_zone=time_zone,
            address="To be filled in under Settings",
            phone="To be filled in",
            emergency_number="112",
        )
        try:
            place.full_clean()
            place.save()
            user = User(name=name, email=email.strip().lower(), role=User.Role.MANAGER, location=place)
            user.set_unusable_password()
            user.full_clean()
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from None
        user.save()
        self.stdout.write("The manager sets a password at this address, once, within three days:")
        self.stdout.write(settings.PUBLIC_URL + password_link_path(user))
