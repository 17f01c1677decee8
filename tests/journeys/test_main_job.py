"""The main job, as three people do it: register, screen, plan, book; record and sign; hand over the sheet."""

import datetime as dt
import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from planner.demo.place import PASSWORD

pytestmark = pytest.mark.browser


def answer_no_to_all(page) -> int:
    """Press No at every question, as a click on its label; return how many there were."""
    labels = page.locator("form#screening .np-yn label", has_text=re.compile(r"^No$"))
    for index in range(labels.count()):
        labels.nth(index).click()
    return labels.count()


def tick(page, words: str) -> None:
    """Press the big button that a checkbox is shown as."""
    page.locator("label.btn", has_text=words).click()
    expect(page.get_by_label(words)).to_be_checked()


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
    expect(page.locator(".np-banner")).to_contain_text("Until a practitioner has cleared it.")
    page.goto("/plan/?q=Marsh")
    page.get_by_role("link", name="Plan a course for Ivo Marsh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ivo Marsh cannot be booked now")
    expect(page.locator(".np-banner")).to_contain_text("Deferred until a practitioner has cleared it")
    expect(page.locator("main")).not_to_contain_text("nfected skin")  # the desk reads the verdict only
    expect(page.get_by_role("button", name=re.compile("^Confirm"))).to_have_count(0)


def test_a_course_from_registration_to_the_printed_sheet(place, moment, enter, download):
    rosa = enter("rosa@demo.example")
    register(rosa, "Amelia", "Stone", "14 Mar 1992")
    screen(rosa, ("Right cheek", "Left cheek"))
    expect(rosa.locator(".np-banner")).to_contain_text("Cleared")
    rosa.get_by_role("link", name="Plan for Amelia").click()
    plan_with_priya(rosa)
    course_url = book_best_fit(rosa)
    itinerary_is_printed(rosa, course_url, download)

    rosa.goto("/")
    rosa.get_by_role("button", name="Check in Amelia Stone").click()
    expect(rosa.locator("#toasts")).to_contain_text("Amelia Stone is checked in.")

    priya = enter("priya@demo.example", width=1024, height=768)
    priya.get_by_role("link", name="Start the visit of Amelia Stone").click()
    check_everything_and_start(priya)
    numb(priya, moment)
    treat(priya, moment)
    sheet_url = finish_and_sign(priya)
    record_is_frozen(priya)
    sheet_is_right(priya, sheet_url, download)
    front_desk_sees_the_sheet_and_not_the_record(rosa, sheet_url)


def plan_with_priya(page) -> None:
    """Wish for Priya only, and read the three proposals."""
    page.get_by_label("Practitioner").select_option(label="Dr Priya Nair")
    page.get_by_label("Only this person").check()
    page.get_by_role("button", name="Update proposals").click()
    proposals = page.locator("article.np-prop")
    expect(proposals.first).to_contain_text("Best fit")
    assert 2 <= proposals.count() <= 3
    for index in range(proposals.count()):
        expect(proposals.nth(index)).to_contain_text("Dr Priya Nair 5")


def book_best_fit(page) -> str:
    page.get_by_role("button", name="Confirm 5 visits").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Book 5 visits for Amelia Stone?")
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.locator("tbody tr").first).to_contain_text("Thu\u00a03\u00a0Dec\u00a02026")
    page.get_by_role("button", name="Confirm 5 visits").click()
    expect(page.locator("#toasts")).to_contain_text("5 visits are booked for Amelia Stone.")
    expect(page.locator("tbody tr")).to_have_count(5)
    return page.url


def itinerary_is_printed(page, course_url: str, download) -> None:
    page.get_by_role("link", name="Itinerary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your 5 visits")
    on_page = page.locator("table.np-itin tbody tr").all_inner_texts()
    document = PdfReader(download(page, course_url + "itinerary.pdf"))
    assert len(document.pages) == 1
    text = plain(document.pages[0].extract_text())
    for row in on_page:
        day = re.search(r"\w{3} \d{1,2} \w{3} \d{4}", plain(row))
        assert day and day.group() in text


def check_everything_and_start(page) -> None:
    """Skin type, consent on paper, the day's questions, two identifiers: then the visit starts."""
    page.get_by_role("link", name="Record it").click()
    page.get_by_label("Skin type").select_option(label="III")
    page.get_by_role("button", name="Save details").click()
    page.goto("/")
    page.get_by_role("link", name="Start the visit of Amelia Stone").click()
    expect(page.get_by_role("button", name="Start visit")).to_have_count(0)

    page.locator(".np-check", has_text="creen").first.get_by_role("link").click()
    assert answer_no_to_all(page) > 30
    page.get_by_role("button", name="See result").click()
    page.locator(".np-check", has_text="onsent").first.get_by_role("link").click()
    page.get_by_text("Signed on paper").click()
    page.get_by_label("The patient has read this text").check()
    page.get_by_role("button", name="Record consent").click()

    tick(page, "Name, as the patient says it")
    page.get_by_label("Birth date, as the patient says it").fill("14/3/1992")
    tick(page, "Consent read again with the patient")
    page.get_by_role("button", name="Start visit").click()
    expect(page.get_by_role("navigation", name="Visit steps")).to_be_visible()


