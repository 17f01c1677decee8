"""By which way a patient may be written to: the chosen one or none, never another."""

import datetime as dt

import pytest

from patients import intake
from patients.contact import Way, masked, way_to
from tests.planner.making import NOW, make_patient

PHONE = "+442079460018"
TODAY = NOW.date()


@pytest.fixture
def texting(settings):
    """This clinic sends text messages."""
    settings.SMS_GATEWAY = "clinic.sms.FileDrop"


@pytest.mark.usefixtures("texting")
@pytest.mark.parametrize(
    ("details", "way"),
    [
        ({"contact_by": "email", "email": "a@b.example"}, Way("email", "a@b.example")),
        ({"contact_by": "sms", "phone": "020 7946 0018"}, Way("sms", PHONE)),
        (
            {"contact_by": "email", "email": "", "phone": PHONE},
            Way(why_not="there is no e-mail address on file"),
        ),
        ({"contact_by": "sms", "phone": ""}, Way(why_not="there is no mobile phone on file")),
        ({"contact_by": "none", "phone": PHONE}, Way(why_not="the patient does not want to be written to")),
    ],
)
def test_way_to_is_the_chosen_one_or_none(rosa, details, way):
    found = way_to(make_patient(rosa, **details))
    assert (found, bool(found)) == (way, bool(way.channel))


def test_way_to_by_text_message_needs_a_gateway(rosa):
    patient = make_patient(rosa, contact_by="sms", phone=PHONE)
    assert way_to(patient).why_not == "text messages are not set up here"


def test_way_to_by_email_needs_a_mail_server(rosa, settings):
    patient = make_patient(rosa)
    assert way_to(patient)
    settings.EMAIL_IS_ON = False
    assert way_to(patient).why_not == "e-mail is not set up here"


@pytest.mark.parametrize(
    ("address", "shown"), [("ana@b.example", "a•••@b.example"), (PHONE, "•••018"), ("", "")]
)
def test_masked_shows_enough_to_know_an_address_again(address, shown):
    assert masked(address) == shown


def test_the_day_on_which_a_patient_was_asked_is_kept(rosa):
    assert make_patient(rosa).contact_asked_on is None
    patient = make_patient(rosa, contact_by="email")
    assert patient.contact_asked_on == TODAY
    later = NOW + dt.timedelta(days=40)
    same = intake.edit_patient(patient, details={"contact_by": "email"}, version=1, by=rosa, at=later)
    assert same.contact_asked_on == TODAY
    other = intake.edit_patient(patient, details={"contact_by": "none"}, version=2, by=rosa, at=later)
    assert other.contact_asked_on == later.date()
