"""A whole visit on a tablet: a reload, a lost network, two people at once, a photo, the signature."""

import datetime as dt
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from patients.models import Patient
from planner import booking, records
from planner.demo import visits
from planner.demo.people import register_all
from planner.demo.place import PASSWORD
from planner.demo.stories import FACE, Story, book
from planner.models import TreatmentSession
from tests.planner.pictures import picture

pytestmark = pytest.mark.browser
SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")


@pytest.fixture
def record(place):
    """Amara is here for her first visit of six, screened; her record is open."""
    patient = register_all(place)["Amara Osei"]
    course = book(place, Story("Amara Osei", 2, 0, 1, 6, "ACNE_MIXED", FACE), patient, place.today)
    visit = booking.check_in(course.appointments.get(number=1), by=place.priya, at=place.now)
    visits.screen_again(place, visit, place.now)
    said = {"identity_checked": True, "birth_date": patient.birth_date, "consent_read": True}
    return records.start_session(visit, **said, by=place.priya, at=place.now)


def saved(page) -> None:
    """Also after the pause before a failed save is tried again."""
    expect(page.locator("[data-part=saved]")).to_contain_text(SAVED, timeout=25000)
    for _ in range(250):  # the page's own rules forbid the waiting function of the browser driver
        if not page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('np-unsent'))"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("something unsent stays in the browser")


def test_a_whole_visit_on_a_tablet(place, record, moment, enter):
    page = enter("priya@demo.example", 1024, 768, touch=True)
    page.goto(f"/records/{record.pk}/numbing/")
    numb_with_a_reload(page, moment)
    treat_with_a_lost_network(page, record, moment)
    settle_two_versions(page, record, place)
    page.get_by_role("button", name="Start needling").tap()
    expect(page.get_by_role("button", name="End needling")).to_be_visible()
    moment.shift(dt.timedelta(minutes=20))
    page.get_by_role("button", name="End needling").tap()
    page.get_by_role("button", name="Next: photos").tap()
    take_a_photo(page)
    page.get_by_role("link", name="Next: finish").tap()
    sign(page)
    record.refresh_from_db()
    assert record.signed_at and record.areas.count() == 2
    assert record.appointment.photos.count() == 1
    agree(page, record)


def agree(page, record) -> None:
    """The sheet, the record and its print say the same as the database."""
    depth, passes = {(link.depth_mm, link.passes) for link in record.areas.all()}.pop()
    sheet = page.get_by_role("main").inner_text()
    treated = ", ".join(link.area.name.lower() for link in record.areas.all())
    assert f"Treated: {treated}" in sheet and f"{record.patient} · Visit 1 of 6" in sheet
    page.goto(f"/records/{record.pk}/")
    for medium in ("screen", "print"):
        page.emulate_media(media=medium)
        said = page.get_by_role("main").inner_text()
        for words in (f"{depth} mm", f"{passes}", "NC-240817", "Chlorhexidine, dry", "12.5 g", "2 sites"):
            assert words in said, (medium, words)
        assert "She wanted one picture only." in said and "3 of 10" in said
    page.emulate_media(media="screen")


def numb_with_a_reload(page, moment) -> None:
    page.get_by_role("group", name="cream of their own").get_by_text("No", exact=True).tap()
    page.get_by_text("Used", exact=True).tap()
    page.get_by_label("Cream and lot").select_option(index=1)
    page.get_by_label("Amount (g)").fill("12,5")
    page.get_by_label("Covered area (cm²)").fill("120")
    page.get_by_label("On how many sites").fill("2")
    page.get_by_role("group", name="Put on by").get_by_text("The clinic").tap()
    page.get_by_role("button", name="Cream on now").tap()
    expect(page.get_by_role("timer")).to_be_visible()
    moment.shift(dt.timedelta(minutes=62))
    page.reload()
    expect(page.get_by_role("timer")).to_contain_text("1:02:")
    expect(page.get_by_label("Amount (g)")).to_have_value("12.5")
    page.get_by_role("button", name="Cream off now").tap()
    page.get_by_role("button", name="Next: treatment").tap()


