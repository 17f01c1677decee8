"""What holds for every kind of setting: create, edit, delete, list."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from clinic.models import (
    DeviceLabelUse,
    Practitioner,
    Room,
    User,
)
from planner.views.setting_kinds import KINDS
from tests import people
from tests.planner.views.settings.typed import SLUGS, STORED, create, errors_of, made, valid

pytestmark = pytest.mark.sweep


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
    assert re.search("Fill this in|Pick one|Write a (date|time)", str(errors_of(page)))
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
    ("locations", {"name": "x" * 81}, "name", "Shorten this to 80 characters; it has 81."),
    ("locations", {"time_zone": "Mars/Base"}, "time_zone", "Select a valid choice. Mars/Base is not one"),
    ("rooms", {"turnover_minutes": "61"}, "turnover_minutes", "Cleaning takes 60 minutes at most."),
    ("rooms", {"turnover_minutes": "-1"}, "turnover_minutes", "greater than or equal to 0"),
    ("rooms", {"turnover_minutes": "ten"}, "turnover_minutes", "Enter a whole number."),
    ("rooms", {"location": "999999"}, "location", "Select a valid choice."),
    (
        "devices",
        {"label_phototype_from": "4", "label_phototype_to": "2"},
        "label_phototype_to",
        "Give both skin types",
    ),
    ("devices", {"label_max_mm": "3.5"}, "label_max_mm", "A depth runs from 0.10 to 3.00 mm."),
    ("devices", {"label_max_mm": "0.123"}, "label_max_mm", "no more than 2 decimal places"),
    ("people", {"after_minutes": "61"}, "after_minutes", "Time between treatments is 60 minutes at most."),
    ("people", {"locations": []}, "locations", "Pick one or more."),
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
    ("lots", {"number": "   "}, "number", "Fill this in."),
    ("lots", {"number": "x" * 41}, "number", "Shorten this to 40 characters; it has 41."),
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
    "label-uses": ("phototype_to", "3", 3),
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
def test_settings_list_names_every_value_on_a_phone_where_columns_have_no_head(slug, held, mona, client_for):
    client = client_for(mona)
    made(client, slug, held)
    page = client.get(f"/settings/{slug}/")
    [(_, _, cells)] = page.context["rows"][-1:]
    for title, text in cells:
        assert f'<td data-label="{escape(title)}">{escape(text)}</td>' in page.text


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
    if isinstance(row, DeviceLabelUse):
        values["indication_id"] = people.make_indication(f"use_{number}", f"Use {number}").pk
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
