"""The patient's own plan, advice and sheets: complete in both languages, and nobody else's."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from patients import links
from planner.models import AftercareSheet, Appointment
from tests.kept import kept
from tests.planner import making, treating
from tests.planner.making import NOW

pytestmark = pytest.mark.usefixtures("monday")
RIGHT = {"day": "21", "month": "1", "year": "1987"}
PAGES = ("own_plan", "own_aftercare")


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


def come_in(patient, by, purpose="plan"):
    """A phone on which this patient's link was opened with the birth date."""
    link = links.create_link(patient, purpose=purpose, by=by)
    phone = Client()
    assert phone.post(reverse("own_open", args=[links.new_token(link)]), RIGHT).status_code == 302
    return phone


@kept
def texts(priya):
    """Approved aftercare texts."""
    treating.approve_texts(priya.practitioner)


def phone_with(cookies):
    """The phone again that held these cookies."""
    phone = Client()
    phone.cookies = cookies
    return phone


@kept
def cookies(ana, rosa):
    """What Ana's phone holds once the birth date is said."""
    with time_machine.travel(NOW, tick=False):
        return come_in(ana, rosa).cookies


@pytest.fixture
def phone(cookies):
    return phone_with(cookies)


@kept
def signed(ana, site, rosa, priya, texts):
    """Ana's first visit, signed, with its sheet."""
    stock = treating.make_stock(site.location)
    treating.consent(ana, site, rosa)
    visit = treating.arrive(ana, site, rosa)
    treating.screen_today(visit, priya)
    session = treating.complete(treating.start(visit, priya), site, stock, priya)
    return treating.sign(session, priya)


def test_the_plan_says_when_where_with_whom_and_how_to_prepare(phone, course, texts):
    page = text_of(phone.get(reverse("own_plan")))
    for said in (
        "0 of 4 visits done.",
        "4 to go.",
        "Mon 7 Sep 2026, 10:00",
        "With Priya Nair. Allow 55 min.",
        "1 Mill Lane, Larkmoor",
        "Mon 12 Oct 2026, 10:00",
        "5 weeks after the visit before.",
        "Cheeks, chin",
        "Stop retinol and acid creams on Wed 2 Sep.",
        "No sunbed, tan or fake tan for 7 days",
        "Tell us before you travel if",
        'href="tel:02079460018"',
    ):
        assert said in page, said
    assert "<script" not in page and "style=" not in page


def test_the_plan_in_spanish(phone, course, texts):
    phone.post(reverse("own_language"), {"language": "es"})
    page = text_of(phone.get(reverse("own_plan")))
    for said in (
        "Hola, Ana",
        "0 de 4 visitas hechas.",
        "Faltan 4.",
        "lun 7 sep 2026, 10:00",
        "Con Priya Nair. Calcule 55 min.",
        "5 semanas después de la visita anterior.",
        "Deje el retinol y los ácidos el mié 2 sept.",
    ):
        assert said in page, said


def test_without_approved_texts_the_dates_stand_and_the_rest_is_asked_for(phone, course):
    page = text_of(phone.get(reverse("own_plan")))
    assert "Mon 7 Sep 2026, 10:00" in page
    assert "Ask us how to prepare for your visit." in page


def test_a_patient_without_visits_is_told_whom_to_call(phone):
    page = text_of(phone.get(reverse("own_plan")))
    assert "No visit is booked" in page and "Call us on 020 7946 0018 for a date." in page
    assert "It will be here then." in text_of(phone.get(reverse("own_aftercare")))


def test_a_visit_without_a_date_is_shown_as_such(phone, course):
    Appointment.objects.filter(course=course, number=3).update(status="cancelled")
    assert "no date yet" in text_of(phone.get(reverse("own_plan")))


def test_todays_advice_comes_from_the_newest_sheet(phone, signed, monday):
    page = text_of(phone.get(reverse("own_plan")))
    assert "The day of your treatment" in page and "Do not touch it until" in page
    monday.shift(dt.timedelta(days=2))
    phone = come_in(signed.patient, signed.sheet.issued_by)
    page = text_of(phone.get(reverse("own_plan")))
    assert "Day 2 after needling" in page and "It may itch. Light flakes." in page
    assert "not until Thu 10 Sep" in page and "1 of 4 visits done." in page


def test_the_sheet_is_there_as_page_and_as_the_very_pdf(phone, signed):
    sheet = signed.sheet
    page = text_of(phone.get(reverse("own_sheet", args=[sheet.pk])))
    content = sheet.content
    lines = [line["text"] for part in ("do", "do_not") for line in content[part]["items"]]
    lines += [line["text"] for line in content["warning"]["items"] + content["warning"]["emergency"]]
    for line in lines:
        assert line.replace("\u00a0", " ") in page
    pdf = phone.get(reverse("own_sheet_pdf", args=[sheet.pk]))
    assert (pdf["Content-Type"], pdf["Cache-Control"]) == ("application/pdf", "no-store, private")
    assert pdf.content == bytes(sheet.pdf)


def test_somebody_elses_sheet_does_not_exist(signed, site, rosa):
    other = making.make_patient(rosa)
    phone = come_in(other, rosa)
    for name in ("own_sheet", "own_sheet_pdf"):
        assert phone.get(reverse(name, args=[signed.sheet.pk])).status_code == 404
    assert "Ana" not in re.sub("Hello Ana", "", text_of(phone.get(reverse("own_aftercare"))))


def test_looking_changes_nothing(phone, signed, django_assert_num_queries):
    def rows():
        return [list(model.objects.order_by("pk").values()) for model in (Appointment, AftercareSheet)]

    before = rows()
    for name in PAGES:
        for ask in (phone.get, phone.head):
            assert ask(reverse(name), headers={"Purpose": "prefetch"}).status_code == 200
    assert rows() == before


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_closed_after_leaving(phone, course, name):
    assert phone.get(reverse(name))["Cache-Control"] == "no-store, private"
    phone.post(reverse("own_leave"))
    assert phone.get(reverse(name)).status_code == 403


def test_the_number_of_visits_does_not_change_the_number_of_queries(
    ana, rosa, course, texts, phone, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        phone.get(reverse("own_plan"))
