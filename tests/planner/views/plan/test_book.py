"""Confirming a proposal, and editing one of its visits first."""

import datetime as dt
from dataclasses import dataclass

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from clinic.models import Closure
from planner.models import Appointment, TreatmentCourse
from planner.planning import CourseRequest
from tests import people
from tests.kept import kept
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import NOW
from tests.planner.reading import main
from tests.planner.views.plan.typed import book_url, plan_url, sealed, to_post, typed


@dataclass(frozen=True)
class Proposed:
    """The first proposal of a page: as its button sends it, and as it is shown."""

    sealed: str
    slots: tuple
    visits: tuple


@kept
def proposed(ana, rosa):
    """Of the page that Rosa opened for Ana at NOW."""
    with time_machine.travel(NOW, tick=False):
        page = people.sign_in(rosa).get(plan_url(ana))
    card = page.context["cards"][0][0]
    return Proposed(sealed(page), card.slots, card.visits)


# Confirm and book


def test_confirm_reads_the_dates_out_and_books_nothing_yet(desk, ana, site):
    page = desk.post(plan_url(ana), typed(site, weekdays=[0]))
    confirm = desk.post(book_url(ana), {"proposal": sealed(page)})
    assert confirm.status_code == 200
    assert (
        f"Book 4 visits for {ana}? Acne scars, cheeks, chin · each visit takes 55 min, 30 of them for numbing"
    ) in main(confirm)
    assert main(confirm).count("5 wk") == 3
    assert TreatmentCourse.objects.count() == 0
    assert ("weekdays", "0") in confirm.context["asked"]
    again = desk.post(plan_url(ana), to_post(confirm.context["asked"]))
    assert again.context["form"].request() == CourseRequest.from_wishes(
        page.context["form"].request().wishes()
    )


def test_confirmed_visits_are_booked_and_shown(desk, ana, site):
    page = desk.get(plan_url(ana))
    card = page.context["cards"][0][0]
    answer = desk.post(book_url(ana), {"proposal": sealed(page), "confirmed": "1"}, follow=True)
    course = TreatmentCourse.objects.get()
    assert answer.redirect_chain == [(reverse("course_detail", args=[course.pk]), 302)]
    assert [str(one) for one in get_messages(answer.wsgi_request)] == [f"5 visits are booked for {ana}."]
    booked = course.appointments.order_by("number")
    assert [(visit.start, visit.practitioner_id, visit.room_id, visit.device_id) for visit in booked] == [
        (slot.start, slot.practitioner_id, slot.room_id, slot.device_id) for slot in card.slots
    ]
    assert (course.proposal, course.created_by.name) == ("best_fit", "Rosa Diaz")


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_the_same_proposal_sent_again_opens_its_course(desk, ana, proposed, confirmed):
    desk.post(book_url(ana), {"proposal": proposed.sealed, "confirmed": "1"})
    again = desk.post(book_url(ana), {"proposal": proposed.sealed, "confirmed": confirmed})
    course = TreatmentCourse.objects.get()
    assert (again.status_code, again.url) == (302, reverse("course_detail", args=[course.pk]))
    assert Appointment.objects.count() == 5


def test_reading_the_booking_address_leads_back_to_the_inputs(desk, ana):
    answer = desk.get(book_url(ana))
    assert (answer.status_code, answer.url) == (302, plan_url(ana))


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_a_diary_that_changed_shows_new_proposals_for_the_same_wishes(desk, ana, site, rosa, confirmed):
    page = desk.post(plan_url(ana), typed(site, gap_target_days=28, weekdays=[0], after="15:00"))
    card = page.context["cards"][0][0]
    rival = making.make_patient(rosa)
    making.screen(rival, site, rosa)
    making.book(rival, site, rosa, slots=list(card.slots))
    answer = desk.post(book_url(ana), {"proposal": sealed(page), "confirmed": confirmed})
    assert answer.status_code == 409
    assert "Nothing was booked The diary changed since" in main(answer)
    assert TreatmentCourse.objects.get().patient == rival
    new = answer.context["cards"][0][0]
    assert new.slots != card.slots
    form = answer.context["form"]
    assert {name: form[name].value() for name in ("gap_target_days", "weekdays", "after", "sessions")} == {
        "gap_target_days": 28,
        "weekdays": [0],
        "after": dt.time(15),
        "sessions": 4,
    }


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_a_room_out_of_use_is_a_changed_diary(desk, ana, site, proposed, confirmed):
    used = proposed.slots[0].room_id
    type(site.rooms[0]).objects.filter(pk=used).update(is_active=False)
    answer = desk.post(book_url(ana), {"proposal": proposed.sealed, "confirmed": confirmed})
    assert (answer.status_code, TreatmentCourse.objects.count()) == (409, 0)
    assert used not in {slot.room_id for card, _ in answer.context["cards"] for slot in card.slots}


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_proposals_of_two_hours_ago_are_planned_again(desk, ana, site, monday, confirmed):
    page = desk.post(plan_url(ana), typed(site, sessions=6))
    monday.shift(dt.timedelta(hours=2, seconds=1))
    answer = desk.post(book_url(ana), {"proposal": sealed(page), "confirmed": confirmed})
    assert answer.status_code == 409
    assert "Nothing was booked These proposals are more than two hours old." in main(answer)
    assert (answer.context["form"]["sessions"].value(), TreatmentCourse.objects.count()) == (6, 0)
    assert answer.context["cards"]


