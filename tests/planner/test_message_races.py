"""Messages asked for while somebody else works on their course: one order of locks, words for a long wait."""

import threading

import pytest
from django.db import connections, transaction
from django.urls import reverse

from clinic.models import OutboxMessage, Room
from patients.models import Patient
from planner import messages
from planner.models import TreatmentCourse
from tests import people
from tests.planner.making import NOW
from tests.refusing import waits_for_us

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sweep]


def while_the_patient_is_held(course, call, *wanted):
    """Hold the patient's row as a change does, let `call` wait for it, take what a change takes next."""
    told = []

    def run():
        try:
            told.append(call())
        except Exception as error:  # what comes out is what the test asks for
            told.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=course.patient_id)
        thread.start()
        assert waits_for_us(lambda: not thread.is_alive())
        for rows in wanted:
            assert list(rows.select_for_update(nowait=True))
    thread.join()
    return told[0]


def test_sending_again_takes_the_patient_before_the_message(course, rosa):
    message = OutboxMessage.objects.get()
    sent = while_the_patient_is_held(
        course,
        lambda: messages.send_again(message, by=rosa, at=NOW),
        OutboxMessage.objects.filter(pk=message.pk),
    )
    assert sent == message


def test_sending_the_dates_takes_the_patient_before_the_course(course, rosa):
    sent = while_the_patient_is_held(
        course,
        lambda: messages.send_dates(course, by=rosa, at=NOW),
        TreatmentCourse.objects.filter(pk=course.pk),
    )
    assert sent == OutboxMessage.objects.get()


def test_a_page_that_waits_too_long_for_somebody_else_says_so(course, site, mona):
    browser, answers, room = people.sign_in(mona), [], site.rooms[0]
    typed = {"name": room.name, "location": room.location_id, "turnover_minutes": "20", "is_active": "on"}

    def post():
        answers.append(browser.post(reverse("settings_edit", args=["rooms", room.pk]), typed))
        connections.close_all()

    thread = threading.Thread(target=post)
    with transaction.atomic():
        Room.objects.select_for_update().get(pk=room.pk)
        thread.start()
        thread.join()
    assert answers[0].status_code == 409
    assert "Someone else is changing the same part of the diary." in answers[0].content.decode()
