"""What a patient answered is read by practitioners only: every page about her, as desk and as manager."""

import datetime as dt
import html
import io
import re
import uuid

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from clinic.models import OutboxMessage
from clinic.permissions import MATRIX
from patients.screening.table import SHIPPED
from patients.screenings import clear_finding, decide_finding
from planner.lettering import compose
from planner.midcourse import hold_for_screening
from planner.moving import Kind, Order, change_course
from tests import people
from tests.kept import kept
from tests.patients.screening.samples import NOT_SURE, yes
from tests.permissions.asking import ARGUMENTS
from tests.permissions.table import NAMED, POST_ONLY
from tests.planner import making, treating
from tests.planner.making import MONDAY, NOW, book, screen
from tests.planner.moves import cancel

HOUR = dt.timedelta(hours=1)
LISTS = (
    "today",
    "board",
    "day_list",
    "patient_list",
    "search",
    "screening_list",
    "course_list",
    "course_start",
)
LISTS += ("short_notice", "diary_repair", "sheet_today")
REASON, CONDITION, NOTE = "Fits under control", "Somebody stays beside her", "Skin looked at and calm"
ASKED = {
    "EPILEPSY": yes(),
    "ISOTRETINOIN_RECENT": yes(last_dose_on=MONDAY - dt.timedelta(days=30)),
    "ACNE_ACTIVE": yes("cheeks"),
    "KELOID_TENDENCY": NOT_SURE,
}
STOPPED = {"BLEEDING_DISORDER": yes(), "HSV_HISTORY": yes("cheeks")}
RULES = {rule.code: rule for rule in SHIPPED.rules}


@pytest.fixture(autouse=True)
def moment():
    with time_machine.travel(NOW + 2 * HOUR, tick=False):
        yield


@kept
def course(ana, site, rosa):
    """Ana is booked and has a consent."""
    treating.consent(ana, site, rosa)
    return book(ana, site, rosa)


def told(codes):
    """What nobody but a practitioner may read: subjects, questions and conditions of her findings."""
    words = [REASON, CONDITION, NOTE]
    for code in codes:
        rule = RULES[code]
        words += [rule.label, rule.question, *(text for one in rule.branches for text in one.conditions)]
    return [word.lower() for word in words if word]


def words_of(answer):
    """All that an answer says, its attributes as well; of a PDF its text."""
    if answer["Content-Type"] == "application/pdf":
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return html.unescape(answer.content.decode())


def pages_about(patient, role):
    """Every address that shows something of her to a role, and the lists."""
    visit = patient.appointments.order_by("start").first()
    course, screening = patient.courses.first(), patient.screenings.order_by("-pk").first()
    keys = {
        "patient": patient.pk,
        "screening": screening.pk,
        "course": course and course.pk,
        "appointment": visit and visit.pk,
        "consent": patient.consents.first() and patient.consents.first().pk,
    }
    for name, kind in NAMED.items():
        if (
            role in MATRIX.get(name, ())
            and name not in POST_ONLY
            and keys.get(kind)
            and ARGUMENTS[name] == {"pk"}
        ):
            yield reverse(name, args=[keys[kind]])
    yield from (reverse(name) for name in LISTS)
    yield f"{reverse('search')}?q={patient.family_name}"
    yield f"{reverse('patient_list')}?q={patient.family_name}"


def forms_of(patient):
    """Presses that the screening refuses."""
    for course in patient.courses.all():
        yield reverse("change_undo", args=[course.changes.last().pk]) if course.changes.exists() else ""
    yield reverse("course_book", args=[patient.pk])
    yield reverse("course_plan", args=[patient.pk])


def leaks(user, patient, codes):
    """Where somebody reads what is not theirs."""
    browser, secret, found = people.sign_in(user), told(codes), []
    asks = [(browser.get, url) for url in pages_about(patient, user.role)]
    asks += [(browser.post, url) for url in forms_of(patient) if url]
    for ask, url in asks:
        said = re.sub(r"\s+", " ", words_of(ask(url, follow=True))).lower()
        found += [(url, word) for word in secret if word in said]
    return found


@pytest.mark.sweep
@pytest.mark.parametrize(("who", "codes"), [("rosa", ASKED), ("mona", STOPPED)])
def test_no_page_tells_what_was_answered(request, who, codes, ana, course, site, rosa, priya):
    screen(ana, site, rosa, at=NOW + HOUR, **codes)
    user = request.getfixturevalue(who)
    assert leaks(user, ana, codes) == []
    hold_for_screening(ana, release=True, batch=uuid.uuid4(), by=priya)
    assert leaks(user, ana, codes) == []


@pytest.mark.sweep
def test_no_page_tells_what_was_decided(ana, course, site, rosa, priya, mona):
    saved = screen(ana, site, rosa, at=NOW + HOUR, **ASKED)
    rows = {row.code: row for row in saved.findings.all()}
    decide_finding(rows["EPILEPSY"], choice="accept", reason=REASON, conditions=CONDITION, by=priya)
    decide_finding(rows["KELOID_TENDENCY"], choice="decline", reason=REASON, by=priya)
    clear_finding(rows["ACNE_ACTIVE"], happened_on=MONDAY, note=NOTE, by=priya)
    assert leaks(mona, ana, ASKED) == []


