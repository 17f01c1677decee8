"""Access that others gave to an account: its owner is told, nothing is signed before a colleague confirms."""

import pytest
from django.core.management import CommandError, call_command

from clinic import accounts
from clinic.models import AccessEvent, User
from planner.models import Protocol
from planner.shipped import load_shipped
from tests import people
from tests.guards.writes import change, refused
from tests.kept import kept
from tests.refusing import at_once, refusing

KINDS = AccessEvent.Kind
refuse = refusing(User, AccessEvent)


@kept
def kerry(location):
    user = people.make_user("Kerry Walsh", "practitioner", location)
    people.make_practitioner(user)
    return user


def changed(user, by, **values):
    """A manager saves the page of an account."""
    names = ("name", "email", "role", "location", "is_active")
    data = {name: getattr(user, name) for name in names} | values
    return accounts.change_account(User.objects.get(pk=user.pk), by=by, **data)


def told(user):
    rows = AccessEvent.objects.filter(account=user).order_by("pk")
    return [(row.kind, row.by.name, row.detail) for row in rows]


def mails(mailoutbox):
    return [
        (mail.to, "closed the password" in mail.body, "changed the address" in mail.body)
        for mail in mailoutbox
    ]


def test_a_closed_password_is_written_down_mailed_and_shown_to_the_owner(
    priya, mona, mailoutbox, client_for, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        changed(priya, mona, void_password=True)
    assert told(priya) == [(KINDS.CLOSED, "Mona Weiss", "")]
    assert mails(mailoutbox) == [([priya.email], True, False)]
    priya.refresh_from_db()
    priya.set_password(people.PASSWORD)
    priya.save()
    browser = client_for(priya)
    page = browser.get("/")
    assert "Others changed your account." in page.text
    assert "Mona Weiss closed the password" in page.text
    browser.post("/access/read/")
    assert "Others changed your account." not in browser.get("/").text


def test_another_address_is_told_at_the_old_one_and_signs_nothing(
    priya, mona, mailoutbox, django_capture_on_commit_callbacks
):
    old = priya.email
    with django_capture_on_commit_callbacks(execute=True):
        changed(priya, mona, email="mona.too@larkmoor.example")
    assert mails(mailoutbox) == [([old], False, True)]
    assert told(priya) == [(KINDS.ADDRESS, "Mona Weiss", old)]
    assert User.objects.get(pk=priya.pk).access_by == mona


def test_the_link_goes_to_the_owners_address_alone(
    priya, mona, mailoutbox, settings, client_for, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST = "mail.larkmoor.example"
    changed(priya, mona, void_password=True)
    with django_capture_on_commit_callbacks(execute=True):
        page = client_for(mona).post(f"/access/{priya.pk}/link/", follow=True)
    assert mailoutbox[-1].to == [priya.email]
    link = next(word for word in mailoutbox[-1].body.split() if "/accounts/password/" in word)
    assert link not in page.text and "is on its way to" in page.text
    assert told(priya)[-1] == (KINDS.LINK_SENT, "Mona Weiss", "")
    assert User.objects.get(pk=priya.pk).access_by is None


@pytest.fixture
def taken(priya, mona):
    """Mona has closed Priya's password, was shown the link and has set a password herself."""
    changed(priya, mona, void_password=True)
    accounts.give_link(priya, by=mona)
    priya.refresh_from_db()
    priya.set_password(people.PASSWORD)
    priya.save()
    return priya


def test_who_was_shown_the_link_signs_nothing_with_it(taken, client_for):
    load_shipped()
    browser = client_for(taken)
    row = Protocol.objects.first()
    page = browser.post(
        f"/settings/approvals/protocols/{row.pk}/give/", {"password": people.PASSWORD, "seen": "x"}
    )
    assert (page.status_code, "so it signs nothing yet" in page.text) == (422, True)


def test_another_colleague_confirms_who_uses_the_account(taken, kerry, client_for):
    browser = client_for(kerry)
    assert "Mona Weiss gave the access" in browser.get("/settings/approvals/").text
    wrong = browser.post(f"/access/{taken.pk}/confirm/", {"password": "not-it"}, follow=True)
    assert "This is not your password." in wrong.text
    page = browser.post(f"/access/{taken.pk}/confirm/", {"password": people.PASSWORD}, follow=True)
    assert "You confirmed that Priya Nair uses this account." in page.text
    taken.refresh_from_db()
    assert (taken.access_by, told(taken)[-1]) == (None, (KINDS.CONFIRMED, "Kerry Walsh", ""))


def test_neither_the_owner_nor_who_gave_the_access_nor_the_desk_confirms(taken, mona, rosa, kerry):
    for by, code in ((mona, "not_yours_to_confirm"), (taken, "not_yours_to_confirm"), (rosa, "role")):
        assert refuse(accounts.confirm_access, taken, by=by).code == code
    User.objects.filter(pk=kerry.pk).update(access_by=mona, access_at=taken.access_at)
    kerry.refresh_from_db()
    assert refuse(accounts.confirm_access, taken, by=kerry).code == "not_yours_to_confirm"


def test_a_new_account_signs_nothing_until_it_is_confirmed(location, mona, kerry):
    data = {"name": "Ines Roth", "email": "ines@larkmoor.example", "role": "practitioner"}
    new = accounts.create_account(**data, location=location, is_active=True, by=mona)
    assert (new.access_by, told(new)) == (mona, [(KINDS.MADE, "Mona Weiss", "")])
    accounts.confirm_access(new, by=kerry)
    assert User.objects.get(pk=new.pk).access_by is None
    accounts.confirm_access(new, by=kerry)
    assert [kind for kind, *_ in told(new)] == [KINDS.MADE, KINDS.CONFIRMED]


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_confirm_once(location, kerry, mona, priya):
    data = {"name": "Ines Roth", "email": "ines@larkmoor.example", "role": "practitioner"}
    new = accounts.create_account(**data, location=location, is_active=True, by=mona)
    at_once(*(lambda by=by: accounts.confirm_access(new, by=by) for by in (kerry, priya)))
    assert [kind for kind, *_ in told(new)] == [KINDS.MADE, KINDS.CONFIRMED]


def test_whoever_runs_the_server_stands_in_for_a_colleague(taken, capsys):
    call_command("confirm_account", email=taken.email.upper())
    assert User.objects.get(pk=taken.pk).access_by is None
    assert told(taken)[-1] == (KINDS.CONFIRMED, "Priya Nair", "at the server")
    with pytest.raises(CommandError, match="No account of this address"):
        call_command("confirm_account", email=taken.email)


def test_the_commands_of_accounts_are_the_managers(priya, rosa, kerry):
    for by in (rosa, kerry):
        assert refuse(changed, priya, by, void_password=True).code == "role"
        assert refuse(accounts.give_link, priya, by=by).code == "role"


def test_what_was_done_to_an_account_stays(taken, client):
    client.force_login(taken)
    for row in AccessEvent.objects.filter(account=taken):
        with refused("what was done to an account stays"):
            change(row, kind="role")
        with refused("what was done to an account stays"):
            row.delete()


def test_no_other_account_takes_over_a_practitioner(priya, kerry, mona, location, client, client_for):
    client.force_login(priya)
    free = people.make_user("Second Priya", "practitioner", location)
    for user in (free, None):
        with refused("an account that signed in stays with its person"):
            change(priya.practitioner, user=user)
    form = client_for(mona).get(f"/settings/people/{priya.practitioner.pk}/").context["form"]
    assert form.fields["user"].disabled
    change(kerry.practitioner, user=free)  # nobody has ever signed in with the first one
