"""The board as people open it: one day, one week, one visit picked, and what changed meanwhile."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from clinic.models import Absence, Closure, OpeningHours, WorkingHours
from planner import booking
from planner.models import Appointment
from tests import people
from tests.planner import making
from tests.planner.making import MONDAY, NOW, every
from tests.planner.reading import main, queries, words


def at(client, **address):
    return client.get(reverse("board"), address)


@pytest.mark.parametrize("role", ["rosa", "priya", "mona"])
@pytest.mark.parametrize("name", ["board", "board_changes"])
def test_the_board_opens_for_every_role(client_for, role, name, request):
    assert client_for(request.getfixturevalue(role)).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["board", "board_changes"])
def test_the_board_sends_others_to_sign_in(client, client_for, otto, name):
    for browser in (client, client_for(otto)):
        answer = browser.get(reverse(name))
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


def test_an_empty_day_says_so(client_for, rosa, site, monday):
    page = main(at(client_for(rosa)))
    assert "Mon 7 Sep 2026" in page and "No visits on this day." in page
    assert "No visits in this week." in main(at(client_for(rosa), view="week"))


def test_the_day_shows_each_visit_with_its_person_and_its_room(client_for, rosa, ada, monday):
    page = at(client_for(rosa)).content.decode()
    columns = re.findall(r'<section class="np-col [^>]*aria-label="([^"]+)".*?</section>', page, re.S)
    assert columns == [
        "Daniel Okafor, 0 visits",
        "Priya Nair, 1 visit",
        "Room 1, 1 visit",
        "Room 2, 0 visits",
    ]
    assert page.count(f'data-visit="{ada.pk}"') == 2
    assert words(page[page.index("Room 1, 1 visit") :].split("</section>")[0]).endswith(
        "Room 1 1 visit Numbing Ada Lund 08:00–08:30 08:30 Ada Lund 1/4 Acne scars Cleaning 08:55–09:05"
    )


def test_the_week_shows_the_visit_on_its_day(client_for, rosa, ada, monday):
    page = main(at(client_for(rosa), view="week", day="2026-09-10"))
    assert "Mon 7 Sep to Sun 13 Sep 2026" in page
    assert page.count("08:00 Ada Lund") == 2


@pytest.mark.parametrize("day", ["", "soon", "2026-02-31", "0001-01-01", "9999-12-31", "2026-9-7", "7" * 99])
def test_a_day_that_cannot_be_read_is_today(client_for, rosa, site, monday, day):
    assert "Mon 7 Sep 2026" in main(at(client_for(rosa), day=day, view="no", show="no"))


def test_the_address_moves_by_a_day_or_a_week(client_for, rosa, site, monday):
    page = at(client_for(rosa), day="2026-09-30", show="rooms")
    assert (page.context["before"], page.context["after"]) == (
        "?day=2026-09-29&view=day&show=rooms",
        "?day=2026-10-01&view=day&show=rooms",
    )
    week = at(client_for(rosa), day="2026-09-30", view="week")
    assert (week.context["before"], week.context["after"]) == (
        "?day=2026-09-23&view=week&show=both",
        "?day=2026-10-07&view=week&show=both",
    )


def test_a_picked_visit_tells_who_what_and_what_next(client_for, rosa, ada, monday):
    page = at(client_for(rosa), visit=ada.pk)
    drawer = words(page.content.decode().split('id="drawer"')[1].split("</aside>")[0])
    for said in ("Ada Lund", "1 of 4", "Planned", "Cleared", "08:00–08:30, Room 1", "Mon 12 Oct 2026, 08:00"):
        assert said in drawer
    assert "Check in" in drawer and "Cancel visit" in drawer and "Mark no-show" not in drawer
    alone = client_for(rosa).get(
        reverse("board"), {"visit": ada.pk}, headers={"HX-Request": "true", "HX-Target": "drawer"}
    )
    assert alone.content.decode().startswith('<aside class="np-card np-drawer"')


def test_checking_in_from_the_board_comes_back_to_it(client_for, rosa, ada, monday):
    client = client_for(rosa)
    drawer = at(client, visit=ada.pk).content.decode()
    action = re.search(rf'action="(/visits/{ada.pk}/check-in/[^"]*)"', drawer)[1]
    answer = client.post(action)
    assert answer.url.startswith(reverse("board")) and "day=2026-09-07" in answer.url
    ada.refresh_from_db()
    assert ada.status == "arrived"


def test_a_visit_of_another_location_is_not_on_the_board(client_for, ada, monday):
    other = people.make_user("Bea Holt", "front_desk", people.make_location("Ashford"))
    page = at(client_for(other), visit=ada.pk)
    assert "This visit is not on the board of Ashford." in main(page)
    assert "Lund" not in page.content.decode()


@pytest.mark.parametrize("visit", ["0", "x", "-1", "9" * 40, "１"])
def test_a_visit_that_does_not_exist_is_no_error(client_for, rosa, site, monday, visit):
    assert at(client_for(rosa), visit=visit).status_code == 200


def test_the_board_uses_the_clock_of_its_location(client_for, site, rosa, monday):
    branch = making.make_branch(site, "Elsewhere", "Asia/Kathmandu")
    desk = people.make_user("Bea Holt", "front_desk", branch.location)
    patient = making.make_patient(desk)
    making.screen(patient, branch, desk)
    making.book(patient, branch, desk, slots=making.slots_at(branch, every(35), dt.time(15)))
    page = main(at(client_for(desk)))
    assert "15:30" in page and "Now 11:45" in page


def test_nothing_is_sent_again_until_something_changes(client_for, rosa, ada, monday):
    client = client_for(rosa)
    held = re.search(r'data-version="([^"]+)"', at(client).content.decode())[1].replace("&quot;", '"')
    same = client.get(reverse("board_changes"), headers={"If-None-Match": held})
    assert (same.status_code, same.content) == (304, b"")
    booking.check_in(ada, by=rosa)
    changed = client.get(reverse("board_changes"), headers={"If-None-Match": held})
    assert changed.status_code == 200 and "Arrived" in changed.content.decode()
    assert changed["ETag"] != held
    again = client.get(reverse("board_changes"), headers={"If-None-Match": changed["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "change",
    [
        lambda site: OpeningHours.objects.filter(weekday=0).update(closes=dt.time(15)),
        lambda site: WorkingHours.objects.filter(weekday=0).update(opens=dt.time(11)),
        lambda site: WorkingHours.objects.filter(weekday=0).delete(),
        lambda site: Closure.objects.create(
            location=site.location, first_date=MONDAY, last_date=MONDAY, reason="Flood"
        ),
        lambda site: Absence.objects.create(
            practitioner=site.practitioners[0], start=NOW, end=NOW + dt.timedelta(hours=9), reason="Ill"
        ),
        lambda site: Absence.objects.create(
            room=site.rooms[0], start=NOW, end=NOW + dt.timedelta(hours=9), reason="Leak"
        ),
        lambda site: type(site.rooms[0]).objects.filter(pk=site.rooms[1].pk).update(is_active=False),
        lambda site: type(site.practitioners[0]).objects.update(is_active=False),
    ],
    ids=["opening", "working", "no_hours", "closure", "ill", "leak", "room", "people"],
)
def test_a_change_of_hours_time_off_or_resources_is_sent(client_for, rosa, site, ada, monday, change):
    client = client_for(rosa)
    tag = client.get(reverse("board_changes"))["ETag"]
    change(site)
    assert client.get(reverse("board_changes"), headers={"If-None-Match": tag}).status_code == 200


def test_asking_for_changes_takes_one_query_of_its_own(
    client_for, rosa, ada, monday, django_assert_num_queries
):
    client = client_for(rosa)
    tag = client.get(reverse("board_changes"))["ETag"]
    with django_assert_num_queries(QUERIES_OF_ANY_PAGE + 1):
        client.get(reverse("board_changes"), headers={"If-None-Match": tag})


QUERIES_OF_ANY_PAGE = 4  # the session, the person, the limits of waiting, the location


def crowd(visit, number):
    """As many more visits at the same time, each of another person in another room."""
    fields = {
        field.attname: getattr(visit, field.attname)
        for field in visit._meta.concrete_fields
        if field.attname not in {"id", "gap_days", "next_earliest_on", "course_gap_days"}
    }
    patients = making.make_patients(people.User.objects.get(role="front_desk"), number)
    for place, patient in enumerate(patients):
        changed = {
            "kind": "consultation",
            "course_id": None,
            "number": None,
            "patient_id": patient.pk,
            "practitioner_id": making.make_colleague(visit.location, f"Person {place}").pk,
            "room_id": making.make_room(visit.location, f"Extra {place}").pk,
            "device_id": None,
            "device_from": None,
            "device_until": None,
        }
        Appointment.objects.create(**fields | changed)


@pytest.mark.parametrize("view", ["day", "week"])
def test_the_board_takes_as_many_queries_for_six_visits_as_for_one(client_for, rosa, ada, monday, view):
    client, url = client_for(rosa), reverse("board") + f"?view={view}"
    few = queries(client, url)
    crowd(ada, 5)
    assert queries(client, url, known=True) == few
    assert at(client, view=view).content.decode().count("data-visit=") == 12


def test_the_stylesheet_has_a_line_for_every_five_minutes_of_a_day():
    sheet = Path(settings.BASE_DIR, "clinic/static/css/board-lines.css").read_text()
    assert re.findall(r"np-r(\d+){grid-row-start:\1}", sheet) == [str(n) for n in range(1, 301)]
    assert re.findall(r"np-s(\d+){grid-row-end:span \1}", sheet) == [str(n) for n in range(1, 301)]
