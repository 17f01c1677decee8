"""A patient without an appointment: who is free, then registration, screen, and a visit today."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.models import Closure, WorkingHours
from planner.models import TreatmentCourse
from tests import people
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import MONDAY, NOW, every, slots_at
from tests.planner.reading import main

URL = "/walk-in/"
DAY = dt.timedelta(days=1)
NINE = NOW + dt.timedelta(hours=2, minutes=2)  # 09:02 in London


def page_of(client, patient):
    return client.get(reverse("walk_in_patient", args=[patient.pk]))


@pytest.mark.parametrize("who", ["rosa", "priya", "mona"])
def test_everybody_of_the_clinic_may_see_who_is_free(client_for, site, ana, who, request):
    client = client_for(request.getfixturevalue(who))
    assert client.get(URL).status_code == 200
    assert page_of(client, ana).status_code == 200


def test_others_are_sent_to_sign_in(client, client_for, otto, ana):
    for browser in (client, client_for(otto)):
        assert browser.get(URL).url.startswith(reverse("account_login"))
        assert page_of(browser, ana).url.startswith(reverse("account_login"))
    assert client.post(URL).status_code in (302, 405)


def test_who_is_free_now_and_until_when_in_which_room(client_for, rosa, site, ana, monday):
    making.book(ana, site, rosa)  # today at ten with Priya in room 1, numbing 30 minutes
    monday.move_to(NINE)
    page = main(client_for(rosa).get(URL))
    assert "Daniel Okafor, Room 2 Free now until 18:00" in page
    assert "Priya Nair, Room 1 Free now until 10:00" in page
    assert "Priya Nair, Room 1 Free 11:15–18:00" in page


def test_a_closed_day_and_an_evening_say_that_nobody_is_free(client_for, rosa, site, monday):
    WorkingHours.objects.update(closes=dt.time(9, 20))
    monday.move_to(NINE)
    assert "Nobody is free for half an hour any more today." in main(client_for(rosa).get(URL))
    Closure.objects.create(location=site.location, first_date=MONDAY, last_date=MONDAY, reason="Training")
    assert "The clinic is closed today: Training." in main(client_for(rosa).get(URL))


def test_somebody_known_is_found_and_somebody_new_is_added(client_for, rosa, site, ana, monday):
    client = client_for(rosa)
    found = client.get(URL, {"q": str(ana)})
    assert reverse("walk_in_patient", args=[ana.pk]) in found.content.decode()
    assert "No patient found for “Nobody”." in main(client.get(URL, {"q": "Nobody"}))
    typed = {
        "given_name": "Wim",
        "family_name": "Berg",
        "birth_date": "3 Mar 1990",
        "language": "en",
        "version": "",
        "known": "",
    }
    answer = client.post(reverse("patient_create") + "?walk-in", typed)
    new = people.User.objects.get(pk=rosa.pk).location.patients.get(family_name="Berg")
    assert answer.url == reverse("walk_in_patient", args=[new.pk])
    page = client.get(answer.url)
    assert "Screen first: then a course is planned from today." in main(page)
    back = reverse("walk_in_patient", args=[new.pk])
    assert f"{reverse('screening_create', args=[new.pk])}?next={back}" in page.content.decode()


def test_somebody_who_is_cleared_gets_a_course_that_begins_today(client_for, rosa, site, ana, monday):
    monday.move_to(NINE)
    client = client_for(rosa)
    url = reverse("course_plan", args=[ana.pk]) + "?first=today"
    assert url in page_of(client, ana).content.decode()
    page = client.get(url)
    assert {card.visits[0].on for card in page.context["page"].cards} == {MONDAY}
    _, sealed = page.context["cards"][0]
    client.post(reverse("course_book", args=[ana.pk]), {"proposal": sealed, "confirmed": "1"})
    course = TreatmentCourse.objects.get(patient=ana)
    assert course.appointments.get(number=1).on == MONDAY
    assert course.wishes["start_by"] == MONDAY.isoformat()


def test_a_full_day_says_so_and_offers_another_first_day(client_for, rosa, site, ana, monday):
    monday.move_to(NOW + dt.timedelta(hours=10, minutes=45))  # 17:45: nothing ends before six
    client = client_for(rosa)
    page = client.get(reverse("course_plan", args=[ana.pk]) + "?first=today")
    assert "Visit 1 must fall on Mon 7 Sep 2026." in main(page)
    offered = next(
        one for one in page.context["reasons"].tries if one.label.startswith("Allow another first")
    )
    again = client.post(reverse("course_plan", args=[ana.pk]), _typed(offered.pairs))
    assert again.context["page"].cards


def _typed(pairs):
    typed = {}
    for name, value in pairs:
        typed.setdefault(name, []).append(value)
    return typed


def test_the_first_visit_cannot_be_today_when_the_course_starts_later(client_for, rosa, site, ana, monday):
    client = client_for(rosa)
    asked = client.get(reverse("course_plan", args=[ana.pk]) + "?first=today").context["form"].initial
    typed = {name: value for name, value in asked.items() if value not in (None, False)}
    answer = client.post(
        reverse("course_plan", args=[ana.pk]),
        typed | {"start_from": "14 Sep 2026", "first_today": "on"},
    )
    assert answer.status_code == 422
    assert "Start from today, or untick this." in main(answer)


def test_a_visit_of_a_running_course_is_taken_early_today(client_for, rosa, site, ana, monday):
    course = making.book(ana, site, rosa)
    monday.move_to(NINE + 30 * DAY)  # visit 2 is five days ahead, its shortest gap is over
    client = client_for(rosa)
    page = page_of(client, ana)
    (early,) = page.context["early"]
    assert (early.visit.number, early.why) == (2, "")
    assert {option.on for option in early.options} == {MONDAY + 30 * DAY}
    option = early.options[0]
    place = {
        "start": option.slot.start.isoformat(),
        "practitioner": option.slot.practitioner_id,
        "room": option.slot.room_id,
    }
    preview = client.get(reverse("appointment_move", args=[early.visit.pk]), place)
    client.post(reverse("course_change", args=[course.pk]), {"change": preview.context["sealed"]})
    assert course.appointments.get(number=2).start == option.slot.start


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (20, "Visit 2 may be from Mon 5 Oct 2026 on, 4 wk after visit 1."),
        (29, "No 55 minutes are free today for it."),
    ],
)
def test_a_visit_that_cannot_be_today_says_why(client_for, rosa, site, ana, monday, days, words):
    making.book(ana, site, rosa)
    monday.move_to(NINE + days * DAY)
    if days == 29:
        WorkingHours.objects.filter(weekday=(MONDAY + days * DAY).weekday()).delete()
    assert words in main(page_of(client_for(rosa), ana))


def test_what_the_screening_refuses_is_said(client_for, rosa, site, ana, monday):
    making.book(ana, site, rosa, slots=slots_at(site, every(35, first=MONDAY + 7 * DAY)))
    making.screen(ana, site, rosa, at=NOW + dt.timedelta(minutes=1), PREGNANT=yes())
    monday.move_to(NINE)
    page = main(page_of(client_for(rosa), ana))
    assert "The screening allows no visit now." in page
    assert "Plan from today" not in page


def test_who_has_an_appointment_today_is_checked_in_instead(client_for, rosa, site, ana, monday):
    course = making.book(ana, site, rosa)
    page = page_of(client_for(rosa), ana)
    assert "Has an appointment today" in main(page)
    check_in = reverse("appointment_check_in", args=[course.appointments.get(number=1).pk])
    assert check_in in page.content.decode()


def test_today_leads_to_the_walk_in(client_for, rosa, site):
    assert f'href="{URL}"' in client_for(rosa).get(reverse("today")).content.decode()
