"""Short notice: whom a freed slot suits, and offering, holding, taking and letting it go."""

import datetime as dt
import uuid

import pytest
from django.db import connection

from clinic.refusals import Refusal
from planner import freed, offers
from planner.models import CourseChange, SlotOffer
from planner.shortlist import waiters_of
from planner.site import read_site
from planner.undoing import undo_change
from tests.kept import kept
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import NOW, book, every, slots_at
from tests.planner.moves import Kind, confirm, dates, look, move, visit
from tests.refusing import at_once, refusing

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
DAYS = every(35)


@kept
def course(site, ana, rosa):
    """Ana's course; her second visit is cancelled, so its slot comes free."""
    course = book(ana, site, rosa)
    confirm(look(course, Kind.CANCELLED, number=2, reason="Abroad"), rosa)
    return course


def waiting(site, rosa, first, time=dt.time(13), **answers):
    """A patient whose visits begin on `first`, who would come earlier."""
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    slots = slots_at(site, every(35, first=first), time, practitioner=1, room=1)
    made = book(patient, site, rosa, slots=slots, request=making.asking(site, start_from=first))
    if answers:
        making.screen(patient, site, rosa, at=NOW + MINUTE, **answers)
    return offers.mark_earlier(made, welcome=True, note="Mornings", by=rosa, at=NOW)


@kept
def bea(site, course, rosa):
    """Her second visit is six days after the freed slot, and fits it."""
    return waiting(site, rosa, DAYS[0] + 6 * DAY)


def suits(site, at=NOW):
    """The freed slots and whom they suit."""
    known = read_site(site.location, None, first_date=at.date())[0]
    found = freed.freed_slots(site.location, known, waiters_of(site.location, known, at), at)
    return [
        (slot.start, [(one.visit.course_id, one.visit.number, one.sooner_days) for one in slot.candidates])
        for slot in found
    ]


def offer(site, course, number=2, *, by, key=None, minutes=30, at=NOW):
    """Offer the freed slot to a visit."""
    slot = slots_at(site, [DAYS[1]])[0]
    return offers.offer_slot(
        visit(course, number), slot, minutes=minutes, key=key or uuid.uuid4(), by=by, at=at
    )


refused = refusing()


# Whom it suits


def test_a_freed_slot_shows_only_whom_it_keeps_in_their_window(site, course, bea, rosa):
    waiting(site, rosa, DAYS[0] + 20 * DAY, dt.time(15))  # 15 days after the visit before: too soon
    assert suits(site) == [(slots_at(site, [DAYS[1]])[0].start, [(bea.pk, 2, 6)])]


def test_who_is_not_cleared_is_not_shown_but_listed_with_the_reason(site, course, bea, rosa):
    stopped = waiting(site, rosa, DAYS[0] + 5 * DAY, dt.time(15), BLEEDING_DISORDER=yes())
    assert suits(site)[0][1] == [(bea.pk, 2, 6)]
    known = read_site(site.location, None, first_date=NOW.date())[0]
    listed = {waiter.course.pk: waiter.why for waiter in waiters_of(site.location, known, NOW)}
    assert listed[bea.pk] == ""
    assert listed[stopped.pk] != ""


def test_a_slot_that_is_taken_again_is_not_offered(site, course, bea, rosa):
    move(bea, 2, DAYS[1], rosa, practitioner_id=site.practitioners[0].pk)
    assert all(start != slots_at(site, [DAYS[1]])[0].start for start, _ in suits(site))


def test_a_move_frees_its_old_slot(site, ana, rosa):
    course = book(ana, site, rosa)
    bea = waiting(site, rosa, DAYS[0] + 6 * DAY)
    change = move(course, 2, DAYS[1] + 3 * DAY, rosa, dt.time(16))
    assert suits(site)[0][1] == [(bea.pk, 2, 6)]
    undo_change(change, by=rosa, at=NOW + MINUTE)
    assert suits(site) == []


def test_a_hold_over_the_own_visit_is_taken_in_the_own_search_too(site, rosa):
    """The hold lies over the visit's own place, which counts as free when another one is looked for."""
    cleo = waiting(site, rosa, DAYS[0] + 6 * DAY)
    known = read_site(site.location, None, first_date=NOW.date())[0]
    sooner = slots_at(site, [DAYS[1] + 6 * DAY], dt.time(12, 45), practitioner=1, room=1)[0]

    def fitting():
        waiters = waiters_of(site.location, known, NOW)
        found = freed.suiting_of(site.location, known, [sooner], waiters, NOW)
        return [one.visit.course_id for one in found[sooner].fitting]

    assert fitting() == [cleo.pk]
    held = offers.offer_slot(visit(cleo, 2), sooner, minutes=30, key=uuid.uuid4(), by=rosa, at=NOW)
    assert fitting() == []
    offers.release_offer(held, by=rosa, at=NOW)
    assert fitting() == [cleo.pk]


# Offer, hold, take, release


def test_a_held_slot_is_taken_for_everybody_else(site, course, bea, rosa, mona):
    held = offer(site, bea, by=rosa)
    assert (held.state, held.held_until) == ("held", NOW + 30 * MINUTE)
    assert suits(site) == []
    start = slots_at(site, [DAYS[1]])[0].start
    third = look_refused(course, start, site)
    assert third.code == "place_taken"
    # when the hold is over, the slot is free again
    assert suits(site, at=NOW + 31 * MINUTE)[0][1] == [(bea.pk, 2, 6)]


def look_refused(course, start, site):
    return refused(look, course, Kind.MOVED, number=3, start=start, practitioner_id=site.practitioners[0].pk)


