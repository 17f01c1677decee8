"""A consent that was taken back: no course of its indication is booked, extended or resumed on it."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse

from clinic.models import OutboxMessage
from patients import consents
from patients.models import Consent
from planner.models import Appointment, CourseChange, TreatmentCourse
from planner.moving import Kind, Order, change_course
from tests.guards.writes import change
from tests.guards.writes import refused as refused_by_postgresql
from tests.patients.conftest import make_text
from tests.planner import treating
from tests.planner.making import NOW, book
from tests.refusing import refusing

HOUR = dt.timedelta(hours=1)
refused = refusing(Consent, TreatmentCourse, Appointment, CourseChange, OutboxMessage)


@pytest.fixture
def withdrawn(ana, site, rosa, priya):
    """Ana's only consent, taken back."""
    treating.consent(ana, site, rosa)
    return consents.withdraw_consent(ana.consents.get(), by=priya, at=NOW)


def test_book_course_refuses_a_withdrawn_consent_until_there_is_a_new_one(ana, site, rosa, withdrawn):
    refusal = refused(book, ana, site, rosa)
    assert (refusal.code, refusal.sentence, refusal.next_step) == (
        "consent_withdrawn",
        "The consent for Acne scars was withdrawn, so no course of it runs.",
        "Take a new consent first.",
    )
    treating.consent(ana, site, rosa)
    assert book(ana, site, rosa).status == "active"


def test_a_course_that_is_over_is_not_extended_on_a_withdrawn_consent(ana, site, rosa, priya):
    treating.consent(ana, site, rosa)
    course = book(ana, site, rosa)
    TreatmentCourse.objects.filter(pk=course.pk).update(status="completed")
    consents.withdraw_consent(ana.consents.get(), by=priya, at=NOW)
    order = Order(course.pk, Kind.EXTENDED, sessions=5)
    assert refused(change_course, order, key=uuid.uuid4(), by=rosa, at=NOW).code == "consent_withdrawn"


def test_the_desk_is_told_to_take_a_new_consent(client_for, ana, rosa, site, withdrawn):
    with time_machine.travel(NOW + HOUR, tick=False):
        answer = client_for(rosa).get(reverse("course_plan", args=[ana.pk]))
    text = answer.content.decode()
    assert answer.status_code == 422 and "The consent for Acne scars was withdrawn" in text
    assert f"{reverse('consent_create', args=[ana.pk])}?indication={site.indication.pk}" in text


@pytest.mark.parametrize("status", ["active", "on_hold"])
def test_the_database_runs_no_course_on_a_withdrawn_consent(ana, site, rosa, priya, status):
    treating.consent(ana, site, rosa)
    course = book(ana, site, rosa)
    consents.withdraw_consent(ana.consents.get(), by=priya, at=NOW)
    with refused_by_postgresql("no course runs on a withdrawn consent"):
        change(course, status=status)
    treating.consent(ana, site, rosa)
    change(course, status=status)


def test_an_older_consent_keeps_no_course_running(ana, site, rosa, priya):
    treating.consent(ana, site, rosa)
    book(ana, site, rosa)
    text = make_text(site.indication, priya, number=2)
    newest = consents.record_consent(ana, text=text, method="paper", by=rosa, at=NOW + HOUR)
    with refused_by_postgresql("leaves no course running"), transaction.atomic():
        change(newest, withdrawn_at=NOW + 2 * HOUR)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
