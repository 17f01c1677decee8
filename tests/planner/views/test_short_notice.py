"""The short-notice page: freed slots, offers, the list."""

import datetime as dt
import html
import re

import pytest
from django.urls import reverse

from planner import offers
from planner.models import SlotOffer
from tests import people
from tests.kept import kept
from tests.planner import making
from tests.planner.making import NOW, book, every, slots_at
from tests.planner.moves import Kind, confirm, dates, look
from tests.planner.reading import main

pytestmark = pytest.mark.usefixtures("monday")

DAY = dt.timedelta(days=1)
DAYS = every(35)
URL = "/short-notice/"


@kept
def bea(site, ana, rosa):
    """Ana's second slot is free; Bea, six days later, fits it."""
    course = book(ana, site, rosa)
    confirm(look(course, Kind.CANCELLED, number=2, reason="Abroad"), rosa)
    patient = making.make_patient(rosa, given_name="Bea", family_name="Marsh", phone="+442079460123")
    making.screen(patient, site, rosa)
    slots = slots_at(site, every(35, first=DAYS[0] + 6 * DAY), dt.time(13), practitioner=1, room=1)
    return book(patient, site, rosa, slots=slots)


@kept
def listed(bea, rosa):
    """Bea would come earlier."""
    return offers.mark_earlier(bea, welcome=True, note="", by=rosa, at=NOW)


def carried(page):
    return html.unescape(re.search(r'name="offer" value="([^"]+)"', page.content.decode())[1])


def test_an_empty_list_says_how_to_fill_it(client_for, rosa, bea):
    assert "Nobody is on the list." in main(client_for(rosa).get(URL))


@pytest.mark.parametrize("who", ["rosa", "priya", "mona"])
def test_from_the_course_page_to_the_earlier_date(client_for, bea, who, request):
    client = client_for(request.getfixturevalue(who))
    client.post(reverse("course_earlier", args=[bea.pk]), {"welcome": "on", "note": "Mornings"})
    assert "Would come earlier: Mornings." in main(client.get(reverse("course_detail", args=[bea.pk])))
    page = client.get(URL)
    assert "Mon 12 Oct 2026, 10:00 Priya Nair, Room 1 · 1 fits" in main(page)
    assert "6 d sooner visit 2, now Sun 18 Oct 2026 4 wk 1 d before 5 wk 6 d after Mornings" in main(page)
    held = client.post(reverse("slot_offer"), {"offer": carried(page), "minutes": "60"}, follow=True)
    assert "Offered now 1" in main(held) and "08:00" in main(held)
    taken = client.post(reverse("offer_take", args=[SlotOffer.objects.get().pk]), follow=True)
    assert "Visit 2 of Bea Marsh moved." in taken.content.decode()
    assert dates(bea)[2] == DAYS[1]


def test_an_offer_is_let_go(client_for, rosa, bea, listed):
    client = client_for(rosa)
    page = client.get(URL)
    client.post(reverse("slot_offer"), {"offer": carried(page), "minutes": "30"})
    answer = client.post(reverse("offer_release", args=[SlotOffer.objects.get().pk]), follow=True)
    assert "1 fits" in main(answer)
    client.post(reverse("course_earlier", args=[bea.pk]), {"list": "1"})
    assert "Nobody is on the list." in main(client.get(URL))


def test_bad_offers_change_nothing(client_for, rosa, listed):
    client = client_for(rosa)
    page = client.get(URL)
    assert client.post(reverse("slot_offer"), {"offer": "x", "minutes": "30"}).status_code == 302
    answer = client.post(reverse("slot_offer"), {"offer": carried(page), "minutes": "7"})
    assert (answer.status_code, "Pick how long the time is held." in main(answer)) == (422, True)
    there = people.make_user("Nils Berg", "front_desk", people.make_location("Oslo", "Europe/Oslo"))
    assert (
        client_for(there).post(reverse("slot_offer"), {"offer": carried(page), "minutes": "30"}).status_code
        == 404
    )
    assert SlotOffer.objects.count() == 0


def test_a_slot_taken_meanwhile_gives_409(client_for, rosa, listed, site):
    client = client_for(rosa)
    page = client.get(URL)
    rival = making.make_patient(rosa)
    making.screen(rival, site, rosa)
    asked = making.asking(site, start_from=DAYS[1])
    book(
        rival,
        site,
        rosa,
        slots=slots_at(
            site, every(35, first=DAYS[1], times=1) + every(35, first=DAYS[1] + 36 * DAY, times=3)
        ),
        request=asked,
    )
    answer = client.post(reverse("slot_offer"), {"offer": carried(page), "minutes": "30"})
    assert answer.status_code == 409
    assert "was just taken. Nothing was changed." in main(answer)


def asked(start, person, room):
    return {"start": start.isoformat(), "practitioner": person.pk, "room": room.pk}


def test_a_free_time_of_today_is_opened_with_whom_it_suits(client_for, rosa, site, bea, monday):
    offers.mark_earlier(bea, welcome=True, note="", by=rosa)
    monday.move_to(slots_at(site, [DAYS[0] + 36 * DAY], dt.time(9))[0].start)
    client = client_for(rosa)
    today = client.get(reverse("today"))
    gap = next(gap for gap in today.context["gaps"] if gap.suiting.fitting)
    assert "1 on the short-notice list fits" in main(today) and "Bea Marsh" in main(today)
    assert html.escape(gap.url) in today.content.decode()
    board = client.get(reverse("board")).content.decode()
    assert board.count(f'class="np-ev-free" href="{html.escape(gap.url)}"') == 2
    page = client.get(gap.url)
    assert f"{gap.person}, {gap.room} · 1 fits" in main(page)
    client.post(reverse("slot_offer"), {"offer": carried(page), "minutes": "30"})
    client.post(reverse("offer_take", args=[SlotOffer.objects.get().pk]))
    after = main(client.get(reverse("today")))
    assert "filled by Bea Marsh Moved up from Sun 18 Oct 2026" in after


def test_a_free_time_that_suits_nobody_says_why(client_for, rosa, site, bea, monday):
    client = client_for(rosa)
    client.post(reverse("course_earlier", args=[bea.pk]), {"welcome": "on"})
    start = slots_at(site, [DAYS[0] + 20 * DAY])[0].start
    page = main(client.get(URL, asked(start, site.practitioners[0], site.rooms[0])))
    assert "Nobody on the list fits this time." in page
    assert "Bea Marsh Not this time: the gap to the visit before is too short" in page


@pytest.mark.parametrize(
    "start", ["", "soon", "2026-09-07T10:00", "2020-09-07T10:00+00:00", "0001-01-01T00:00Z"]
)
def test_an_address_that_names_no_time_ahead_shows_the_list(client_for, rosa, site, bea, start):
    page = client_for(rosa).get(URL, {"start": start, "practitioner": 1, "room": "x"})
    assert page.status_code == 200 and "Nobody is on the list." in main(page)
