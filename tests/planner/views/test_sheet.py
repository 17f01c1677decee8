"""The aftercare sheet as a page and as the stored PDF: the same words, for everybody of the location."""

import hashlib
import html
import io
import re

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from planner.models import AftercareSheet
from tests import people
from tests.kept import kept
from tests.planner import making, treating


@pytest.fixture(autouse=True)
def now():
    """The wall clock stands at the signing of the first visit."""
    with time_machine.travel(treating.SIGNED, tick=False) as traveller:
        yield traveller


@kept
def texts(site, priya):
    """Approved aftercare texts."""
    treating.approve_texts(priya.practitioner)


def signed(site, stock, priya, rosa, **details):
    """The sheet of a patient who was treated: `signed(..., language="es")`."""
    patient = making.make_patient(rosa, **details)
    making.screen(patient, site, rosa)
    visit = treating.arrive(patient, site, rosa)
    treating.consent(patient, site, rosa)
    treating.screen_today(visit, priya)
    session = treating.complete(treating.start(visit, priya), site, stock, priya)
    return AftercareSheet.objects.get(session=treating.sign(session, priya))


@kept
def sheet(texts, site, stock, priya, rosa):
    """The sheet of a patient who reads English."""
    return signed(site, stock, priya, rosa)


@kept
def spanish(texts, site, stock, priya, rosa):
    """The sheet of a patient who reads Spanish."""
    return signed(site, stock, priya, rosa, language="es")


def page_text(response):
    """The words of the sheet, without tags and with plain spaces."""
    main = re.search(r'<main class="np-sheet">(.*)</main>', response.content.decode(), re.S)[1]
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", main)))


def pdf_text(pdf):
    """The words of a PDF, lines joined."""
    return plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def plain(text):
    """No line breaks, no marks of a list, no doubled spaces, no break after a hyphen."""
    return " ".join(re.sub(r"[•\u2022]", " ", text).split())


def squeezed(text):
    """Without any space: how two programs break lines does not matter."""
    return re.sub(r"\s", "", text)


def sentences(content):
    """Every text that the sheet holds."""
    head, time, warning = content["header"], content["timeline"], content["warning"]
    lines = [content["do"], content["do_not"], content["next_visit"]]
    yield from (
        head["title"],
        head["patient"],
        head["visit"],
        head["finished"],
        head["treated"],
        head["used"],
    )
    for row in time["rows"]:
        yield from (row["when"], row["detail"], *(one["text"] for one in (*row["normal"], *row["todo"])))
    for part in lines:
        yield from (part["heading"], *(one["text"] for one in part["items"]))
    for name in ("items", "later", "emergency"):
        yield from (one["text"] for one in warning[name])
    yield from (warning["heading"], content["footer"]["text"], content["footer"]["reference"])


def say_the_same(response, sheet, language):
    """The page and the stored PDF hold every sentence and date of a sheet."""
    page, pdf = squeezed(page_text(response)), squeezed(pdf_text(bytes(sheet.pdf)))
    said = [squeezed(text) for text in sentences(sheet.content) if text]
    assert len(said) > 40
    assert [text for text in said if text not in page] == []
    assert [text for text in said if text not in pdf] == []
    assert f'<html lang="{language}" dir="ltr"' in response.content.decode()


def test_the_page_and_the_pdf_say_the_same_sentences_and_dates(client_for, rosa, sheet):
    say_the_same(client_for(rosa).get(reverse("sheet_detail", args=[sheet.pk])), sheet, "en")


def test_the_page_and_the_pdf_say_the_same_in_spanish(client_for, rosa, spanish):
    say_the_same(client_for(rosa).get(reverse("sheet_detail", args=[spanish.pk])), spanish, "es")


def test_the_sheet_names_the_next_visit(client_for, rosa, sheet):
    page = page_text(client_for(rosa).get(reverse("sheet_detail", args=[sheet.pk])))
    assert "Mon 12 Oct 2026, 10:00" in page


def test_the_sheet_is_in_the_patients_language(client_for, rosa, spanish):
    page = page_text(client_for(rosa).get(reverse("sheet_detail", args=[spanish.pk])))
    assert "lun 12 oct 2026" in page.lower()


@pytest.mark.parametrize("who", ["rosa", "priya", "mona"])
def test_everybody_opens_sheets(client_for, sheet, who, request):
    client = client_for(request.getfixturevalue(who))
    assert client.get(reverse("sheet_detail", args=[sheet.pk])).status_code == 200
    assert client.get(reverse("sheet_pdf", args=[sheet.pk])).status_code == 200


def test_the_page_calls_the_clinic(client_for, rosa, sheet):
    page = client_for(rosa).get(reverse("sheet_detail", args=[sheet.pk])).content.decode()
    assert re.search(r'<a class="btn btn-danger np-call[^>]*href="tel:02079460018"', page)


def test_the_course_leads_practitioners_to_the_record(client_for, rosa, priya, sheet):
    session = sheet.session
    record = reverse("session_detail", args=[session.pk])
    page = reverse("course_detail", args=[session.appointment.course_id])
    assert f'href="{record}"' in client_for(priya).get(page).content.decode()
    assert record not in client_for(rosa).get(page).content.decode()


