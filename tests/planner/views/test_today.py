"""Today: who comes when and the one next step for each; the list of the day on paper."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from clinic.models import Closure, OpeningHours
from planner.models import Appointment
from tests import people
from tests.planner.making import MONDAY, NINE, NOW
from tests.planner.moves import cancel, miss
from tests.planner.reading import main, queries, rows


def shown(client):
    return client.get(reverse("today"))


@pytest.mark.parametrize("role", ["rosa", "priya", "mona"])
@pytest.mark.parametrize("name", ["today", "day_list"])
def test_today_opens_for_every_role(client_for, role, name, request):
    assert client_for(request.getfixturevalue(role)).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["today", "day_list"])
def test_today_sends_others_to_sign_in(client, client_for, otto, name):
    for browser in (client, client_for(otto)):
        answer = browser.get(reverse(name))
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


def test_today_without_visits_says_so(client_for, rosa, monday):
    assert main(shown(client_for(rosa))) == (
        "Monday 7 September 2026 Larkmoor · closed Walk-in Short notice Print day list Today's sheets "
        "No visits today Nobody is booked for today at this location, and no visit lies ahead. Plan a course"
        " See the short-notice list"
    )


def test_today_without_visits_names_the_next_one(client_for, rosa, ada, monday):
    monday.move_to(NINE + dt.timedelta(days=1))
    words = "No visits today Nobody is booked for today. The next visit is on Mon 12 Oct 2026, 08:00."
    assert words in main(shown(client_for(rosa)))


def test_today_says_when_the_clinic_is_open(client_for, rosa, site, monday):
    OpeningHours.objects.filter(weekday=0).update(closes=dt.time(12))
    for hours in (
        {"opens": dt.time(13), "closes": dt.time(17)},
        {"opens": dt.time(20), "closes": dt.time(21), "valid_from": dt.date(2027, 1, 1)},
    ):
        OpeningHours.objects.create(location=site.location, weekday=0, **hours)
    assert "Larkmoor · open 08:00–12:00, 13:00–17:00 Walk-in Short" in main(shown(client_for(rosa)))
    Closure.objects.create(location=site.location, first_date=MONDAY, last_date=MONDAY, reason="Stocktaking")
    assert "Larkmoor · closed: Stocktaking Walk-in Short" in main(shown(client_for(rosa)))


def test_today_groups_who_is_here_who_is_late_and_who_is_still_to_come(client_for, rosa, day):
    page = shown(client_for(rosa))
    groups = page.context["groups"]
    assert [(group.title, [called(row) for row in group.rows]) for group in groups] == [
        ("In the clinic", ["Cleo"]),
        ("Expected earlier", ["Ada"]),
        ("Midday", ["Dora"]),
        ("Afternoon", ["Emil"]),
    ]
    assert page.context["counts"] == [("arrived", 1, "arrived"), ("planned", 3, "not confirmed yet")]
    assert [row for row in rows(page, "li") if "Quist" in row] == [
        "13:00 Dora Quist 1 of 4 · Acne scars, cheeks, chin Priya Nair Room 1 Cleared Planned Check in"
    ]


def test_today_shows_the_morning_before_it_begins(client_for, rosa, day, monday):
    monday.move_to(NOW)
    groups = shown(client_for(rosa)).context["groups"]
    assert [(group.title, len(group.rows)) for group in groups] == [
        ("In the clinic", 1),
        ("Morning", 1),
        ("Midday", 1),
        ("Afternoon", 1),
    ]


def test_today_keeps_done_cancelled_and_missed_visits_apart(client_for, rosa, day):
    cancel(day["Dora"], reason="Has a cold", by=rosa)
    miss(day["Ada"], by=rosa)
    page = shown(client_for(rosa))
    assert [(called(row), row.state, row.step) for row in page.context["over"]] == [
        ("Ada", "noshow", ""),
        ("Dora", "cancelled", ""),
    ]
    assert page.context["counts"] == [
        ("noshow", 1, "no-show"),
        ("arrived", 1, "arrived"),
        ("planned", 1, "not confirmed yet"),
        ("cancelled", 1, "cancelled"),
    ]
    assert "Show done, no-show and cancelled (2)" in main(page)


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        ("rosa", {"Ada": "check_in", "Cleo": "to_room"}),
        ("mona", {"Ada": "check_in", "Cleo": "to_room"}),
        ("priya", {"Ada": "check_in", "Cleo": "start"}),
    ],
)
def test_today_offers_each_role_its_next_step(client_for, role, steps, day, request):
    page = client_for(request.getfixturevalue(role)).get(reverse("today"), {"show": "everyone"})
    found = {called(row): row.step for row in page.context["rows"]}
    assert found == steps | {"Dora": "check_in", "Emil": "check_in"}


def test_who_is_here_is_sent_to_the_room_and_the_practitioner_sees_it(client_for, rosa, priya, day):
    client = client_for(rosa)
    sent = client.post(reverse("appointment_to_room", args=[day["Cleo"].pk]), follow=True)
    assert [str(one) for one in get_messages(sent.wsgi_request)] == ["Cleo Marsh goes to Room 2."]
    assert (sent.redirect_chain, "Cleared In Room 2" in main(sent)) == ([("/", 302)], True)
    assert next(row.step for row in sent.context["rows"] if called(row) == "Cleo") == ""
    page = client_for(priya).get(reverse("today"), {"show": "everyone"})
    assert "Cleared In Room 2 Start visit" in main(page)
    client.post(reverse("appointment_undo_check_in", args=[day["Cleo"].pk]))
    refused = client.post(reverse("appointment_to_room", args=[day["Cleo"].pk]))
    assert (refused.status_code, "Only a patient who is here goes to a room." in main(refused)) == (409, True)


def test_send_to_room_is_taken_back_from_its_toast_where_it_was_pressed(client_for, rosa, day):
    client, visit = client_for(rosa), day["Cleo"]
    send = reverse("appointment_to_room", args=[visit.pk]) + "?next=/board/%3Fvisit%3D1"
    undo = reverse("appointment_undo_to_room", args=[visit.pk]) + "?next=%2Fboard%2F%3Fvisit%3D1"
    assert f'<form method="post" action="{undo}"' in client.post(send, follow=True).content.decode()
    answer = client.post(undo)
    assert answer.url == "/board/?visit=1"
    assert [str(one) for one in get_messages(answer.wsgi_request)] == ["Cleo Marsh is checked in and waits."]
    client.post(reverse("appointment_undo_check_in", args=[visit.pk]))
    late = client.post(undo)
    assert (late.status_code, "This visit is booked now." in main(late)) == (409, True)


def test_today_shows_a_practitioner_their_own_visits_first(client_for, priya, day):
    client = client_for(priya)
    assert names(client.get(reverse("today"))) == ["Ada", "Dora"]
    assert names(client.get(reverse("today"), {"show": "everyone"})) == ["Cleo", "Ada", "Dora", "Emil"]


@pytest.mark.parametrize("show", ["mine", "nonsense", "\x00"])
def test_today_shows_everyone_where_a_choice_means_nothing(client_for, rosa, day, show):
    page = client_for(rosa).get(reverse("today"), {"show": show})
    assert (page.context["show"], len(names(page))) == ("everyone", 4)


def called(row):
    return row.appointment.patient.given_name


def names(page):
    return [called(row) for group in page.context["groups"] for row in group.rows]


def test_today_shows_nothing_of_another_location(client_for, day):
    there = people.make_user("Nils Berg", "front_desk", people.make_location("Oslo", "Europe/Oslo"))
    page = client_for(there).get(reverse("today"))
    assert page.context["rows"] == []


@pytest.mark.parametrize(
    ("zone", "now", "start", "expected"),
    [
        # London goes back on 25 October 2026 and forward on 28 March 2027.
        ("Europe/London", "2026-10-25T00:30+00:00", "2026-10-25T09:00+00:00", "09:00"),
        ("Europe/London", "2026-10-24T00:30+00:00", "2026-10-24T09:00+00:00", "10:00"),
        ("Europe/London", "2027-03-28T00:30+00:00", "2027-03-28T09:00+00:00", "10:00"),
        ("Europe/London", "2027-03-27T00:30+00:00", "2027-03-27T09:00+00:00", "09:00"),
    ],
)
def test_today_shows_local_times_on_both_sides_of_a_clock_change(
    client_for, rosa, ada, monday, zone, now, start, expected
):
    begin = dt.datetime.fromisoformat(start)
    move(ada, begin)
    monday.move_to(dt.datetime.fromisoformat(now))
    first = next(row for row in rows(shown(client_for(rosa)), "li") if "Ada Lund" in row)
    assert first.split()[0] == expected


def move(visit, start):
    """Put a visit somewhere else, past all commands."""
    shift = start - visit.start
    times = (
        "start", "treatment_start", "end", "room_until", "practitioner_from", "practitioner_until",
        "device_from", "device_until",
    )  # fmt: skip
    moved = {name: getattr(visit, name) + shift for name in times}
    on = start.date()
    visit.course.appointments.exclude(pk=visit.pk).update(status="cancelled")
    Appointment.objects.filter(pk=visit.pk).update(
        **moved, on=on, next_earliest_on=on + dt.timedelta(days=visit.gap_days)
    )


def test_today_takes_as_many_queries_for_three_visits_as_for_one(client_for, rosa, book, monday):
    client, taken = client_for(rosa), []
    for name, hour in zip(("Ada Lund", "Cleo Marsh", "Dora Quist"), (8, 10, 13), strict=True):
        book(name, dt.time(hour))
        if name != "Cleo Marsh":
            taken.append(queries(client, reverse("today")))
    assert taken[0] == taken[1]


# Attention


def test_today_has_nothing_to_attend_to(client_for, rosa, day):
    assert "Nothing waits." in main(shown(client_for(rosa)))


def test_today_names_visits_that_are_not_screened(client_for, rosa, day, monday):
    monday.move_to(NINE + dt.timedelta(days=35))
    attention = shown(client_for(rosa)).context["attention"]
    assert [(item.name, item.what, item.why, item.action, item.action_url) for item in attention] == [
        (
            "4 visits",
            "are not screened yet",
            "Ada Lund 08:00, Cleo Marsh 10:00, Dora Quist 13:00 and 1 more",
            "Show them",
            "/?show=unscreened",
        )
    ]


# On paper


def test_day_list_names_everybody_but_the_cancelled(client_for, rosa, day):
    cancel(day["Dora"], reason="Has a cold", by=rosa)
    miss(day["Ada"], by=rosa)
    page = client_for(rosa).get(reverse("day_list"))
    assert rows(page) == [
        "Time Patient Visit With Safety Came",
        "08:00 Ada Lund 21 Jan 1987 1 of 4 cheeks, chin Priya Nair Room 1 Cleared No-show",
        "10:00 Cleo Marsh 21 Jan 1987 1 of 4 cheeks, chin Daniel Okafor Room 2 Cleared Here",
        "15:00 Emil Roux 21 Jan 1987 1 of 4 cheeks, chin Daniel Okafor Room 2 Cleared",
    ]
    assert "Monday 7 September 2026 3 visits, printed 09:00" in main(page)


def test_day_list_without_visits_says_so(client_for, rosa, monday):
    assert rows(client_for(rosa).get(reverse("day_list")))[1:] == ["No visits today."]
