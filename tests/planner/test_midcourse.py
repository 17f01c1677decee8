"""A screening that stops a course under way: held in one action, resumed when it clears."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from clinic.refusals import Refusal
from patients.screenings import clear_finding, decide_finding
from planner.midcourse import hold_for_screening
from planner.models import Appointment, TreatmentCourse, TreatmentSession
from planner.queries.midcourse import affected_courses, held_courses
from tests import people
from tests.kept import kept
from tests.patients.screening.samples import yes
from tests.planner import treating
from tests.planner.making import MONDAY, NOW, screen

LATER = NOW + dt.timedelta(hours=3)  # the first visit at ten is not over yet


def hold(patient, by, release=True, batch=None, at=LATER):
    """Press the button."""
    return hold_for_screening(patient, release=release, batch=batch or uuid.uuid4(), by=by, at=at)


def ask_again(ana, site, by, at=NOW + dt.timedelta(hours=1), **answers):
    """A newer screening of Ana."""
    return screen(ana, site, by, at=at, **answers)


def states(course):
    return list(course.appointments.order_by("number").values_list("status", flat=True))


def test_nothing_is_held_while_the_screen_is_clear(ana, course, rosa, location):
    assert affected_courses(ana, location, NOW) == []
    with pytest.raises(Refusal) as caught:
        hold(ana, rosa)
    assert caught.value.code == "nothing_to_hold"


def test_an_old_screen_alone_holds_nothing(ana, course, location):
    assert affected_courses(ana, location, NOW + dt.timedelta(days=31)) == []


@pytest.mark.parametrize(
    ("answers", "words", "release"),
    [
        ({"BLEEDING_DISORDER": yes()}, "not suitable", True),
        ({"INFECTION_BACTERIAL": yes(fever="no")}, "deferred", False),
        ({"EPILEPSY": yes()}, "waits for a decision", False),
        ({"BOTOX_RECENT": yes(injected_on=MONDAY)}, "deferred until Mon 21 Sep 2026", False),
    ],
)
def test_a_positive_answer_after_booking_holds_the_visits(
    ana, course, site, rosa, location, answers, words, release
):
    ask_again(ana, site, rosa, **answers)
    (found,) = affected_courses(ana, location, LATER - dt.timedelta(hours=1))
    assert found.reason.replace("\xa0", " ") == f"Screening of Mon 7 Sep 2026: {words}"
    assert (found.course, len(found.visits), found.suggests_release) == (course, 4, release)


def test_holding_frees_the_dates_and_the_course_says_why(ana, course, site, rosa):
    ask_again(ana, site, rosa, BLEEDING_DISORDER=yes())
    (change,) = hold(ana, rosa, at=LATER - dt.timedelta(hours=1))
    course.refresh_from_db()
    assert course.status == "on_hold"
    assert course.status_reason.replace("\xa0", " ") == "Screening of Mon 7 Sep 2026: not suitable"
    assert states(course) == ["cancelled"] * 4
    assert change.by == rosa


def test_holding_may_keep_the_dates(ana, course, site, rosa):
    ask_again(ana, site, rosa, ACNE_ACTIVE=yes())
    hold(ana, rosa, release=False)
    course.refresh_from_db()
    assert (course.status, states(course)) == ("on_hold", ["booked"] * 4)


def test_holding_holds_every_course_of_the_patient_and_once(ana, course, site, rosa, location):
    ask_again(ana, site, rosa, BLEEDING_DISORDER=yes())
    batch = uuid.uuid4()
    first = hold(ana, rosa, batch=batch)
    assert [one.pk for one in hold(ana, rosa, batch=batch)] == [one.pk for one in first]
    assert affected_courses(ana, location, LATER) == []


def test_a_course_may_go_on_when_the_screen_clears(ana, course, site, rosa, priya, location):
    asked = ask_again(ana, site, rosa, PREGNANT=yes())
    assert held_courses([ana.pk], location, LATER) == []
    clear_finding(asked.findings.get(), happened_on=MONDAY, note="Delivered.", by=priya, at=LATER)
    assert held_courses([ana.pk], location, LATER) == []  # a cleared stop is a review
    decide_finding(asked.findings.get(), choice="accept", reason="All is well.", by=priya, at=LATER)
    assert held_courses([ana.pk], location, LATER) == [course]


def test_a_hold_for_another_reason_is_not_offered(ana, course, location):
    TreatmentCourse.objects.filter(pk=course.pk).update(status="on_hold", status_reason="Travelling")
    assert held_courses([ana.pk], location, LATER) == []


# The treatment room


@kept
def arrived(ana, site, rosa, priya):
    """Ana is here, screened and with a consent."""
    treating.consent(ana, site, rosa)
    visit = treating.arrive(ana, site, rosa)
    treating.screen_today(visit, priya)
    return visit


def test_a_course_on_hold_starts_no_session(arrived, priya):
    TreatmentCourse.objects.update(status="on_hold", status_reason="Travelling")
    with pytest.raises(Refusal) as caught:
        treating.start(arrived, priya)
    assert caught.value.code == "course_on_hold"
    assert "Travelling" in str(caught.value)


def session_of(visit, priya, **changed):
    """A record written around every command."""
    values = {
        "appointment": visit,
        "patient": visit.patient,
        "practitioner": priya.practitioner,
        "screening": visit.patient.screenings.filter(stage="visit").first(),
        "consent": visit.patient.consents.first(),
        "identity_checked_at": NOW,
        "consent_read_at": NOW,
        "started_at": NOW,
        "saved_at": NOW,
    }
    return TreatmentSession.objects.create(**values | changed)


def refused(words):
    return pytest.raises(DatabaseError, match=words)


def test_the_database_starts_nothing_on_hold(arrived, priya):
    TreatmentCourse.objects.update(status="on_hold")
    with refused("a course on hold starts no session"), transaction.atomic():
        session_of(arrived, priya)
    TreatmentCourse.objects.update(status="active")
    assert session_of(arrived, priya).pk


def test_the_database_wants_the_screening_of_the_day(arrived, priya, ana):
    booking = ana.screenings.filter(stage="booking").first()
    with refused("the screening of its day"), transaction.atomic():
        session_of(arrived, priya, screening=booking)


def test_the_database_starts_nothing_on_a_withdrawn_consent(arrived, priya, ana):
    with refused("a withdrawn consent"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # else the course would have to be stopped first
        ana.consents.update(withdrawn_at=NOW)
        session_of(arrived, priya)


def test_the_database_gives_a_course_on_hold_no_visit(ana, course):
    cancelled = course.appointments.get(number=4)
    Appointment.objects.filter(pk=cancelled.pk).update(status="cancelled")
    TreatmentCourse.objects.filter(pk=course.pk).update(status="on_hold")
    with refused("a course on hold gets no visit"), transaction.atomic():
        Appointment.objects.filter(pk=cancelled.pk).update(status="booked")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_keeps_a_visit_on_its_local_day(ana, course):
    visit = course.appointments.get(number=4)
    with refused("the local day of its start"), transaction.atomic():
        Appointment.objects.filter(pk=visit.pk).update(
            on=visit.on + dt.timedelta(days=1), next_earliest_on=visit.next_earliest_on + dt.timedelta(days=1)
        )


def test_the_database_ends_a_visit_after_four_hours(ana, course):
    visit = course.appointments.get(number=4)
    late = visit.start + dt.timedelta(hours=4, minutes=1)
    with refused("a_visit_lasts_four_hours_at_most"), transaction.atomic():
        Appointment.objects.filter(pk=visit.pk).update(
            end=late, room_until=late, practitioner_until=late, device_until=late
        )


# The pages


@pytest.fixture
def moment():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.mark.parametrize("who", ["rosa", "priya", "mona"])
def test_the_patients_page_leads_to_the_hold_and_back(request, who, ana, course, site, rosa, moment):
    asked = ask_again(ana, site, rosa, BLEEDING_DISORDER=yes())
    browser = people.sign_in(request.getfixturevalue(who))
    page, held = reverse("patient_detail", args=[ana.pk]), reverse("patient_hold", args=[ana.pk])
    assert held in browser.get(page).content.decode()
    assert held in browser.get(reverse("screening_detail", args=[asked.pk])).content.decode()
    shown = browser.get(held).content.decode()
    assert "not suitable" in shown and "Visit 4" in shown
    key = str(uuid.uuid4())
    answer = browser.post(held, {"dates": "keep", "key": key}, follow=True)
    assert answer.status_code == 200
    course.refresh_from_db()
    assert course.status == "on_hold"
    assert held not in browser.get(page).content.decode()


def test_nothing_to_hold_leads_back_to_the_patient(ana, course, rosa, moment):
    answer = people.sign_in(rosa).get(reverse("patient_hold", args=[ana.pk]))
    assert answer["Location"] == reverse("patient_detail", args=[ana.pk])


def test_the_page_offers_to_resume_when_it_clears(ana, course, site, rosa, moment):
    asked = ask_again(ana, site, rosa, INFECTION_VIRAL_OTHER=yes())
    browser, page = people.sign_in(rosa), reverse("patient_detail", args=[ana.pk])
    hold(ana, rosa)
    resume = reverse("course_resume", args=[course.pk])
    assert resume not in browser.get(page).content.decode()
    me = people.make_practitioner(people.make_user("Kim Ray", "practitioner", rosa.location))
    clear_finding(asked.findings.get(), happened_on=MONDAY, note="Gone.", by=me.user, at=LATER)
    assert resume in browser.get(page).content.decode()


def test_the_start_page_says_that_the_course_is_on_hold(arrived, priya):
    TreatmentCourse.objects.update(status="on_hold", status_reason="Travelling")
    with time_machine.travel(treating.STARTED, tick=False):
        page = people.sign_in(priya).get(reverse("session_start", args=[arrived.pk])).content.decode()
    assert "The course is on hold. Travelling" in page
    assert "Start visit" not in page
