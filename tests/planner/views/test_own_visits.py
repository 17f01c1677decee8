"""Confirm, ask to move, cancel, undo and report, as the phone sends them; and the desk's page about it."""

import re

import pytest
import time_machine
from django.urls import reverse

from planner.models import Appointment, PatientNotice
from tests.kept import kept
from tests.planner import making
from tests.planner.making import NOW
from tests.planner.views.test_own import come_in, phone_with, text_of

pytestmark = pytest.mark.usefixtures("monday")


@kept
def visit(ana, site, rosa):
    """Ana's first visit, later this morning."""
    return making.book(ana, site, rosa).appointments.get(number=1)


@kept
def cookies(ana, rosa, visit):
    """What Ana's phone holds once the birth date is said."""
    with time_machine.travel(NOW, tick=False):
        return come_in(ana, rosa).cookies


@pytest.fixture
def phone(cookies):
    return phone_with(cookies)


def hidden(page):
    """The hidden fields of a page's form."""
    return dict(re.findall(r'type="hidden" name="(key|version)" value="([^"]*)"', page))


def act(phone, name, visit, follow=True, **data):
    return phone.post(reverse(name, args=[visit.pk]), data, follow=follow)


def test_confirming_is_said_on_the_plan(phone, visit):
    assert "I will come" in text_of(phone.get(reverse("own_plan")))
    assert "You said that you come. Thank you." in text_of(act(phone, "own_confirm", visit))


def test_asking_for_another_date_is_said_on_the_plan(phone, visit):
    address = reverse("own_move", args=[visit.pk])
    fields = hidden(text_of(phone.get(address)))
    empty = phone.post(address, fields | {"words": " "})
    assert (empty.status_code, "Write which days and times suit you." in text_of(empty)) == (422, True)
    for _ in range(2):
        page = text_of(phone.post(address, fields | {"words": "Tuesdays"}, follow=True))
    assert "You asked for another date. We call you." in page and "I can come after all" in page
    assert PatientNotice.objects.count() == 1


def test_cancelling_asks_once_more_and_can_be_taken_back(phone, visit):
    address = reverse("own_cancel", args=[visit.pk])
    page = text_of(phone.get(address))
    assert "Cancel visit 1 on Mon 7 Sep 2026, 10:00?" in page and "Keep the visit" in page
    for _ in range(2):
        page = text_of(phone.post(address, hidden(page) or {}, follow=True))
    phone.get(reverse("own_plan"))
    page = text_of(phone.get(reverse("own_plan")))
    assert "You cancelled visit 1 on Mon 7 Sep 2026, 10:00." in page
    assert "Your next visit" in page and "Mon 12 Oct 2026, 10:00" in page
    page = text_of(act(phone, "own_undo", visit))
    assert "You cancelled" not in page and "Mon 7 Sep 2026, 10:00" in page


def test_the_way_back_goes_after_ten_minutes(phone, visit, monday):
    page = text_of(phone.get(reverse("own_cancel", args=[visit.pk])))
    act(phone, "own_cancel", visit, **hidden(page))
    monday.shift(601)
    assert "Take it back" not in text_of(phone.get(reverse("own_plan")))
    late = act(phone, "own_undo", visit)
    assert (late.status_code, "It is too late to take this back." in text_of(late)) == (409, True)


def test_what_has_begun_is_refused_in_words(phone, visit, monday):
    page = text_of(phone.get(reverse("own_cancel", args=[visit.pk])))
    monday.move_to(visit.start)
    phone = come_in(visit.patient, visit.course.created_by)
    refused = act(phone, "own_cancel", visit, **hidden(page))
    assert (refused.status_code, "This visit is over or has begun." in text_of(refused)) == (409, True)
    assert Appointment.objects.get(pk=visit.pk).status == "booked"


def test_the_refusal_is_in_the_readers_language(phone, visit, rosa):
    phone.post(reverse("own_language"), {"language": "es"})
    Appointment.objects.filter(pk=visit.pk).update(version=9)
    refused = act(phone, "own_cancel", visit, version=1, key="00000000-0000-0000-0000-000000000001")
    assert "Esta visita ha cambiado mientras tanto." in text_of(refused)


@pytest.mark.parametrize("name", ["own_confirm", "own_move", "own_cancel", "own_undo"])
def test_somebody_elses_visit_does_not_exist(visit, rosa, name):
    other = come_in(making.make_patient(rosa), rosa)
    assert act(other, name, visit, version=1).status_code == 404
    assert Appointment.objects.get(pk=visit.pk).version == 1


