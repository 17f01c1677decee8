"""The pages of signing in and out."""

import pytest
import time_machine
from django.core import mail
from django.test import Client

from clinic import clock
from tests import people


def test_login_shows_the_clinic_and_no_way_to_sign_up(location):
    page = Client().get("/accounts/login/")
    assert page.status_code == 200
    assert f'<p class="np-muted mt-1">{location.name}</p>' in page.text
    assert 'autocomplete="username"' in page.text
    assert 'autocomplete="current-password"' in page.text
    assert "/accounts/signup/" not in page.text


def test_login_with_a_wrong_password_keeps_the_address_and_says_so(rosa):
    page = Client().post("/accounts/login/", {"login": rosa.email, "password": "not-it-at-all"})
    assert page.status_code == 200
    assert f'value="{rosa.email}"' in page.text
    assert 'role="alert"' in page.text


def test_sign_up_is_closed_in_words(db):
    assert "Nobody can sign up here" in Client().get("/accounts/signup/").text


def test_ten_wrong_passwords_an_hour_are_looked_at_and_no_colleague_is_kept_out(rosa, mona):
    def sign_in(who, password):
        client = Client()
        client.post("/accounts/login/", {"login": who, "password": password})
        return "_auth_user_id" in client.session

    with time_machine.travel(clock.now()) as moment:
        for _ in range(4):
            assert [sign_in(rosa.email, "not-it-at-all") for _ in range(5)] == [False] * 5
            moment.shift(10 * 60)
        assert not sign_in(rosa.email, people.PASSWORD)  # not even the right one now
        assert not any(sign_in(f"guess{one}@demo.example", "not-it-at-all") for one in range(40))
        assert sign_in(mona.email, people.PASSWORD)
        moment.shift(31 * 60)
        assert sign_in(rosa.email, people.PASSWORD)


def test_a_closed_account_is_told_so(otto):
    page = Client().post("/accounts/login/", {"login": otto.email, "password": people.PASSWORD}, follow=True)
    assert "This account is closed" in page.text


def test_signing_out_asks_first(rosa, client_for):
    client = client_for(rosa)
    assert "Sign out?" in client.get("/accounts/logout/").text
    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"


def test_a_forgotten_password_is_set_again_by_mail(rosa):
    client = Client()
    sent = client.post("/accounts/password/reset/", {"email": rosa.email}, follow=True)
    assert "Look in your inbox" in sent.text
    assert mail.outbox[0].subject.endswith("Set a new password")
    assert "for the account of Rosa Diaz in Needleplan" in mail.outbox[0].body
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get("/" + link.split("/", 3)[3], follow=True)
    assert "New password" in form.text
    new = "three-quiet-words-here"
    saved = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)
    assert "Your password is saved" in saved.text
    rosa.refresh_from_db()
    assert rosa.check_password(new)


def test_an_old_reset_link_offers_a_new_one(db):
    page = Client().get("/accounts/password/reset/key/1-abc-0123/")
    assert "This link has ended" in page.text


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_sign_in_pages_carry_the_strict_policy(path, db):
    policy = Client().get(path).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
