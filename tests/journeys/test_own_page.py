"""A patient's own page on a phone, in both languages, and what the desk sees of it."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import Watched

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
LEVELS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
WORDS = {
    "en": {
        "hello": "Hello Amara",
        "day": "Day 2 after needling",
        "come": "I will come",
        "comes": "You said that you come. Thank you.",
        "problem": "Problem?",
        "none": "None of these",
        "true": "This is true: what shall I do?",
        "pus": "I see pus",
        "told": "If you do not reach us, see a doctor today.",
        "dealt": "We dealt with this on",
        "change": "Change date",
        "ask": "Ask for another date",
        "asked": "You asked for another date. We call you.",
        "cancel": "Cancel",
        "sure": "Cancel the visit",
        "cancelled": "You cancelled visit 2",
        "undo": "Take it back",
        "leave": "Leave this page",
        "left": "You have left your page",
        "closed": "This page is closed",
        "ended": "This link was ended.",
        "over": "This link has run out.",
        "now": "Call 999 now. Do not wait for us.",
        "breathe": "It is hard to breathe",
    },
    "es": {
        "hello": "Hola, Amara",
        "day": "Día 2 después de la sesión",
        "come": "Sí, voy a ir",
        "comes": "Nos ha dicho que viene. Gracias.",
        "problem": "¿Un problema?",
        "none": "Nada de esto",
        "true": "Me pasa esto: ¿qué hago?",
        "pus": "Veo pus",
        "told": "Si no le atendemos, vaya hoy al médico.",
        "dealt": "Lo atendimos el",
        "change": "Cambiar fecha",
        "ask": "Pedir otra fecha",
        "asked": "Ha pedido otra fecha. Le llamamos.",
        "cancel": "Anular",
        "sure": "Anular la visita",
        "cancelled": "Ha anulado la visita 2",
        "undo": "Deshacer",
        "leave": "Salir de la página",
        "left": "Ha salido de su página",
        "closed": "Esta página está cerrada",
        "ended": "Este enlace se ha anulado.",
        "over": "Este enlace ha caducado.",
        "now": "Llame ya al 999. No nos espere.",
        "breathe": "Me cuesta respirar",
    },
}


@pytest.fixture
def patients(place):
    """Amara, treated two days ago, and Marta with a sheet of her own; both have visits ahead."""
    from planner.demo import stories, visits
    from planner.demo.people import register_all

    people = register_all(place)
    type(place.location).objects.update(emergency_number="999")
    found = {}
    for name, arrival in (("Amara Osei", 0), ("Marta Kowalczyk", 3)):
        story = stories.Story(name, arrival, 0, 1, 5, "ACNE_MIXED", stories.FACE)
        course = stories.book(place, story, people[name], place.today - dt.timedelta(days=2))
        visits.whole_visit(place, course.appointments.get(number=1))
        found[name.split()[0].lower()] = people[name]
    return found


@pytest.fixture
def link(patients, place):
    from patients import links

    return links.create_link(patients["amara"], purpose="plan", by=place.rosa)


@pytest.fixture
def phone(chromium, live_server):
    """`phone("en")` is a page of a phone without script; what it loads is watched and weighed."""
    watched, contexts = Watched(live_server.url), []

    def pick_up(language, **how):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=PHONE,
            locale={"en": "en-GB", "es": "es-ES"}[language],
            **{"java_script_enabled": False} | how,
        )
        contexts.append(context)
        context.set_default_timeout(8000)
        page = context.new_page()
        if not how:
            watched.watch(page)
        return page

    yield pick_up
    for context in contexts:
        context.close()
    assert watched.faults == []


def come_in(page, link, patient):
    """Open a new address of the link and say the birth date."""
    from django.urls import reverse

    from patients import links

    page.goto(reverse("own_open", args=[links.new_token(link)]))
    assert patient.given_name not in page.content()
    born = patient.birth_date
    for name, number in (("day", born.day), ("month", born.month), ("year", born.year)):
        page.fill(f"input[name={name}]", str(number))
    page.click("button[form=born]")
    page.wait_for_url("**/my/plan/")


def speak(patient, language):
    type(patient).objects.filter(pk=patient.pk).update(language=language)
    patient.refresh_from_db()


def press(page, text, *, exact=True):
    page.get_by_text(text, exact=exact).last.click()


def sees(page, text):
    page.get_by_text(text).first.wait_for()


def no_wider_than_the_phone(page):
    return page.locator("body").bounding_box()["width"] <= PHONE["width"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_patient_confirms_reports_cancels_and_takes_it_back(language, patients, link, phone, enter, place):
    amara, said = patients["amara"], WORDS[language]
    speak(amara, language)
    page = phone(language)
    come_in(page, link, amara)
    for text in (said["hello"], said["day"]):
        sees(page, text)
    assert no_wider_than_the_phone(page)
    press(page, said["come"])
    sees(page, said["comes"])

    press(page, said["problem"])
    press(page, said["none"])
    page.get_by_label(said["pus"]).check()
    press(page, said["true"])
    sees(page, said["told"])
    report = page.url

    desk = enter("rosa@demo.example")
    desk.get_by_text("reports a problem: same day").wait_for()
    desk.get_by_role("link", name="Open report").first.click()
    assert "pus" not in desk.locator("main").inner_text()
    desk.fill("input[name=note]", "Called back, comes in today.")
    desk.click("text=Mark as dealt with")
    desk.get_by_text("Dealt with: Amara Osei.").wait_for()
    page.goto(report)
    sees(page, said["dealt"])

    page.goto("/my/plan/")
    page.locator(".np-next").get_by_text(said["change"]).click()
    page.fill("textarea", "¿Martes? Tuesdays after 4")
    page.locator("main").get_by_role("button", name=said["ask"]).click()
    sees(page, said["asked"])
    desk.goto("/")
    desk.get_by_text("asks for another date").wait_for()
    desk.get_by_text("¿Martes? Tuesdays after 4").wait_for()

    page.locator(".np-next").get_by_text(said["cancel"], exact=True).click()
    page.get_by_role("button", name=said["sure"]).click()
    sees(page, said["cancelled"])
    desk.goto("/")
    desk.get_by_text("cancelled a visit").wait_for()
    press(page, said["undo"])
    page.locator(".np-next").wait_for()
    assert said["cancelled"] not in page.content()
    desk.goto("/")
    assert desk.get_by_text("cancelled a visit").count() == 0

    page.get_by_role("button", name=said["leave"]).click()
    sees(page, said["left"])


def test_a_practitioner_reads_the_report_before_the_start(patients, link, phone, enter, place, moment):
    amara = patients["amara"]
    page = phone("en")
    come_in(page, link, amara)
    page.goto("/my/problem/")
    page.get_by_label(WORDS["en"]["breathe"]).check()
    press(page, WORDS["en"]["true"])
    sees(page, WORDS["en"]["now"])
    assert page.locator("a[href='tel:999']").count() == 1
    doctor = enter("priya@demo.example")
    doctor.goto(f"/patients/{amara.pk}/")
    doctor.get_by_text("“It is hard to breathe”").wait_for()
    visit = amara.appointments.get(number=2)
    doctor.goto(f"/visits/{visit.pk}/record/")
    doctor.get_by_text("“It is hard to breathe”").wait_for()


def test_after_leaving_the_back_button_shows_nothing(patients, link, phone):
    page = phone("en", java_script_enabled=True)
    come_in(page, link, patients["amara"])
    page.goto("/my/aftercare/")
    page.get_by_role("button", name=WORDS["en"]["leave"]).click()
    sees(page, WORDS["en"]["left"])
    page.go_back()
    sees(page, WORDS["en"]["closed"])
    assert "Amara" not in page.content()


@pytest.mark.parametrize("language", ["en", "es"])
def test_ended_and_old_links_say_so(language, patients, link, phone, place, moment):
    from django.urls import reverse

    from patients import links

    amara, said = patients["amara"], WORDS[language]
    address = reverse("own_open", args=[links.new_token(link)])
    page = phone(language, java_script_enabled=True)
    other = links.create_link(amara, purpose="plan", by=place.rosa)
    ended = reverse("own_open", args=[links.new_token(other)])
    links.revoke_link(other, by=place.rosa)
    assert page.goto(ended).status == 410
    sees(page, said["ended"])
    moment.shift(dt.timedelta(days=15))
    assert page.goto(address).status == 410
    sees(page, said["over"])


def test_the_sheet_of_another_patient_does_not_exist(patients, link, phone):
    page = phone("en")
    come_in(page, link, patients["amara"])
    mine, other = (patients[name].sheets.get().pk for name in ("amara", "marta"))
    statuses = {
        key: page.request.get(f"/my/aftercare/{key}{ending}").status
        for key in (mine, other)
        for ending in ("/", ".pdf")
    }
    assert statuses == {mine: 200, other: 404}


def test_a_page_weighs_less_than_150_kb_with_everything(patients, link, phone):
    page, weight = phone("en"), []
    page.on("response", lambda response: weight.append(len(response.body())))
    come_in(page, link, patients["amara"])
    weight.clear()
    page.reload(wait_until="networkidle")
    assert 10_000 < sum(weight) < 150_000


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_own_pages_have_no_fault_that_axe_can_see(language, patients, link, chromium, live_server, phone):
    amara = patients["amara"]
    speak(amara, language)
    page = phone(language, java_script_enabled=True, bypass_csp=True)
    come_in(page, link, amara)
    visit = amara.appointments.get(number=2).pk
    paths = [
        "/my/plan/",
        "/my/aftercare/",
        "/my/problem/",
        "/my/problem/?step=2",
        "/my/problem/?step=5",
        f"/my/visits/{visit}/move/",
        f"/my/visits/{visit}/cancel/",
    ]
    found = {path: _faults(page, path) for path in paths}
    page.goto("/my/problem/?step=2")
    page.get_by_label(WORDS[language]["pus"]).check()
    press(page, WORDS[language]["true"])
    found["report"] = _faults(page, page.url)
    assert found == dict.fromkeys(found, [])


def _faults(page, path):
    page.goto(path)
    violations = Axe().run(page, options=LEVELS).response["violations"]
    return [(one["id"], node["html"]) for one in violations for node in one["nodes"]]
