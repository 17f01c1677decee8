"""Two people at the board: what one does, the other sees; the keyboard reaches every visit."""

import datetime as dt

import pytest

from clinic import clock
from clinic.models import Absence, Closure
from patients.models import Patient
from planner import booking
from planner.demo import stories
from planner.demo.people import register_all
from tests.planner.moves import cancel, move

pytestmark = pytest.mark.browser


@pytest.fixture
def visits(place):
    """Two first visits of today, one after the other, with the same person."""
    patients = register_all(place)
    booked = []
    for name, hour, line in (("Amara Osei", 3, 0), ("Ines Duarte", 4, 0)):
        story = stories.Story(name, hour, line, 1, 5, "ACNE_MIXED", stories.FACE)
        booked.append(stories.book(place, story, patients[name], place.today).appointments.get(number=1))
    return booked


FIVE_SECONDS = 5000


def test_changes_of_others_appear_without_a_reload(visits, place, enter):
    """Rosa has the board open, Mona Today; others check in, move, book, cancel, fall ill, close."""
    amara, ines = visits
    board, today = enter("rosa@demo.example"), enter("mona@demo.example")
    board.goto("/board/")
    board.click(f'.is-person [data-visit="{amara.pk}"]')
    board.wait_for_selector("#drawer .np-planned")
    assert "Amara Osei" in board.inner_text("#drawer")

    booking.check_in(amara, by=place.mona, at=place.now)
    move(ines.course, 1, place.today, place.mona, dt.time(17), at=place.now)
    story = stories.Story("Yuki Tanabe", 4, 2, 1, 5, "ACNE_MIXED", stories.FACE)
    yuki = Patient.objects.get(family_name="Tanabe")
    third = stories.book(place, story, yuki, place.today).appointments.get(number=1)
    ill = {"start": place.at(place.today, dt.time(12)), "end": place.at(place.today, dt.time(13))}
    Absence.objects.create(practitioner=place.practitioners[2], reason="Dentist", **ill)
    board.wait_for_selector(f'.np-arrived [data-visit="{amara.pk}"]', timeout=FIVE_SECONDS)
    board.wait_for_selector(f'.is-person [data-visit="{ines.pk}"][data-start="1020"]')
    board.wait_for_selector(f'.is-person [data-visit="{third.pk}"]')
    board.wait_for_selector("text=Dentist")
    assert board.get_attribute(f'.is-person [data-visit="{amara.pk}"]', "aria-current") == "true"
    today.wait_for_selector('[aria-label="Undo the check-in of Amara Osei"]', timeout=FIVE_SECONDS)
    today.wait_for_selector('.np-visit:has-text("Ines Duarte") time:has-text("17:00")')
    today.wait_for_selector('.np-visit:has-text("Yuki Tanabe")')

    today.focus('[aria-label="Check in Yuki Tanabe"]')
    cancel(ines, reason="Ill", by=place.mona, at=place.now)
    Closure.objects.create(
        location=place.location, first_date=place.today, last_date=place.today, reason="Burst pipe"
    )
    board.wait_for_selector("text=The clinic is closed: Burst pipe", timeout=FIVE_SECONDS)
    assert board.locator(f'[data-visit="{ines.pk}"]').count() == 0
    today.wait_for_selector("text=lost its place", timeout=FIVE_SECONDS)
    assert today.locator('.np-visit:has-text("Ines Duarte"):not(details *)').count() == 0
    assert today.evaluate("document.activeElement.getAttribute('aria-label')") == "Check in Yuki Tanabe"


def test_the_arrows_walk_over_the_visits_and_the_days(visits, enter):
    page = enter("rosa@demo.example")
    page.goto("/board/")
    today = page.inner_text("h1")
    first, second = (f'.is-person [data-visit="{one.pk}"]' for one in visits)
    page.focus(first)
    held = "document.activeElement.dataset.visit"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(held) == str(visits[1].pk)
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('.np-col').classList.contains('is-room')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer:not(.is-empty)")
    assert "Ines Duarte" in page.inner_text("#drawer")
    assert page.get_attribute(second, "aria-current") == "true"
    page.keyboard.press("m")
    page.wait_for_url(f"**/visits/{visits[1].pk}/move/")
    page.goto("/board/")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"document.querySelector('h1').innerText !== {today!r}")
    page.keyboard.press("t")
    page.wait_for_function(f"document.querySelector('h1').innerText === {today!r}")


def test_a_visit_is_dragged_to_another_time_and_the_preview_opens(visits, enter):
    page = enter("rosa@demo.example")
    page.goto("/board/")
    link = page.locator(f'.is-person [data-visit="{visits[1].pk}"]')
    link.scroll_into_view_if_needed()
    box, start = link.bounding_box(), link.get_attribute("data-start")
    line = page.evaluate("document.querySelector('.np-lane').getBoundingClientRect().height") / int(
        page.get_attribute("[data-lines]", "data-lines")
    )
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 22, box["y"] + 8 + 6 * line, steps=8)
    page.mouse.up()
    moment = clock.day_bounds(visits[1].on, visits[1].location.time_zone)[0]
    later = f"{moment + dt.timedelta(minutes=int(start) + 30):%H%%3A%M}%3A00.000Z"
    page.wait_for_url(f"**/visits/{visits[1].pk}/move/?start=*T{later}&practitioner=*")
    assert visits[1].course.appointments.get(number=1).start == visits[1].start


def test_search_is_reached_walked_and_opened_by_keys(visits, enter):
    page = enter("rosa@demo.example")
    page.keyboard.press("/")
    page.keyboard.type("osie")
    page.wait_for_selector("[data-hit]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/patients/{visits[0].patient_id}/")
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.wait_for_url("**/board/")
    page.keyboard.press("?")
    page.wait_for_url("**/help/")


def test_without_a_connection_the_page_says_so_and_keeps_what_was_typed(visits, enter):
    page = enter("rosa@demo.example")
    page.goto("/patients/new/")
    page.fill("[name=given_name]", "Lina")
    page.context.set_offline(True)
    page.wait_for_selector("#np-offline:not([hidden])")
    page.click("text=Add patient >> nth=-1")
    assert page.input_value("[name=given_name]") == "Lina"
    page.context.set_offline(False)
    page.wait_for_selector("#np-offline", state="hidden")