def numb(page, moment) -> None:
    page.get_by_role("group", name="cream of their own").get_by_text("No", exact=True).click()
    page.get_by_text("Used", exact=True).click()
    page.get_by_label("Cream and lot").select_option(index=1)
    page.get_by_label("Amount (g)").fill("12")
    page.get_by_label("Covered area (cm²)").fill("120")
    page.get_by_label("On how many sites").fill("2")
    page.get_by_role("group", name="Put on by").get_by_text("The clinic").click()
    page.get_by_role("button", name="Cream on now").click()
    expect(page.get_by_role("timer")).to_be_visible()
    moment.shift(dt.timedelta(minutes=36))
    page.get_by_role("button", name="Cream off now").click()
    expect(page.get_by_text(re.compile("Cream was on for"))).to_contain_text("36 min")
    page.get_by_role("button", name="Next: treatment").click()


def treat(page, moment) -> None:
    page.get_by_label("Device").select_option(index=1)
    page.get_by_label("Skin preparation").fill("Chlorhexidine wipe")
    for label in ("Glide gel and lot", "Cartridge and lot", "Finishing cream and lot"):
        page.get_by_label(label, exact=True).select_option(index=1)
    page.locator("label.btn", has_text="sterile, sealed, opened today").click()
    for area, depth in (("Right cheek", "1.5"), ("Left cheek", "1.25")):
        row = page.locator(".np-area-two", has_text=area)
        row.get_by_role("textbox", name=f"Depth, {area}").fill(depth)
        row.get_by_role("textbox", name=f"Passes, {area}").fill("4")
        row.get_by_text("Glide", exact=True).click()
        row.get_by_text("Pinpoint bleeding", exact=True).click()
    page.get_by_role("button", name="Start needling").click()
    moment.shift(dt.timedelta(minutes=18))
    page.get_by_role("button", name="End needling").click()
    page.get_by_role("button", name="Next: photos").click()
    page.get_by_role("link", name="Next: finish").click()


def finish_and_sign(page) -> str:
    page.locator(".np-pain").get_by_text("3", exact=True).click()
    page.get_by_role("group", name=re.compile("edness")).get_by_text("Mild").click()
    page.get_by_role("group", name=re.compile("welling")).get_by_text("None").click()
    page.get_by_label("Why photos are missing").fill("She wants no pictures today.")
    tick(page, "Observed and fit to leave")
    tick(page, "Sharps disposed of")
    page.get_by_label(re.compile("patient.s sheet|note for the patient", re.IGNORECASE)).fill("Rest today.")
    page.get_by_label(re.compile("password", re.IGNORECASE)).fill(PASSWORD)
    page.get_by_role("button", name="Sign and give aftercare").click()
    expect(page).to_have_url(re.compile(r"/sheets/\d+/$"))
    return page.url


def record_is_frozen(page) -> None:
    from planner.models import TreatmentSession

    session = TreatmentSession.objects.get()
    page.goto(f"/records/{session.pk}/treatment/")
    expect(page).to_have_url(re.compile(rf"/records/{session.pk}/$"))
    expect(page.get_by_role("main")).to_contain_text("1.50")


def sheet_is_right(page, sheet_url: str, download) -> None:
    """Page and PDF say the same: the patient, real dates, the next visit; one sheet of paper."""
    page.goto(sheet_url)
    main = plain(page.get_by_role("main").inner_text())
    document = PdfReader(download(page, sheet_url.rstrip("/") + ".pdf"))
    assert len(document.pages) == 1
    text = plain(document.pages[0].extract_text())
    for words in ("Amelia Stone", "right cheek", "Fri 4 Dec", "Rest today.", "020 7946 0138", "999"):
        assert words in main, words
        assert words in text, words
    following = page.locator("section", has_text="next visit").last.inner_text()
    day = re.search(r"\w{3} \d{1,2} \w{3} \d{4}", plain(following))
    assert day and day.group() in text
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(PdfReader(io.BytesIO(printed)).pages) == 1


def front_desk_sees_the_sheet_and_not_the_record(page, sheet_url: str) -> None:
    page.goto(sheet_url)
    expect(page.get_by_role("main")).to_contain_text("Amelia Stone")
    answer = page.request.get("/records/1/")
    assert answer.status in (403, 404)
    assert "Amelia" not in answer.text()


def plain(text: str) -> str:
    """Text with ordinary spaces, in one line."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))
