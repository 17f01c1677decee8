"""Going back and reloading: a GET of the planning pages finds the wishes of before, or the booked course."""

import datetime as dt

from django.urls import reverse

from planner.models import TreatmentCourse
from tests.planner import making
from tests.planner.making import NOW
from tests.planner.views.plan.typed import book_url, plan_url, sealed, typed


def wishes(page):
    """What the proposals of a page are for."""
    return page.context["form"].initial


def edit_url(patient):
    return reverse("course_edit", args=[patient.pk])


def test_a_get_shows_the_wishes_that_were_typed(desk, ana, site):
    usual = wishes(desk.get(plan_url(ana)))
    page = desk.post(plan_url(ana), typed(site, weekdays=[0]))
    again = desk.get(plan_url(ana))
    assert wishes(again) == usual | {"sessions": 4, "weekdays": [0]}
    assert [card.slots for card, _ in again.context["cards"]] == [
        card.slots for card, _ in page.context["cards"]
    ]


def test_the_pages_after_the_proposals_go_back_to_their_wishes(desk, ana, site):
    monday = sealed(desk.post(plan_url(ana), typed(site, weekdays=[0])))
    for url in (book_url(ana), edit_url(ana)):
        desk.post(plan_url(ana), typed(site, weekdays=[1]))
        assert desk.post(url, {"proposal": monday}).status_code == 200
        back = desk.get(url, follow=True)
        assert back.redirect_chain == [(plan_url(ana), 302)]
        assert wishes(back)["weekdays"] == [0]


def test_from_the_booked_course_a_get_leads_to_it_again(desk, ana, site):
    desk.post(book_url(ana), {"proposal": sealed(desk.get(plan_url(ana))), "confirmed": "1"})
    course = TreatmentCourse.objects.get()
    assert desk.get(book_url(ana)).url == reverse("course_detail", args=[course.pk])


def test_wishes_are_kept_for_two_hours_for_their_patient_and_screening(desk, ana, rosa, site, monday):
    other = making.make_patient(rosa)
    making.screen(other, site, rosa)
    usual = wishes(desk.get(plan_url(ana)))
    desk.post(plan_url(ana), typed(site, weekdays=[0]))
    assert wishes(desk.get(plan_url(other)))["weekdays"] == []
    assert wishes(desk.get(plan_url(ana) + "?first=today"))["weekdays"] == []
    monday.move_to(NOW + dt.timedelta(hours=1, minutes=59), tick=False)
    assert wishes(desk.get(plan_url(ana)))["weekdays"] == [0]
    monday.move_to(NOW + dt.timedelta(hours=2), tick=False)
    assert wishes(desk.get(plan_url(ana))) == usual


def test_wishes_for_areas_that_are_no_longer_free_are_forgotten(desk, ana, site):
    desk.post(plan_url(ana), typed(site, weekdays=[0]))
    session = desk.session
    session["last_plan"]["asked"]["area_ids"].append(0)
    session.save()
    page = desk.get(plan_url(ana))
    assert (page.status_code, wishes(page)["weekdays"]) == (200, [])
