"""What is larger than a photo is refused in words before anybody reads it, whoever sends it."""

from io import BytesIO

import pytest
from django.core.files import temp
from django.test import Client

LIMIT = 22 * 1024 * 1024


@pytest.fixture
def disk(monkeypatch):
    """Names of the files that were made for what was sent."""
    made, ordinary = [], temp.NamedTemporaryFile
    monkeypatch.setattr(
        temp, "NamedTemporaryFile", lambda *args, **how: made.append(how) or ordinary(*args, **how)
    )
    return made


def send(client, size):
    """A file of so many bytes, with the fields around it."""
    file = BytesIO(b"x" * size)
    file.name = "face.jpg"
    return client.post("/patients/new/", {"picture": file})


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_larger_body_is_refused_in_words_and_reaches_no_disk(client_for, rosa, disk, signed_in):
    answer = send(client_for(rosa) if signed_in else Client(), LIMIT)
    assert (answer.status_code, disk) == (413, [])
    assert "larger than 20 MB. Nothing was saved." in answer.text
    assert answer["Cache-Control"] == "no-store" and "Content-Security-Policy" in answer


def test_a_body_of_a_photo_s_size_is_read_and_reaches_no_disk(client_for, rosa, disk):
    answer = send(client_for(rosa), 20 * 1024 * 1024)
    assert (answer.status_code, disk) == (422, [])


@pytest.mark.parametrize("length", ["", "-5", "many", "²"])
def test_a_length_that_is_none_breaks_nothing(db, length):
    assert Client().post("/accounts/login/", {}, CONTENT_LENGTH=length).status_code in (200, 400)
