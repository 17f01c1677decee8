"""Messages as the desk sees them: one that did not arrive, corrected and sent again; one that is stopped."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from clinic.letters import AddressRefusedError
from clinic.models import OutboxMessage
from planner.demo import stories
from planner.demo.letters import send_due
from planner.demo.people import register_all
from planner.reminding import plan_messages

pytestmark = pytest.mark.browser


@pytest.fixture
def amara(place):
    """Amara, whose first visit is in eight days; how to prepare for it could not be delivered today."""
    patients = register_all(place)
    story = stories.Story("Amara Osei", 3, 0, 1, 5, "ACNE_MIXED", stories.FACE)
    course = stories.book(place, story, patients["Amara Osei"], place.today + dt.timedelta(days=8))
    plan_messages(place.now)

    def nobody_there(letter, *, key):
        raise AddressRefusedError

    OutboxMessage.objects.filter(kind="preparation").update(due_at=place.now, asked_by=place.rosa)
    send_due(place.now, nobody_there)
    return course.patient


def test_what_did_not_arrive_is_corrected_and_sent_again(amara, enter):
    page = enter("rosa@demo.example")
    item = page.get_by_role("listitem").filter(has_text="did not get a message: how to prepare")
    item.get_by_role("link", name="Open message").click()
    expect(page.get_by_role("main")).to_contain_text("there is no such e-mail address")
    expect(page.get_by_role("main")).to_contain_text("Stop retinol and acid creams on")
    message = page.url
    page.get_by_role("link", name="Check the address").click()
    page.get_by_label(re.compile("^E-?mail")).fill("amara@patients.example")
    page.get_by_role("button", name="Save details").click()
    page.goto(message)
    page.get_by_role("button", name="Send again").dblclick()
    expect(page.locator("#toasts")).to_contain_text("leaves within a minute")
    assert OutboxMessage.objects.filter(kind="preparation").count() == 2
    expect(page.get_by_role("main")).to_contain_text("E-mail to a•••@patients.example")
    page.goto("/")
    expect(page.get_by_role("main")).not_to_contain_text("did not get a message")


def test_a_reminder_is_stopped_and_let_go_after_all(amara, enter):
    page = enter("rosa@demo.example")
    page.goto(f"/patients/{amara.pk}/")
    page.get_by_role("link", name=re.compile("^Reminder for")).click()
    expect(page.get_by_role("main")).to_contain_text("As it would leave now")
    page.get_by_role("button", name="Stop it").click()
    expect(page.locator("#toasts")).to_contain_text("Reminder: stopped.")
    expect(page.get_by_role("main")).to_contain_text("Not sent: stopped by Rosa Diaz")
    page.get_by_role("link", name=re.compile("^Reminder for")).click()
    page.get_by_role("button", name="Let it leave after all").click()
    expect(page.locator("#toasts")).to_contain_text("leaves ")
    assert OutboxMessage.objects.get(kind="reminder").dropped_because == ""
