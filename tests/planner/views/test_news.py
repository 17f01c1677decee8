"""Today left open: what others change is sent, and nothing while nobody changes anything."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from clinic.models import Absence, Closure
from planner import booking
from planner.models import Appointment
from tests.planner.making import MONDAY, NOW
from tests.planner.moves import cancel, move
from tests.planner.reading import words

DAY = dt.timedelta(days=1)


def held(client):
    """The version that the open page holds."""
    return client.get(reverse("today")).context["version"]


def asked(client, version):
    return client.get(reverse("today_changes"), headers={"If-None-Match": version})


def test_today_sends_nothing_until_something_changes(client_for, rosa, ada, monday):
    client = client_for(rosa)
    version = held(client)
    assert (asked(client, version).status_code, asked(client, version).content) == (304, b"")
    booking.check_in(ada, by=rosa)
    answer = asked(client, version)
    page = answer.content.decode()
    assert answer.status_code == 200 and "Send to room" in words(page)
    assert "<html" not in page and "Needs attention" in page  # the part, without its frame
    assert asked(client, answer["ETag"]).status_code == 304


CHANGES = {
    "move": lambda site, visit, rosa, book: move(visit.course, 1, MONDAY, rosa, dt.time(16)),
    "cancel": lambda site, visit, rosa, book: cancel(visit, reason="Ill", by=rosa, at=NOW),
    "booking": lambda site, visit, rosa, book: book("Cleo Marsh", dt.time(13), 1),
    "ill_today": lambda site, visit, rosa, book: Absence.objects.create(
        practitioner=site.practitioners[0], start=NOW, end=NOW + DAY, reason="Ill"
    ),
    "ill_next_month": lambda site, visit, rosa, book: Absence.objects.create(
        practitioner=site.practitioners[0], start=NOW + 35 * DAY, end=NOW + 36 * DAY, reason="Course"
    ),
    "closure_next_month": lambda site, visit, rosa, book: Closure.objects.create(
        location=site.location, first_date=MONDAY + 35 * DAY, last_date=MONDAY + 35 * DAY, reason="Flood"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_today_sends_what_others_change(client_for, rosa, site, book, ada, monday, change):
    client = client_for(rosa)
    version = held(client)
    CHANGES[change](site, Appointment.objects.get(pk=ada.pk), rosa, book)
    assert asked(client, version).status_code == 200


def test_today_is_drawn_anew_each_minute_for_who_is_late(client_for, rosa, ada, monday):
    client = client_for(rosa)
    version = held(client)
    monday.shift(dt.timedelta(minutes=1))
    assert asked(client, version).status_code == 200


def test_asking_eats_no_toast(client_for, rosa, ada, monday):
    client = client_for(rosa)
    version = held(client)
    client.post(reverse("appointment_check_in", args=[ada.pk]))  # its answer leads to Today
    asked(client, version)  # what asks by itself comes first
    page = client.get(reverse("today"))
    assert [str(one) for one in get_messages(page.wsgi_request)] == ["Ada Lund is checked in."]


def test_asking_for_changes_takes_few_queries(client_for, rosa, ada, monday, django_assert_num_queries):
    client = client_for(rosa)
    version = held(client)
    with django_assert_num_queries(6):  # four of any page, and two of its own
        asked(client, version)
