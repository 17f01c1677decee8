"""Books, moves and cancels the review after a course: the only writer of its time. Instants are UTC."""

import datetime as dt

from clinic import clock
from clinic.constraints import in_words
from clinic.models import OutboxMessage, User
from clinic.permissions import may
from clinic.refusals import Refusal
from clinic.words import day_date
from patients.contact import way_to
from planner.booking import SENTENCES, end_appointment, lock_appointment, write_status
from planner.locks import lock_places
from planner.models import Appointment, AppointmentEvent, TreatmentCourse
from planner.models.diary import AppointmentStatus
from planner.queries.reviews import OVER, ReviewTime, due_on, review_of, times_of_day
from planner.site import read_site
from planner.telling import UNDO_MINUTES, tell_of_change, untell_review

GONE = Refusal(
    "review_time_gone",
    "This time was just taken.",
    "Nothing was booked. Pick one of the free times.",
    stale=True,
)
CHANGED = Refusal("review_changed", "This review was changed meanwhile.", "Look at it again.", stale=True)


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
    if course.status not in OVER or not due_on(course):
        raise Refusal("course_running", "This course is not over yet.", "Its visits come first.")
    on = _day_of(course, start)
    return _write(course, _time_at(course, (start, practitioner_id, room_id), on, at), on, by, at)


def _write(course: TreatmentCourse, time: ReviewTime, on: dt.date, by: User, at: dt.datetime) -> Appointment:
    review = Appointment(
        kind=Appointment.Kind.REVIEW,
        patient_id=course.patient_id,
        location_id=course.location_id,
        reviewed=course,
    )
    _place(review, time, on)
    review.save()
    AppointmentEvent.objects.create(appointment=review, kind=AppointmentEvent.Kind.BOOKED, at=at, by=by)
    _tell(course, at, OutboxMessage.Kind.COURSE_BOOKED)
    return review


def _place(review: Appointment, time: ReviewTime, on: dt.date) -> None:
    """What a review claims of person and room at one of its times."""
    person, room, minute = time.gap.person, time.gap.room, dt.timedelta(minutes=1)
    start, end = time.start.astimezone(dt.UTC), time.end.astimezone(dt.UTC)
    review.practitioner_id, review.room_id, review.on = person.pk, room.pk, on
    review.start, review.treatment_start, review.end = start, start, end
    review.room_until = end + room.turnover_minutes * minute
    review.practitioner_from = start - person.before_minutes * minute
    review.practitioner_until = end + person.after_minutes * minute


def move_review(
    review: Appointment,
    *,
    start: dt.datetime,
    practitioner_id: int,
    room_id: int,
    version: int,
    by: User,
    at: dt.datetime | None = None,
) -> Appointment:
    """Move a booked review to another free time; it has to be confirmed anew.

    Raises Refusal: the role, changed since `version`, not booked, too early, a time that is gone (`stale`).
    """
    _need(by, "course_review")
    return _move(review, (start, practitioner_id, room_id), version, by, at or clock.now())


@in_words(SENTENCES)
def _move(review: Appointment, wanted: tuple, version: int, by: User, at: dt.datetime) -> Appointment:
    start, practitioner_id, room_id = wanted
    lock_places(
        practitioners={review.practitioner_id, practitioner_id},
        rooms={review.room_id, room_id},
        patients=[review.patient_id],
        courses=[review.reviewed_id],
    )
    review = Appointment.objects.select_related("location", "patient").get(pk=review.pk)
    course = _course_of(review)
    if review.status != AppointmentStatus.BOOKED or review.version != version:
        raise CHANGED.copy()
    on = _day_of(course, start)
    _place(review, _time_at(course, wanted, on, at), on)
    review.confirmed_at = None
    review.version += 1
    review.save()
    AppointmentEvent.objects.create(appointment=review, kind=AppointmentEvent.Kind.MOVED, at=at, by=by)
    _tell(course, at)
    return review


def cancel_review(
    review: Appointment, *, reason: str, by: User, at: dt.datetime | None = None
) -> Appointment:
    """Free the time of a review, with the reason; the patient is told."""
    _need(by, "course_review")
    return _end(review, AppointmentStatus.CANCELLED, reason, by, at or clock.now())


def miss_review(review: Appointment, *, by: User, at: dt.datetime | None = None) -> Appointment:
    """The patient did not come to a review. Raises Refusal: the role, not begun, not booked."""
    _need(by, "course_review")
    return _end(review, AppointmentStatus.NO_SHOW, "", by, at or clock.now())


@in_words(SENTENCES)
def _end(review: Appointment, status: AppointmentStatus, reason: str, by: User, at) -> Appointment:
    was = lock_appointment(review.pk).status
    done = end_appointment(review, status, reason=reason, by=by, at=at)
    if was != done.status == AppointmentStatus.CANCELLED:
        _tell(_course_of(done), at)
    return done


def cancel_own_review(review: Appointment, *, reason: str, at: dt.datetime) -> None:
    """The patient cancels; the caller holds the locks and has checked the link."""
    cancelled = AppointmentStatus.CANCELLED, AppointmentEvent.Kind.CANCELLED
    write_status(review, *cancelled, by=None, at=at, reason=reason)
    _tell(_course_of(review), at)


@in_words(SENTENCES)
def restore_review(review: Appointment, *, by: User | None, at: dt.datetime | None = None) -> Appointment:
    """Take a cancellation back within ten minutes: the same time, if it is free. `by` None is the patient.

    Raises Refusal: the role, too late, another review is booked, the time is taken.
    """
    if by is not None:
        _need(by, "course_review")
    at = at or clock.now()
    review = lock_appointment(review.pk)
    if review.status == AppointmentStatus.BOOKED:
        return review
    last = review.events.order_by("at", "pk").last()
    in_time = at < review.start and at - last.at <= dt.timedelta(minutes=UNDO_MINUTES)
    if review.status != AppointmentStatus.CANCELLED or not in_time:
        raise Refusal("undo_too_late", "It is too late to take this back.", "Book another time.", stale=True)
    write_status(review, AppointmentStatus.BOOKED, AppointmentEvent.Kind.RESTORED, by=by, at=at)
    untell_review(_course_of(review), at)
    return review


def _course_of(review: Appointment) -> TreatmentCourse:
    related = ("location", "protocol", "patient")
    return TreatmentCourse.objects.select_related(*related).get(pk=review.reviewed_id)


def _tell(course: TreatmentCourse, at: dt.datetime, kind: str = OutboxMessage.Kind.COURSE_CHANGED) -> None:
    """Tell the patient after the ten minutes, where there is a way to."""
    course.version += 1
    course.save(update_fields=["version"])
    if way_to(course.patient):
        tell_of_change(course, at, kind)


def _day_of(course: TreatmentCourse, start: dt.datetime) -> dt.date:
    """The local day of a start, unless it is before the review is due."""
    on, first = clock.local_date(start, course.location.time_zone), due_on(course)
    if first is None or on < first:
        raise Refusal("review_early", f"The review is from {day_date(first)} on.", "Pick a later day.")
    return on


def _time_at(course: TreatmentCourse, wanted: tuple, on: dt.date, at: dt.datetime) -> ReviewTime:
    """The free time that was picked, as the diary is under our locks."""
    site, _ = read_site(course.location, course.indication_id, first_date=on)
    for time in times_of_day(course, site, on, at):
        if (time.start, time.gap.person.pk, time.gap.room.pk) == wanted:
            return time
    raise GONE.copy()


def _need(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
