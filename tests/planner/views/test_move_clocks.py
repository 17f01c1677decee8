"""Moving a visit at night, over the hour that comes twice and the one that is left out."""

import datetime as dt
import html
import re

import pytest
from django.urls import reverse

from clinic.models import OpeningHours
from planner.models import Appointment
from tests.kept import kept
from tests.planner import making
from tests.planner.moves import visit
from tests.planner.reading import main
from tests.planner.views.test_move import confirm

pytestmark = pytest.mark.usefixtures("monday")

FOLD = dt.date(2026, 10, 25)


@kept
def course(ana, site, rosa):
    """Ana's visits in a clinic that opens from midnight to four."""
    OpeningHours.objects.filter(location=site.location).update(opens=dt.time(0), closes=dt.time(4))
    for person in site.practitioners:
        person.working_hours.update(opens=dt.time(0), closes=dt.time(4))
    days = making.every(35, first=making.MONDAY + dt.timedelta(days=1))
    return making.book(ana, site, rosa, slots=making.slots_at(site, days, dt.time(2, 30)))


def preview(client, course, **query):
    return client.get(reverse("appointment_move", args=[visit(course, 2).pk]), query)


@pytest.mark.parametrize(
    ("start", "said"),
    [("2026-10-25T00:30:00Z", "01:30 BST"), ("2026-10-25T01:30:00Z", "01:30 GMT")],
)
def test_a_place_in_the_hour_that_comes_twice_stays_that_place(client_for, rosa, course, start, said):
    client = client_for(rosa)
    page = preview(client, course, start=start)
    assert f"Sun 25 Oct 2026, {said}" in main(page)
    confirm(client, course, page)
    assert visit(course, 2).start == dt.datetime.fromisoformat(start)
    again = client.get(reverse("appointment_move", args=[visit(course, 2).pk]))
    assert "Which of the two" in main(again) and f": {said}" in main(again)


def test_a_typed_time_that_comes_twice_is_asked_about(client_for, rosa, course):
    client = client_for(rosa)
    typed = {"on": "25 Oct 2026", "at": "01:30"}
    page = preview(client, course, **typed)
    assert page.status_code == 422
    assert "The clocks go back then: this time comes twice. Pick one." in main(page)
    assert re.findall(r'<option value="\d">([^<]+)', page.content.decode())[:2] == [
        "The first: 01:30 BST",
        "The second: 01:30 GMT",
    ]
    confirm(client, course, preview(client, course, **typed, pass_of_hour=2))
    assert visit(course, 2).start == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)


def test_any_other_time_is_not_asked_about(client_for, rosa, course):
    page = preview(client_for(rosa), course)
    assert "Which of the two" not in main(page)
    assert (
        preview(client_for(rosa), course, on="25 Oct 2026", at="02:00", pass_of_hour="2").status_code == 200
    )


def test_the_board_names_its_minutes_so_that_a_drop_is_one_instant(client_for, rosa, course):
    client = client_for(rosa)
    confirm(client, course, preview(client, course, start="2026-10-25T01:30:00Z"))
    page = client.get(reverse("board"), {"day": FOLD.isoformat()}).content.decode()
    begin, length, change, shift = re.search(
        r'data-begin="([^"]+)" data-length="(\d+)" data-change="(\d+)" data-shift="(-?\d+)"', page
    ).groups()
    assert (length, change, shift) == ("1500", "120", "-60")
    start = int(re.search(r'data-move data-start="(\d+)"', page)[1])
    moved = dt.datetime.fromisoformat(html.unescape(begin)) + dt.timedelta(minutes=start)
    assert moved == Appointment.objects.get(pk=visit(course, 2).pk).start
