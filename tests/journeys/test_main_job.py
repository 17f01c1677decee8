"""The main job, as three people do it: register, screen, plan, book; record and sign; hand over the sheet."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

pytestmark = pytest.mark.browser


def answer_no_to_all(page) -> int:
    """Press No at every question, as a click on its label; return how many there were."""
    labels = page.locator("form#screening .np-yn label", has_text=re.compile(r"^No$"))
    for index in range(labels.count()):
        labels.nth(index).click()
    return labels.count()


def register(page, first: str, last: str, born: str) -> None:
    page.goto("/patients/")
    page.get_by_role("link", name="Add patient").first.click()
    page.get_by_label("First name").fill(first)
    page.get_by_label("Last name").fill(last)
    page.get_by_label("Date of birth").fill(born)
    page.get_by_label("Mobile phone").fill("020 7946 0777")
    page.get_by_role("button", name="Add patient").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{first} {last}")


def screen(page, areas: tuple[str, ...], yes: str = "") -> None:
    page.get_by_role("link", name="Screen", exact=True).first.click()
    page.get_by_label("Reason for treatment").select_option(label="Acne scars, mixed")
    for area in areas:
        page.get_by_text(area, exact=True).click()
    page.get_by_role("button", name="Ask the questions").click()
    assert answer_no_to_all(page) > 30
    if yes:
        question = page.get_by_role("radiogroup", name=yes)
        question.locator("label.yes").click()
        question.get_by_label("Fever too").select_option(label="No")
    page.get_by_role("button", name="See result").click()


def test_an_infected_patient_cannot_be_booked_and_the_page_says_why(place, enter):
    page = enter("rosa@demo.example")
    register(page, "Ivo", "Marsh", "2 Feb 1988")
    screen(page, ("Right cheek",), yes="Is the skin in the area infected?")
    expect(page.locator(".np-banner")).to_contain_text("Infected skin")
    page.goto("/plan/?q=Marsh")
    page.get_by_role("link", name="Plan a course for Ivo Marsh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ivo Marsh cannot be booked now")
    expect(page.locator(".np-banner")).to_contain_text("Infected skin")
    expect(page.get_by_role("button", name=re.compile("^Confirm"))).to_have_count(0)