def treat_with_a_lost_network(page, record, moment) -> None:
    """What was typed without a network is there after a reload, and saved once the network is back."""
    right = page.get_by_role("link", name=re.compile("^Right cheek, area 1"))
    right.tap()
    expect(page.get_by_role("textbox", name="Depth, Right cheek")).to_be_focused()
    page.route("**/treatment/", without_network)
    page.get_by_role("textbox", name="Depth, Right cheek").fill("1,25")
    expect(page.locator("[data-part=saved]")).to_contain_text("kept here")
    assert record.areas.count() == 0
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute("**/treatment/")
    expect(page.get_by_role("textbox", name="Depth, Right cheek")).to_have_value("1,25")
    saved(page)
    assert [str(link.depth_mm) for link in record.areas.all()] == ["1.25"]


def without_network(route) -> None:
    """Pages still come from here, nothing typed reaches the server."""
    if route.request.method == "POST":
        route.abort("internetdisconnected")
    else:
        route.continue_()


def settle_two_versions(page, record, place) -> None:
    """Somebody else saves; each field that differs is picked by itself."""
    fill_the_rest(page)
    saved(page)
    stored = TreatmentSession.objects.get(pk=record.pk)
    TreatmentSession.objects.filter(pk=record.pk).update(
        skin_prep="Alcohol, dry", version=stored.version + 1, saved_at=stored.saved_at
    )
    page.get_by_label("Skin preparation").fill("Chlorhexidine, dry")
    page.get_by_label("Skin preparation").blur()
    both = page.locator("section", has=page.get_by_role("heading", name="Two versions"))
    expect(both).to_contain_text("Alcohol, dry", timeout=15000)
    expect(both).to_contain_text("Chlorhexidine, dry")
    expect(both.locator("tbody tr")).to_have_count(1)
    both.get_by_label("Chlorhexidine, dry").check()
    page.get_by_role("button", name="Save these 1 choice").tap()
    expect(page.get_by_label("Skin preparation")).to_have_value("Chlorhexidine, dry")
    record.refresh_from_db()
    assert record.skin_prep == "Chlorhexidine, dry"


def fill_the_rest(page) -> None:
    page.get_by_label("Device", exact=True).select_option(index=1)
    page.get_by_label("Skin preparation").fill("Chlorhexidine")
    page.get_by_label("Scan or type a lot").fill("nc-240817")
    page.get_by_role("button", name="Find").tap()
    expect(page.locator("#toasts, .np-toasts").first).to_contain_text("NC-240817")
    page.locator("label.btn", has_text="sterile, sealed, opened today").tap()
    page.locator("label.btn", has_text="Compared with the allergies").tap()
    for label in ("Glide gel and lot", "Finishing cream and lot"):
        page.get_by_label(label, exact=True).select_option(index=1)
    for area in ("Right cheek", "Left cheek"):
        row = page.locator(".np-area-two", has_text=area)
        row.get_by_role("textbox", name=f"Depth, {area}").fill("1.25")
        row.get_by_role("textbox", name=f"Passes, {area}").fill("4")
        row.get_by_text("Glide", exact=True).tap()
        row.get_by_text("Pinpoint bleeding", exact=True).tap()


def test_a_picture_chosen_before_the_page_is_ready_is_sent_too(place, record, enter):
    page = enter("priya@demo.example", 1024, 768, touch=True)

    def late(route):
        page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/js/photos*.js", late, times=1)  # the page that follows asks again
    page.goto(f"/records/{record.pk}/photos/", wait_until="commit")
    take_a_photo(page)


