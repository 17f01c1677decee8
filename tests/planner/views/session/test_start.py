"""The page that opens a record."""

import pytest
from django.urls import reverse

from patients.models import ConsentText
from planner.models import TreatmentSession
from tests.patients.screening.samples import yes
from tests.planner import making, treating
from tests.planner.treating import ENDED, STARTED
from tests.planner.views.session.typed import READ_BACK, text_of, url


def test_session_start_says_what_is_missing_and_where_it_is_settled(room, visit, site):
    page = room.get(url("start", visit))
    here = url("start", visit)
    areas = "".join(f"&areas={area.pk}" for area in site.areas)
    asked = f"?indication={site.indication.pk}{areas}&stage=visit&next={here}"
    assert page.status_code == 200
    assert page.context["page"].screen.url == reverse("screening_create", args=[visit.patient_id]) + asked
    assert page.context["page"].consent.url == (
        f"{reverse('consent_create', args=[visit.patient_id])}?indication={site.indication.pk}&next={here}"
    )
    assert not page.context["page"].screen.is_done and not page.context["page"].consent.is_done
    assert "Start visit" not in text_of(page)
    assert text_of(page).count("btn-primary") == 2  # the skip link and the one action


def test_session_start_shows_the_verdict_and_starts(room, ready, priya):
    page = room.get(url("start", ready))
    assert page.context["page"].screen.is_done and page.context["page"].consent.is_done
    assert "Screened today, 10:02" in text_of(page)
    assert ", English, version 1, signed " in text_of(page)
    answer = room.post(url("start", ready), READ_BACK)
    session = TreatmentSession.objects.get()
    assert (answer.status_code, answer.url) == (302, url("numbing", session))
    assert (session.started_at, session.practitioner) == (STARTED, priya.practitioner)


@pytest.mark.parametrize("left_out", ["identity_checked", "birth_date", "consent_read"])
def test_session_start_asks_for_both_to_be_read_back(room, ready, left_out):
    typed = dict(READ_BACK)
    del typed[left_out]
    page = room.post(url("start", ready), typed)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [left_out]
    assert not TreatmentSession.objects.exists()


def test_session_start_of_a_stop_says_why_and_starts_nothing(room, visit, site, priya, rosa):
    treating.consent(visit.patient, site, rosa)
    screening = treating.screen_today(visit, priya, INFECTION_BACTERIAL=yes(fever="no"))
    page = room.get(url("start", visit))
    check = page.context["page"].screen
    assert (check.is_done, check.url) == (False, reverse("screening_detail", args=[screening.pk]))
    assert check.lines and all(line in text_of(page) for line in check.lines[:1])
    assert room.post(url("start", visit), READ_BACK).status_code == 422
    assert not TreatmentSession.objects.exists()


def test_session_start_without_a_skin_type_leads_to_the_profile(room, ready):
    type(ready.patient).objects.filter(pk=ready.patient_id).update(phototype=None)
    assert reverse("patient_edit", args=[ready.patient_id]) in text_of(room.get(url("start", ready)))


def test_session_start_of_a_visit_not_checked_in_has_no_action(room, site, ana, rosa):
    visit = making.book(ana, site, rosa).appointments.order_by("start").first()
    page = room.get(url("start", visit))
    assert "Only a visit of today that is checked in can start." in text_of(page)
    assert text_of(page).count("btn-primary") == 1


def test_session_start_goes_to_the_step_the_record_is_at(room, session, site, stock, priya):
    assert room.get(url("start", session.appointment)).url == url("numbing", session)
    session = treating.numb(session, stock, priya)
    assert room.get(url("start", session.appointment)).url == url("treatment", session)
    session = treating.treat(session, site, stock, priya, at=ENDED, started=True, ended=True)
    assert room.get(url("start", session.appointment)).url == url("finish", session)


def test_session_start_goes_to_the_signed_record(room, signed):
    assert room.get(url("start", signed.appointment)).url == url("detail", signed)


def test_the_screen_of_the_day_comes_back_to_the_visit(room, visit, all_no):
    asked = room.get(url("start", visit)).context["page"].screen.url
    assert room.post(asked, all_no).url == url("start", visit)


def test_the_consent_comes_back_to_the_visit(room, ready, site, priya):
    text = ConsentText.objects.get()
    newer = ConsentText.objects.create(
        indication=site.indication,
        language="en",
        number=text.number + 1,
        body="You can still say no.",
        approved_by=priya.practitioner,
        approved_at=STARTED,
    )
    check = room.get(url("start", ready)).context["page"].consent
    assert not check.is_done and check.lines
    typed = {"text": newer.pk, "method": "paper", "agreed": "on"}
    assert room.post(check.url, typed).url == url("start", ready)
    assert room.get(url("start", ready)).context["page"].consent.is_done


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_screen_of_the_day_never_leads_away(room, visit, all_no, away):
    asked = room.get(url("start", visit)).context["page"].screen.url
    answer = room.post(asked.replace(url("start", visit), away), all_no)
    assert answer.url.startswith("/screenings/")
