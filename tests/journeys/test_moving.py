"""Moving as the desk does it: preview, confirm, undo; a cancelled visit; a freed time at short notice."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from planner import booking
from planner.demo import stories
from planner.demo.people import register_all
from planner.models import Appointment

pytestmark = pytest.mark.browser


@pytest.fixture
def courses(place):
    """Amara and Bea, each with a first visit today and the next ones five weeks apart."""
    patients = register_all(place)
    told = [
        stories.Story("Amara Osei", 3, 0, 1, 5, "ACNE_MIXED", stories.FACE),
        stories.Story("Bea Lindholm", 4, 1, 1, 4, "ACNE_MIXED", stories.FACE),
    ]
    found = {story.name: stories.book(place, story, patients[story.name], place.today) for story in told}
    for course in found.values():
        visit = course.appointments.get(number=1)
        booking.check_in(visit, by=place.rosa, at=place.now)
    return found


def days(course) -> list[dt.date]:
    """The dates of the booked visits, in order."""
    rows = Appointment.objects.filter(course=course, status__in=("booked", "arrived"))
    return list(rows.order_by("start").values_list("on", flat=True))


def test_a_visit_is_moved_with_a_preview_and_taken_back(courses, enter):
    course = courses["Amara Osei"]
    before = days(course)
    page = enter("rosa@demo.example")
    page.goto(f"/courses/{course.pk}/")
    page.get_by_role("link", name="Move visit 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Move visit 2 of Amara Osei")
    page.get_by_label("Date").fill("1 Feb 2027")
    page.get_by_label("Arrives at").fill("22:00")
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed")
    expect(page.get_by_label("Date")).to_have_value("1 Feb 2027")
    page.get_by_role("link", name=re.compile("^Take ")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("of Amara Osei?")
    expect(page.get_by_role("img", name=re.compile("^Before and after"))).to_be_visible()
    assert days(course) == before  # nothing moves before it is confirmed
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("moved.")
    assert days(course) != before
    page.go_back()  # the preview is drawn anew: the visit is there already
    expect(page.get_by_role("main")).to_contain_text("Nothing has to move.")
    expect(page.get_by_role("button", name=re.compile("^Move"))).to_have_count(0)
    page.goto(f"/courses/{course.pk}/")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("The dates of Amara Osei are as before.")
    assert days(course) == before


def test_a_cancelled_visit_gets_a_new_date_and_its_time_goes_to_who_waits(courses, enter):
    amara, bea = courses["Amara Osei"], courses["Bea Lindholm"]
    page = enter("rosa@demo.example")
    page.goto(f"/courses/{bea.pk}/")
    page.get_by_label("What suits").fill("Any day")
    page.get_by_role("button", name="Would come earlier").click()
    expect(page.locator("#toasts")).to_contain_text("Bea Lindholm is on the short-notice list.")

    page.goto(f"/courses/{amara.pk}/")
    page.get_by_role("link", name="Cancel visit 2").click()
    page.get_by_label("Reason").fill("On holiday")
    page.get_by_label(re.compile("^Book a new date for it")).check()
    page.get_by_role("button", name="Cancel this visit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Cancel visit 2 of Amara Osei and book a new date?"
    )
    page.get_by_role("button", name=re.compile("^Cancel 1 and book 1 visit")).click()
    expect(page.locator("#toasts")).to_contain_text("Visit 2 of Amara Osei is cancelled.")
    assert len(days(amara)) == 5

    page.goto("/short-notice/")
    expect(page.get_by_role("main")).to_contain_text("Bea Lindholm")
    page.get_by_role("button", name="Offer this time to Bea Lindholm").first.click()
    expect(page.locator("#toasts")).to_contain_text("Held for Bea Lindholm until")
    before = days(bea)
    page.get_by_role("button", name="Bea Lindholm takes this time").click()
    expect(page.locator("#toasts")).to_contain_text("of Bea Lindholm moved.")
    assert days(bea)[1] <= before[1]
