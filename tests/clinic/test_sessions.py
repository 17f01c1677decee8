"""A session belongs to one sign-in: nobody can bring one along, and none outlives signing out."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests import people


def signed_in(user, session_key=""):
    client = Client()
    if session_key:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_key
    answer = client.post(reverse("account_login"), {"login": user.email, "password": people.PASSWORD})
    assert answer.status_code == 302
    return client


def key_of(client):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_a_session_that_was_brought_along_is_not_signed_in(rosa, mona):
    brought = key_of(signed_in(mona))
    client = signed_in(rosa, "a" * 32)
    assert key_of(client) != "a" * 32
    assert not Session.objects.filter(pk="a" * 32).exists()
    assert brought != key_of(client)


def test_signing_out_ends_the_session_for_whoever_holds_its_key(rosa):
    client = signed_in(rosa)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key_of(client)
    assert thief.get(reverse("today")).status_code == 200
    client.post(reverse("account_logout"))
    assert thief.get(reverse("today")).url.startswith(reverse("account_login"))


def test_nobody_who_is_not_signed_in_is_given_a_session(client, db):
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": "nobody@larkmoor.example", "password": "wrong"})
    assert settings.SESSION_COOKIE_NAME not in client.cookies
