"""The manager's settings: every kind created, changed, deleted; wrong input in words beside its field."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.models import (
    Absence,
    Closure,
    Device,
    Indication,
    Location,
    Lot,
    OpeningHours,
    Practitioner,
    Product,
    Room,
    TreatmentArea,
    User,
    WorkingHours,
)
from patients.models import ConsentText
from planner.models import Protocol
from planner.views.setting_kinds import KINDS
from tests import people
from tests.kept import kept

SLUGS = [kind.slug for kind in KINDS]


@kept
def held(mona, priya, location):
    """What the forms choose from."""
    return {
        "location": location.pk,
        "practitioner": priya.practitioner.pk,
        "indication": people.make_indication("scars", "Scars").pk,
        "product": Product.objects.create(name="Pins 16", kind="cartridge").pk,
        "room": Room.objects.create(location=location, name="Blue room").pk,
    }


def valid(slug, held):
    """What a manager types to make one row of a kind."""
    place = {"location": held["location"]}
    return {
        "locations": {
            "name": "Eastport",
            "time_zone": "America/New_York",
            "grid_minutes": "15",
            "address": "2 Pier Road",
            "phone": "212 555 0188",
            "phone_hours": "Monday to Friday, 09:00 to 17:00",
            "emergency_number": "911",
            "paper": "us-letter",
        },
        "rooms": place | {"name": "Room 9", "turnover_minutes": "10", "is_active": "on"},
        "devices": place
        | {"name": "Pen 9", "model_name": "Fine 3", "label_max_mm": "2.5", "rooms": [held["room"]]}
        | {"is_active": "on"},
        "people": {
            "name": "Daniel Okafor",
            "title": "RN",
            "locations": [held["location"]],
            "indications": [held["indication"]],
            "before_minutes": "0",
            "after_minutes": "5",
            "is_active": "on",
        },
        "accounts": place
        | {"name": "Kerry Walsh", "email": "Kerry@Larkmoor.example", "role": "front_desk", "is_active": "on"},
        "opening-hours": place | {"weekdays": ["0", "2"], "opens": "9:00", "closes": "17:00"},
        "working-hours": place
        | {"practitioner": held["practitioner"], "weekdays": ["0"], "opens": "0900", "closes": "12.30"},
        "time-off": place
        | {"practitioner": held["practitioner"], "first_day": "7 Dec 2026", "last_day": "8/12/2026"}
        | {"reason": "Leave"},
        "closures": place
        | {"first_date": "25 Dec 2026", "last_date": "2026-12-26", "reason": "Public holiday"},
        "products": {
            "name": "Calm gel",
            "kind": "numbing",
            "agent": "lidocaine",
            "min_minutes": "30",
            "max_minutes": "60",
            "max_grams": "30.5",
            "max_area_cm2": "900",
            "is_active": "on",
        },
        "lots": place
        | {"product": held["product"], "number": " NC-24 O817 ", "expires_on": "31/12/2027"}
        | {"is_active": "on"},
        "indications": {"name": "Deep lines", "name_es": "Arrugas", "code": "deep_lines", "is_active": "on"},
        "areas": {
            "name": "Hands",
            "code": "hands",
            "region": "trunk_limbs",
            "position": "5",
            "start_mm": "0.5",
            "warn_mm": "1",
            "is_active": "on",
        },
        "protocols": {
            "indication": held["indication"],
            "sessions_min": "4",
            "sessions_target": "5",
            "sessions_max": "6",
            "gap_min_days": "28",
            "gap_target_days": "35",
            "gap_max_days": "42",
            "first_area_minutes": "15",
            "further_area_minutes": "10",
            "most_minutes": "60",
            "numbing_minutes": "30",
            "review_after_days": "90",
        },
        "consent-texts": {"indication": held["indication"], "language": "en", "body": "Why\nYou have scars."},
    }[slug]


STORED = {
    "locations": (Location, {"name": "Eastport", "time_zone": "America/New_York", "paper": "us-letter"}),
    "rooms": (Room, {"name": "Room 9", "turnover_minutes": 10, "is_active": True}),
    "devices": (Device, {"name": "Pen 9", "label_max_mm": Decimal("2.50"), "rooms__name": "Blue room"}),
    "people": (Practitioner, {"name": "Daniel Okafor", "after_minutes": 5, "indications__code": "scars"}),
    "accounts": (User, {"name": "Kerry Walsh", "email": "kerry@larkmoor.example", "role": "front_desk"}),
    "opening-hours": (OpeningHours, {"weekday": 2, "opens": dt.time(9), "closes": dt.time(17)}),
    "working-hours": (WorkingHours, {"weekday": 0, "opens": dt.time(9), "closes": dt.time(12, 30)}),
    "time-off": (
        Absence,
        {
            "start": dt.datetime(2026, 12, 7, tzinfo=dt.UTC),
            "end": dt.datetime(2026, 12, 9, tzinfo=dt.UTC),
            "practitioner__name": "Priya Nair",
        },
    ),
    "closures": (Closure, {"first_date": dt.date(2026, 12, 25), "last_date": dt.date(2026, 12, 26)}),
    "products": (Product, {"name": "Calm gel", "max_grams": Decimal("30.5"), "min_minutes": 30}),
    "lots": (Lot, {"number": "NC-24 O817", "expires_on": dt.date(2027, 12, 31)}),
    "indications": (Indication, {"code": "deep_lines", "name_es": "Arrugas", "is_active": True}),
    "areas": (TreatmentArea, {"code": "hands", "start_mm": Decimal("0.50"), "position": 5}),
    "protocols": (Protocol, {"number": 1, "sessions_target": 5, "approved_at": None}),
    "consent-texts": (ConsentText, {"number": 1, "language": "en", "approved_at": None}),
}


def create(client, slug, held, **changed):
    return client.post(f"/settings/{slug}/new/", valid(slug, held) | changed)


def errors_of(page):
    return {name: list(said) for name, said in page.context["form"].errors.items()}


@pytest.mark.parametrize("slug", SLUGS)
def test_settings_create_stores_what_was_typed(slug, held, mona, client_for):
    client = client_for(mona)
    page = create(client, slug, held)
    assert page.status_code == 302, page.context and errors_of(page)
    model, stored = STORED[slug]
    assert model.objects.filter(**stored).count() == 1
    assert client.get(page.headers["Location"]).status_code == 200


@pytest.mark.parametrize("slug", SLUGS)
def test_settings_create_asks_for_what_is_missing(slug, held, mona, client_for):
    page = client_for(mona).post(f"/settings/{slug}/new/", {})
    assert page.status_code == 422
    assert "This field is required." in str(errors_of(page))
    model, stored = STORED[slug]
    assert not model.objects.filter(**stored).exists()


# Kinds of which a second, equal row makes no sense; the words stand beside the field that can mend it.
TWICE = {
    "locations": ("name", "A location of that name is already there."),
    "rooms": ("name", "This location already has a room of that name."),
    "devices": ("name", "This location already has a device of that name."),
    "accounts": ("email", "This address already has an account."),
    "opening-hours": ("opens", "This overlaps Larkmoor: Monday 09:00–17:00."),
    "working-hours": ("opens", "This overlaps Priya Nair: Monday 09:00–12:30."),
    "closures": ("first_date", "Larkmoor is already closed then: Public holiday, 2026-12-25."),
    "products": ("name", "A product of that name is already there."),
    "lots": ("number", "This lot is already in stock here."),
    "indications": ("code", "Another indication has this code."),
    "areas": ("code", "Another area has this code."),
    "protocols": ("indication", "Version 1 of this is a draft already. Change that one."),
    "consent-texts": ("indication", "Version 1 of this is a draft already. Change that one."),
}


@pytest.mark.parametrize("slug", TWICE)
def test_settings_create_twice_in_a_row_says_that_it_is_there(slug, held, mona, client_for):
    client = client_for(mona)
    create(client, slug, held)
    page = create(client, slug, held)
    field, sentence = TWICE[slug]
    assert page.status_code == 422
    assert sentence in errors_of(page)[field]
    assert STORED[slug][0].objects.filter(**STORED[slug][1]).count() == 1


WRONG = [
    ("locations", {"name": "x" * 81}, "name", "Ensure this value has at most 80 characters (it has 81)."),
    ("locations", {"time_zone": "Mars/Base"}, "time_zone", "Select a valid choice. Mars/Base is not one"),
    ("rooms", {"turnover_minutes": "61"}, "turnover_minutes", "Cleaning takes 60 minutes at most."),
    ("rooms", {"turnover_minutes": "-1"}, "turnover_minutes", "greater than or equal to 0"),
    ("rooms", {"turnover_minutes": "ten"}, "turnover_minutes", "Enter a whole number."),
    ("rooms", {"location": "999999"}, "location", "Select a valid choice."),
    ("devices", {"label_max_mm": "3.5"}, "label_max_mm", "A depth runs from 0.10 to 3.00 mm."),
    ("devices", {"label_max_mm": "0.123"}, "label_max_mm", "no more than 2 decimal places"),
    ("people", {"after_minutes": "61"}, "after_minutes", "Time between treatments is 60 minutes at most."),
    ("people", {"locations": []}, "locations", "This field is required."),
    ("accounts", {"email": "not an address"}, "email", "Enter a valid email address."),
    ("accounts", {"role": "owner"}, "role", "Select a valid choice."),
    (
        "opening-hours",
        {"opens": "17:00", "closes": "9:00"},
        "closes",
        "The end must be later than the start.",
    ),
    ("opening-hours", {"opens": "25:00"}, "opens", "A time runs from 00:00 to 23:59."),
    ("opening-hours", {"weekdays": ["7"]}, "weekdays", "Select a valid choice."),
    (
        "opening-hours",
        {"valid_from": "2 Jan 2027", "valid_to": "1 Jan 2027"},
        "valid_to",
        "The last day must not be before the first.",
    ),
    ("working-hours", {"opens": "12:30", "closes": "12:30"}, "closes", "The end must be later"),
    ("time-off", {"first_day": "31 Feb 2026"}, "first_day", "February 2026 has no day 31."),
    ("time-off", {"last_day": "6 Dec 2026"}, "last_day", "The end must be later than the start."),
    ("time-off", {"practitioner": ""}, "practitioner", "Pick one practitioner, one room or one device."),
    (
        "time-off",
        {"first_day": "29 Mar 2026", "first_time": "01:30", "last_day": "29 Mar 2026"},
        "first_time",
        "01:30 does not exist on Sun\u00a029\u00a0Mar\u00a02026: the clocks go forward. Pick another.",
    ),
    ("closures", {"last_date": "24 Dec 2026"}, "last_date", "The last day must not be before the first."),
    ("closures", {"first_date": "soon"}, "first_date", "Write a date such as 7 Dec 2026."),
    ("products", {"agent": ""}, "agent", "Name the agent of a numbing cream, and of nothing else."),
    ("products", {"max_minutes": "20"}, "max_minutes", "The longest time must not be shorter"),
    ("products", {"min_minutes": ""}, "min_minutes", "A numbing cream in use needs this time"),
    ("products", {"max_area_cm2": "99999"}, "max_area_cm2", "less than or equal to 32767"),
    ("lots", {"number": "   "}, "number", "This field is required."),
    ("lots", {"number": "x" * 41}, "number", "at most 40 characters"),
    ("lots", {"expires_on": "31/12/27"}, "expires_on", "Write the year with four digits."),
    ("indications", {"code": "deep lines"}, "code", "valid “slug”"),
    ("areas", {"start_mm": "1.5"}, "warn_mm", "Depths run from 0.10 to 3.00 mm, the usual depth first."),
    ("areas", {"warn_mm": "3.5"}, "warn_mm", "Depths run from 0.10 to 3.00 mm, the usual depth first."),
    ("areas", {"name": "Ha\x00nds"}, "name", "Null characters are not allowed."),
    ("protocols", {"gap_min_days": "27"}, "gap_target_days", "Gaps: shortest (28 days or more), usual and"),
    ("protocols", {"sessions_target": "7"}, "sessions_target", "Visits: fewest, usual and most"),
    ("protocols", {"most_minutes": "121"}, "most_minutes", "Treatment takes 5 to 120 minutes"),
    ("consent-texts", {"language": "fr"}, "language", "Select a valid choice."),
]


@pytest.mark.parametrize(("slug", "changed", "field", "sentence"), WRONG)
def test_settings_create_says_beside_the_field_what_is_wrong(
    slug, changed, field, sentence, held, mona, client_for
):
    page = create(client_for(mona), slug, held, **changed)
    assert page.status_code == 422
    assert list(errors_of(page)) == [field]
    assert sentence in errors_of(page)[field][0]
    model, stored = STORED[slug]
    assert not model.objects.filter(**stored).exists()
    assert page.text.count('role="alert"') == 1
    assert page.text.count(f'id="id_{field}_error"') <= 1
    assert f'aria-describedby="id_{field}' in page.text


# Kind, a field, what is typed, what is stored.
CHANGES = {
    "locations": ("phone", "212 555 0199", "212 555 0199"),
    "rooms": ("turnover_minutes", "15", 15),
    "devices": ("label_max_mm", "2", Decimal("2.00")),
    "people": ("title", "Dermatologist", "Dermatologist"),
    "accounts": ("role", "practitioner", "practitioner"),
    "opening-hours": ("closes", "18:00", dt.time(18)),
    "working-hours": ("opens", "8:30", dt.time(8, 30)),
    "time-off": ("reason", "Course", "Course"),
    "closures": ("last_date", "27 Dec 2026", dt.date(2026, 12, 27)),
    "products": ("max_minutes", "90", 90),
    "lots": ("expires_on", "1 Jan 2028", dt.date(2028, 1, 1)),
    "indications": ("name", "Very deep lines", "Very deep lines"),
    "areas": ("warn_mm", "1.25", Decimal("1.25")),
    "protocols": ("sessions_target", "6", 6),
    "consent-texts": ("body", "Why\nYou have a scar.", "Why\nYou have a scar."),
}


def made(client, slug, held):
    create(client, slug, held)
    model, stored = STORED[slug]
    return model.objects.get(**stored)


@pytest.mark.parametrize("slug", SLUGS)
def test_settings_edit_changes_one_row(slug, held, mona, client_for):
    client = client_for(mona)
    row = made(client, slug, held)
    field, typed, stored = CHANGES[slug]
    data = valid(slug, held) | {field: typed}
    if slug in ("opening-hours", "working-hours"):
        data = {name: value for name, value in data.items() if name != "weekdays"} | {"weekday": row.weekday}
    page = client.post(f"/settings/{slug}/{row.pk}/", data)
    assert page.status_code == 302, page.context and errors_of(page)
    row.refresh_from_db()
    assert getattr(row, field) == stored


@pytest.mark.parametrize("slug", SLUGS)
def test_settings_edit_shows_what_is_stored_as_people_type_it(slug, held, mona, client_for):
    client = client_for(mona)
    row = made(client, slug, held)
    form = client.get(f"/settings/{slug}/{row.pk}/").context["form"]
    data = {name: form[name].value() for name in form.fields}
    typed = {
        name: "on" if value is True else form[name].field.widget.format_value(value)
        for name, value in data.items()
    }
    sent = {name: value for name, value in typed.items() if value not in (None, False, [], "")}
    page = client.post(f"/settings/{slug}/{row.pk}/", sent)
    assert page.status_code == 302, page.context and errors_of(page)
    assert STORED[slug][0].objects.filter(pk=row.pk, **STORED[slug][1]).exists()


# A protocol and a consent text of version 1 would be loaded again; they are changed instead.
@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug not in ("protocols", "consent-texts")])
def test_settings_delete_asks_then_deletes_and_is_gone_afterwards(slug, held, mona, client_for):
    client = client_for(mona)
    row = made(client, slug, held)
    assert "What is deleted is gone." in client.get(f"/settings/{slug}/{row.pk}/delete/").text
    assert type(row).objects.filter(pk=row.pk).exists()
    page = client.post(f"/settings/{slug}/{row.pk}/delete/")
    assert page.headers["Location"] == f"/settings/{slug}/"
    assert not type(row).objects.filter(pk=row.pk).exists()
    assert client.post(f"/settings/{slug}/{row.pk}/delete/").status_code == 404


@pytest.mark.parametrize("slug", SLUGS)
def test_settings_answer_404_to_an_unknown_row_and_kind(slug, mona, client_for):
    client = client_for(mona)
    for path in (f"{slug}/999999/", f"{slug}/999999/delete/", "spaceships/", "spaceships/new/"):
        assert client.get(f"/settings/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "rooms/", "rooms/new/", "rooms/1/", "rooms/1/delete/"])
def test_settings_are_for_the_manager_only(path, rosa, priya, client_for):
    for person in (rosa, priya):
        assert client_for(person).get(f"/settings/{path}").status_code == 403
        assert client_for(person).post(f"/settings/{path}").status_code == 403
    assert Client().get(f"/settings/{path}").headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("slug", SLUGS)
def test_settings_list_asks_the_same_number_of_queries_for_1_and_3_rows(slug, held, mona, client_for):
    client = client_for(mona)
    row = made(client, slug, held)
    client.get("/settings/")  # shows what was said about saving
    counts = []
    for more in (0, 2):
        for number in range(more):
            another(row, number + 7)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/settings/{slug}/")
        assert page.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


UNIQUE = ("name", "code", "email", "number")


def another(row, number):
    """A copy of a row with other unique values."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values["id"] = None
    for name in UNIQUE:
        if name in values:
            values[name] = (
                values[name] + number if isinstance(values[name], int) else f"{number}{values[name]}"
            )
    if isinstance(row, User):
        values["last_login"] = None
    copy = type(row)(**values)
    copy.save()
    if isinstance(row, Practitioner):
        copy.locations.set(row.locations.all())
    return copy


def test_settings_home_links_every_kind_and_the_approvals(mona, client_for):
    page = client_for(mona).get("/settings/")
    for kind in KINDS:
        assert f'href="/settings/{kind.slug}/"' in page.text
        assert kind.line in page.text
    assert 'href="/settings/approvals/"' in page.text


def test_settings_list_says_what_to_do_when_it_is_empty(mona, client_for):
    page = client_for(mona).get("/settings/rooms/")
    assert "Nothing here yet" in page.text
    assert "/settings/rooms/new/" in page.text


def test_settings_list_is_paged(mona, location, client_for):
    Room.objects.bulk_create(Room(location=location, name=f"Room {number:03}") for number in range(120))
    client = client_for(mona)
    first, second = (client.get(f"/settings/rooms/?page={page}").text for page in (1, 2))
    assert "Room 000" in first and "Room 119" not in first
    assert "Room 119" in second and "Room 000" not in second
    assert client.get("/settings/rooms/?page=nonsense").status_code == 200


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
