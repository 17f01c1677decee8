"""axe finds no fault of WCAG A or AA on the pages that people use all day."""

import datetime as dt
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe

from clinic.models import OutboxMessage, User
from planner.demo.place import PASSWORD
from planner.models import AftercareSheet, AftercareText
from planner.texts import start_draft

pytestmark = pytest.mark.browser

LEVELS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def amelia(place):
    """A patient with a booked course whose first visit is today and checked in; another one has a sheet."""
    from planner import booking
    from planner.demo import stories, visits
    from planner.demo.people import register_all

    patients = register_all(place)
    earlier = stories.Story("Marta Kowalczyk", 0, 0, 1, 5, "ACNE_MIXED", stories.FACE)
    signed = stories.book(place, earlier, patients["Marta Kowalczyk"], place.today - dt.timedelta(days=2))
    visits.whole_visit(place, signed.appointments.get(number=1))
    story = stories.Story("Amara Osei", 3, 0, 1, 5, "ACNE_MIXED", stories.FACE)
    course = stories.book(place, story, patients["Amara Osei"], place.today)
    visit = course.appointments.get(number=1)
    booking.check_in(visit, by=place.rosa, at=place.now)
    return visit


@pytest.fixture
def inspected(chromium, live_server):
    """`inspected(email)` gives a function that opens a path and returns what axe finds there."""
    contexts = []

    def as_person(email: str):
        # axe is put into the page from outside, which the app's own policy forbids.
        context = chromium.new_context(base_url=live_server.url, bypass_csp=True)
        contexts.append(context)
        page = context.new_page()
        page.goto("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/")

        return partial(_faults, page)

    yield as_person
    for context in contexts:
        context.close()


@pytest.fixture
def signed_out(chromium, live_server):
    """What axe finds on a page that is open to everybody."""
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True)
    yield partial(_faults, context.new_page())
    context.close()


def _faults(page, path: str) -> list[tuple[str, str]]:
    page.goto(path)
    found = Axe().run(page, options=LEVELS).response["violations"]
    return [(one["id"], node["html"]) for one in found for node in one["nodes"]]


def test_pages_have_no_fault_that_axe_can_see(amelia, inspected, signed_out):
    patient, course = amelia.patient_id, amelia.course_id
    scope = f"?indication={amelia.course.indication_id}&areas=" + "&areas=".join(
        str(pk) for pk in amelia.areas.values_list("area_id", flat=True)
    )
    following = amelia.course.appointments.get(number=2)
    manager = User.objects.get(email="mona@demo.example")
    draft = start_draft(AftercareText.objects.get(language="en"), by=manager)
    sheet = AftercareSheet.objects.get()
    letter = OutboxMessage.objects.filter(patient_id=patient).first()
    second, moved = following.pk, following.on + dt.timedelta(days=1)
    pages = {
        "rosa@demo.example": [
            "/",
            "/board/",
            f"/board/?visit={amelia.pk}",
            "/board/?view=week",
            "/patients/",
            "/patients/new/",
            f"/patients/{patient}/",
            f"/patients/{patient}/messages/",
            f"/messages/{letter.pk}/",
            "/messages/",
            "/settings/messages/",
            f"/patients/{patient}/screening/new/{scope}",
            f"/patients/{patient}/plan/",
            f"/courses/{course}/",
            f"/courses/{course}/itinerary/",
            f"/visits/{second}/move/",
            f"/visits/{second}/move/?start={moved}T14:00",
            f"/visits/{second}/cancel/",
            f"/courses/{course}/replan/",
            f"/courses/{course}/hold/",
            f"/courses/{course}/extend/",
            f"/courses/{course}/stop/",
            "/short-notice/",
            f"/short-notice/?start={moved}T10:00%2B00:00&practitioner={amelia.practitioner_id}&room={amelia.room_id}",
            "/walk-in/",
            f"/walk-in/{patient}/",
            f"/patients/{patient}/plan/?first=today",
            "/repair/",
            "/screening/",
        ],
        "priya@demo.example": [
            f"/visits/{amelia.pk}/record/",
            "/settings/approvals/",
            f"/sheets/{sheet.pk}/",
            "/sheets/today/",
        ],
        "mona@demo.example": [
            "/settings/",
            f"/settings/locations/{amelia.location_id}/",
            *(f"/settings/aftercare-texts/{draft.pk}/{part}" for part in ("", "do_not.heat/", "sheet/")),
        ],
    }
    found = {"/accounts/login/": signed_out("/accounts/login/")}
    for email, paths in pages.items():
        faults = inspected(email)
        found |= {path: faults(path) for path in paths}
    assert found == dict.fromkeys(found, [])
