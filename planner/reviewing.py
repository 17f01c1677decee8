"""The record of a review: open it, save it, sign it, correct it beside. Its only writer."""

import datetime as dt

from clinic import clock
from clinic.constraints import check_values, in_words, sentences_of
from clinic.models import User
from clinic.refusals import Refusal
from planner.booking import lock_appointment, write_status
from planner.locks import lock_places
from planner.models import Appointment, AppointmentEvent, CourseReview, ReviewAmendment
from planner.models.diary import AppointmentStatus
from planner.queries.review_record import gaps_of_review, hash_of_review
from planner.records import (
    practitioner_of,
    refuse_correction,
    refuse_elses,
    refuse_other_person,
    refuse_signed_or_stale,
)

SENTENCES = sentences_of(CourseReview)
FIELDS = ("has_reaction", "note", "left_out_reason")


@in_words(SENTENCES)
def start_review(
    visit: Appointment,
    *,
    identity_checked: bool,
    birth_date: dt.date | None,
    by: User,
    at: dt.datetime | None = None,
) -> CourseReview:
    """Open the record of a review that is checked in today; twice is one record.

    Raises Refusal: the role, name or birth date not read back, another birth date, not a review, not here.
    """
    person, at = practitioner_of(by, "review_start"), at or clock.now()
    visit = lock_appointment(visit.pk)
    if found := CourseReview.objects.filter(appointment=visit).first():
        return found
    if visit.kind != Appointment.Kind.REVIEW:
        raise Refusal("not_a_review", "Only a review has this record.", "Open the visit instead.")
    today = clock.local_date(at, visit.location.time_zone)
    if visit.status != AppointmentStatus.ARRIVED or visit.on != today:
        raise Refusal(
            "not_arrived", "Only a review of today that is checked in can start.", "Check in first."
        )
    refuse_other_person(visit.patient, identity_checked, birth_date)
    return CourseReview.objects.create(
        appointment=visit,
        patient_id=visit.patient_id,
        practitioner=person,
        identity_checked_at=at,
        started_at=at,
        saved_at=at,
    )


@in_words(SENTENCES)
def save_review(
    review: CourseReview, *, version: int, by: User, at: dt.datetime | None = None, **values
) -> CourseReview:
    """Save the answer about reactions, the note, and why something is missing (FIELDS).

    Raises Refusal: the role, signed, saved elsewhere since `version`.
    """
    person = practitioner_of(by, "review_finish")
    lock_places(patients=[review.patient_id])
    review = _reread(review)
    if not review.signed_at:
        refuse_elses(review, person)
    refuse_signed_or_stale(review, version, values)
    for name in FIELDS:
        if name in values:
            setattr(review, name, values[name])
    review.version += 1
    review.saved_at = at or clock.now()
    check_values(review)
    review.save()
    return review


def sign_review(
    review: CourseReview, *, version: int, fresh: bool, by: User, at: dt.datetime | None = None
) -> CourseReview:
    """Freeze the record with its photos and scores and complete the visit; twice is once.

    `fresh` says that the password was just checked (ruling 24).
    Raises Refusal: the role, not fresh, somebody else's record, saved elsewhere, incomplete.
    """
    person = practitioner_of(by, "review_sign")
    if not fresh:
        raise Refusal("not_fresh", "Type your password to sign.", field="password")
    return _sign(review, version, person, by, at or clock.now())


@in_words(SENTENCES)
def _sign(review: CourseReview, version: int, person, by: User, at: dt.datetime) -> CourseReview:
    visit = lock_appointment(review.appointment_id)
    review = _reread(review)
    if review.signed_at:
        return review
    refuse_signed_or_stale(review, version)
    if review.practitioner_id != person.pk:
        raise Refusal("not_yours", f"This review is {review.practitioner}'s to sign.")
    if lacking := gaps_of_review(review):
        raise Refusal("incomplete", "The review is not complete yet.", " ".join(lacking))
    review.content_hash = hash_of_review(review)
    review.signed_at, review.signed_by, review.saved_at = at, by, at
    review.save()
    write_status(visit, AppointmentStatus.FULFILLED, AppointmentEvent.Kind.FULFILLED, by=by, at=at)
    return review


@in_words({})
def amend_review(
    review: CourseReview, *, text: str, fresh: bool, by: User, at: dt.datetime | None = None
) -> ReviewAmendment:
    """Add a dated correction beside a signed review."""
    practitioner_of(by, "review_amend")
    refuse_correction(review, "review", text, fresh)
    amendment = ReviewAmendment(review=review, text=text.strip(), by=by, at=at or clock.now())
    check_values(amendment)
    amendment.save()
    return amendment


def _reread(review: CourseReview) -> CourseReview:
    """The record as it is under our locks."""
    related = ("appointment__location", "appointment__reviewed__indication", "practitioner")
    return CourseReview.objects.select_related(*related).get(pk=review.pk)