def take_a_photo(page) -> None:
    file = {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": picture((600, 800))}
    page.locator("#f-after-face").set_input_files(file)
    expect(page.get_by_alt_text(re.compile("^After, face, front"))).to_be_visible()


def sign(page) -> None:
    page.locator(".np-pain").get_by_text("3", exact=True).tap()
    page.get_by_role("group", name=re.compile("edness")).get_by_text("Mild").tap()
    page.get_by_role("group", name=re.compile("welling")).get_by_text("None").tap()
    page.get_by_role("group", name="Bleeding").get_by_text("Pinpoint").tap()
    page.locator("label.btn", has_text="Observed and fit to leave").tap()
    page.locator("label.btn", has_text="Sharps disposed of").tap()
    expect(page.get_by_label("Why photos are missing")).to_be_visible()
    page.get_by_label("Why photos are missing").fill("She wanted one picture only.")
    page.get_by_label(re.compile("password", re.IGNORECASE)).fill(PASSWORD)
    page.get_by_role("button", name="Sign and give aftercare").tap()
    expect(page).to_have_url(re.compile(r"/sheets/\d+/$"))


SMALL_TARGETS = """() => {
  const room = (names) => names.split(" ").map((name) => `.np-room ${name}`).join(", ");
  const words = "a.np-link, p a, li a, small a, .np-skip"; // links inside text
  const unseen = ".btn-check, [type=hidden], .visually-hidden, .np-file, [tabindex='-1']";
  return Array.from(document.querySelectorAll(room("a[href] button input select textarea summary label.btn")))
    .filter((one) => one.getClientRects().length && !one.matches(words) && !one.matches(unseen))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => Math.round(box.width) < 48 || Math.round(box.height) < 48)
    .map(([one, box]) => `${one.name || one.textContent.trim()} ${box.width} x ${box.height}`);
}"""


def test_every_target_of_the_room_is_48_pixels_wide_and_high(record, enter):
    page = enter("priya@demo.example", 1024, 768, touch=True)
    for step in ("numbing", "treatment", "photos", "finish"):
        page.goto(f"/records/{record.pk}/{step}/")
        assert page.evaluate(SMALL_TARGETS) == [], step
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, step


def test_nothing_in_the_room_needs_hovering_holding_or_swiping():
    """The scripts of the room listen to what a gloved finger and a keyboard do."""
    static = Path(__file__).parents[2] / "clinic" / "static" / "js"
    heard = set()
    for name in ("session.js", "photos.js"):
        heard |= set(re.findall(r'addEventListener\("(\w+)"', (static / name).read_text()))
    assert heard <= {"click", "change", "input", "submit", "keydown", "beforeunload", "online", "close"}


def test_a_second_save_within_a_second_is_said_too(record, enter):
    page = enter("priya@demo.example", 1024, 768, touch=True)
    page.goto(f"/records/{record.pk}/treatment/")
    for turn in range(6):
        page.get_by_label("Skin preparation").fill(f"turn {turn}")
        page.get_by_label("Skin preparation").press("Enter")
    page.wait_for_timeout(1000)
    saved(page)


def test_two_tabs_on_two_patients_never_mix(place, record, enter):
    """What is typed in turn into two records lands each in its own, also while the network is away."""
    patient = Patient.objects.get(given_name="Ines", family_name="Duarte")
    course = book(place, Story("Ines Duarte", 3, 1, 1, 6, "ACNE_MIXED", FACE), patient, place.today)
    visit = booking.check_in(course.appointments.get(number=1), by=place.priya, at=place.now)
    visits.screen_again(place, visit, place.now)
    said = {"identity_checked": True, "birth_date": patient.birth_date, "consent_read": True}
    other = records.start_session(visit, **said, by=place.priya, at=place.now)
    first = enter("priya@demo.example", 1024, 768, touch=True)
    second = first.context.new_page()
    tabs = {record.pk: first, other.pk: second}
    for pk, tab in tabs.items():
        tab.goto(f"/records/{pk}/treatment/")
    for turn in ("one", "two"):
        for pk, tab in tabs.items():
            tab.bring_to_front()
            tab.get_by_label("Skin preparation").fill(f"{turn} of {pk}")
            tab.get_by_label("Skin preparation").blur()
        for pk, tab in tabs.items():
            saved(tab)
            assert TreatmentSession.objects.get(pk=pk).skin_prep == f"{turn} of {pk}"
    first.route("**/treatment/", without_network)
    first.get_by_label("Skin preparation").fill("kept for the first")
    expect(first.locator("[data-part=saved]")).to_contain_text("kept here")
    second.reload()
    expect(second.get_by_label("Skin preparation")).to_have_value(f"two of {other.pk}")
    first.unroute("**/treatment/")
    saved(first)
    said = {pk: TreatmentSession.objects.get(pk=pk).skin_prep for pk in tabs}
    assert said == {record.pk: "kept for the first", other.pk: f"two of {other.pk}"}
    for pk, tab in tabs.items():
        expect(tab.get_by_role("heading", level=1)).to_have_text(
            str(TreatmentSession.objects.get(pk=pk).patient)
        )