def test_taking_moves_the_visit_once_and_can_be_undone(site, course, bea, rosa):
    held = offer(site, bea, by=rosa)
    change = offers.take_offer(held, by=rosa, at=NOW + 5 * MINUTE)
    assert offers.take_offer(held, by=rosa, at=NOW + 6 * MINUTE) == change
    assert dates(bea)[2] == DAYS[1]
    assert visit(bea, 2).practitioner_id == site.practitioners[0].pk
    held.refresh_from_db()
    assert held.state == "taken"
    undo_change(change, by=rosa, at=NOW + 7 * MINUTE)
    assert dates(bea)[2] == DAYS[1] + 6 * DAY


def test_letting_go_frees_the_slot(site, course, bea, rosa):
    held = offer(site, bea, by=rosa)
    offers.release_offer(held, by=rosa, at=NOW + MINUTE)
    offers.release_offer(held, by=rosa, at=NOW + MINUTE)
    assert suits(site, at=NOW + MINUTE)[0][1] == [(bea.pk, 2, 6)]
    assert refused(offers.take_offer, held, by=rosa, at=NOW + MINUTE).code == "offer_closed"


def test_a_hold_that_ran_out_may_be_taken_while_the_slot_is_free(site, course, bea, rosa):
    held = offer(site, bea, by=rosa, minutes=15)
    offers.take_offer(held, by=rosa, at=NOW + 20 * MINUTE)
    assert dates(bea)[2] == DAYS[1]


def test_a_hold_that_ran_out_gives_way_to_another(site, course, bea, rosa):
    cleo = waiting(site, rosa, DAYS[0] + 5 * DAY, dt.time(15))
    first = offer(site, bea, by=rosa, minutes=15)
    offer(site, cleo, by=rosa, at=NOW + 16 * MINUTE)
    first.refresh_from_db()
    assert first.state == "released"


def test_an_offer_that_would_jump_over_another_visit_is_not_taken(site, course, bea, rosa):
    sooner = slots_at(site, [DAYS[2] + 2 * DAY])[0]
    held = offers.offer_slot(visit(bea, 3), sooner, minutes=60, key=uuid.uuid4(), by=rosa, at=NOW)
    move(bea, 2, DAYS[2] + 37 * DAY, rosa)  # the third follows it
    refusal = refused(offers.take_offer, held, by=rosa, at=NOW + MINUTE)
    assert str(refusal) == "This visit does not come later any more."


def test_a_slot_before_the_visit_before_is_not_offered(site, course, bea, rosa):
    sooner = slots_at(site, [DAYS[0] + DAY])[0]
    first = visit(bea, 1)
    move(bea, 1, first.on + 30 * DAY, rosa)
    third = visit(bea, 3)
    refusal = refused(offers.offer_slot, third, sooner, minutes=60, key=uuid.uuid4(), by=rosa, at=NOW)
    assert refusal.code == "offer_pointless"


def test_the_same_offer_twice_is_one(site, course, bea, rosa):
    key = uuid.uuid4()
    assert offer(site, bea, by=rosa, key=key) == offer(site, bea, by=rosa, key=key)
    assert SlotOffer.objects.count() == 1


def test_offers_are_refused_in_words(site, course, bea, rosa, otto):
    assert refused(offer, site, bea, by=otto).code == "role"
    assert refused(offer, site, bea, by=rosa, minutes=7).field == "minutes"
    assert refused(offer, site, course, 1, by=rosa).code == "offer_pointless"
    offer(site, bea, by=rosa)
    cleo = waiting(site, rosa, DAYS[0] + 5 * DAY, dt.time(15))
    assert refused(offer, site, cleo, by=rosa).code == "just_taken"


def test_the_list_is_joined_and_left(site, course, rosa):
    offers.mark_earlier(course, welcome=True, note=" Mornings ", by=rosa, at=NOW)
    marked = offers.mark_earlier(course, welcome=True, note="Any time", by=rosa, at=NOW + DAY)
    assert (marked.earlier_since, marked.earlier_note) == (NOW, "Any time")
    left = offers.mark_earlier(course, welcome=False, note="", by=rosa, at=NOW)
    assert (left.earlier_since, left.earlier_note) == (None, "")


# Races


@pytest.mark.django_db(transaction=True)
def test_two_desks_offer_the_same_slot_at_once(site, course, bea, rosa, mona):
    cleo = waiting(site, rosa, DAYS[0] + 5 * DAY, dt.time(15))
    told = at_once(lambda: offer(site, bea, by=rosa), lambda: offer(site, cleo, by=mona))
    assert len([one for one in told if isinstance(one, Refusal)]) == 1
    assert SlotOffer.objects.filter(state="held").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_takes_a_slot_once(site, course, bea, rosa):
    held = offer(site, bea, by=rosa)
    told = at_once(*[lambda: offers.take_offer(held, by=rosa, at=NOW + MINUTE)] * 2)
    assert told[0] == told[1]
    assert CourseChange.objects.filter(course=bea).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_takes_while_another_lets_go(site, course, bea, rosa, mona):
    held = offer(site, bea, by=rosa)
    at_once(
        lambda: offers.take_offer(held, by=rosa, at=NOW + MINUTE),
        lambda: offers.release_offer(held, by=mona, at=NOW + MINUTE),
    )
    held.refresh_from_db()
    moved = CourseChange.objects.filter(course=bea).count() == 1
    assert moved == (held.state == "taken")
    assert connection.in_atomic_block is False
