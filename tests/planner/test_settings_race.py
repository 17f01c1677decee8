"""Two managers save the same at once: one gets words, nobody a server error."""

import threading

import pytest
from django.db import connection

from clinic.forms import RoomForm
from clinic.models import Room
from planner.forms.versions import ProtocolForm
from planner.models import Protocol
from tests import people

pytestmark = pytest.mark.sweep


def both(make_form):
    """Validate two forms, then save both at once; return what each says."""
    forms = [make_form(), make_form()]
    assert all(form.is_valid() for form in forms)
    start, said = threading.Barrier(2), []

    def save(form):
        start.wait()
        said.append(form.save_row() or {name: list(words) for name, words in form.errors.items()})
        connection.close()

    threads = [threading.Thread(target=save, args=[form]) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said, key=str, reverse=True)


@pytest.mark.django_db(transaction=True)
def test_the_second_room_of_a_name_is_refused_beside_its_name(mona, location):
    typed = {"name": "Blue room", "location": location.pk, "turnover_minutes": "10"}
    said = both(lambda: RoomForm(typed, instance=Room(), by=mona))
    assert said == [{"name": ["This location already has a room of that name."]}, True] or said == [
        True,
        {"name": ["This location already has a room of that name."]},
    ]
    assert Room.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_second_first_version_of_a_protocol_is_refused(mona):
    indication = people.make_indication()
    typed = {field.name: field.default for field in Protocol._meta.fields if field.has_default()}
    typed |= {"indication": indication.pk}
    said = both(lambda: ProtocolForm(typed, instance=Protocol(), by=mona))
    refused = {"indication": ["Version 1 of this is a draft already. Change that one."]}
    assert [words for words in said if words is not True] == [refused]
    assert Protocol.objects.count() == 1
