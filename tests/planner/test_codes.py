"""The code on papers: the same each time, asks the birth date, ends 90 days after the plan."""

import datetime as dt
import io

import pytest
import segno
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from patients import links
from patients.models import LinkToken, PatientLink
from planner import codes
from planner.print.codes import QUIET, draw_code
from planner.print.paper import sheet_pdf
from tests.planner import making, moves, treating
from tests.planner.making import NOW
from tests.planner.views.test_own import RIGHT

DAY = dt.timedelta(days=1)


def token_of(patient, at=NOW):
    return links.code_of(patient, at=at)


def test_booking_makes_a_code_that_lives_until_90_days_after_the_last_visit(course, ana):
    last = course.appointments.order_by("start").last()
    link = PatientLink.objects.get()
    assert link.expires_at == last.start + 90 * DAY
    assert links.open_link(token_of(ana), at=NOW) == link


def test_the_code_is_the_same_each_time_and_only_its_hash_is_kept(course, ana, rosa):
    first = token_of(ana)
    codes.keep_code(ana, by=rosa, at=NOW + DAY)
    assert token_of(ana) == first and len(first) == 43
    assert PatientLink.objects.count() == 1
    assert first not in str(list(LinkToken.objects.values()) + list(PatientLink.objects.values()))


def test_another_secret_key_makes_another_code_and_the_old_paper_goes_on(course, ana, rosa, settings):
    old = token_of(ana)
    settings.SECRET_KEY = "another-key-that-is-long-enough-for-this-test"  # noqa: S105 - made up
    assert token_of(ana) == ""
    codes.keep_code(ana, by=rosa, at=NOW)
    assert token_of(ana) not in ("", old)
    assert links.open_link(old, at=NOW).patient == ana


def test_a_plan_that_reaches_further_gets_a_code_that_lives_longer(course, ana, rosa):
    before = PatientLink.objects.get().expires_at
    moves.move(course, 4, course.appointments.get(number=4).on + 3 * DAY, rosa)
    assert PatientLink.objects.order_by("-expires_at").first().expires_at == before + 3 * DAY
    assert codes.code_for(ana, language="en", at=before + DAY) is not None


def test_an_ended_code_is_not_printed_again(course, ana, rosa, client_for, priya):
    treating.approve_texts(priya.practitioner)
    links.revoke_link(PatientLink.objects.get(), by=rosa)
    assert codes.code_for(ana, language="en", at=NOW) is None
    desk = client_for(rosa)
    address = reverse("course_itinerary", args=[course.pk])
    assert "Put a code on it" in desk.get(address).content.decode()
    desk.post(reverse("course_code", args=[course.pk]))
    assert 'class="np-qr"' in desk.get(address).content.decode()


def test_codes_of_two_patients_differ(course, ana, site, rosa):
    bea = making.make_patient(rosa)
    codes.keep_code(bea, by=rosa, at=NOW)
    assert token_of(bea) != token_of(ana)
    assert links.open_link(token_of(bea), at=NOW).patient == bea


@pytest.mark.usefixtures("at_noon")
def test_the_code_opens_the_own_page_behind_the_birth_date(course, ana):
    phone = Client()
    address = reverse("own_open", args=[token_of(ana)])
    assert "Ana" not in phone.get(address).content.decode()
    assert "Hello Ana" in phone.post(address, RIGHT, follow=True).content.decode()


@pytest.fixture
def at_noon():
    """The day of the booking."""
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_drawing_is_the_code_with_its_quiet_zone():
    address = "https://plan.example.org/my/open/" + "x" * 43 + "/"
    code = draw_code(address, alt="Code", words="Scan")
    made = segno.make(address, error="m", micro=False)
    side = len(list(made.matrix))
    dark = {(x, y) for y, row in enumerate(made.matrix) for x, module in enumerate(row) if module}
    drawn = set()
    for part in code.path.removeprefix("M").split("M"):
        place, _, rest = part.partition("h")
        x, y = (int(number) - QUIET for number in place.split())
        drawn |= {(x + step, y) for step in range(int(rest.partition("v")[0]))}
    assert (drawn, code.size) == (dark, side + 2 * QUIET)


def test_the_papers_carry_it(course, ana, site, rosa, priya, client_for):
    treating.approve_texts(priya.practitioner)
    pdf = client_for(rosa).get(reverse("course_itinerary_pdf", args=[course.pk])).content
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "It asks for your birth date." in " ".join(text.split())


def test_the_sheet_is_issued_with_the_code_as_page_and_pdf_on_one_page(ana, site, rosa, priya, client_for):
    stock = treating.make_stock(site.location)
    treating.approve_texts(priya.practitioner)
    treating.consent(ana, site, rosa)
    visit = treating.arrive(ana, site, rosa)
    treating.screen_today(visit, priya)
    sheet = treating.sign(treating.complete(treating.start(visit, priya), site, stock, priya), priya).sheet
    assert len(PdfReader(io.BytesIO(bytes(sheet.pdf))).pages) == 1
    code = codes.code_for(ana, language="en", at=treating.SIGNED)
    assert bytes(sheet.pdf) == sheet_pdf(sheet.content, code=code) != sheet_pdf(sheet.content)
    with time_machine.travel(treating.SIGNED):
        page = client_for(rosa).get(reverse("sheet_detail", args=[sheet.pk])).content.decode()
    assert code.path in page and code.words in page
    assert token_of(ana) not in str(sheet.content)
