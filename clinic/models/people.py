"""Who works here: accounts with a role, and practitioners with what they are trained for."""

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from clinic.models.catalogue import Indication
from clinic.models.places import Device, Location, Room


class UserManager(BaseUserManager):
    """Accounts are made by e-mail address."""

    def create_user(self, email, password=None, **fields):
        """Create one account; the address is stored in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person of the clinic who signs in, in one role."""

    class Role(models.TextChoices):
        """Roles of the permission matrix."""

        FRONT_DESK = "front_desk", "Front desk"
        PRACTITIONER = "practitioner", "Practitioner"
        MANAGER = "manager", "Manager"

    class Appearance(models.TextChoices):
        """The colours of the pages; paper is always light."""

        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField("work email", unique=True)
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=12, choices=Role)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="users")
    is_active = models.BooleanField("may sign in", default=True)
    keys_on = models.BooleanField("single keys do something", default=True)
    appearance = models.CharField(max_length=5, choices=Appearance, default=Appearance.LIGHT)
    created_at = models.DateTimeField(auto_now_add=True)
    access_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who could have come in instead; nothing is signed until a colleague confirms",
    )
    access_at = models.DateTimeField(null=True, blank=True)
    access_told = models.BooleanField("knows what others did to the account", default=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(access_by=None, access_at=None)
                | models.Q(access_by__isnull=False, access_at__isnull=False),
                name="access_that_waits_names_who_and_when",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        parts = self.name.split()
        return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()


# Another account for the same practitioner would sign in that person's name.
STAYS_WITH_ITS_PERSON = """
    IF OLD.user_id IS DISTINCT FROM NEW.user_id AND EXISTS (
        SELECT 1 FROM clinic_user WHERE id = OLD.user_id AND last_login IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'an account that signed in stays with its person';
    END IF;
    RETURN NEW;
"""


class Practitioner(models.Model):
    """A person who treats, with what they are trained for (ruling: per practitioner, beside the role)."""

    name = models.CharField(max_length=80)
    title = models.CharField(
        "profession", max_length=40, blank=True, help_text="For example RN or Dermatologist"
    )
    user = models.OneToOneField(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="practitioner",
        verbose_name="account",
    )
    locations = models.ManyToManyField(Location, related_name="practitioners")
    indications = models.ManyToManyField(Indication, blank=True, verbose_name="trained for")
    devices = models.ManyToManyField(Device, blank=True, verbose_name="trained on")
    rooms = models.ManyToManyField(Room, blank=True, help_text="Leave empty if they work in every room")
    decides_reviews = models.BooleanField("decides screening reviews", default=False)
    before_minutes = models.PositiveSmallIntegerField("free before each treatment (min)", default=0)
    after_minutes = models.PositiveSmallIntegerField("free after each treatment (min)", default=0)
    is_active = models.BooleanField("treats patients", default=True)

    class Meta:
        ordering = ["name"]
        triggers = [
            pgtrigger.Trigger(
                name="an_account_that_signed_in_stays_with_its_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=STAYS_WITH_ITS_PERSON,
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(before_minutes__lte=60, after_minutes__lte=60),
                name="practitioner_buffers_are_at_most_60_minutes",
                violation_error_message="Time between treatments is 60 minutes at most.",
            )
        ]

    def __str__(self):
        return self.name
