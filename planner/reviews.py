"""Books and cancels the review after a course: the only writer of its time. Instants are aware UTC."""

import datetime as dt

from clinic import clock
from clinic.constraints import in_words
from clinic.models import User
from clinic.permissions import may
from clinic.refusals import Refusal
from clinic.words import day_date
from planner.booking import SENTENCES, cancel_appointment
from planner.locks import lock_places
from planner.models import Appointment, AppointmentEvent, TreatmentCourse
from planner.queries.reviews import OVER, ReviewTime, due_on, review_of, times_of_day
from planner.site import read_site

GONE = Refusal(
    "review_time_gone",
    "This time was just taken.",
    "Nothing was booked. Pick one of the free times.",
    stale=True,
)


def book_review(
    course: TreatmentCourse,
    *,
    start: dt.datetime,
    practitioner_id: int,
    room_id: int,
    by: User,
    at: dt.datetime | None = None,
) -> Appointment:
    """Book half an hour in the diary for the review of a completed course; a booked one is returned.

    Raises Refusal: the role, a running course, a day before it is due, a time that is not free (`stale`).
    """
    _need(by, "course_review")
    return _book(course, start, practitioner_id, room_id, by, at or clock.now())


@in_words(SENTENCES)
def _book(course, start, practitioner_id, room_id, by, at) -> Appointment:
    lock_places(
        practitioners=[practitioner_id], rooms=[room_id], patients=[course.patient_id], courses=[course.pk]
    )
    course = TreatmentCourse.objects.select_related("location", "protocol", "patient").get(pk=course.pk)
    if booked := review_of(course):
        return booked
    on, first = clock.local_date(start, course.location.time_zone), due_on(course)
    if course.status not in OVER or not first:
        raise Refusal("course_running", "This course is not over yet.", "Its visits come first.")
    if on < first:
        raise Refusal("review_early", f"The review is from {day_date(first)} on.", "Pick a later day.")
    site, _ = read_site(course.location, course.indication_id, first_date=on)
    wanted = (start, practitioner_id, room_id)
    for time in times_of_day(course, site, on, at):
        if (time.start, time.gap.person.pk, time.gap.room.pk) == wanted:
            return _write(course, time, on, by, at)
    raise GONE.copy()


def _write(course: TreatmentCourse, time: ReviewTime, on: dt.date, by, at) -> Appointment:
    person, room, minute = time.gap.person, time.gap.room, dt.timedelta(minutes=1)
    start, end = time.start.astimezone(dt.UTC), time.end.astimezone(dt.UTC)
    review = Appointment(
        kind=Appointment.Kind.REVIEW,
        patient_id=course.patient_id,
        location_id=course.location_id,
        reviewed=course,
        practitioner_id=person.pk,
        room_id=room.pk,
        start=start,
        treatment_start=start,
        end=end,
        room_until=end + room.turnover_minutes * minute,
        practitioner_from=start - person.before_minutes * minute,
        practitioner_until=end + person.after_minutes * minute,
        on=on,
    )
    review.save()
    AppointmentEvent.objects.create(appointment=review, kind=AppointmentEvent.Kind.BOOKED, at=at, by=by)
    return review


def cancel_review(
    review: Appointment, *, reason: str, by: User, at: dt.datetime | None = None
) -> Appointment:
    """Free the time of a review, with the reason."""
    _need(by, "course_review")
    return cancel_appointment(review, reason=reason, by=by, at=at)


def _need(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
