"""Staff make, mail, show and end a patient's own link."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from clinic import clock
from clinic.letters import deliver
from clinic.models import OutboxMessage
from patients import intake, links
from patients.models import PatientLink
from planner import outbox

RIGHT = {"day": "14", "month": "3", "year": "1992"}


@pytest.fixture
def with_mail(amara, rosa):
    """Amara has an address."""
    intake.edit_patient(amara, details={"email": "amara@example.org"}, version=1, by=rosa)
    amara.refresh_from_db()
    return amara


def make(browser, patient, how):
    return browser.post(reverse("link_create", args=[patient.pk]), {"how": how})


@pytest.mark.parametrize("who", ["rosa", "priya", "mona"])
def test_link_create_shows_the_address_this_once(request, who, amara, client_for):
    page = make(client_for(request.getfixturevalue(who)), amara, "paper")
    address = re.search(r"http://127.0.0.1:8000(/my/open/[\w-]{43}/)", page.content.decode())[1]
    assert Client().post(address, RIGHT).status_code == 302
    browser = client_for(request.getfixturevalue(who))
    assert address not in browser.get(reverse("patient_detail", args=[amara.pk])).content.decode()


def test_link_create_mails_an_address_that_opens(with_mail, rosa, client_for):
    page = make(client_for(rosa), with_mail, "mail")
    assert page["Location"] == reverse("patient_detail", args=[with_mail.pk])
    assert OutboxMessage.objects.get().kind == "patient_link"
    assert outbox.send_next() is True
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["amara@example.org"], "Your page at Larkmoor")
    assert "Amara" not in sent.subject + sent.body  # whoever reads the mail learns no name
    address = re.search(r"http://127.0.0.1:\d+(/my/open/[\w-]{43}/)", sent.body)[1]
    assert Client().post(address, RIGHT).status_code == 302


def test_the_mail_is_in_the_patients_language(with_mail, rosa):
    intake.edit_patient(with_mail, details={"language": "es"}, version=2, by=rosa)
    links.send_link(links.create_link(with_mail, purpose="plan", by=rosa), by=rosa)
    outbox.send_next()
    assert mail.outbox[0].subject == "Su página en Larkmoor"


def leave_and_die(letter, *, key):
    deliver(letter, key=key)
    raise SystemExit


def test_a_mail_that_leaves_twice_opens_twice(with_mail, rosa):
    """A worker died after the mail left: the second mail does not kill the first address."""
    links.send_link(links.create_link(with_mail, purpose="plan", by=rosa), by=rosa)
    at = clock.now()
    with pytest.raises(SystemExit):
        outbox.send_next(at, post=leave_and_die)
    outbox.send_next(at + outbox.CLAIM)
    found = [re.search(r"(/my/open/[\w-]{43}/)", sent.body)[1] for sent in mail.outbox]
    assert len(set(found)) == 2
    assert [Client().post(address, RIGHT).status_code for address in found] == [302, 302]


def test_the_copy_kept_of_a_message_opens_nothing(with_mail, rosa):
    links.send_link(links.create_link(with_mail, purpose="plan", by=rosa), by=rosa)
    outbox.send_next()
    kept, sent = OutboxMessage.objects.get().text, mail.outbox[0].body
    token = re.search(r"/my/open/([\w-]{43})/", sent)[1]
    assert kept == sent.replace(token, "…")


def test_no_mail_leaves_for_an_ended_link(with_mail, rosa):
    link = links.create_link(with_mail, purpose="plan", by=rosa)
    links.send_link(link, by=rosa)
    links.revoke_link(link, by=rosa)
    outbox.send_next()
    assert mail.outbox == []
    assert OutboxMessage.objects.get().dropped_because == "the link was ended"


def test_link_create_offers_no_mail_without_an_address(amara, rosa, client_for):
    browser = client_for(rosa)
    assert "Send it by e-mail" not in browser.get(reverse("link_create", args=[amara.pk])).content.decode()
    assert make(browser, amara, "mail").status_code == 422
    assert PatientLink.objects.count() == 0


def test_link_revoke_ends_it_from_the_patients_page(amara, rosa, client_for):
    link = links.create_link(amara, purpose="plan", by=rosa)
    browser, page = client_for(rosa), reverse("patient_detail", args=[amara.pk])
    assert reverse("link_revoke", args=[link.pk]) in browser.get(page).content.decode()
    browser.post(reverse("link_revoke", args=[link.pk]))
    assert "No link is open." in browser.get(page).content.decode()
    link.refresh_from_db()
    assert link.revoked_by == rosa


def test_the_patients_page_says_how_a_link_fares(amara, rosa, client_for):
    link = links.create_link(amara, purpose="plan", by=rosa)
    browser, page = client_for(rosa), reverse("patient_detail", args=[amara.pk])
    links.come_in(links.new_token(link), birth_date=amara.birth_date, address=None)
    assert "· opened" in browser.get(page).content.decode()
    PatientLink.objects.update(wrong_tries=10)
    assert "closed after too many wrong birth dates" in browser.get(page).content.decode()


def test_the_address_is_on_the_name_that_patients_know(amara, rosa, client_for, settings):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://clinic.example", ["desk.inside.example"]
    page = client_for(rosa).post(
        reverse("link_create", args=[amara.pk]), {"how": "paper"}, HTTP_HOST="desk.inside.example"
    )
    assert "https://clinic.example/my/open/" in page.text and "inside.example/my" not in page.text
