"""Accounts made by the manager: a one-time link, roles, closing; nobody locks themselves out."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from clinic.models import User
from tests import people

PASSWORD = "three-quiet-words-here"


@pytest.fixture
def mona_client(mona, client_for):
    return client_for(mona)


def account(user, **changed):
    data = {"name": user.name, "email": user.email, "role": user.role, "location": user.location_id}
    return data | ({"is_active": "on"} if user.is_active else {}) | changed


def link_for(client, user):
    """The link that the manager asks for and is shown, where no mail server is named."""
    page = client.post(f"/access/{user.pk}/link/")
    link = page.context["link"].removeprefix("http://testserver")
    assert link in page.text
    return link


def test_a_new_account_sets_its_password_once_through_the_link(mona_client, location):
    page = mona_client.post(
        "/settings/accounts/new/",
        {"name": "Kerry Walsh", "email": "kerry@larkmoor.example", "role": "front_desk"}
        | {"location": location.pk, "is_active": "on"},
        follow=True,
    )
    kerry = User.objects.get(email="kerry@larkmoor.example")
    assert kerry.has_usable_password() is False
    assert "Show a link" in page.text
    link = link_for(mona_client, kerry)
    browser = Client()
    form = browser.get(link, follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    kerry.refresh_from_db()
    assert kerry.check_password(PASSWORD)
    assert "password1" not in Client().get(link, follow=True).text
    assert "Show a link" not in mona_client.get(f"/settings/accounts/{kerry.pk}/").text
    assert mona_client.post(f"/access/{kerry.pk}/link/").status_code == 422
    signed_in = Client().post("/accounts/login/", {"login": "Kerry@larkmoor.example", "password": PASSWORD})
    assert signed_in.status_code == 302


def test_a_void_password_signs_the_person_out_and_makes_a_new_link(mona_client, rosa, client_for):
    browser = client_for(rosa)
    page = mona_client.post(f"/settings/accounts/{rosa.pk}/", account(rosa, void_password="on"), follow=True)
    assert "Show a link" in page.text
    assert link_for(mona_client, rosa).startswith("/accounts/password/reset/key/")
    assert browser.get("/").headers["Location"].startswith("/accounts/login/")


def test_a_closed_account_is_signed_out_and_gets_no_link(mona_client, rosa, client_for):
    browser = client_for(rosa)
    mona_client.post(f"/settings/accounts/{rosa.pk}/", account(rosa, is_active=""))
    assert mona_client.post(f"/access/{rosa.pk}/link/").status_code == 422
    rosa.refresh_from_db()
    assert rosa.is_active is False
    assert browser.get("/").headers["Location"].startswith("/accounts/login/")


def test_a_new_role_counts_from_the_next_click(mona_client, rosa, client_for):
    browser = client_for(rosa)
    assert browser.get("/settings/").status_code == 403
    mona_client.post(f"/settings/accounts/{rosa.pk}/", account(rosa, role="manager"))
    assert browser.get("/settings/").status_code == 200


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"is_active": ""}, "is_active", "You cannot close your own account. Ask another manager to do it."),
        ({"role": "front_desk"}, "role", "You cannot change your own role. Ask another manager to do it."),
    ],
)
def test_a_manager_cannot_lock_themselves_out(changed, field, sentence, mona, mona_client):
    page = mona_client.post(f"/settings/accounts/{mona.pk}/", account(mona, **changed))
    assert page.status_code == 422
    assert page.context["form"].errors == {field: [sentence]}
    assert User.objects.filter(pk=mona.pk, role="manager", is_active=True).exists()


def test_a_manager_may_change_their_own_name(mona, mona_client):
    mona_client.post(f"/settings/accounts/{mona.pk}/", account(mona, name="Mona W."))
    assert User.objects.get(pk=mona.pk).name == "Mona W."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "You cannot delete your own account. Ask another manager to do it."),
        ({"switch_off": "1"}, "You cannot close your own account. Ask another manager to do it."),
    ],
)
def test_a_manager_cannot_delete_or_switch_off_their_own_account(data, sentence, mona, mona_client):
    page = mona_client.post(f"/settings/accounts/{mona.pk}/delete/", data)
    assert page.status_code == 422
    assert sentence in page.text
    assert User.objects.filter(pk=mona.pk, is_active=True).exists()


def test_an_old_address_no_longer_opens_the_account(mona_client, rosa):
    old = rosa.email
    EmailAddress.objects.create(user=rosa, email=old, primary=True, verified=True)
    mona_client.post(f"/settings/accounts/{rosa.pk}/", account(rosa, email="rosa@larkmoor.example"))
    assert Client().post("/accounts/login/", {"login": old, "password": people.PASSWORD}).status_code == 200
    new = Client().post("/accounts/login/", {"login": "rosa@larkmoor.example", "password": people.PASSWORD})
    assert new.status_code == 302


def test_the_practitioner_form_offers_free_practitioner_accounts(mona_client, priya, rosa, location):
    free = people.make_user("Daniel Okafor", "practitioner", location)
    closed = people.make_user("Ines Roth", "practitioner", location, is_active=False)
    offered = set(mona_client.get("/settings/people/new/").context["form"].fields["user"].queryset)
    assert offered == {free}
    User.objects.filter(pk=priya.pk).update(last_login=None)
    own = mona_client.get(f"/settings/people/{priya.practitioner.pk}/").context["form"]
    assert set(own.fields["user"].queryset) == {free, priya}
    assert closed not in offered and rosa not in offered
