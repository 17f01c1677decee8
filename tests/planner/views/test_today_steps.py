"""The steps of a visit on its day: check in and back, cancel, no-show; at another place, twice, too early."""

import pgtrigger
import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from planner.models import Appointment
from tests import people
from tests.planner.moves import miss
from tests.planner.reading import main, rows


def test_check_in_moves_the_visit_and_can_be_undone(client_for, rosa, day):
    client, visit = client_for(rosa), day["Ada"]
    answer = client.post(reverse("appointment_check_in", args=[visit.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("today"), 302)]
    assert [str(one) for one in get_messages(answer.wsgi_request)] == ["Ada Lund is checked in."]
    undo = reverse("appointment_undo_check_in", args=[visit.pk])
    assert f'<form method="post" action="{undo}"' in answer.content.decode()
    assert Appointment.objects.get(pk=visit.pk).status == "arrived"

    answer = client.post(undo, follow=True)
    assert [str(one) for one in get_messages(answer.wsgi_request)] == ["Ada Lund is no longer checked in."]
    assert Appointment.objects.get(pk=visit.pk).status == "booked"


def test_check_in_twice_changes_nothing_more(client_for, rosa, day):
    client, visit = client_for(rosa), day["Ada"]
    for _ in range(2):
        assert client.post(reverse("appointment_check_in", args=[visit.pk])).status_code == 302
    assert [event.kind for event in visit.events.all()] == ["booked", "arrived"]


def test_check_in_of_another_day_is_refused_in_words(client_for, rosa, day):
    later = day["Ada"].course.appointments.get(number=2)
    answer = client_for(rosa).post(reverse("appointment_check_in", args=[later.pk]))
    assert (answer.status_code, "Only visits of today can be checked in." in main(answer)) == (422, True)


def hidden(client, url):
    """What the page of a visit's end carries beside what is typed."""
    return {name: client.get(url).context["form"].initial[name] for name in ("key", "version")}


STEPS = [
    "appointment_check_in",
    "appointment_undo_check_in",
    "appointment_to_room",
    "appointment_undo_to_room",
    "appointment_cancel",
    "appointment_no_show",
]


@pytest.mark.parametrize("name", STEPS)
def test_steps_know_no_visit_of_another_location(client_for, day, name):
    there = people.make_user("Nils Berg", "front_desk", people.make_location("Oslo", "Europe/Oslo"))
    answer = client_for(there).post(reverse(name, args=[day["Ada"].pk]), {"reason": "mine"})
    assert (answer.status_code, Appointment.objects.get(pk=day["Ada"].pk).status) == (404, "booked")


@pytest.mark.parametrize("name", STEPS[:4])
def test_steps_that_write_are_not_read(client_for, rosa, day, name):
    assert client_for(rosa).get(reverse(name, args=[day["Ada"].pk])).status_code == 405


def test_cancel_asks_for_the_reason_and_frees_the_slot(client_for, rosa, day):
    client, visit = client_for(rosa), day["Dora"]
    url = reverse("appointment_cancel", args=[visit.pk])
    assert "Cancel visit 1 of Dora Quist? Mon 7 Sep 2026, 13:00 · Priya Nair, Room 1" in main(client.get(url))

    answer = client.post(url, {"reason": "  Has a cold "} | hidden(client, url), follow=True)
    assert answer.redirect_chain == [(reverse("course_detail", args=[visit.course_id]), 302)]
    assert [str(one) for one in get_messages(answer.wsgi_request)] == ["Visit 1 of Dora Quist is cancelled."]
    visit.refresh_from_db()
    assert (visit.status, visit.status_reason) == ("cancelled", "Has a cold")
    assert "New dates needed: 1 of 4 visits has no date." in main(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Fill this in."),
        ("   ", "Fill this in."),
        ("x" * 201, "Shorten this to 200 characters; it has 201."),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
def test_cancel_with_a_bad_reason_keeps_what_was_typed(client_for, rosa, day, typed, said):
    client, url = client_for(rosa), reverse("appointment_cancel", args=[day["Dora"].pk])
    answer = client.post(url, {"reason": typed} | hidden(client, url))
    assert (answer.status_code, f"Reason: {said}" in main(answer)) == (422, True)
    assert answer.context["form"]["reason"].value() == typed
    assert Appointment.objects.get(pk=day["Dora"].pk).status == "booked"


def test_cancel_of_a_missed_visit_is_refused_beside_the_form(client_for, rosa, day):
    client, url = client_for(rosa), reverse("appointment_cancel", args=[day["Ada"].pk])
    seen = hidden(client, url)
    miss(day["Ada"], by=rosa)
    answer = client.post(url, {"reason": "Ill"} | seen)
    assert (answer.status_code, answer.context["form"]["reason"].value()) == (409, "Ill")
    assert "Rosa Diaz changed visit 1 at 09:00. It is no-show now. Nothing of yours was saved." in main(
        answer
    )


def test_no_show_needs_no_reason_but_the_time(client_for, rosa, day):
    client = client_for(rosa)
    dora, ada = (reverse("appointment_no_show", args=[day[name].pk]) for name in ("Dora", "Ada"))
    early = client.post(dora, hidden(client, dora))
    assert early.status_code == 422
    assert "The visit has not started yet. Cancel it instead if the patient called." in main(early)

    asked = client.get(ada)
    assert "Did Ada Lund miss visit 1?" in main(asked)
    done = client.post(ada, hidden(client, ada), follow=True)
    assert [str(one) for one in get_messages(done.wsgi_request)] == ["Visit 1 of Ada Lund is marked no-show."]
    assert Appointment.objects.get(pk=day["Ada"].pk).status == "noshow"


def test_a_consultation_is_listed_but_belongs_to_no_course(client_for, rosa, day):
    visit = day["Emil"]
    visit.course.appointments.exclude(pk=visit.pk).update(status="cancelled")
    with pgtrigger.ignore("planner.AppointmentArea:area_of_a_visit_is_never_deleted"):
        visit.areas.all().delete()
    none = dict.fromkeys(["course", "number", "gap_days", "next_earliest_on", "course_gap_days"])
    Appointment.objects.filter(pk=visit.pk).update(kind="consultation", **none)
    client = client_for(rosa)
    listed = [row for row in rows(client.get(reverse("today")), "li") if "Roux Consultation" in row]
    assert listed == ["15:00 Emil Roux Consultation Daniel Okafor Room 2 Cleared Planned Check in"]
    assert rows(client.get(reverse("day_list")))[-1] == (
        "15:00 Emil Roux 21 Jan 1987 Consultation Daniel Okafor Room 2 Cleared"
    )
    for name in STEPS[4:]:
        assert client.get(reverse(name, args=[visit.pk])).status_code == 404
