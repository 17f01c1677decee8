"""Errors are said in words, in the frame of the person who meets them."""

import re

import pytest
from django.test import Client, override_settings
from django.urls import path

from clinic.refusals import Refusal
from clinic.urls import handler400, handler403, handler404, handler500  # noqa: F401 - used by the resolver
from clinic.urls import urlpatterns as clinic_urls


def broken(request):
    """A page with a bug."""
    raise ZeroDivisionError


def refusing(request):
    """A page whose command says no."""
    raise Refusal("room_taken", "Room 2 is taken 10:00–10:45.", "It is free from 11:00.")


def moved_on(request):
    """A page drawn before somebody else changed the diary."""
    raise Refusal("changed", "Kerry Walsh moved this visit.", stale=True)


urlpatterns = [
    *clinic_urls,
    path("broken/", broken, name="patient_list"),
    path("refusing/", refusing, name="course_list"),
    path("moved/", moved_on, name="screening_list"),
    path("settings-only/", broken, name="settings_home"),
]


@pytest.fixture
def desk(rosa, client_for):
    with override_settings(ROOT_URLCONF=__name__):
        client = client_for(rosa)
        client.raise_request_exception = False
        yield client


def test_page_not_found_is_plain_for_a_stranger_and_framed_for_staff(desk):
    stranger = Client().get("/nowhere/")
    assert stranger.status_code == 404
    assert "Page not found" in stranger.text
    assert "np-side" not in stranger.text
    staff = desk.get("/nowhere/")
    assert staff.status_code == 404
    assert "np-side" in staff.text


def test_a_page_of_another_role_says_so(desk):
    response = desk.get("/settings-only/")
    assert response.status_code == 403
    assert "You cannot open this page" in response.text
    assert "A manager of the clinic can change your role." in response.text


def test_a_page_of_another_role_names_the_manager(desk, mona):
    assert f"Your manager, {mona.name}, can change your role." in desk.get("/settings-only/").text


def test_an_address_of_a_button_says_that_nothing_was_done(desk):
    response = desk.get("/visits/1/check-in/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "This step was not done" in response.text and "np-side" in response.text


def test_a_missing_page_is_plain_in_debug_too(desk, settings):
    settings.DEBUG = True
    response = desk.get("/nowhere/")
    assert response.status_code == 404
    assert "Page not found" in response.text and "urlpatterns" not in response.text.lower()
    assert "np-side" in response.text


def test_a_bug_shows_a_reference_that_is_in_the_log(desk, caplog):
    response = desk.get("/broken/")
    assert response.status_code == 500
    reference = response.text.split('<b class="np-code">')[1].split("<")[0]
    assert re.fullmatch(r"E-[0-9A-F]{6}", reference)
    assert reference in caplog.text
    assert "Something broke on our side" in response.text


def test_a_refusal_says_why_and_what_next(desk):
    response = desk.get("/refusing/")
    assert response.status_code == 422
    assert "Room 2 is taken 10:00–10:45. It is free from 11:00." in response.text


def test_a_refusal_of_a_stale_page_is_a_conflict(desk):
    response = desk.get("/moved/")
    assert response.status_code == 409
    assert "The diary changed meanwhile" in response.text


def test_a_form_without_its_token_says_that_nothing_changed(rosa):
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert "This page was open too long" in response.text
