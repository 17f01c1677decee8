"""Accounts: create, change, close. Nobody locks themselves out; a password is set through a one-time link."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.db.models import Q, QuerySet
from django.urls import reverse

from clinic.constraints import in_words
from clinic.models import Location, Practitioner, User
from clinic.permissions import may
from clinic.refusals import Refusal

OWN_ROLE = Refusal(
    "own_role", "You cannot change your own role.", "Ask another manager to do it.", field="role"
)
OWN_ACCESS = Refusal(
    "own_access", "You cannot close your own account.", "Ask another manager to do it.", field="is_active"
)


def manager_at(location: Location) -> User | None:
    """The manager of a location, to be named to its people."""
    return User.objects.filter(location=location, role=User.Role.MANAGER, is_active=True).first()


def locations_of(user: User) -> list[Location]:
    """Where a person may work: managers everywhere, practitioners where they treat, the desk at its own."""
    if user.role == User.Role.MANAGER:
        return list(Location.objects.all())
    here = Location.objects.filter(pk=user.location_id)
    if hasattr(user, "practitioner"):
        here = here | Location.objects.filter(practitioners=user.practitioner)
    return list(here.distinct())


def switch_location(user: User, location: Location) -> User:
    """Work at another location from now on; every page follows, with its clock. Raises a Refusal."""
    if location not in locations_of(user):
        raise Refusal("not_your_location", f"You do not work at {location}.", "Your manager can change that.")
    user.location = location
    user.save(update_fields=["location"])
    return user


def set_own_settings(user: User, *, keys_on: bool, appearance: str) -> User:
    """Keep what a person sets for themselves: whether single keys act, and the colours."""
    user.keys_on, user.appearance = keys_on, appearance
    user.save(update_fields=["keys_on", "appearance"])
    return user


def own_account_refusal(user: User, *, by: User, role: str, is_active: bool) -> Refusal | None:
    """Say why a person may not change their own account so; None when they may."""
    if user.pk is None or user.pk != by.pk:
        return None
    if not is_active:
        return OWN_ACCESS
    return OWN_ROLE if role != by.role else None


@in_words({})
def create_account(
    *, name: str, email: str, role: str, location: Location, is_active: bool, by: User
) -> User:
    """Create an account without a password; `password_link_path` lets its owner set one.

    Raises a Refusal for anybody but a manager.
    """
    if not may(by, "settings_create"):
        raise Refusal("role", "Only a manager makes accounts.", "Ask one of them.")
    user = User(name=name, email=email.strip().lower(), role=role, location=location, is_active=is_active)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    return user


@in_words({})
def change_account(
    user: User,
    *,
    name: str,
    email: str,
    role: str,
    location: Location,
    is_active: bool,
    by: User,
    void_password: bool = False,
) -> User:
    """Change an account. Raises a Refusal when it would lock its own user out.

    A new role counts from the next click; a closed account or a void password ends every session.
    """
    # The row as it is stored: a form may already have written its values on `by` where both are one object.
    by = User.objects.get(pk=by.pk)
    refusal = own_account_refusal(user, by=by, role=role, is_active=is_active)
    if refusal:
        raise refusal
    user.name, user.email, user.role = name, email.strip().lower(), role
    user.location, user.is_active = location, is_active
    if void_password:
        user.set_unusable_password()
    user.full_clean()
    user.save()
    # allauth keeps a copy of the address at sign-in; an old one must not open the account any more.
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    return user


def password_link_path(user: User) -> str:
    """Return the path at which the owner sets the password; it works once and for three days."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, _, token = key.partition("-")
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


def accounts_for_practitioner(practitioner: Practitioner) -> QuerySet[User]:
    """The accounts a practitioner may have: the own, and open ones in that role that are free."""
    free = Q(role=User.Role.PRACTITIONER, is_active=True, practitioner=None)
    return User.objects.filter(free | Q(pk=practitioner.user_id))
