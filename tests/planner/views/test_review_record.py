"""A whole review in the browser of the practitioner: name, photos, scores, note, signature, print."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from planner.models import CourseReview, OutcomeScore, Photo
from tests import people
from tests.planner.pictures import picture

JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def visit(here_for_review):
    """Her visit; the clock stands at its start."""
    with time_machine.travel(here_for_review.start, tick=False):
        yield here_for_review


@pytest.fixture
def at(visit):
    """The address of a page of the review."""
    return lambda name: reverse(f"review_{name}", args=[visit.pk])


@pytest.fixture
def room(client_for, priya, at, visit):
    """Priya's browser, the record open."""
    browser = client_for(priya)
    typed = {"identity_checked": "on", "birth_date": f"{visit.patient.birth_date:%d %b %Y}"}
    assert browser.post(at("start"), typed).url == at("photos")
    return browser


def upload(data=None):
    return SimpleUploadedFile("a.jpg", data or picture(), content_type="image/jpeg")


def finish_with(**typed):
    return {"version": "1", "has_reaction": "no", "note": "Flatter.", "left_out_reason": "", **typed}


def test_the_steps_lead_from_the_name_to_the_signature_and_the_print(room, at, visit):
    for view in ("face", "face_right", "face_left"):
        sent = {"moment": "review", "view": view, "file": upload()}
        assert room.post(at("photos"), sent).url == at("photos")
    assert b"Kept: At the review, face" in room.get(at("photos")).content
    scores = {"GB_QUAL": "2", "GAIS": "2", "VAS_LOOK": "30", "SATISFACTION": "4"}
    assert room.post(at("scores"), scores).url == at("finish")
    assert room.post(at("scores"), scores).url == at("finish")
    assert OutcomeScore.objects.filter(review__appointment=visit).count() == 4
    signing = finish_with(password=people.PASSWORD)
    assert room.post(at("sign"), signing).url == at("detail")
    assert room.post(at("sign"), signing).url == at("start")
    printed = room.get(at("detail")).content.decode()
    for words in ("Flatter.", "2, much improved", "4, satisfied", "Seal", "data-print"):
        assert words in printed
    assert Photo.objects.filter(appointment=visit, moment="review").count() == 3
    assert printed.count("at the review") >= 3


def test_nothing_typed_is_lost_by_a_refused_signature(room, at):
    answer = room.post(at("sign"), finish_with(note="Much flatter.", password="wrong"))
    assert answer.status_code == 422 and "Much flatter." in answer.content.decode()
    assert CourseReview.objects.get().note == "Much flatter."
    answer = room.post(at("sign"), finish_with(version="2", note="", password=people.PASSWORD))
    assert answer.status_code == 422 and b"Write what was found." in answer.content


def test_the_finish_saves_itself_and_a_second_writer_compares(room, at):
    answer = room.post(at("finish"), finish_with(), **JSON)
    assert answer.status_code == 200 and answer.json()["version"] == 2
    assert set(answer.json()["parts"]) == {"live", "actions", "saved"}
    stale = room.post(at("finish"), finish_with(note="Rough."), **JSON)
    assert stale.status_code == 409 and stale.json()["stale"]
    page = room.post(at("finish"), finish_with(note="Rough."))
    assert page.status_code == 409
    text = page.content.decode()
    assert "Two versions" in text and "Rough." in text and "Flatter." in text
    chosen = finish_with(version="2", note="Rough.", **{"pick-note": "typed"})
    assert room.post(at("finish"), chosen).status_code == 302
    assert CourseReview.objects.get().note == "Rough."


def test_a_wrong_picture_or_score_is_said_beside_it(room, at):
    sent = {"moment": "review", "view": "face", "file": upload(b"%PDF-1.7")}
    assert room.post(at("photos"), sent).status_code == 422
    sent = {"moment": "before", "view": "face", "file": upload()}
    assert room.post(at("photos"), sent).status_code == 422
    answer = room.post(at("scores"), {"VAS_LOOK": "300"})
    assert answer.status_code == 422 and b"0 to 100" in answer.content
    assert not Photo.objects.exists() and not OutcomeScore.objects.exists()


def test_every_page_leads_to_the_start_before_there_is_a_record_and_refuses_other_roles(
    client_for, priya, rosa, mona, at
):
    names = ("photos", "scores", "finish", "sign", "detail")
    for name in names:
        assert client_for(priya).get(at(name)).url == at("start")
    for who in (rosa, mona):
        assert {client_for(who).get(at(name)).status_code for name in ("start", *names)} == {403}


def test_a_correction_needs_the_password(room, at):
    everything = finish_with(left_out_reason="Camera broken.", password=people.PASSWORD)
    assert room.post(at("sign"), everything).url == at("detail")
    assert room.post(at("amend"), {"text": "Left.", "password": "wrong"}).status_code == 422
    assert room.post(at("amend"), {"text": "Left.", "password": people.PASSWORD}).url == at("detail")
    assert b"Left." in room.get(at("detail")).content