def test_proposals_of_just_two_hours_ago_can_be_booked(desk, ana, site, monday):
    page = desk.post(plan_url(ana), typed(site, start_from="8 Sep 2026"))
    monday.shift(dt.timedelta(hours=2))
    desk.post(book_url(ana), {"proposal": sealed(page), "confirmed": "1"})
    assert TreatmentCourse.objects.count() == 1


@pytest.mark.parametrize("broken", ["", "x", "a:b:c", "x" * 9000])
def test_a_broken_proposal_leads_to_new_ones(desk, ana, broken):
    answer = desk.post(book_url(ana), {"proposal": broken, "confirmed": "1"}, follow=True)
    assert answer.redirect_chain == [(plan_url(ana), 302)]
    assert "These proposals cannot be used. Here are new ones." in main(answer)
    assert TreatmentCourse.objects.count() == 0


def test_a_proposal_of_somebody_else_is_not_found(desk, site, rosa, proposed):
    bea = making.make_patient(rosa)
    making.screen(bea, site, rosa)
    answer = desk.post(book_url(bea), {"proposal": proposed.sealed, "confirmed": "1"})
    assert (answer.status_code, TreatmentCourse.objects.count()) == (404, 0)


def test_a_screen_that_closed_the_gate_meanwhile_books_nothing(desk, ana, site, rosa, proposed):
    making.screen(ana, site, rosa, at=NOW, PREGNANT=yes())
    answer = desk.post(book_url(ana), {"proposal": proposed.sealed, "confirmed": "1"})
    assert (answer.status_code, TreatmentCourse.objects.count()) == (422, 0)
    assert "cannot be booked now" in main(answer)


def test_plan_hatches_the_closures_of_the_course(desk, ana, site):
    Closure.objects.create(
        location=site.location,
        first_date=dt.date(2026, 10, 1),
        last_date=dt.date(2026, 10, 2),
        reason="Stocktaking",
    )
    page = desk.get(plan_url(ana))
    assert "Stocktaking Thu 1 Oct to Fri 2 Oct" in main(page)
    assert "<title>Stocktaking</title>" in page.content.decode()


def test_plan_says_that_areas_are_left_out(client_for, rosa, site, monday):
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa, ACNE_ACTIVE=yes("chin"))
    page = client_for(rosa).get(plan_url(patient))
    assert (page.status_code, [area.name for area in page.context["desk"].areas]) == (200, ["Cheeks"])
    assert "Not free now: chin." in main(page)


# Edit one visit of a proposal


def edit_url(patient):
    return reverse("course_edit", args=[patient.pk])


def carried(page):
    """The proposals that the buttons of the edit page carry."""
    return {option.line.on: proposal for option, proposal in page.context["options"]}


def test_one_visit_of_a_proposal_is_changed_and_booked(desk, ana, proposed):
    edit = desk.post(edit_url(ana), {"proposal": proposed.sealed})
    assert [visit.on for visit in edit.context["edit"].visits] == [visit.on for visit in proposed.visits]
    assert edit.context["options"] == []
    others = desk.post(edit_url(ana), {"proposal": edit.context["sealed"], "visit": "2"})
    on, proposal = next(iter(carried(others).items()))
    taken = desk.post(edit_url(ana), {"proposal": proposal})
    assert taken.context["edit"].visits[1].on == on
    desk.post(book_url(ana), {"proposal": taken.context["sealed"], "confirmed": "1"})
    course = TreatmentCourse.objects.get()
    booked = list(course.appointments.order_by("number").values_list("on", flat=True))
    assert booked == [visit.on for visit in taken.context["edit"].visits]
    assert booked[1] == on


def test_a_visit_just_taken_gives_409_and_the_nearest_times(desk, ana, site, rosa, proposed):
    rival = making.make_patient(rosa)
    making.screen(rival, site, rosa)
    third = proposed.visits[2].on
    slots = [proposed.slots[2]] + making.slots_at(
        site, making.every(35, first=third + dt.timedelta(days=36), times=3)
    )
    making.book(rival, site, rosa, slots=slots, request=making.asking(site, start_from=third))
    answer = desk.post(book_url(ana), {"proposal": proposed.sealed, "confirmed": "1"})
    assert answer.status_code == 409
    assert "Visit 3 was just taken by someone else. Nothing was booked." in main(answer)
    assert answer.context["edit"].lost == (3,)
    assert min(abs((on - third).days) for on in carried(answer)) <= 1
    fixed = next(iter(carried(answer).values()))
    desk.post(book_url(ana), {"proposal": fixed, "confirmed": "1"})
    assert TreatmentCourse.objects.filter(patient=ana).count() == 1


@pytest.mark.parametrize("broken", ["", "x", "a:b:c"])
def test_a_broken_proposal_is_not_edited(desk, ana, broken):
    assert desk.post(edit_url(ana), {"proposal": broken}).status_code == 302
    assert desk.get(edit_url(ana)).status_code == 302


@pytest.mark.parametrize("number", ["0", "99", "x", "-1"])
def test_a_visit_that_is_not_there_is_not_changed(desk, ana, proposed, number):
    edit = desk.post(edit_url(ana), {"proposal": proposed.sealed, "visit": number})
    assert (edit.status_code, edit.context["options"]) == (200, [])


def test_an_old_proposal_is_planned_again_before_it_is_edited(desk, ana, monday, proposed):
    monday.shift(dt.timedelta(hours=2, seconds=1))
    assert desk.post(edit_url(ana), {"proposal": proposed.sealed}).status_code == 409
