"""Arabic, the test language, on a phone and on paper: from right to left, with the same words on both."""

import datetime as dt
import io
import re
import unicodedata

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from tests.journeys.test_own_page import LEVELS, PHONE, come_in

pytestmark = pytest.mark.browser
ARABIC = re.compile("[\u0621-\u064a]{3,}")
TOO_WIDE = """() => [...document.querySelectorAll('body *')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && !one.closest('.skip') && (box.left < -1 || box.right > innerWidth + 1);
}).map(one => one.className || one.tagName)"""
NOTICE = "Test text, reviewed by nobody: not for patients."


@pytest.fixture
def amara(settings, place):
    """Treated two days ago, her sheet in Arabic, a visit ahead."""
    from planner.approvals import approve, content_hash
    from planner.demo import stories, visits
    from planner.demo.people import register_all
    from planner.models import AftercareText, TreatmentSession
    from planner.shipped import load_aftercare

    settings.TEST_LANGUAGES = True
    load_aftercare()
    arabic = AftercareText.objects.get(language="ar")
    approve(arabic, seen=content_hash(arabic), by=place.priya)
    patient = register_all(place)["Amara Osei"]
    story = stories.Story("Amara Osei", 0, 0, 1, 5, "ACNE_MIXED", stories.FACE)
    course = stories.book(place, story, patient, place.today - dt.timedelta(days=2))
    visit, minute = course.appointments.get(number=1), dt.timedelta(minutes=1)
    visits.arrive(place, visit, visit.start - 4 * minute)
    visits.screen_again(place, visit, visit.start - 2 * minute)
    visits.start_numbing(place, visit, visit.start)
    # Only the papers are in Arabic: no form takes it, and no consent is.
    type(patient).objects.filter(pk=patient.pk).update(language="ar")
    session = TreatmentSession.objects.get(appointment=visit)
    visits.treat(place, session, visit.treatment_start, visit.number)
    patient.refresh_from_db()
    return patient


@pytest.fixture
def page(amara, place, chromium, live_server):
    """Her phone, her page open."""
    from patients import links

    # The axe that looks at the pages is put in from outside, which the app's own policy forbids.
    context = chromium.new_context(base_url=live_server.url, viewport=PHONE, locale="ar", bypass_csp=True)
    context.set_default_timeout(8000)
    page = context.new_page()
    come_in(page, links.create_link(amara, purpose="plan", by=place.rosa), amara)
    yield page
    context.close()


def words_of(text):
    """The Arabic words of a text, as they are typed."""
    normal = unicodedata.normalize("NFKC", text)
    return set(ARABIC.findall("".join(one for one in normal if unicodedata.category(one) != "Cf")))


def test_the_pages_run_from_right_to_left_and_say_what_they_are(page):
    paths = ("/my/plan/", "/my/aftercare/", "/my/problem/", "/my/questions/")
    for size in ("large", "normal"):
        for path in paths:
            page.goto(path)
            assert page.locator("html").get_attribute("dir") == "rtl"
            assert NOTICE in page.locator("body").inner_text()
            assert page.evaluate(TOO_WIDE) == [], (path, size)
            violations = Axe().run(page, options=LEVELS).response["violations"]
            assert [one["id"] for one in violations] == []
        page.locator(f"button[value={size}]").click()
    page.goto("/my/plan/")
    call, problem = (page.locator(f".np-pt-bar a:nth-of-type({n})").bounding_box() for n in (1, 2))
    assert call["x"] > problem["x"]


def test_a_problem_is_answered_in_arabic_and_reaches_the_desk(page, enter):
    page.goto("/my/problem/?step=2")
    page.get_by_label("قيح", exact=True).check()
    page.get_by_role("button", name="هذا صحيح: ماذا أفعل؟").click()
    page.get_by_text("إن لم نجب فإلى طبيب اليوم").wait_for()
    desk = enter("rosa@demo.example")
    desk.get_by_text("reports a problem: same day").wait_for()


def test_the_pages_hold_no_english_sentence(page, amara, place):
    """Names and addresses stay as they are; of sentences only the notice that this is a test is in both."""
    from patients.questionnaires import ask_by_link, phone_questions

    course = amara.courses.get()
    asked = ask_by_link(amara, indication=course.indication, areas=course.areas.all(), by=place.rosa)
    codes = [rule.code for rule in phone_questions(asked.rule_set)]
    paths = ["/my/plan/", "/my/aftercare/", "/my/problem/", "/my/problem/?step=2", "/my/questions/"]
    for path in (*paths, *(f"/my/questions/{code}/" for code in codes)):
        page.goto(path)
        said = page.locator("main").inner_text().replace(NOTICE, "")
        for name in ("Larkmoor Skin Clinic", "14 Fennel Row, Larkmoor LM2 4QT", "Dr Priya Nair"):
            said = said.replace(name, "")
        assert re.findall(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}", said) == [], path


def test_page_and_paper_say_the_same(page, amara):
    sheet = amara.sheets.get()
    page.goto("/my/aftercare/")
    read = words_of(page.locator("main").inner_text())
    answer = page.request.get(f"/my/aftercare/{sheet.pk}.pdf")
    pages = PdfReader(io.BytesIO(answer.body())).pages
    printed = words_of("\n".join(one.extract_text() for one in pages))
    content = sheet.content
    said = [line["text"] for part in ("do", "do_not") for line in content[part]["items"]]
    said += [line["text"] for line in content["warning"]["items"] + content["warning"]["emergency"]]
    said += [line["text"] for row in content["timeline"]["rows"] for line in row["normal"] + row["todo"]]
    wanted = set().union(*map(words_of, said))
    assert len(pages) <= 2 and len(wanted) > 80
    assert (sorted(wanted - read), sorted(wanted - printed)) == ([], [])


def test_a_page_of_arabic_is_as_light_as_the_others(page):
    weight = []
    page.on("response", lambda response: weight.append(len(response.body())))
    page.goto("/my/aftercare/", wait_until="networkidle")
    page.reload(wait_until="networkidle")
    assert 10_000 < sum(weight) / 2 < 150_000
