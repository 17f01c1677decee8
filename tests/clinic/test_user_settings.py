"""What people set for themselves, and the help."""

import pytest
from django.urls import reverse

from tests import people


@pytest.mark.parametrize("name", ["user_settings", "help"])
@pytest.mark.parametrize("role", ["rosa", "priya", "mona"])
def test_everybody_signed_in_opens_them(client, client_for, name, role, request):
    assert client_for(request.getfixturevalue(role)).get(reverse(name)).status_code == 200
    assert client.get(reverse(name)).status_code == 302


def test_keys_are_switched_off_and_colours_turned(client_for, rosa):
    client, url = client_for(rosa), reverse("user_settings")
    before = client.get(url).text
    assert 'data-keys="off"' not in before and 'data-bs-theme="light"' in before
    answer = client.post(url, {"appearance": "dark"})
    assert (answer.status_code, answer.url) == (302, url)
    after = client.get(url).text
    assert 'data-keys="off"' in after and 'data-bs-theme="dark"' in after
    assert "Single keys are switched off for you." in client.get(reverse("help")).text
    rosa.refresh_from_db()
    assert (rosa.keys_on, rosa.appearance) == (False, "dark")


@pytest.mark.parametrize("appearance", ["", "pink", "x" * 900, "\x00"])
def test_an_appearance_that_does_not_exist_changes_nothing(client_for, rosa, appearance):
    answer = client_for(rosa).post(reverse("user_settings"), {"appearance": appearance, "keys_on": "on"})
    assert answer.status_code == 422
    rosa.refresh_from_db()
    assert rosa.appearance == "light"


def test_settings_of_one_person_are_not_those_of_another(client_for, rosa, mona):
    client_for(rosa).post(reverse("user_settings"), {"appearance": "dark"})
    assert 'data-bs-theme="light"' in client_for(mona).get(reverse("help")).text


def test_the_help_names_only_keys_that_the_person_has(client_for, rosa, mona):
    assert "Next question" in client_for(rosa).get(reverse("help")).text
    assert "Next question" not in client_for(mona).get(reverse("help")).text


def switch(client, location, back="/board/"):
    return client.post(f"{reverse('location_switch')}?next={back}", {"location": location})


def test_a_manager_works_at_any_location_and_a_practitioner_where_they_treat(client_for, mona, priya):
    branch = people.make_location("Ashford", "America/New_York")
    for user in (mona, priya):
        client = client_for(user)
        if user is priya:
            assert switch(client, branch.pk).status_code == 404
            assert "Ashford" not in client.get(reverse("board")).text
            priya.practitioner.locations.add(branch)
        assert "Ashford" in client.get(reverse("board")).text
        answer = switch(client, branch.pk)
        assert (answer.status_code, answer.url) == (302, "/board/")
        user.refresh_from_db()
        assert user.location == branch
        assert "times in America/New_York" in client.get(reverse("board")).text


@pytest.mark.parametrize("wanted", ["", "x", "0", "9" * 30, "\x00"])
def test_the_desk_stays_where_it_is(client_for, rosa, wanted):
    branch = people.make_location("Ashford")
    client = client_for(rosa)
    for one in (branch.pk, wanted):
        assert switch(client, one).status_code == 404
    rosa.refresh_from_db()
    assert rosa.location != branch


def test_the_switch_leads_nowhere_else(client_for, mona):
    branch = people.make_location("Ashford")
    assert switch(client_for(mona), branch.pk, "https://elsewhere.example/").url == "/"
