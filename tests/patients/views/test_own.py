"""The patient's own pages: nobody is named before the birth date, looking changes nothing."""

import logging
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic import clock
from patients import links
from patients.models import PatientLink
from tests import people

RIGHT = {"day": "14", "month": "3", "year": "1992"}
WRONG = {"day": "15", "month": "3", "year": "1992"}


@pytest.fixture
def link(amara, rosa):
    """A link of Amara's."""
    return links.create_link(amara, purpose="plan", by=rosa)


@pytest.fixture
def address(link):
    """Where it opens."""
    return reverse("own_open", args=[links.new_token(link)])


@pytest.fixture
def phone():
    """A browser that nobody has signed in to."""
    return Client()


def text_of(response):
    return response.content.decode()


def test_the_first_page_names_nobody_and_looking_changes_nothing(phone, address, link):
    before = PatientLink.objects.values().get()
    for _ in range(30):  # a mail scanner, a preview, a curious relative
        page = phone.get(address)
        phone.head(address)
    assert page.status_code == 200
    assert "Amara" not in text_of(page) and "Osei" not in text_of(page)
    assert "Larkmoor" in text_of(page) and "tel:02079460018" in text_of(page)
    assert PatientLink.objects.values().get() == before
    assert phone.post(address, RIGHT).status_code == 302


def test_the_right_birth_date_opens_the_page(phone, address):
    page = phone.post(address, RIGHT, follow=True)
    assert page.redirect_chain == [("/my/", 302), ("/my/plan/", 302)]
    assert "Hello Amara" in text_of(page)


def test_the_address_is_not_in_the_pages_behind_it(phone, address):
    phone.post(address, RIGHT)
    assert address.split("/")[-2] not in text_of(phone.get("/my/plan/"))


