"""A course that is over and its review: when it is due, one booked."""

import datetime as dt

import time_machine

from planner import booking, reviews
from planner.models import Appointment, TreatmentCourse
from planner.queries.reviews import review_times
from tests.planner import making

LAST = dt.date(2026, 9, 7)
DUE = LAST + dt.timedelta(days=90)  # Sunday 6 December 2026
BEFORE = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


def finish(patient, site, by, **how):
    """A course of the patient whose last visit was on 7 September."""
    made = making.book(patient, site, by, **how)
    visit = made.appointments.get(number=1)
    made.appointments.exclude(pk=visit.pk).update(status="cancelled")
    Appointment.objects.filter(pk=visit.pk).update(status="fulfilled")
    TreatmentCourse.objects.filter(pk=made.pk).update(status="completed", sessions=4)
    related = ("location", "protocol", "patient", "indication")
    return TreatmentCourse.objects.select_related(*related).get(pk=made.pk)


def book(course, by, number=0, **changed):
    """Book one of the free times."""
    time = review_times(course, BEFORE)[number]
    place = {"start": time.start, "practitioner_id": time.gap.person.pk, "room_id": time.gap.room.pk}
    return reviews.book_review(course, **place | changed, by=by, at=BEFORE)


def arrive(patient, site, by):
    """The patient has come to the review of a course, at its start."""
    with time_machine.travel(BEFORE, tick=False):
        review = book(finish(patient, site, by), by)
    with time_machine.travel(review.start, tick=False):
        return booking.check_in(review, by=by)