@pytest.mark.sweep
def test_no_page_tells_under_which_conditions(ana, site, rosa, priya):
    saved = screen(ana, site, rosa, at=NOW + HOUR, EPILEPSY=yes(), HSV_HISTORY=yes("cheeks"))
    review = saved.findings.get(code="EPILEPSY")
    decide_finding(review, choice="accept", reason=REASON, conditions=CONDITION, by=priya)
    treating.consent(ana, site, rosa)
    book(ana, site, rosa, at=NOW + 2 * HOUR, slots=making.slots_at(site, making.every(35), dt.time(11)))
    assert leaks(rosa, ana, ("EPILEPSY", "HSV_HISTORY")) == []


def test_the_practitioner_reads_it_on_every_page_that_refuses(ana, course, site, rosa, priya):
    screen(ana, site, rosa, at=NOW + HOUR, EPILEPSY=yes())
    browser = people.sign_in(priya)
    for url in (
        reverse("patient_detail", args=[ana.pk]),
        reverse("course_plan", args=[ana.pk]),
        reverse("course_replan", args=[course.pk]),
    ):
        assert "epilepsy" in browser.get(url).content.decode().lower()


def test_the_result_so_far_tells_the_desk_nothing_of_what_is_on_file(ana, course, site, rosa, priya):
    screen(ana, site, rosa, at=NOW + HOUR, **ASKED)
    areas = "".join(f"&areas={area.pk}" for area in site.areas)
    query = f"?indication={site.indication.pk}{areas}&stage=booking"
    url = reverse("screening_preview", args=[ana.pk]) + query
    said = people.sign_in(rosa).post(url).content.decode()
    assert "Needs decision: from what is on file" in said
    assert [word for word in told(ASKED) if word in said.lower()] == []
    assert "epilepsy" in people.sign_in(priya).post(url).content.decode()
    form = people.sign_in(rosa).get(reverse("screening_create", args=[ana.pk]) + query).content.decode()
    assert "from what is on file" in form and "Last time" not in form


@pytest.mark.parametrize("who", ["rosa", "mona"])
def test_the_refusals_say_what_to_do(request, who, ana, course, site, rosa):
    screen(ana, site, rosa, at=NOW + HOUR, EPILEPSY=yes(), ACNE_ACTIVE=yes("cheeks"))
    page = people.sign_in(request.getfixturevalue(who)).get(reverse("course_plan", args=[ana.pk]))
    text = page.content.decode()
    assert "Waits for the decision of a practitioner." in text
    assert "Deferred until a practitioner has cleared it (cheeks)." in text


def test_the_manager_reads_the_answers_once_a_reason_is_written(ana, course, site, rosa, mona):
    saved = screen(ana, site, rosa, at=NOW + HOUR, EPILEPSY=yes())
    browser = people.sign_in(mona)
    opened = reverse("screening_open", args=[saved.pk])
    assert "epilepsy" not in browser.post(opened, {"reason": "no"}).content.decode().lower()
    assert "epilepsy" in browser.post(opened, {"reason": "A complaint was made"}).content.decode().lower()


def test_no_mail_tells_it(ana, course, site, rosa, priya):
    OutboxMessage.objects.update(sent_at=NOW + HOUR)
    screen(ana, site, rosa, at=NOW + HOUR, **STOPPED)
    hold_for_screening(ana, release=True, batch=uuid.uuid4(), by=priya)
    letter, _ = compose(OutboxMessage.objects.get(sent_at=None), NOW + 2 * HOUR)
    said = f"{letter.title} {letter.text}".lower()
    assert [word for word in told(STOPPED) if word in said] == []


# What is typed as the reason of a hold, a stop or a cancellation

TYPED = "Waits for the letter of haematology"


@pytest.mark.parametrize(("writer", "reads"), [("priya", {"priya"}), ("rosa", {"rosa", "priya", "mona"})])
@pytest.mark.parametrize("kind", [Kind.HELD, Kind.STOPPED])
def test_a_practitioners_reason_is_read_by_practitioners(
    request, writer, reads, kind, course, rosa, priya, mona
):
    by = request.getfixturevalue(writer)
    change_course(Order(course.pk, kind, reason=TYPED), key=uuid.uuid4(), by=by)
    page, users = reverse("course_detail", args=[course.pk]), {"rosa": rosa, "priya": priya, "mona": mona}
    said = {who: people.sign_in(user).get(page).content.decode() for who, user in users.items()}
    assert {who for who, text in said.items() if TYPED in text} == reads
    assert {who for who, text in said.items() if "Reason by Priya Nair, for practitioners" in text} == (
        set(users) - reads
    )


def test_the_reason_of_a_cancelled_visit_is_kept_in_the_same_way(course, rosa, priya):
    visit = course.appointments.get(number=4)
    cancel(visit, reason=TYPED, by=priya)
    page = reverse("course_detail", args=[course.pk])
    assert TYPED not in people.sign_in(rosa).get(page).content.decode()
    assert TYPED in people.sign_in(priya).get(page).content.decode()