@pytest.mark.parametrize("name", ["own_confirm", "own_undo"])
def test_looking_does_nothing(phone, visit, name):
    assert phone.get(reverse(name, args=[visit.pk])).status_code == 405


def problem(phone, step, **data):
    address = f"{reverse('own_problem')}?step={step}"
    fields = {"key": hidden(text_of(phone.get(address)))["key"]}
    return phone.post(address, fields | data, follow=True)


def test_an_emergency_is_answered_at_once(phone):
    page = text_of(problem(phone, 1, signs=["breathing"]))
    assert "Call 999 now. Do not wait for us." in page and 'href="tel:999"' in page


def test_the_eye_is_sent_to_eye_care(phone):
    page = text_of(problem(phone, 1, signs=["eye"]))
    assert "Go to emergency eye care now." in page and 'href="tel:999"' not in page


def test_none_of_these_leads_through_every_level_to_words(phone):
    for step in range(1, 5):
        page = problem(phone, step, none="1")
        assert page.redirect_chain == [(f"{reverse('own_problem')}?step={step + 1}", 302)]
    assert "What do you see or feel?" in text_of(page)
    assert not PatientNotice.objects.exists()
    page = text_of(problem(phone, 5, words="It tingles"))
    assert "We read this and call you." in page and "“It tingles”" in page


def test_a_tick_counts_even_with_none_of_these(phone):
    assert "Call us now on" in text_of(problem(phone, 2, signs=["pus"], none="1"))


def test_nothing_ticked_is_said(phone):
    page = problem(phone, 1)
    assert (page.status_code, "Tick what you see, or write it." in text_of(page)) == (422, True)


@pytest.mark.parametrize("step", ["0", "9", "x", "٣", "-1"])
def test_an_odd_step_is_one_of_ours(phone, step):
    assert phone.get(reverse("own_problem"), {"step": step}).status_code == 200


def test_the_same_page_sent_twice_reports_once(phone):
    address = reverse("own_problem")
    key = hidden(text_of(phone.get(address)))["key"]
    for _ in range(2):
        phone.post(address, {"key": key, "signs": ["faint"]})
    assert PatientNotice.objects.count() == 1


def test_somebody_elses_report_does_not_exist(phone, rosa):
    problem(phone, 2, signs=["pus"])
    other = come_in(making.make_patient(rosa), rosa)
    address = reverse("own_report", args=[PatientNotice.objects.get().pk])
    assert (phone.get(address).status_code, other.get(address).status_code) == (200, 404)


@pytest.fixture
def notice(phone):
    problem(phone, 2, signs=["pus"], words="Since Friday")
    return PatientNotice.objects.get()


def test_the_desk_sees_the_urgency_and_settles_it(notice, client_for, rosa, phone):
    desk = client_for(rosa)
    assert "reports a problem: same day" in text_of(desk.get("/"))
    page = text_of(desk.get(reverse("notice_detail", args=[notice.pk])))
    assert "Same day." in page and "Since Friday" not in page and "I see pus" not in page
    settle = reverse("notice_settle", args=[notice.pk])
    assert desk.post(settle, {"note": ""}).status_code == 422
    assert "Dealt with: Ana" in text_of(desk.post(settle, {"note": "Called back."}, follow=True))
    assert "reports a problem" not in text_of(desk.get("/"))
    assert "We dealt with this on" in text_of(phone.get(reverse("own_report", args=[notice.pk])))


def test_practitioners_read_it_on_the_patients_page_and_before_the_start(notice, client_for, priya, visit):
    browser = client_for(priya)
    for address in (
        reverse("notice_detail", args=[notice.pk]),
        reverse("patient_detail", args=[visit.patient_id]),
        reverse("session_start", args=[visit.pk]),
    ):
        page = text_of(browser.get(address))
        assert "I see pus" in page and "Since Friday" in page, address


def test_a_wish_leads_the_desk_to_the_move(phone, visit, client_for, rosa):
    fields = hidden(text_of(phone.get(reverse("own_move", args=[visit.pk]))))
    act(phone, "own_move", visit, **fields, words="Tuesdays")
    notice = PatientNotice.objects.get()
    page = text_of(client_for(rosa).get(reverse("notice_detail", args=[notice.pk])))
    assert reverse("appointment_move", args=[visit.pk]) in page and "“Tuesdays”" in page
