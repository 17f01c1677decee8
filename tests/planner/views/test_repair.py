"""Somebody is away, or a day is closed: every course it touches, repaired together or one by one."""

import datetime as dt
import html
import re

import pytest
from django.urls import reverse

from clinic.models import Absence, Closure
from planner.models import Appointment, CourseChange
from planner.queries.affected import lost_visits
from planner.views.move import NO_WAY_BACK
from tests import people
from tests.kept import kept
from tests.planner import making
from tests.planner.making import MONDAY, NOW, every, slots_at
from tests.planner.moves import at_clock, dates
from tests.planner.reading import main

pytestmark = pytest.mark.usefixtures("monday", "mornings")

DAY = dt.timedelta(days=1)
DAYS = every(35)


@kept
def courses(site, ana, rosa):
    """Ana at ten and Bea at half past eleven, both with Priya."""
    bea = making.make_patient(rosa)
    making.screen(bea, site, rosa)
    return [
        making.book(ana, site, rosa),
        making.book(bea, site, rosa, slots=slots_at(site, DAYS, dt.time(11, 30))),
    ]


@kept
def away(site, courses):
    """Priya is away for three days around the second visits."""
    return Absence.objects.create(
        practitioner=site.practitioners[0],
        start=at_clock(courses[0], DAYS[1], dt.time(0)),
        end=at_clock(courses[0], DAYS[1] + 3 * DAY, dt.time(0)),
        reason="Ill",
    )


URL = "/repair/"


def orders(page):
    """What the buttons of the page carry, one per course."""
    return re.findall(r'name="change" value="([^"]+)"', page.content.decode())


def lost(site):
    return [(visit.patient_id, visit.number) for visit in lost_visits(site.location, NOW)]


def test_nothing_lost_is_an_empty_page(client_for, rosa, courses):
    assert "Every visit has its place" in main(client_for(rosa).get(URL))


def test_an_absence_a_closure_and_a_room_out_of_use_lose_places(site, courses, away):
    patients = [course.patient_id for course in courses]
    assert lost(site) == [(patients[0], 2), (patients[1], 2)]
    Closure.objects.create(location=site.location, first_date=DAYS[3], last_date=DAYS[3], reason="Flood")
    assert lost(site) == [(patients[0], 2), (patients[1], 2), (patients[0], 4), (patients[1], 4)]
    Appointment.objects.filter(patient=patients[1]).update(room=site.rooms[1])
    type(site.rooms[1]).objects.filter(pk=site.rooms[1].pk).update(is_active=False)
    assert len(lost(site)) == 6


@pytest.mark.parametrize("who", ["rosa", "priya", "mona"])
def test_all_are_accepted_together_and_taken_back_together(client_for, site, courses, away, who, request):
    client = client_for(request.getfixturevalue(who))
    before = [dates(course) for course in courses]
    page = client.get(URL)
    assert "2 visits of 2 courses" in main(page) and "Accept all 2" in main(page)
    carried = [html.unescape(one) for one in orders(page)]
    answer = client.post(reverse("diary_repair_all"), {"change": carried[:2]}, follow=True)
    assert f"2 courses have new dates. {NO_WAY_BACK}" in answer.content.decode()
    assert "/undo/" not in answer.content.decode()
    assert lost(site) == []
    for course in courses:
        second = course.appointments.get(number=2)
        assert second.practitioner_id == site.practitioners[1].pk or second.on != DAYS[1]
    change = CourseChange.objects.first()
    client.post(reverse("change_undo", args=[change.pk]))
    # Priya is still away, so the old places are gone and the new dates stay
    assert CourseChange.objects.filter(undone_at=None).count() == 2
    away.delete()
    client.post(reverse("change_undo", args=[change.pk]))
    assert [dates(course) for course in courses] == before


def test_one_course_is_accepted_alone(client_for, rosa, site, courses, away):
    client = client_for(rosa)
    page = client.get(URL)
    forms = re.findall(
        r'action="(/courses/\d+/change/\?next=/repair/)".*?value="([^"]{80,})"', page.content.decode(), re.S
    )
    assert len(forms) == 2
    action, carried = forms[0]
    answer = client.post(action, {"change": html.unescape(carried)}, follow=True)
    assert answer.redirect_chain == [(URL, 302)]
    assert NO_WAY_BACK in answer.text and "/undo/" not in answer.text
    assert len(lost(site)) == 1


def test_a_repair_whose_old_places_are_open_again_can_be_undone(client_for, rosa, courses, away):
    client = client_for(rosa)
    carried = [html.unescape(one) for one in orders(client.get(URL))][:2]
    away.delete()
    answer = client.post(reverse("diary_repair_all"), {"change": carried}, follow=True)
    change = CourseChange.objects.first()
    assert NO_WAY_BACK not in answer.text
    assert reverse("change_undo", args=[change.pk]) in answer.text


def test_a_course_that_may_not_be_planned_says_why(client_for, rosa, site, courses, away):
    courses[0].status = "on_hold"
    courses[0].save()
    page = main(client_for(rosa).get(URL))
    assert "The course is on hold." in page
    assert "Open course" in page


def test_a_slot_taken_while_the_page_was_open_changes_nothing_at_all(client_for, rosa, site, courses, away):
    client = client_for(rosa)
    carried = [html.unescape(one) for one in orders(client.get(URL))][:2]
    before = [dates(course) for course in courses]
    Closure.objects.create(
        location=site.location, first_date=MONDAY + 20 * DAY, last_date=MONDAY + 60 * DAY, reason="Flood"
    )
    answer = client.post(reverse("diary_repair_all"), {"change": carried})
    assert answer.status_code == 409
    assert "Larkmoor is closed on Mon 12 Oct 2026 now. Nothing was changed." in main(answer)
    assert [dates(course) for course in courses] == before


def test_the_same_page_sent_twice_changes_once(client_for, rosa, courses, away):
    client = client_for(rosa)
    carried = [html.unescape(one) for one in orders(client.get(URL))][:2]
    for _ in range(2):
        assert client.post(reverse("diary_repair_all"), {"change": carried}).status_code == 302
    assert CourseChange.objects.count() == 2


def test_forged_and_foreign_orders_change_nothing(client_for, rosa, courses, away):
    client = client_for(rosa)
    carried = [html.unescape(one) for one in orders(client.get(URL))][:2]
    assert client.post(reverse("diary_repair_all"), {"change": ["x"]}).status_code == 302
    assert client.post(reverse("diary_repair_all"), {}).status_code == 302
    there = people.make_user("Nils Berg", "front_desk", people.make_location("Oslo", "Europe/Oslo"))
    client_for(there).post(reverse("diary_repair_all"), {"change": carried})
    assert CourseChange.objects.count() == 0


def test_today_leads_to_the_repair(client_for, rosa, courses, away):
    page = main(client_for(rosa).get(reverse("today")))
    assert "2 visits lost their places" in page and "See the repair" in page
