"""What is particular to one kind of setting."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages

from clinic.models import (
    Absence,
    Indication,
    Practitioner,
    Room,
    WorkingHours,
)
from planner.models import Protocol
from tests import people
from tests.planner.views.settings.typed import create, errors_of, made, valid


def test_settings_delete_of_a_room_in_use_offers_to_switch_it_off(mona, priya, location, client_for):
    room = Room.objects.create(location=location, name="Blue room")
    priya.practitioner.rooms.add(room)
    client = client_for(mona)
    page = client.post(f"/settings/rooms/{room.pk}/delete/")
    assert page.status_code == 422
    assert "Blue room is in use: 1 practitioner. Switch it off instead." in page.text
    done = client.post(f"/settings/rooms/{room.pk}/delete/", {"switch_off": "1"})
    assert [str(message) for message in get_messages(done.wsgi_request)] == ["Blue room is switched off."]
    room.refresh_from_db()
    assert room.is_active is False
    assert "Switched off" in client.get("/settings/rooms/").text


def test_settings_delete_of_a_location_in_use_counts_what_uses_it(mona, location, client_for):
    page = client_for(mona).post(f"/settings/locations/{location.pk}/delete/")
    assert page.status_code == 422
    assert "Larkmoor is in use: 1 user." in page.text


def test_settings_delete_says_what_goes_along(mona, priya, location, client_for):
    person = Practitioner.objects.create(name="Ines Roth")
    for weekday in range(2):
        WorkingHours.objects.create(
            practitioner=person, location=location, weekday=weekday, opens=dt.time(9), closes=dt.time(12)
        )
    person.locations.add(location)
    page = client_for(mona).get(f"/settings/people/{person.pk}/delete/")
    assert "These go with it: 2 working hours." in page.text


@pytest.mark.parametrize("slug", ["rooms", "accounts", "opening-hours", "time-off", "closures", "lots"])
def test_settings_create_starts_with_the_location_of_the_manager(slug, mona, location, client_for):
    form = client_for(mona).get(f"/settings/{slug}/new/").context["form"]
    assert form["location"].value() == location.pk


def test_settings_device_takes_rooms_of_its_own_location_only(held, mona, client_for):
    other = people.make_location("Eastport", "America/New_York")
    page = create(client_for(mona), "devices", held, location=other.pk)
    assert errors_of(page) == {"rooms": ["Blue room is at another location."]}


def test_settings_time_off_is_stored_from_the_time_of_its_location(held, mona, client_for):
    other = people.make_location("Eastport", "America/New_York")
    room = Room.objects.create(location=other, name="Pier room")
    create(
        client_for(mona),
        "time-off",
        held,
        **{"location": other.pk, "practitioner": "", "room": room.pk},
        **{"first_day": "7 Dec 2026", "first_time": "13:00", "last_day": "7 Dec 2026", "last_time": "15:30"},
    )
    absence = Absence.objects.get()
    assert absence.start == dt.datetime(2026, 12, 7, 18, 0, tzinfo=dt.UTC)
    assert absence.end == dt.datetime(2026, 12, 7, 20, 30, tzinfo=dt.UTC)
    page = client_for(mona).get(f"/settings/time-off/{absence.pk}/")
    assert 'value="13:00"' in page.text and 'value="15:30"' in page.text


def test_settings_time_off_of_a_stranger_at_the_location_is_refused(held, mona, client_for):
    other = people.make_location("Eastport", "America/New_York")
    page = create(client_for(mona), "time-off", held, location=other.pk)
    assert errors_of(page) == {"practitioner": ["Priya Nair does not work at Eastport."]}


def test_settings_time_off_on_the_night_the_clocks_go_back_takes_25_hours(held, mona, client_for):
    create(client_for(mona), "time-off", held, first_day="25 Oct 2026", last_day="25 Oct 2026")
    absence = Absence.objects.get()
    assert absence.start == dt.datetime(2026, 10, 24, 23, 0, tzinfo=dt.UTC)
    assert absence.end == dt.datetime(2026, 10, 26, 0, 0, tzinfo=dt.UTC)


def test_settings_working_hours_at_a_location_of_others_are_refused(held, mona, client_for):
    other = people.make_location("Eastport", "America/New_York")
    page = create(client_for(mona), "working-hours", held, location=other.pk)
    sentence = "Priya Nair does not work at Eastport. Add the location to them first."
    assert errors_of(page) == {"location": [sentence]}


def test_settings_code_of_an_indication_stays(held, mona, client_for):
    client = client_for(mona)
    client.post(f"/settings/indications/{held['indication']}/", {"name": "Old scars", "code": "other"})
    row = Indication.objects.get(pk=held["indication"])
    assert (row.name, row.code, row.is_active) == ("Old scars", "scars", False)


def test_settings_edit_of_an_approved_protocol_makes_the_next_version(held, mona, priya, client_for):
    client = client_for(mona)
    row = made(client, "protocols", held)
    row.approved_by, row.approved_at = priya.practitioner, dt.datetime(2026, 9, 7, tzinfo=dt.UTC)
    row.save()
    assert "Save as the next version" in client.get(f"/settings/protocols/{row.pk}/").text
    client.post(f"/settings/protocols/{row.pk}/", valid("protocols", held) | {"sessions_target": "4"})
    versions = Protocol.objects.values_list("number", "sessions_target", "approved_by__name")
    assert list(versions) == [(2, 4, None), (1, 5, "Priya Nair")]
    again = client.get(f"/settings/protocols/{row.pk}/")
    assert again.status_code == 422
    assert "Version 2 of this is a draft already. Change that one." in again.text


def test_settings_delete_of_a_first_or_approved_version_is_refused(held, mona, priya, client_for):
    client = client_for(mona)
    row = made(client, "protocols", held)
    page = client.post(f"/settings/protocols/{row.pk}/delete/")
    assert "Scars, version 1 comes with Needleplan and would come back." in page.text
    row.approved_by, row.approved_at = priya.practitioner, dt.datetime(2026, 9, 7, tzinfo=dt.UTC)
    row.save()
    page = client.post(f"/settings/protocols/{row.pk}/delete/")
    assert page.status_code == 422
    assert "Scars, version 1 is approved and stays on file. Make a new version instead." in page.text
    assert Protocol.objects.count() == 1


def test_settings_forms_name_every_weekday_and_the_empty_choices(held, mona, client_for):
    client = client_for(mona)
    hours = client.get("/settings/opening-hours/new/")
    assert [label for _, label in hours.context["form"].fields["weekdays"].choices] == [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ]
    time_off = client.get("/settings/time-off/new/").text
    for page in (hours.text, time_off, client.get("/settings/products/new/").text):
        assert "---------" not in page