@pytest.mark.parametrize("view", ["own_plan", "own_aftercare"])
def test_pages_are_private(phone, address, view):
    phone.post(address, RIGHT)
    for page in (phone.get(address), phone.get(reverse(view))):
        assert page["Cache-Control"] == "no-store, private"
        assert page["Referrer-Policy"] == "strict-origin"
        assert page["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert "<script" not in text_of(page)


def test_the_cookie_is_out_of_reach_and_ends_with_the_browser(phone, address):
    phone.post(address, RIGHT)
    cookie = phone.cookies["np_own"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
        "/my/",
        True,
        "Lax",
        "",
    )


def test_a_wrong_birth_date_is_said_and_keeps_what_was_typed(phone, address):
    page = phone.post(address, WRONG)
    assert page.status_code == 422
    assert "This is not the birth date we have. Check it, or call us." in text_of(page)
    assert 'value="15"' in text_of(page)


@pytest.mark.parametrize("typed", [{}, {"day": "31", "month": "2", "year": "1992"}, RIGHT | {"year": "x"}])
def test_what_is_no_date_counts_as_no_try(phone, address, typed):
    page = phone.post(address, typed)
    assert page.status_code == 422
    assert "Write your birth date with three numbers." in text_of(page)
    assert PatientLink.objects.get().wrong_tries == 0


def test_too_many_tries_are_said(phone, address):
    for _ in range(5):
        phone.post(address, WRONG)
    page = phone.post(address, RIGHT)
    assert page.status_code == 429
    assert "Too many tries. Wait a while, or call us." in text_of(page)


def test_each_end_has_its_sentence(phone, link, address, rosa):
    assert "This link is not right." in text_of(page := phone.get("/my/open/nonsense/"))
    assert page.status_code == 404
    with time_machine.travel(link.expires_at):
        page = phone.get(address)
    assert (page.status_code, "This link has run out." in text_of(page)) == (410, True)
    PatientLink.objects.update(wrong_tries=10)
    assert "This link was closed after too many tries." in text_of(phone.get(address))
    links.revoke_link(link, by=rosa)
    page = phone.post(address, RIGHT)
    assert (page.status_code, "This link was ended." in text_of(page)) == (410, True)


def test_without_the_birth_date_the_pages_are_closed(phone, address):
    phone.get(address)
    page = phone.get("/my/plan/")
    assert (page.status_code, "Open your link again to come back." in text_of(page)) == (403, True)


def test_a_sign_in_of_the_staff_opens_no_own_page(rosa, address):
    browser = people.sign_in(rosa)
    assert browser.get("/my/plan/").status_code == 403
    browser.post(address, RIGHT)
    assert "Rosa" not in text_of(browser.get("/my/plan/"))


def test_a_link_opens_no_page_of_the_staff(phone, address, amara):
    phone.post(address, RIGHT)
    assert phone.get(reverse("patient_detail", args=[amara.pk])).status_code == 302


def test_leaving_closes_the_pages(phone, address):
    phone.post(address, RIGHT)
    key = phone.cookies["np_own"].value
    page = phone.post(reverse("own_leave"))
    assert "You have left your page" in text_of(page)
    assert page["Clear-Site-Data"] == '"cache"'
    phone.cookies["np_own"] = key  # kept by somebody
    assert phone.get("/my/plan/").status_code == 403
    assert phone.post(address, RIGHT).status_code == 302  # the link still works


def test_the_patient_ends_the_link(phone, address):
    phone.post(address, RIGHT)
    assert "Your link is ended" in text_of(phone.post(reverse("own_end")))
    link = PatientLink.objects.get()
    assert (link.revoked_by, link.revoked_at is not None) == (None, True)
    assert phone.get(address).status_code == 410


def test_a_stay_ends_after_an_hour(phone, address):
    with time_machine.travel(clock.now()) as moment:
        phone.post(address, RIGHT)
        moment.shift(3599)
        assert phone.get("/my/plan/").status_code == 200
        moment.shift(2)
        assert phone.get("/my/plan/").status_code == 403


def test_the_language_is_the_readers_choice(phone, address):
    spanish = Client(headers={"accept-language": "es-ES,es;q=0.9"})
    assert "¿Cuándo nació?" in text_of(spanish.get(address))
    phone.post(address, RIGHT)
    answer = phone.post(reverse("own_language"), {"language": "es", "next": "/my/plan/"})
    assert answer["Location"] == "/my/plan/"
    page = text_of(phone.get("/my/plan/"))
    assert "Hola, Amara" in page and '<html lang="es"' in page


@pytest.mark.parametrize("elsewhere", ["https://evil.example/my/", "//evil.example/my/", "/patients/", ""])
def test_the_language_button_leads_nowhere_else(db, phone, elsewhere):
    answer = phone.post(reverse("own_language"), {"language": "es", "next": elsewhere})
    assert answer["Location"] == "/my/"


def test_the_secret_is_in_no_log(db, phone, caplog):
    from clinic.logs import NoPatientData

    secret = "a-guess-that-could-be-right-0123456789"
    with caplog.at_level(logging.INFO):
        phone.get(f"/my/open/{secret}/")
        phone.get(f"/my/open/{secret}/more")
    logging.getLogger("django.server").warning('"%s" %s %s', f"GET /my/open/{secret}/ HTTP/1.1", 200, 9)
    assert len(caplog.records) >= 2
    for record in caplog.records:
        NoPatientData().filter(record)
        assert secret not in record.getMessage()
    assert any("/my/open/…" in record.getMessage() for record in caplog.records)


def test_a_page_is_light(phone, address):
    """With its style sheets and the one font it needs: below 150 KB before any compression."""
    from django.contrib.staticfiles import finders

    phone.post(address, RIGHT)
    files = [
        "css/tokens.css",
        "css/own.css",
        "img/mark.svg",
        "vendor/inter-5.3.0/inter-latin-opsz-normal.woff2",
    ]
    weight = sum(Path(finders.find(name)).stat().st_size for name in files)
    assert weight + len(phone.get("/my/plan/").content) < 150_000


def test_the_size_of_the_letters_is_the_readers_choice_and_is_kept(phone, address):
    phone.post(address, RIGHT)
    assert 'data-text="large"' not in text_of(phone.get("/my/plan/"))
    answer = phone.post(reverse("own_text_size"), {"size": "large", "next": "/my/plan/"})
    assert answer["Location"] == "/my/plan/"
    cookie = answer.cookies["np_own_text"]
    assert (cookie["max-age"], cookie["path"], cookie["httponly"]) == (365 * 24 * 3600, "/my/", True)
    assert 'data-text="large"' in text_of(phone.get("/my/plan/"))
    phone.post(reverse("own_leave"))
    assert 'data-text="large"' in text_of(phone.get(address))
    phone.post(reverse("own_text_size"), {"size": "normal"})
    assert 'data-text="large"' not in text_of(phone.get(address))
