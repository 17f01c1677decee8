"""Text messages: one file each, whole or not at all, under a safe name; a number that never works."""

import os

import pytest

from clinic.letters import AddressRefusedError, Letter, deliver
from clinic.sms import FileDrop, NumberRefusedError, gateway, sms_is_on

TO, KEY = "+442079460018", "reminder-7-29763360-0"


@pytest.fixture
def folder(settings, tmp_path):
    """Text messages are on and land here."""
    settings.SMS_GATEWAY, settings.SMS_FOLDER = "clinic.sms.FileDrop", tmp_path / "in" / "sms"
    return settings.SMS_FOLDER


def test_text_messages_are_off_unless_a_gateway_is_named(settings):
    assert (settings.SMS_GATEWAY, sms_is_on()) == ("", False)
    settings.SMS_GATEWAY = "clinic.sms.FileDrop"
    assert (sms_is_on(), type(gateway())) == (True, FileDrop)
    settings.SMS_GATEWAY = "clinic.sms.Pigeon"
    with pytest.raises(ImportError):
        gateway()


def test_file_drop_writes_one_file_that_only_its_owner_reads(folder):
    FileDrop().send(TO, "Larkmoor: le esperamos el jue 3 dic, 14:30.", key=KEY)
    (file,) = folder.iterdir()
    assert file.name == f"{KEY}.txt"
    assert file.read_text() == f"{TO}\n\nLarkmoor: le esperamos el jue 3 dic, 14:30.\n"
    assert [oct(place.stat().st_mode & 0o777) for place in (folder, file)] == ["0o700", "0o600"]


def test_file_drop_writes_no_second_file_for_a_second_try(folder):
    for text in ("first", "second"):
        FileDrop().send(TO, text, key=KEY)
    (file,) = folder.iterdir()
    assert file.read_text() == f"{TO}\n\nsecond\n"


def test_file_drop_leaves_nothing_half_written(folder, monkeypatch):
    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        FileDrop().send(TO, "text", key=KEY)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("key", ["", "../secret", "a/b", "A", "a b", "-a", "a" * 81, "ä", "a\n"])
def test_file_drop_writes_under_safe_names_only(folder, key):
    with pytest.raises(ValueError, match="a key is made of"):
        FileDrop().send(TO, "text", key=key)
    assert not folder.exists()


@pytest.mark.parametrize("number", ["", "02079460018", "+0123456789", "+44 20 7946 0018", "+44", "+44x"])
def test_file_drop_refuses_what_is_no_whole_number(folder, number):
    with pytest.raises(NumberRefusedError):
        FileDrop().send(number, "text", key=KEY)
    assert not folder.exists()


def test_deliver_hands_a_text_message_to_the_gateway(folder):
    deliver(Letter("sms", TO, "", "Larkmoor: a text"), key=KEY)
    assert [file.read_text() for file in folder.iterdir()] == [f"{TO}\n\nLarkmoor: a text\n"]


def test_deliver_says_when_a_number_never_works(folder):
    with pytest.raises(AddressRefusedError):
        deliver(Letter("sms", "020", "", "text"), key=KEY)
