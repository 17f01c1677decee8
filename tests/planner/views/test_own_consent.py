"""A patient reads the own consent again and takes it back, in two steps; the desk hears of it."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from patients.models import Consent, PatientLink
from planner import own
from planner.models import Appointment, PatientNotice, TreatmentCourse
from planner.queries.attention import attention_items
from tests.kept import kept
from tests.planner import making, treating
from tests.planner.making import MONDAY, NOW
from tests.planner.views.test_own import come_in, phone_with, text_of
from tests.planner.views.test_own_visits import hidden
from tests.refusing import at_once, refusing

pytestmark = pytest.mark.usefixtures("monday")
refused = refusing(Consent, TreatmentCourse, Appointment, PatientNotice)


@kept
def consent(site, ana, rosa):
    """Ana's consent to the treatment of her scars."""
    return treating.consent(ana, site, rosa)


@kept
def course(site, ana, rosa, consent):
    """Her course: the first visit later this morning."""
    return making.book(ana, site, rosa)


@kept
def cookies(ana, rosa, consent):
    """What Ana's phone holds once the birth date is said."""
    with time_machine.travel(NOW, tick=False):
        return come_in(ana, rosa).cookies


@pytest.fixture
def phone(cookies):
    return phone_with(cookies)


def link_of(patient):
    """The link that the phone was opened with."""
    return patient.links.filter(purpose="plan").latest("pk")


def page_of(consent):
    return reverse("own_withdraw", args=[consent.pk])


def test_the_signed_text_is_read_again_and_leads_on(phone, consent):
    assert reverse("own_consent", args=[consent.pk]) in text_of(phone.get(reverse("own_plan")))
    page = text_of(phone.get(reverse("own_consent", args=[consent.pk])))
    assert "You can say no." in page and page_of(consent) in page


def test_it_is_said_what_it_means_and_looking_changes_nothing(phone, course, consent):
    page = text_of(phone.get(page_of(consent)))
    assert "Your course stops. We do not treat you any more." in page
    assert "Visit 1 on Mon 7 Sep 2026, 10:00 is cancelled." in page and "Keep my consent" in page
    consent.refresh_from_db()
    assert consent.withdrawn_at is None and not PatientNotice.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"), [("es", "Su tratamiento termina."), ("en", "Your course stops.")]
)
def test_it_is_said_in_the_language_of_the_page(phone, course, consent, language, words):
    phone.cookies["np_own_language"] = language
    assert words in text_of(phone.get(page_of(consent)))


def test_taking_it_back_stops_the_course_and_tells_the_desk_once(phone, course, consent, rosa):
    fields = hidden(text_of(phone.get(page_of(consent))))
    for _ in range(2):
        assert "Your care team knows it now." in text_of(phone.post(page_of(consent), fields))
    course.refresh_from_db()
    assert course.status == "stopped"
    assert set(course.appointments.values_list("status", flat=True)) == {"cancelled"}
    notice = PatientNotice.objects.get()
    assert (notice.kind, notice.told, notice.link.patient) == (
        "consent",
        ["Acne scars", 1, 4],
        course.patient,
    )
    told = [one for one in attention_items(rosa.location, [], MONDAY, NOW) if "consent" in one.what]
    assert [one.what for one in told] == ["took the consent back"]
    assert told[0].why.endswith("Acne scars. The course is stopped, 4 booked visits cancelled.")
    assert phone.get(page_of(consent)).status_code == 404


def test_the_desk_opens_the_notice_and_settles_it(phone, course, consent, rosa, priya, client_for):
    phone.post(page_of(consent), hidden(text_of(phone.get(page_of(consent)))))
    notice = PatientNotice.objects.get()
    for person in (rosa, priya):
        page = client_for(person).get(reverse("notice_detail", args=[notice.pk])).content.decode()
        assert "The course is stopped, 4 booked visits cancelled." in page
    client_for(rosa).post(reverse("notice_settle", args=[notice.pk]), {"note": ""})
    notice.refresh_from_db()
    assert notice.done_by == rosa


def test_without_a_course_it_is_told_as_well(phone, consent, rosa):
    page = text_of(phone.get(page_of(consent)))
    assert "Your course stops." not in page
    phone.post(page_of(consent), hidden(page))
    item = next(one for one in attention_items(rosa.location, [], MONDAY, NOW) if "consent" in one.what)
    assert item.why.endswith("Acne scars. No course was running.")


def test_a_link_for_questions_takes_no_consent_back(ana, rosa, consent):
    phone = come_in(ana, rosa, purpose="screening")
    for answer in (phone.get(page_of(consent)), phone.post(page_of(consent), {"key": uuid.uuid4()})):
        assert (answer.status_code, answer.url) == (302, reverse("own_questions"))
    link = PatientLink.objects.get(purpose="screening")
    refusal = refused(own.withdraw_consent, link, consent, key=uuid.uuid4())
    assert (refusal.code, refusal.sentence) == ("own_no_consent", "This consent is not here.")


def test_the_consent_of_somebody_else_does_not_exist(site, rosa, ana, phone):
    other = making.make_patient(rosa)
    theirs = treating.consent(other, site, rosa)
    assert phone.get(page_of(theirs)).status_code == 404
    assert phone.post(page_of(theirs), {"key": uuid.uuid4()}).status_code == 404
    link = link_of(ana)
    assert refused(own.withdraw_consent, link, theirs, key=uuid.uuid4()).code == "own_no_consent"


def test_a_press_without_the_page_asks_first(phone, consent):
    assert phone.post(page_of(consent), {}).url == page_of(consent)
    assert not PatientNotice.objects.exists()


def test_taken_back_already_is_said(phone, course, consent, ana):
    own.withdraw_consent(link_of(ana), consent, key=uuid.uuid4(), at=NOW + dt.timedelta(minutes=1))
    answer = phone.post(page_of(consent), {"key": uuid.uuid4()})
    assert (answer.status_code, "You took this consent back already." in text_of(answer)) == (409, True)


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_once_take_it_back_once(course, consent, ana, rosa):
    come_in(ana, rosa)
    link, key = link_of(ana), uuid.uuid4()
    told = at_once(*[lambda: own.withdraw_consent(link, consent, key=key, at=NOW)] * 2)
    assert told[0] == told[1] == PatientNotice.objects.get()
