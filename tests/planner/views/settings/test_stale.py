"""Two managers with the same row open: the second is told, and nothing is overwritten unseen."""

import pytest

from clinic.models import Room
from tests import people
from tests.planner.views.settings.test_every_kind import CHANGES
from tests.planner.views.settings.typed import SLUGS, made, valid

TOLD = "Somebody else changed this while you had it open."


@pytest.fixture
def second(location):
    return people.make_user("Nils Weiss", "manager", location)


def typed_for(slug, held, row):
    data = valid(slug, held)
    if slug in ("opening-hours", "working-hours"):
        data = {name: value for name, value in data.items() if name != "weekdays"} | {"weekday": row.weekday}
    return data


@pytest.mark.parametrize("slug", SLUGS)
def test_settings_edit_on_a_row_changed_meanwhile_overwrites_nothing_unseen(
    slug, held, mona, second, client_for
):
    first, other = client_for(mona), client_for(second)
    row = made(first, slug, held)
    url, (field, typed, stored) = f"/settings/{slug}/{row.pk}/", CHANGES[slug]
    mine = typed_for(slug, held, row)
    was = {"was": other.get(url).context["form"].was}
    assert first.post(url, mine | was | {field: typed}).status_code == 302
    page = other.post(url, mine | was)
    assert (page.status_code, TOLD in page.text) == (409, True)
    row.refresh_from_db()
    assert getattr(row, field) == stored
    assert other.post(url, mine | {"was": page.context["form"].was}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) != stored


def test_settings_edit_names_what_differs_and_keeps_what_was_typed(mona, location, client_for):
    room = Room.objects.create(location=location, name="Blue room")
    client, url = client_for(mona), f"/settings/rooms/{room.pk}/"
    was = client.get(url).context["form"].was
    Room.objects.filter(pk=room.pk).update(turnover_minutes=25)
    typed = {"location": location.pk, "name": "Green room", "turnover_minutes": "10", "is_active": "on"}
    page = client.post(url, typed | {"was": was})
    assert "It differs from yours in: Name, " in page.text and 'value="Green room"' in page.text
    assert 'value="25"' not in page.text


def test_settings_edit_with_a_mistake_still_tells_of_the_change_afterwards(mona, location, client_for):
    room = Room.objects.create(location=location, name="Blue room")
    client, url = client_for(mona), f"/settings/rooms/{room.pk}/"
    was = client.get(url).context["form"].was
    Room.objects.filter(pk=room.pk).update(name="Red room")
    typed = {"location": location.pk, "name": "Green room", "turnover_minutes": "10", "is_active": "on"}
    wrong = client.post(url, typed | {"was": was, "turnover_minutes": "-1"})
    assert wrong.status_code == 422 and f'name="was" value="{was}"' in wrong.text
    assert client.post(url, typed | {"was": was}).status_code == 409
