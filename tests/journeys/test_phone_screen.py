"""A screen by phone as three people live it: sent, answered at 390 px without a script, decided, booked."""

import re

import pytest
from playwright.sync_api import expect

from planner.demo.place import PASSWORD
from tests.journeys.test_main_job import register

pytestmark = pytest.mark.browser

BORN = ("14", "3", "1992")


@pytest.fixture
def phone(chromium, live_server):
    """A phone of 390 by 844 pixels that runs no script; nothing on it may fail or come from elsewhere."""
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        java_script_enabled=False,
        locale="en-GB",
    )
    context.set_default_timeout(8000)
    page, wrong = context.new_page(), []
    page.on("response", lambda one: wrong.append(one.url) if one.status >= 500 else None)
    page.on("request", lambda one: wrong.append(one.url) if not one.url.startswith(live_server.url) else None)
    yield page
    context.close()
    assert wrong == []


def test_a_link_is_answered_on_the_phone_decided_and_booked(place, enter, phone):
    rosa = enter("rosa@demo.example")
    register(rosa, "Amelia", "Stone", "14 Mar 1992")
    address = send(rosa)
    answer(phone, address)
    rosa.goto("/patients/?q=Stone")
    rosa.get_by_role("link", name="Amelia Stone").click()
    expect(rosa.locator(".np-banner")).to_contain_text("Needs decision")
    expect(rosa.get_by_role("link", name="Plan for Amelia")).to_have_count(0)

    priya = enter("priya@demo.example")
    decide(priya)
    book(rosa)
    conditions_are_shown(priya)


def send(page) -> str:
    """The desk makes the address; it is shown once."""
    page.get_by_role("link", name="Screen", exact=True).first.click()
    page.get_by_label("Reason for treatment").select_option(label="Acne scars, mixed")
    for area in ("Right cheek", "Left cheek"):
        page.get_by_text(area, exact=True).click()
    page.get_by_role("button", name="Let Amelia answer alone").click()
    page.get_by_label("Show the address, to print or copy").check()
    page.get_by_role("button", name="Go on").click()
    return page.locator("[data-address]").inner_text()


def answer(page, address: str) -> None:
    """The birth date, 52 questions with one Yes, a look through, sent; nobody is named before."""
    page.goto(address)
    expect(page.locator("body")).not_to_contain_text("Amelia")
    for name, value in zip(("Day", "Month", "Year"), BORN, strict=True):
        page.get_by_label(name, exact=True).fill(value)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello Amelia")
    page.get_by_role("link", name="Start").click()
    asked = 0
    while "/my/questions/" in page.url:
        asked += 1
        expect(page.get_by_text(f"{asked} of 52", exact=True)).to_be_visible()
        if "thins the blood" in page.get_by_role("heading", level=1).inner_text():
            page.locator("label.btn", has_text=re.compile("Yes")).click()
            page.get_by_label("Medicine", exact=True).fill("Apixaban")
        else:
            page.locator("label.btn", has_text=re.compile(r"^\s*No\s*$")).click()
        page.get_by_role("button", name="Next question").click()
    assert asked == 52
    expect(page.get_by_text("52 of 52 answered")).to_be_visible()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("Please do not come yet.")).to_be_visible()
    page.get_by_role("button", name="Leave this page").click()
    expect(page.get_by_role("main")).to_contain_text("You have left your page")
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("Thank you")


def decide(page) -> None:
    """The practitioner reads the answer, clears with conditions and signs with the password."""
    page.goto("/screening/")
    page.get_by_role("link", name="Result of Amelia Stone").click()
    expect(page.locator("body")).to_contain_text("Apixaban")
    page.locator("label.np-choice", has_text="Clear, with conditions").click()
    page.get_by_label("More conditions, one a line").fill("Depth no more than 1.0 mm")
    page.get_by_label("Reason", exact=True).fill("Stable dose, bleeding risk explained.")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign the decision").click()
    expect(page.locator(".np-banner")).to_contain_text("Cleared with conditions")


def book(page) -> None:
    page.reload()
    page.get_by_role("link", name="Plan for Amelia").click()
    page.get_by_role("button", name=re.compile("^Confirm 5 visits")).first.click()
    page.get_by_role("button", name=re.compile("^Confirm 5 visits")).click()
    expect(page.locator("#toasts")).to_contain_text("5 visits are booked for Amelia Stone.")


def conditions_are_shown(page) -> None:
    page.reload()
    expect(page.locator("body")).to_contain_text("Depth no more than 1.0 mm")
