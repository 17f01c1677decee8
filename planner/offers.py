"""Short notice: who would come earlier, and a freed slot offered, held, taken or let go.

A hold claims its place like a booking does: under the same locks, judged by the same rules, and seen by every
later reading of the diary until it runs out. Instants are aware UTC; `at` is now.
"""

import datetime as dt
from uuid import UUID

from clinic import clock
from clinic.constraints import in_words, sentences_of
from clinic.models import User
from clinic.permissions import may
from clinic.refusals import Refusal
from planner.courses import claims_of
from planner.fitting import people_and_places, refuse_what_does_not_fit
from planner.locks import lock_held, lock_places
from planner.models import Appointment, CourseChange, SlotOffer, TreatmentCourse
from planner.models.diary import LIVE
from planner.moving import SENTENCES, Order, change_course
from planner.planning import Slot
from planner.previews import Kind, Move
from planner.replanning import first_day_of, gate_of

HOLDS = (15, 30, 60, 120)  # minutes a slot may be held
POINTLESS = Refusal("offer_pointless", "This visit does not come later any more.", stale=True)
OFFER_SENTENCES = sentences_of(SlotOffer) | SENTENCES


def mark_earlier(
    course: TreatmentCourse, *, welcome: bool, note: str, by: User, at: dt.datetime | None = None
) -> TreatmentCourse:
    """Put a course on the short-notice list, or take it off. Repeating it changes nothing."""
    _need(by, "course_earlier")
    return _mark(course.pk, welcome, note.strip(), at or clock.now())


@in_words(OFFER_SENTENCES)
def _mark(pk: int, welcome: bool, note: str, at: dt.datetime) -> TreatmentCourse:
    lock_places(courses=[pk])
    course = TreatmentCourse.objects.select_related("patient").get(pk=pk)
    course.earlier_since = (course.earlier_since or at) if welcome else None
    course.earlier_note = note if welcome else ""
    course.save(update_fields=["earlier_since", "earlier_note"])
    return course


def offer_slot(
    visit: Appointment, slot: Slot, *, minutes: int, key: UUID, by: User, at: dt.datetime | None = None
) -> SlotOffer:
    """Hold a free slot for a booked visit that would come later. `minutes` is one of HOLDS.

    The same key returns the offer it made. Raises Refusal: the role, the screening's gate, a slot that is not
    free any more, a visit that already has an offer.
    """
    _need(by, "slot_offer")
    if minutes not in HOLDS:
        raise Refusal("hold_minutes", "Pick how long the time is held.", field="minutes")
    return _offer(visit.pk, slot, minutes, key, by, at or clock.now())


@in_words(OFFER_SENTENCES)
def _offer(pk: int, slot: Slot, minutes: int, key: UUID, by: User, at: dt.datetime) -> SlotOffer:
    _lock(pk, slot)
    if done := SlotOffer.objects.filter(key=key).first():
        return done
    visit = _visit(pk)
    if visit.status != "booked" or visit.course.status != "active" or not _comes_sooner(visit, slot):
        raise POINTLESS.copy()
    # A hold that ran out frees its place here, where its constraint would still see it.
    SlotOffer.objects.filter(state="held", held_until__lte=at).update(state="released", closed_at=at)
    gate = gate_of(visit.course, at, by=by)
    places = people_and_places(visit.course, [slot])
    refuse_what_does_not_fit(
        visit.course,
        [slot],
        places,
        earliest_on=first_day_of(visit.course, gate, at),
        without=[visit.pk],
        at=at,
    )
    return SlotOffer.objects.create(
        course=visit.course,
        appointment=visit,
        location_id=visit.location_id,
        practitioner_id=slot.practitioner_id,
        room_id=slot.room_id,
        device_id=slot.device_id,
        key=key,
        offered_at=at,
        offered_by=by,
        held_until=at + dt.timedelta(minutes=minutes),
        **claims_of(visit.course, slot, places.people, places.rooms),
    )


def take_offer(offer: SlotOffer, *, by: User, at: dt.datetime | None = None) -> CourseChange:
    """The patient says yes: the visit moves to the held slot. A second call returns the same change.

    A hold that ran out may still be taken while the slot is free.
    """
    _need(by, "offer_take")
    return _take(offer.pk, by, at or clock.now())


@in_words(OFFER_SENTENCES)
def _take(pk: int, by: User, at: dt.datetime) -> CourseChange:
    offer = SlotOffer.objects.get(pk=pk)
    slot = slot_of_offer(offer)
    _lock(offer.appointment_id, slot)
    offer = SlotOffer.objects.select_for_update().get(pk=pk)
    if offer.state == SlotOffer.State.TAKEN:
        return CourseChange.objects.get(key=offer.key)
    if offer.state != SlotOffer.State.HELD:
        raise Refusal("offer_closed", "This time was let go meanwhile.", "Offer it again.", stale=True)
    visit = _visit(offer.appointment_id)
    if visit.status == "booked" and not _comes_sooner(visit, slot):
        raise POINTLESS.copy()
    _close(offer, SlotOffer.State.TAKEN, by, at)
    move = Move(visit.number, slot, visit.pk, visit.version)
    order = Order(visit.course_id, Kind.MOVED, (move,), reason="Came earlier at short notice")
    return change_course(order, key=offer.key, by=by, at=at)


def release_offer(offer: SlotOffer, *, by: User, at: dt.datetime | None = None) -> SlotOffer:
    """The patient says no: the slot is free again. A second call changes nothing."""
    _need(by, "offer_release")
    return _release(offer.pk, by, at or clock.now())


@in_words(OFFER_SENTENCES)
def _release(pk: int, by: User, at: dt.datetime) -> SlotOffer:
    offer = SlotOffer.objects.select_for_update().get(pk=pk)
    if offer.state == SlotOffer.State.TAKEN:
        raise Refusal(
            "offer_taken", "The patient has taken this time.", "Move the visit instead.", stale=True
        )
    if offer.state == SlotOffer.State.HELD:
        _close(offer, SlotOffer.State.RELEASED, by, at)
    return offer


def _close(offer: SlotOffer, state: str, by: User, at: dt.datetime) -> None:
    offer.state, offer.closed_at, offer.closed_by = state, at, by
    offer.save(update_fields=["state", "closed_at", "closed_by"])


def slot_of_offer(offer: SlotOffer) -> Slot:
    """The place that is held."""
    return Slot(offer.start, offer.practitioner_id, offer.room_id, offer.device_id)


def _lock(pk: int, slot: Slot) -> None:
    """Lock the old and the new place in the one order."""
    lock_held(Appointment.objects.filter(pk=pk).all, also=[slot])


def _comes_sooner(visit: Appointment, slot: Slot) -> bool:
    """Whether the slot is before the visit, with no other visit of the course between them."""
    between = visit.course.appointments.filter(
        kind="treatment", status__in=LIVE, start__gte=slot.start, start__lt=visit.start
    )
    return slot.start < visit.start and not between.exists()


def _visit(pk: int) -> Appointment:
    return Appointment.objects.select_related("course__location", "course__patient", "location").get(pk=pk)


def _need(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
