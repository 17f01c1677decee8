"""The pages on which a manager edits aftercare texts."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from planner.models import AftercareText
from tests.planner import treating


@pytest.fixture
def english(priya):
    treating.approve_texts(priya.practitioner)
    return AftercareText.objects.get(language="en")


@pytest.fixture
def draft(english, mona, client_for):
    client_for(mona).post(reverse("text_start", args=[english.pk]))
    return AftercareText.objects.get(language="en", number=2)


def test_every_text_shows_its_grade(client_for, mona, draft):
    page = client_for(mona).get(reverse("text_edit", args=[draft.pk])).content.decode()
    assert "all sentences together: Flesch-Kincaid" in page
    assert page.count("limit 6.0") > 60
    assert reverse("text_block", args=[draft.pk, "do.drink"]) in page


def test_an_approved_version_offers_a_draft_and_no_editing(client_for, mona, english):
    page = client_for(mona).get(reverse("text_edit", args=[english.pk])).content.decode()
    assert "Start a new draft" in page
    assert reverse("text_block", args=[english.pk, "do.drink"]) not in page


def test_the_preview_fills_places_and_warns_above_grade_six(client_for, mona, draft):
    address = reverse("text_preview", args=[draft.pk, "next.stop"])
    browser = client_for(mona)
    good = browser.post(address, {"words": "Stop retinol on {day}."}).content.decode()
    assert "Stop retinol on Thu 10 Dec." in good and "Hard to read" not in good
    hard = browser.post(address, {"words": "Discontinue exfoliating preparations on {day}."}).content.decode()
    assert "Hard to read: Flesch-Kincaid" in hard
    assert "must stay" in browser.post(address, {"words": "Stop."}).content.decode()
    assert AftercareText.objects.get(pk=draft.pk).blocks["texts"]["next.stop"]["text"] != "Stop."


def test_a_text_is_saved_and_an_error_keeps_what_was_typed(client_for, mona, draft):
    address, browser = reverse("text_block", args=[draft.pk, "do.drink"]), client_for(mona)
    wrong = browser.post(address, {"words": "Drink {x}", "seen": "Drink as normal"})
    assert wrong.status_code == 422
    assert "There is no place {x} in this text." in wrong.content.decode()
    assert ">Drink {x}</textarea>" in wrong.content.decode()
    done = browser.post(address, {"words": "Drink water", "seen": "Drink as normal"}, follow=True)
    assert "do.drink is saved in the draft." in done.content.decode()


def test_a_text_that_does_not_exist_is_not_found(client_for, mona, draft):
    browser = client_for(mona)
    assert browser.get(reverse("text_block", args=[draft.pk, "none.such"])).status_code == 404
    assert browser.get(reverse("text_edit", args=[999_999])).status_code == 404


@pytest.mark.parametrize("who", ["rosa", "priya"])
def test_others_do_not_edit(client_for, draft, who, request):
    browser = client_for(request.getfixturevalue(who))
    assert browser.get(reverse("text_edit", args=[draft.pk])).status_code == 403
    assert browser.post(reverse("text_start", args=[draft.pk])).status_code == 403


def test_the_preview_is_a_whole_sheet_with_the_text_marked(client_for, mona, draft):
    address = reverse("text_preview", args=[draft.pk, "do_not.tight.abdomen"])
    words = "Tight belt, <sit-ups>: not until {moment}"
    page = client_for(mona).post(address, {"words": words}).content.decode().replace("\u00a0", " ")
    assert "In the sheet of an invented visit: abdomen and thighs, deep." in page
    assert '<mark class="np-marked">Tight belt, &lt;sit-ups&gt;: not until Sun 6 Dec, 12:15</mark>' in page
    assert "the whole sheet: Flesch-Kincaid" in page and "Call us the same day on 020 7946 0138" in page
    assert draft.blocks["texts"]["do_not.tight.abdomen"]["text"] != words


def test_a_text_that_no_sheet_prints_says_where_it_is_read(client_for, mona, draft):
    address = reverse("text_preview", args=[draft.pk, "sign.pus"])
    page = client_for(mona).post(address, {"words": "I see pus"}).content.decode()
    assert "on their own page when they report a problem" in page and "np-marked" not in page


def test_a_whole_sheet_can_be_read_before_anything_is_approved(client_for, mona, draft):
    browser, address = client_for(mona), reverse("text_sheet", args=[draft.pk])
    page = browser.get(address, {"visit": "Last visit"}).content.decode()
    assert "version 2, draft" in page and "We look at the result with you." in page
    assert "Face, white skin" in browser.get(address, {"visit": "nonsense"}).content.decode()


def test_the_sheet_as_pdf_holds_what_was_typed_and_keeps_nothing(client_for, mona, draft):
    browser, address = client_for(mona), reverse("text_sheet_pdf", args=[draft.pk])
    answer = browser.post(address, {"code": "do.drink", "words": "Drink a glass of milk"})
    text = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    assert answer["Content-Type"] == "application/pdf" and "Drink a glass of milk" in text
    assert "draft: not approved" in text
    kept = browser.get(address, {"visit": "Back"}).content
    assert "Drink as normal" in " ".join(PdfReader(io.BytesIO(kept)).pages[0].extract_text().split())
    assert browser.post(address, {"code": "do.drink", "words": " "}).status_code == 422
