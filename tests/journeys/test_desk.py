"""The front desk: a call in under a minute, a walk-in, a refused drop, somebody ill, the day on paper."""

import datetime as dt
import io
import re
import time

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from clinic.models import Indication, TreatmentArea
from planner import booking
from planner.demo import stories
from planner.demo.answers import screen
from planner.demo.people import register_all
from planner.models import Appointment, TreatmentCourse

pytestmark = pytest.mark.browser

A_MINUTE = 60  # seconds


@pytest.fixture
def patients(place):
    """Everybody on file, nobody booked."""
    return register_all(place)


def booked(place, patients, name, hour, person, visit=1):
    story = stories.Story(name, hour, person, visit, 5, "ACNE_MIXED", stories.FACE)
    return stories.book(place, story, patients[name], place.today)


@pytest.fixture
def amara(place, patients):
    """Amara's course: visit 1 today at eleven with Kerry."""
    return booked(place, patients, "Amara Osei", 2, 1)


def days(course) -> list[dt.date]:
    """The dates of the booked visits, in order."""
    return list(course.appointments.filter(status="booked").order_by("start").values_list("on", flat=True))


def plain(text: str) -> str:
    """Text with ordinary spaces, in one line."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def test_a_course_is_booked_by_phone_in_under_a_minute(place, patients, enter):
    """Search, plan, confirm, read out, book: four presses and one search."""
    acne = Indication.objects.get(code="ACNE_MIXED")
    areas = TreatmentArea.objects.filter(code__in=stories.FACE)
    screen(place, patients["Nadine Ferrer"], indication=acne, areas=areas, at=place.now)
    page = enter("rosa@demo.example")
    began, presses = time.monotonic(), 0
    page.keyboard.press("/")
    page.keyboard.type("ferer")  # as it was heard
    expect(page.locator("#np-hits")).to_contain_text("No patient called “ferer”. Nearly the same:")
    page.keyboard.press("ArrowDown")  # who is only nearly meant is chosen, never opened by itself
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/patients/{patients['Nadine Ferrer'].pk}/")
    for name in ("Plan for Nadine", "Confirm 5 visits", "Confirm 5 visits"):
        button, last = page.get_by_role("main").get_by_text(name).first, presses == 2
        button.dblclick() if last else button.click()  # somebody impatient
        presses += 1
    expect(page.locator("#toasts")).to_contain_text("5 visits are booked for Nadine Ferrer.")
    assert presses == 3
    assert time.monotonic() - began < A_MINUTE
    assert TreatmentCourse.objects.get(patient=patients["Nadine Ferrer"]).appointments.count() == 5


def test_the_browsers_back_and_reload_find_the_wishes_and_the_course(place, patients, enter):
    acne = Indication.objects.get(code="ACNE_MIXED")
    areas = TreatmentArea.objects.filter(code__in=stories.FACE)
    screen(place, patients["Nadine Ferrer"], indication=acne, areas=areas, at=place.now)
    page = enter("rosa@demo.example")
    page.goto(f"/patients/{patients['Nadine Ferrer'].pk}/plan/")
    page.get_by_label("Visits", exact=True).select_option("4")
    page.get_by_role("button", name="Update proposals").click()
    confirm = page.get_by_role("button", name=re.compile("^Confirm 4 visits")).first
    expect(confirm).to_be_visible()
    page.reload()
    confirm.click()
    page.get_by_text("Book 4 visits for Nadine Ferrer?").wait_for()
    page.go_back()
    expect(page.get_by_label("Visits", exact=True)).to_have_value("4")
    confirm.click()
    page.get_by_text("Book 4 visits for Nadine Ferrer?").wait_for()
    page.get_by_role("button", name="Confirm 4 visits").click()
    page.wait_for_url("**/courses/*/")
    course, url = TreatmentCourse.objects.get(), page.url
    page.go_back()
    expect(page).to_have_url(url)
    assert course.appointments.count() == 4


def test_a_walk_in_is_led_from_today_to_a_visit_today(place, patients, enter):
    page = enter("rosa@demo.example")
    page.get_by_role("link", name="Walk-in").click()
    expect(page.get_by_role("main")).to_contain_text("Free now until")
    page.get_by_role("link", name="Add new patient").click()
    page.get_by_label("First name").fill("Wim")
    page.get_by_label("Last name").fill("Berg")
    page.get_by_label("Date of birth").fill("3 Mar 1990")
    page.get_by_role("button", name="Add patient").click()
    expect(page.get_by_role("main")).to_contain_text("Screen first: then a course is planned from today.")
    page.get_by_role("link", name="Screen now").click()
    page.get_by_label("Reason for treatment").select_option(label="Acne scars, mixed")
    page.get_by_text("Right cheek", exact=True).click()
    page.get_by_role("button", name="Ask the questions").click()
    for label in page.locator("form#screening .np-yn label", has_text=re.compile(r"^No$")).all():
        label.click()
    page.get_by_role("button", name="See result").click()
    expect(page).to_have_url(re.compile(r"/walk-in/\d+/$"))
    page.get_by_role("link", name="Plan from today").click()
    expect(page.get_by_label("First visit today: the patient is here")).to_be_checked()
    page.get_by_role("button", name=re.compile("^Confirm 5 visits")).first.click()
    page.get_by_role("button", name=re.compile("^Confirm 5 visits")).click()
    expect(page.locator("#toasts")).to_contain_text("5 visits are booked for Wim Berg.")
    visit = Appointment.objects.get(patient__family_name="Berg", number=1)
    assert visit.on == place.today and visit.start >= place.now
    page.goto("/")
    page.get_by_role("button", name="Check in Wim Berg").click()
    page.get_by_role("button", name=f"Send Wim Berg to {visit.room}").click()
    expect(page.locator("#toasts")).to_contain_text(f"Wim Berg goes to {visit.room}.")
    expect(page.locator(".np-visit", has_text="Wim Berg")).to_contain_text(f"In {visit.room}")


def drag_down(page, visit, lines: int) -> None:
    """Drag a visit of the board by as many lines of five minutes."""
    link = page.locator(f'.is-person [data-visit="{visit.pk}"]')
    link.scroll_into_view_if_needed()
    box = link.bounding_box()
    height = page.evaluate("document.querySelector('.np-lane').getBoundingClientRect().height")
    step = lines * height / int(page.get_attribute("[data-lines]", "data-lines"))
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 22, box["y"] + 8 + step, steps=8)
    page.mouse.up()


def test_a_drop_that_was_just_taken_is_refused_then_moved_and_taken_back(place, patients, amara, enter):
    visit = amara.appointments.get(number=1)
    page = enter("rosa@demo.example")
    page.goto("/board/")
    drag_down(page, visit, 48)
    expect(page.get_by_role("heading", level=1)).to_contain_text("of Amara Osei?")
    # Another desk takes the place between the preview and the confirmation.
    booked(place, patients, "Ines Duarte", 4, 1)
    before = days(amara)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("just taken")
    assert days(amara) == before
    assert amara.appointments.get(number=1).start == visit.start
    page.goto("/board/")
    drag_down(page, visit, 63)
    expect(page.get_by_role("heading", level=1)).to_contain_text("of Amara Osei?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("moved.")
    assert amara.appointments.get(number=1).start > visit.start + dt.timedelta(hours=5)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("The dates of Amara Osei are as before.")
    assert amara.appointments.get(number=1).start == visit.start


def test_a_practitioner_falls_ill_and_every_course_gets_new_dates(place, patients, amara, enter):
    ines = booked(place, patients, "Ines Duarte", 3, 1)
    second = amara.appointments.get(number=2)
    mona = enter("mona@demo.example")
    mona.goto("/settings/time-off/new/")
    mona.locator("[name=location]").select_option(label=str(place.location))
    mona.locator("[name=practitioner]").select_option(label=str(second.practitioner))
    mona.locator("[name=first_day]").fill(f"{second.on.day} {second.on:%b %Y}")
    mona.locator("[name=last_day]").fill(f"{second.on.day} {second.on:%b %Y}")
    mona.locator("[name=reason]").fill("Ill")
    mona.locator("main form button.btn-primary").click()
    expect(mona.get_by_role("heading", name="Booked visits touched")).to_be_visible()
    expect(mona.get_by_role("main")).to_contain_text("Amara Osei")  # told whom it touches
    mona.get_by_role("button", name="Save and keep 2 visits booked").click()
    mona.wait_for_url(re.compile(r"/settings/time-off/(\d+/)?(\?.*)?$"))

    rosa = enter("rosa@demo.example")
    expect(rosa.get_by_role("main")).to_contain_text("2 visits lost their places")
    rosa.get_by_role("link", name="See the repair").click()
    expect(rosa.get_by_role("main")).to_contain_text("Ines Duarte")
    rosa.get_by_role("button", name=re.compile("^Accept all 2")).click()
    expect(rosa.locator("#toasts")).to_contain_text("2 courses have new dates.")
    away = Appointment.objects.filter(practitioner=second.practitioner, on=second.on, status="booked")
    assert not away.exists()
    after = [days(course) for course in (amara, ines)]
    # Taking it back would put them where nobody is: the toast says so and offers no button. The course page
    # has one, for when the person is back: refused in words, and nothing is half undone.
    expect(rosa.locator("#toasts")).to_contain_text("There is no undo while the old place is closed or taken")
    expect(rosa.locator("#toasts").get_by_role("button", name="Undo")).to_have_count(0)
    rosa.goto(f"/courses/{amara.pk}/")
    rosa.get_by_role("main").get_by_role("button", name="Undo").click()
    expect(rosa.get_by_role("main").get_by_role("alert")).to_contain_text("a person is away")
    assert [days(course) for course in (amara, ines)] == after
    assert not away.exists()


def test_the_day_list_prints_everybody_on_one_page(place, patients, amara, enter):
    ines = booked(place, patients, "Ines Duarte", 4, 1)
    booking.check_in(amara.appointments.get(number=1), by=place.rosa, at=place.now)
    page = enter("rosa@demo.example")
    page.get_by_role("link", name="Print day list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thursday 3 December 2026")
    page.wait_for_load_state("networkidle")
    printed = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    text = plain(printed.pages[0].extract_text())
    for words in (
        "Thursday 3 December 2026",
        "2 visits",
        "Amara Osei",
        "Ines Duarte",
        "11:00",
        "15:00",
        "Came",
    ):
        assert words in text, words
    assert "Search patients" not in text  # nothing of the screen's frame
    assert ines.appointments.get(number=1).on == place.today
