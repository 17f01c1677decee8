"""Accounts: create, change, close. Nobody locks themselves out; a password is set through a one-time link."""

import logging

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from clinic import clock
from clinic.constraints import in_words
from clinic.models import AccessEvent, Location, Practitioner, User
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
    """Create an account without a password; `give_link` lets its owner set one.

    It signs nothing until a colleague has confirmed its owner. Raises a Refusal for anybody but a manager.
    """
    _need(by, "settings_create")
    user = User(name=name, email=email.strip().lower(), role=role, location=location, is_active=is_active)
    user.set_unusable_password()
    user.access_by, user.access_at = by, clock.now()
    user.full_clean()
    user.save()
    _note(user, AccessEvent.Kind.MADE, by)
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
    """Change an account. Raises a Refusal when it would lock its own user out, and for who is no manager.

    A new role counts from the next click; a closed account or a void password ends every session. The owner
    is told by mail, at the address before, and on every page until it was read. Another address is one more
    way in, so nothing is signed until a colleague has confirmed the owner.
    """
    _need(by, "settings_edit")
    # The rows as they are stored: a form may already have written its values on both.
    by, stored = User.objects.get(pk=by.pk), User.objects.select_for_update().get(pk=user.pk)
    refusal = own_account_refusal(user, by=by, role=role, is_active=is_active)
    if refusal:
        raise refusal
    user.name, user.email, user.role = name, email.strip().lower(), role
    user.location, user.is_active = location, is_active
    if void_password:
        user.set_unusable_password()
    _tell_owner(user, stored, by, void_password)
    user.full_clean()
    user.save()
    # allauth keeps a copy of the address at sign-in; an old one must not open the account any more.
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    return user


def _tell_owner(user: User, stored: User, by: User, void_password: bool) -> None:
    kinds, own = AccessEvent.Kind, user.pk == by.pk
    done = [(kinds.CLOSED, "")] if void_password else []
    done += [(kinds.ADDRESS, stored.email)] if user.email != stored.email else []
    done += [(kinds.ROLE, stored.get_role_display())] if user.role != stored.role else []
    for kind, detail in done:
        _note(user, kind, by, detail)
    if own or not done:
        return
    user.access_told = False
    if user.email != stored.email:
        user.access_by, user.access_at = by, clock.now()
    words = ", ".join(kinds(kind).label for kind, _ in done)
    mail_owner(stored.email, "access_changed", {"name": user.name, "by": by.name, "words": words})


@in_words({})
def give_link(user: User, *, by: User) -> str:
    """Give the owner of an account without a password the link to set one: by mail, to nobody else.

    Where no mail server is named the link is returned, for the manager to hand over: who sees it could come
    in instead, so the account then signs nothing until a colleague has confirmed its owner.
    Raises a Refusal for anybody but a manager, and for an account that has a password or is closed.
    """
    _need(by, "settings_edit")
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active or user.has_usable_password():
        raise Refusal("no_link", "This account needs no link.", "Close its password first.")
    if settings.EMAIL_HOST:
        _note(user, AccessEvent.Kind.LINK_SENT, by)
        link = f"{settings.PUBLIC_URL}{password_link_path(user)}"
        mail_owner(user.email, "set_password", {"name": user.name, "by": by.name, "link": link})
        return ""
    _note(user, AccessEvent.Kind.LINK_SHOWN, by)
    user.access_by, user.access_at, user.access_told = by, clock.now(), False
    user.save(update_fields=["access_by", "access_at", "access_told"])
    return password_link_path(user)


@in_words({})
def confirm_access(user: User, *, by: User) -> User:
    """Confirm, as a colleague, that the owner uses this account; the caller has checked the fresh sign-in.

    Twice is the same as once. Raises a Refusal for the owner, for who gave the access, and for other roles.
    """
    _need(by, "access_confirm")
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.access_by_id is None:
        return user
    if not may_confirm(user, by):
        raise Refusal("not_yours_to_confirm", "Another colleague confirms this.", "Ask one of them.")
    user.access_by = user.access_at = None
    user.save(update_fields=["access_by", "access_at"])
    _note(user, AccessEvent.Kind.CONFIRMED, by)
    return user


@in_words({})
def confirm_at_the_server(email: str) -> bool:
    """Confirm the owner of an account without a colleague, for who runs the server; whether one waited."""
    user = User.objects.select_for_update().filter(email=email.strip().lower()).first()
    if user is None or user.access_by_id is None:
        return False
    user.access_by = user.access_at = None
    user.save(update_fields=["access_by", "access_at"])
    _note(user, AccessEvent.Kind.CONFIRMED, user, "at the server")
    return True


def may_confirm(user: User, by: User) -> bool:
    """Neither the owner nor who gave the access, nor somebody whose own access waits."""
    return by.pk not in (user.pk, user.access_by_id) and by.access_by_id is None


def waiting_accounts() -> QuerySet[User]:
    """Accounts that sign nothing until a colleague has confirmed their owner, longest first."""
    signs = (User.Role.PRACTITIONER, User.Role.MANAGER)
    waiting = User.objects.filter(access_by__isnull=False, is_active=True, role__in=signs)
    return waiting.select_related("access_by").order_by("access_at")


def read_access(user: User) -> None:
    """The owner has read what others did to the account."""
    User.objects.filter(pk=user.pk).update(access_told=True)


def mail_owner(address: str, template: str, context: dict) -> None:
    """Write to the owner of an account once the change is stored; a failure is logged."""

    def send():
        try:
            text = render_to_string(f"account/email/{template}.txt", context)
            send_mail("Needleplan: your account", text, None, [address])
        except OSError:
            logging.getLogger(__name__).exception("a mail to the owner of an account was not sent")

    transaction.on_commit(send)


def _note(user: User, kind: str, by: User, detail: str = "") -> None:
    AccessEvent.objects.create(account=user, kind=kind, by=by, at=clock.now(), detail=detail)


def _need(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("role", "Your role may not do this.", "Ask a manager.")


def password_link_path(user: User) -> str:
    """Return the path at which the owner sets the password; it works once and for three days."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, _, token = key.partition("-")
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


def accounts_for_practitioner(practitioner: Practitioner) -> QuerySet[User]:
    """The accounts a practitioner may have: the own, and open ones in that role that are free."""
    free = Q(role=User.Role.PRACTITIONER, is_active=True, practitioner=None)
    return User.objects.filter(free | Q(pk=practitioner.user_id))
