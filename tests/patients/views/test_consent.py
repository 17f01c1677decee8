"""Pages: take a consent, read it, take it back."""

import pytest
from django.urls import reverse

from patients import consents
from patients.models import Consent
from tests.kept import kept
from tests.patients.conftest import make_text
from tests.patients.test_consents import INK


@pytest.fixture
def url(amara, acne_scars):
    """The consent page for acne scars."""
    return f"{reverse('consent_create', args=[amara.pk])}?indication={acne_scars.pk}"


@kept
def signed(amara, consent_text, priya):
    """A consent drawn on the screen."""
    return consents.record_consent(amara, text=consent_text, method="drawn", signature=INK, by=priya)


def typed(approved, **changed):
    """A paper consent."""
    return {"text": approved.pk, "method": "paper", "agreed": "on"} | changed


@pytest.mark.parametrize("role", ["rosa", "priya"])
def test_consent_create_shows_the_approved_text(client_for, consent_text, url, role, request):
    html = client_for(request.getfixturevalue(role)).get(url).content.decode()
    assert "You have acne scars." in html
    assert ("data-sign=" in html) is (role == "priya")


@pytest.mark.parametrize("query", ["", "?indication=x", "?indication=99999999", "?indication=²"])
def test_consent_create_without_an_indication_asks_for_it(client_for, rosa, amara, acne_scars, query):
    page = client_for(rosa).get(reverse("consent_create", args=[amara.pk]) + query)
    assert page.status_code == 200
    assert "Choose a reason for treatment" in page.content.decode()


def test_consent_create_without_an_approved_text_says_so(client_for, rosa, acne_scars, priya, url):
    make_text(acne_scars, priya, approved=False)
    assert "No approved text yet" in client_for(rosa).get(url).content.decode()


def test_consent_create_offers_approved_languages_only(client_for, rosa, acne_scars, priya, url):
    make_text(acne_scars, priya, language="es")
    html = client_for(rosa).get(url).content.decode()
    assert "No approved text in this language" in html and "Español" in html
    assert "Version 1." in client_for(rosa).get(url + "&language=es").content.decode()


def test_consent_create_records_a_paper(client_for, rosa, consent_text, url, amara):
    answer = client_for(rosa).post(url, typed(consent_text))
    made = Consent.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("consent_detail", args=[made.pk]))
    assert (made.patient, made.method, made.witnessed_by) == (amara, "paper", rosa)


def test_consent_create_records_a_signature(client_for, priya, consent_text, url):
    assert client_for(priya).post(url, typed(consent_text, method="drawn", signature=INK)).status_code == 302
    assert Consent.objects.get().signature == INK


def test_consent_create_drops_a_drawing_when_paper_was_chosen(client_for, priya, consent_text, url):
    assert client_for(priya).post(url, typed(consent_text, signature=INK)).status_code == 302
    assert Consent.objects.get().signature == ""


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"agreed": ""}, "agreed"),
        ({"method": ""}, "method"),
        ({"method": "drawn"}, "signature"),
        ({"method": "drawn", "signature": "<svg>"}, "signature"),
        ({"method": "drawn", "signature": "M1 1" * 20000}, "signature"),
    ],
)
def test_consent_create_says_beside_the_field_what_is_wrong(
    client_for, priya, consent_text, url, changed, field
):
    answer = client_for(priya).post(url, typed(consent_text, **changed))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert not Consent.objects.exists()


def test_consent_create_refuses_a_drawing_at_the_desk(client_for, rosa, consent_text, url):
    answer = client_for(rosa).post(url, typed(consent_text, method="drawn", signature=INK))
    assert answer.status_code == 422
    assert not Consent.objects.exists()


def test_consent_create_of_an_old_page_says_so(client_for, rosa, consent_text, acne_scars, priya, url):
    make_text(acne_scars, priya, number=2)
    answer = client_for(rosa).post(url, typed(consent_text))
    assert answer.status_code == 409
    assert "This is not the approved text of today." in answer.content.decode()


def test_consent_create_with_an_unknown_text_is_not_found(client_for, rosa, consent_text, url):
    assert client_for(rosa).post(url, typed(consent_text, text=987654)).status_code == 404


@pytest.mark.parametrize(("role", "may"), [("rosa", False), ("mona", False), ("priya", True)])
def test_consent_detail_shows_what_was_signed(client_for, signed, role, may, request):
    html = client_for(request.getfixturevalue(role)).get(reverse("consent_detail", args=[signed.pk]))
    page = html.content.decode()
    assert "You have acne scars." in page and INK in page
    assert (reverse("consent_withdraw", args=[signed.pk]) in page) is may


def test_consent_detail_of_an_unknown_one_is_not_found(client_for, rosa):
    assert client_for(rosa).get(reverse("consent_detail", args=[987654])).status_code == 404


def test_consent_withdraw_takes_it_back_once(client_for, priya, signed):
    client, url = client_for(priya), reverse("consent_withdraw", args=[signed.pk])
    assert "no visit changes" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert "Withdrawn on" in client.get(reverse("consent_detail", args=[signed.pk])).content.decode()
    assert client.post(url).status_code == 409


@pytest.mark.parametrize("role", ["rosa", "mona"])
def test_consent_withdraw_is_closed_to_other_roles(client_for, signed, role, request):
    url = reverse("consent_withdraw", args=[signed.pk])
    assert client_for(request.getfixturevalue(role)).post(url).status_code == 403


def test_consent_paper_prints_the_approved_text_with_lines(client_for, rosa, amara, consent_text, acne_scars):
    paper = reverse("consent_paper", args=[amara.pk])
    query = f"?indication={acne_scars.pk}&language=en"
    create = client_for(rosa).get(reverse("consent_create", args=[amara.pk]) + query).content.decode()
    assert paper in create
    page = client_for(rosa).get(paper + query).content.decode()
    assert "You have acne scars." in page and "Signature:" in page


def test_consent_paper_is_in_the_language_of_its_text(client_for, priya, amara, consent_text, acne_scars):
    make_text(acne_scars, priya, language="es")
    query = f"?indication={acne_scars.pk}&language=es"
    page = client_for(priya).get(reverse("consent_paper", args=[amara.pk]) + query).content.decode()
    assert "Consentimiento" in page and "Firma:" in page and '<html lang="es"' in page


def test_consent_paper_without_a_text_asks_for_which(client_for, rosa, amara, acne_scars):
    answer = client_for(rosa).get(reverse("consent_paper", args=[amara.pk]) + f"?indication={acne_scars.pk}")
    assert answer["Location"] == reverse("consent_create", args=[amara.pk])


def test_consent_paper_is_closed_to_the_manager(client_for, mona, amara, consent_text):
    assert client_for(mona).get(reverse("consent_paper", args=[amara.pk])).status_code == 403
