"""A page left open: it closes itself, and what was typed waits for who typed it."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from patients.models import Patient
from planner.demo.people import register_all
from planner.demo.place import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def patient(place, settings):
    settings.IDLE_MINUTES = 15
    register_all(place)
    return Patient.objects.order_by("pk").first()


def leave(page):
    """Nobody is here for a while; the session of the server ends with it."""
    Session.objects.all().delete()
    page.clock.run_for(16 * 60 * 1000)


def sign_in(page, email):
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/")


def test_a_page_left_open_closes_itself_and_leads_back(patient, enter):
    page = enter("rosa@demo.example")
    page.clock.install()
    page.goto(f"/patients/{patient.pk}/")
    leave(page)
    expect(page).to_have_url(re.compile(rf"/accounts/login/\?next=/patients/{patient.pk}/"))


def test_what_was_typed_waits_behind_a_cover_for_its_writer(patient, enter):
    page = enter("rosa@demo.example")
    page.clock.install()
    page.goto(f"/patients/{patient.pk}/edit/")
    page.locator("[name=preferred_name]").fill("Mandy")
    leave(page)
    cover = page.get_by_role("dialog", name="You are signed out")
    expect(cover).to_be_visible()
    behind = cover.evaluate("one => getComputedStyle(one, '::backdrop').backgroundColor")
    assert re.fullmatch(r"rgb\(\d+, \d+, \d+\)", behind)  # nothing shines through
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    cover.get_by_role("button", name="Go on here").click()
    expect(cover).to_contain_text("You are not signed in yet.")
    other = page.context.new_page()
    sign_in(other, "mona@demo.example")
    cover.get_by_role("button", name="Go on here").click()
    expect(cover).to_contain_text("Somebody else is signed in now.")
    page.context.clear_cookies()
    sign_in(other, "rosa@demo.example")
    cover.get_by_role("button", name="Go on here").click()
    expect(cover).to_be_hidden()
    page.get_by_role("button", name="Save details").click()
    expect(page.locator("#toasts")).to_contain_text("saved")
    patient.refresh_from_db()
    assert patient.called == "Mandy"