def test_only_practitioners_are_led_to_the_record(client_for, rosa, priya, sheet):
    record = reverse("session_detail", args=[sheet.session_id])
    page = reverse("sheet_detail", args=[sheet.pk])
    assert record in client_for(priya).get(page).content.decode()
    assert record not in client_for(rosa).get(page).content.decode()


@pytest.mark.parametrize("name", ["sheet_detail", "sheet_pdf"])
def test_sheets_of_other_locations_and_strangers_are_closed(client, client_for, rosa, sheet, name):
    address = reverse(name, args=[sheet.pk])
    assert client.get(address).status_code == 302
    assert client_for(rosa).get(reverse(name, args=[999999])).status_code == 404
    assert client_for(rosa).post(address).status_code == 405
    rosa.location = people.make_location("Eastmoor")
    rosa.save()
    assert client_for(rosa).get(address).status_code == 404


@pytest.mark.parametrize(("query", "how"), [("", "inline"), ("?download=1", "attachment")])
def test_the_pdf_is_the_stored_one(client_for, rosa, sheet, query, how):
    answer = client_for(rosa).get(reverse("sheet_pdf", args=[sheet.pk]) + query)
    name = f"aftercare-{sheet.patient.record_number}-{sheet.pk}.pdf"
    assert hashlib.sha256(answer.content).hexdigest() == sheet.sha256
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'{how}; filename="{name}"'


def test_the_page_stays_as_issued_when_the_patient_changes(client_for, rosa, sheet):
    before = page_text(client_for(rosa).get(reverse("sheet_detail", args=[sheet.pk])))
    type(sheet.patient).objects.filter(pk=sheet.patient_id).update(family_name="Married", language="es")
    assert page_text(client_for(rosa).get(reverse("sheet_detail", args=[sheet.pk]))) == before


def test_the_desk_prints_in_large_type_and_sees_it_recorded(client_for, rosa, sheet):
    desk = client_for(rosa)
    answer = desk.post(reverse("sheet_print", args=[sheet.pk]), {"paper": "a4", "points": "18"})
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    page = desk.get(reverse("sheet_detail", args=[sheet.pk])).content.decode()
    assert "Printed: 18 pt" in page and "Rosa Diaz" in page


@pytest.mark.parametrize("chosen", [{}, {"paper": "a5", "points": "12"}, {"paper": "a4", "points": "11"}])
def test_an_unknown_paper_or_size_is_refused(client_for, rosa, sheet, chosen):
    answer = client_for(rosa).post(reverse("sheet_print", args=[sheet.pk]), chosen)
    assert (answer.status_code, sheet.handovers.count()) == (422, 0)


def test_a_link_is_shown_and_mail_without_an_address_is_refused_in_words(
    client_for, texts, site, stock, priya, rosa
):
    sheet = signed(site, stock, priya, rosa, email="")
    desk, address = client_for(rosa), reverse("sheet_hand_over", args=[sheet.pk])
    refused = desk.post(address, {"how": "mailed"})
    assert refused.status_code == 422
    assert "There is no e-mail address on file." in refused.content.decode()
    shown = desk.post(address, {"how": "link"}).content.decode()
    assert "/my/open/" in shown and sheet.handovers.get().how == "link"


def test_not_wanted_is_recorded_with_its_reason(client_for, rosa, sheet):
    desk, address = client_for(rosa), reverse("sheet_hand_over", args=[sheet.pk])
    assert desk.post(address, {"how": "refused", "note": ""}).status_code == 422
    page = desk.post(address, {"how": "refused", "note": "Knows it"}, follow=True).content.decode()
    assert "Not wanted: Knows it" in page


def test_todays_sheets_are_printed_in_one_go(client_for, rosa, sheet):
    desk, address = client_for(rosa), reverse("sheet_today")
    before = desk.get(address).content.decode()
    assert "Not handed over yet" in before and str(sheet.patient) in before
    assert desk.post(address).status_code == 422
    answer = desk.post(address, {"sheets": [sheet.pk, 999_999, "x"]})
    assert (answer["Content-Type"], sheet.handovers.get().how) == ("application/pdf", "printed")
    assert "Printed" in desk.get(address).content.decode()


def test_a_day_without_sheets_says_so(client_for, rosa):
    assert "No sheet yet today" in client_for(rosa).get(reverse("sheet_today")).content.decode()


def test_larger_letters_are_kept_in_this_browser(client_for, rosa, sheet):
    browser, address = client_for(rosa), reverse("sheet_detail", args=[sheet.pk])
    assert "np-large" not in browser.get(address).content.decode()
    answer = browser.post(reverse("sheet_text_size"), {"size": "large", "next": address})
    assert (answer["Location"], answer.cookies["np_sheet_text"]["max-age"]) == (address, 365 * 24 * 3600)
    assert 'class="np-paper np-aftercare np-large"' in browser.get(address).content.decode()
    answer = browser.post(reverse("sheet_text_size"), {"size": "normal", "next": "//evil.example/"})
    assert answer["Location"] == reverse("sheet_today")
    assert "np-large" not in browser.get(address).content.decode()
