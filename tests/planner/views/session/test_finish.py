"""Finish, sign, read and correct a record; who may."""

import pytest
from django.urls import reverse

from planner.models import AftercareSheet, SessionAmendment
from tests import people
from tests.planner import treating
from tests.planner.treating import FINISHED, MINUTE, SIGNED
from tests.planner.views.session.typed import text_of, typed_finish, typed_numbing, url

# Finish and sign


def test_session_finish_lists_what_is_missing_with_its_step(room, session):
    page = text_of(room.get(url("finish", session)))
    assert f'href="{url("numbing", session)}">Say whether numbing cream was used.' in page
    assert f'href="{url("treatment", session)}">Cartridge.' in page
    assert "Worst pain." in page


def test_session_finish_saves_and_stamps_fit_to_leave_once(room, session, now):
    now.move_to(FINISHED)
    room.post(url("finish", session), typed_finish(session))
    now.move_to(SIGNED)
    session.refresh_from_db()
    room.post(url("finish", session), typed_finish(session, pain="4"))
    session.refresh_from_db()
    assert (session.pain, session.redness, session.swelling, session.reactions) == (4, 1, 0, ["bruise"])
    assert (session.fit_to_leave_at, session.sharps_disposed) == (FINISHED, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pain", "11"),
        ("redness", "4"),
        ("swelling", "-1"),
        ("reactions", ["rash"]),
        ("patient_note", "x" * 201),
    ],
)
def test_session_finish_refuses_what_cannot_be(room, session, name, value):
    page = room.post(url("finish", session), typed_finish(session, **{name: value}))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [name])


def test_session_sign_saves_signs_and_shows_the_sheet(room, whole, now):
    now.move_to(SIGNED)
    answer = room.post(url("sign", whole), typed_finish(whole), follow=True)
    whole.refresh_from_db()
    assert answer.redirect_chain == [(reverse("sheet_detail", args=[whole.sheet.pk]), 302)]
    assert (whole.signed_at, whole.reactions, whole.patient_note) == (SIGNED, ["bruise"], "Rest today.")
    assert whole.appointment.__class__.objects.get(pk=whole.appointment_id).status == "fulfilled"
    assert "The record is signed." in text_of(answer)


def test_session_sign_gives_the_sheet_in_the_language_chosen(room, whole, now):
    now.move_to(SIGNED)
    room.post(url("sign", whole), typed_finish(whole, language="es"))
    assert AftercareSheet.objects.get().content["language"] == "es"


@pytest.mark.parametrize("password", ["", "x"])
def test_session_sign_with_a_wrong_password_keeps_the_step_and_signs_nothing(room, whole, now, password):
    now.move_to(SIGNED)
    page = room.post(url("sign", whole), typed_finish(whole, password=password))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["password"])
    assert "This is not your password." in text_of(page)
    whole.refresh_from_db()
    assert (whole.signed_at, whole.patient_note) == (None, "Rest today.")
    again = typed_finish(whole, version=page.context["form"]["version"].value())
    assert room.post(url("sign", whole), again).status_code == 302


def test_session_sign_of_an_incomplete_record_says_what_is_missing(room, session):
    page = room.post(url("sign", session), typed_finish(session))
    assert page.status_code == 422
    assert "The record is not complete yet." in text_of(page)
    assert not AftercareSheet.objects.exists()


def test_session_sign_from_an_older_page_is_409(room, whole, priya):
    treating.finish(whole, priya)
    page = room.post(url("sign", whole), typed_finish(whole))
    assert page.status_code == 409
    assert not AftercareSheet.objects.exists()


def test_session_sign_twice_shows_the_same_sheet(room, whole, now):
    now.move_to(SIGNED)
    typed = typed_finish(whole)
    first, second = (room.post(url("sign", whole), typed).url for _ in range(2))
    assert first == second
    assert AftercareSheet.objects.count() == 1


def test_a_signed_record_takes_no_step_any_more(room, signed, stock):
    for name in ("numbing", "treatment", "finish"):
        assert room.get(url(name, signed)).url == url("detail", signed)
    page = room.post(url("numbing", signed), typed_numbing(signed, stock))
    assert page.status_code == 409
    assert "This record is signed." in text_of(page)


# Signed


def test_session_detail_shows_what_was_recorded(room, signed, stock):
    page = text_of(room.get(url("detail", signed)))
    for words in ("1.50 mm", "Pinpoint bleeding", "Chlorhexidine wipe", stock.gel.number, "10:06–10:40"):
        assert words in page
    assert signed.content_hash[:12] in page


def test_session_detail_of_an_open_record_goes_to_its_step(room, session):
    assert room.get(url("detail", session)).url == url("numbing", session)


def test_session_amend_adds_a_dated_correction(room, signed, priya, now):
    now.move_to(SIGNED + MINUTE)
    answer = room.post(
        url("amend", signed), {"text": "Five passes.", "password": people.PASSWORD}, follow=True
    )
    assert answer.redirect_chain == [(url("detail", signed), 302)]
    assert "Five passes." in text_of(answer)
    amendment = SessionAmendment.objects.get()
    assert (amendment.by, amendment.at) == (priya, SIGNED + MINUTE)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": "Five.", "password": "x"}, "password"),
        ({"text": " ", "password": people.PASSWORD}, "text"),
        ({"text": "x" * 2001, "password": people.PASSWORD}, "text"),
    ],
)
def test_session_amend_refuses_and_keeps_the_text(room, signed, typed, field):
    page = room.post(url("amend", signed), typed)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert not SessionAmendment.objects.exists()


# Who


@pytest.mark.parametrize("name", ["numbing", "treatment", "finish", "sign", "detail"])
@pytest.mark.parametrize("who", ["rosa", "mona"])
def test_records_are_for_practitioners(client_for, signed, name, who, request):
    client = client_for(request.getfixturevalue(who))
    assert client.get(url(name, signed)).status_code == 403
    assert client.get(url("start", signed.appointment)).status_code == 403
    assert client.post(url("amend", signed), {}).status_code == 403


@pytest.mark.parametrize("name", ["start", "numbing", "treatment", "finish", "sign", "detail"])
def test_records_that_do_not_exist_or_are_elsewhere_are_404(room, signed, priya, name):
    assert room.get(reverse(f"session_{name}", args=[999999])).status_code == 404
    priya.location = people.make_location("Eastmoor")
    priya.save()
    row = signed.appointment if name == "start" else signed
    assert room.get(url(name, row)).status_code == 404


def test_every_step_has_one_primary_button_and_no_inline_code(room, session, site, stock, priya):
    for name in ("numbing", "treatment", "finish"):
        page = text_of(room.get(url(name, session)))
        assert page.count("btn-primary") == 2, name  # the skip link and the one action
        assert "style=" not in page and "onclick" not in page
