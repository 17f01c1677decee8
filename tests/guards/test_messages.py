"""What PostgreSQL refuses of messages to patients."""

import datetime as dt

from django.db import connection

from clinic.models import OutboxMessage
from tests.guards.writes import change, refused
from tests.planner.making import NOW


def test_a_message_is_sent_once_per_subject_kind_and_version(course):
    whose = {"patient_id": course.patient_id, "location_id": course.location_id}
    with refused("a_message_is_sent_once_per_subject_kind_and_version"):
        OutboxMessage.objects.create(kind="course_booked", subject_id=course.pk, due_at=NOW, **whose)


def test_a_message_goes_to_a_patient_and_is_never_deleted(course):
    with refused("a_message_goes_to_a_patient"):
        OutboxMessage.objects.update(patient_id=987_654_321)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with refused("Cannot delete rows from clinic_outboxmessage"):
        OutboxMessage.objects.all().delete()


def test_a_message_is_sent_given_up_or_dropped_and_says_so(course, rosa):
    message = OutboxMessage.objects.get()
    with refused("a_message_that_left_was_neither_dropped_nor_given_up"):
        change(message, sent_at=NOW, dropped_because="stopped")
    with refused("a_message_given_up_says_when_and_why"):
        change(message, failed_at=NOW)
    with refused("a_message_seen_to_names_who_and_when"):
        change(message, closed_by=rosa)
    change(message, sent_at=NOW, text="Hello")
    with refused("Cannot update rows from clinic_outboxmessage"):
        change(message, text="Goodbye")


def test_hours_to_write_in_end_after_they_start(location):
    with refused("hours_to_write_in_end_after_they_start"):
        change(location, write_until=dt.time(9))


def test_hours_of_the_phone_are_whole(location):
    with refused("hours_of_the_phone_are_whole"):
        change(location, phone_until=None)
    with refused("hours_of_the_phone_are_whole"):
        change(location, phone_from=dt.time(20))
    with refused("hours_of_the_phone_saturday_are_whole"):
        change(location, phone_saturday_from=None)
    with refused("hours_of_the_phone_sunday_are_whole"):
        change(location, phone_sunday_until=dt.time(8))
    change(location, phone_sunday_from=None, phone_sunday_until=None)
