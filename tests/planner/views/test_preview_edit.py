"""Change one row of a preview before it is confirmed."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.urls import reverse

from tests import people
from tests.kept import kept
from tests.planner import making
from tests.planner.making import NOW, every
from tests.planner.moves import dates, visit
from tests.planner.reading import main

pytestmark = pytest.mark.usefixtures("monday", "mornings")

DAY = dt.timedelta(days=1)
DAYS = every(35)


def ask(client, course):
    """The preview of visit 2 ten days later, and the address of its changes."""
    place = {"start": f"{DAYS[1] + 10 * DAY}T10:00"}
    page = client.get(reverse("appointment_move", args=[visit(course, 2).pk]), place)
    return page.context["sealed"], reverse("course_change_edit", args=[course.pk])


@kept
def asked(course, rosa):
    """The preview that Rosa opened at NOW."""
    with time_machine.travel(NOW, tick=False):
        return ask(people.sign_in(rosa), course)


@pytest.mark.parametrize("who", ["rosa", "priya", "mona"])
def test_a_row_is_changed_and_the_whole_is_confirmed(client_for, course, who, request):
    client = client_for(request.getfixturevalue(who))
    before = dates(course)
    sealed, url = ask(client, course)
    page = client.post(url, {"change": sealed, "visit": "3"})
    assert "Other times for visit 3" in main(page)
    option, carried = page.context["options"][0]
    changed = client.post(url, {"change": carried})
    assert "Other times" not in main(changed)
    assert dates(course) == before
    client.post(reverse("course_change", args=[course.pk]), {"change": changed.context["sealed"]})
    assert dates(course)[3] == option.on
    assert dates(course)[2] == DAYS[1] + 10 * DAY


def test_only_rows_that_move_have_the_button(client_for, rosa, course):
    client = client_for(rosa)
    place = {"start": f"{DAYS[1] + 10 * DAY}T10:00"}
    page = client.get(reverse("appointment_move", args=[visit(course, 2).pk]), place)
    numbers = re.findall(r'aria-label="Change visit (\d)"', page.content.decode())
    assert numbers == [str(one) for one in sorted(page.context["placed"])]
    assert "1" not in numbers


@pytest.mark.parametrize("number", ["1", "99", "x", ""])
def test_a_visit_that_does_not_move_changes_nothing(client_for, rosa, asked, number):
    client, (sealed, url) = client_for(rosa), asked
    page = client.post(url, {"change": sealed, "visit": number})
    assert page.status_code in (200, 422)
    assert "editing" not in page.context


def test_forged_and_foreign_previews_are_turned_away(client_for, rosa, site, course, asked):
    client, (sealed, url) = client_for(rosa), asked
    assert client.post(url, {"change": "x"}).url == reverse("course_detail", args=[course.pk])
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    other = making.book(patient, site, rosa, slots=making.slots_at(site, every(35), dt.time(11, 30)))
    elsewhere = reverse("course_change_edit", args=[other.pk])
    assert client.post(elsewhere, {"change": html.unescape(sealed)}).status_code == 404
    there = people.make_user("Nils Berg", "front_desk", people.make_location("Oslo", "Europe/Oslo"))
    assert client_for(there).post(url, {"change": sealed}).status_code == 404
    assert client.get(url).status_code == 405
