"""Going on with an open record that a colleague keeps: asked once, said to both, kept with what it said."""

import datetime as dt
from typing import TypeVar

from clinic import clock
from clinic.constraints import in_words
from clinic.models import Practitioner, User
from clinic.refusals import Refusal
from planner.locks import lock_places
from planner.models import CourseReview, RecordTakeover, TreatmentSession
from planner.queries.record import content_of
from planner.queries.review_record import content_of_review
from planner.records import practitioner_of, refuse_untrained

Record = TypeVar("Record", TreatmentSession, CourseReview)


@in_words({})
def take_over(record: Record, *, keeper: int, by: User, at: dt.datetime | None = None) -> Record:
    """Keep an open record from now on; `keeper` is the key of the practitioner who was shown to keep it.

    Twice is the same as once. Raises Refusal: the role, signed, untrained for the indication or elsewhere,
    taken over by somebody else meanwhile.
    """
    is_session = isinstance(record, TreatmentSession)
    person = practitioner_of(by, "session_take" if is_session else "review_take")
    lock_places(patients=[record.patient_id])
    record = type(record).objects.select_related("practitioner").get(pk=record.pk)
    if record.practitioner_id == person.pk:
        return record
    _refuse(record, person, keeper)
    RecordTakeover.objects.create(
        **{"session" if is_session else "review": record},
        from_practitioner=record.practitioner,
        to_practitioner=person,
        by=by,
        at=at or clock.now(),
        content=content_of(record) if is_session else content_of_review(record),
    )
    record.practitioner = person
    record.version += 1
    record.save(update_fields=["practitioner", "version"])
    return record


def _refuse(record: TreatmentSession | CourseReview, person: Practitioner, keeper: int) -> None:
    if record.signed_at:
        raise Refusal("signed", "This record is signed.", "Add a dated correction instead.", stale=True)
    if record.practitioner_id != keeper:
        raise Refusal(
            "taken_over", f"{record.practitioner} took it over meanwhile.", "Talk to each other.", stale=True
        )
    if isinstance(record, TreatmentSession):
        refuse_untrained(person, record.appointment)
    elif not person.locations.filter(pk=record.appointment.location_id).exists():
        raise Refusal("elsewhere", f"{person} does not work here.", "Ask a colleague who does.")
