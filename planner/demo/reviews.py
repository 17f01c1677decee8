"""Reviews of the demo: one was held and signed, one patient is here for hers, one is due and not booked."""

import datetime as dt

from clinic import clock
from patients.models import Patient
from planner import booking, outcomes, reviewing
from planner.demo.letters import send_due
from planner.demo.pictures import ask_to_delete_one, take_review_photos
from planner.demo.place import Place
from planner.models import Appointment, TreatmentCourse
from planner.queries.reviews import review_times
from planner.reviews import book_review
from planner.telling import UNDO_MINUTES

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
STARTED = {"GB_QUAL": 4, "VAS_LOOK": 82}
FOUND = {"GB_QUAL": 2, "GAIS": 2, "VAS_LOOK": 35, "SATISFACTION": 5}


def tell_reviews(place: Place, patients: dict[str, Patient]) -> None:
    """What happens some months after a last visit."""
    _held(place, TreatmentCourse.objects.get(patient=patients["Ingrid Dahl"]))
    here = _book(place, TreatmentCourse.objects.get(patient=patients["Marta Kowalczyk"]), place.today)
    booking.check_in(here, by=place.rosa, at=min(place.now, here.start) - 4 * MINUTE)
    ask_to_delete_one(place)


def _held(place: Place, course: TreatmentCourse) -> None:
    first = course.appointments.get(number=1)
    by = first.practitioner.user
    outcomes.record_scores(course, values=STARTED, scored_on=first.on, by=by, at=first.start)
    visit = _book(place, course, place.today - 12 * DAY)
    visit, by = booking.check_in(visit, by=place.rosa, at=visit.start), visit.practitioner.user
    said = {"identity_checked": True, "birth_date": course.patient.birth_date}
    review = reviewing.start_review(visit, **said, by=by, at=visit.start)
    take_review_photos(review, visit.start + 5 * MINUTE)
    outcomes.record_scores(
        course, values=FOUND, scored_on=visit.on, review=review, by=by, at=visit.start + 10 * MINUTE
    )
    review = reviewing.save_review(
        review,
        version=review.version,
        has_reaction=False,
        note="Scars flatter on both cheeks, colour even. No more visits wished.",
        by=by,
        at=visit.start + 15 * MINUTE,
    )
    signed_at = visit.start + 16 * MINUTE
    reviewing.sign_review(review, version=review.version, fresh=True, by=by, at=signed_at)


def _book(place: Place, course: TreatmentCourse, day: dt.date) -> Appointment:
    """The free time of a day that comes nearest to now."""
    asked_at = place.at(day - 9 * DAY, dt.time(11, 30))
    wished, zone = place.now + (day - place.today), place.location.time_zone
    times = [one for one in review_times(course, asked_at, day) if clock.local_date(one.start, zone) == day]
    time = min(times, key=lambda one: abs(one.start - wished))
    places = {"practitioner_id": time.gap.person.pk, "room_id": time.gap.room.pk}
    booked = book_review(course, start=time.start, **places, by=place.rosa, at=asked_at)
    send_due(asked_at + UNDO_MINUTES * MINUTE)
    return booked
