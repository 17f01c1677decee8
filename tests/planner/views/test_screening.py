"""Who is held up by the screen."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic import clock
from patients import screenings
from patients.queries import waiting_count
from planner.queries.screening import held_up
from tests import people
from tests.patients.conftest import amara, joanna, screen, today, yes  # noqa: F401 - fixtures
from tests.planner import making


def section_names(page):
    """Full names by section."""
    return {
        section.key: [row.patient.full_name for row in section.rows] for section in page.context["sections"]
    }


@pytest.fixture
def listing(client_for, rosa):
    """The list as the desk sees it."""
    return lambda: client_for(rosa).get(reverse("screening_list"))


@pytest.mark.parametrize("role", ["rosa", "priya", "mona"])
def test_screening_list_opens_for_every_role(client_for, role, request):
    answer = client_for(request.getfixturevalue(role)).get(reverse("screening_list"))
    assert answer.status_code == 200
    assert "Nobody is held up" in answer.content.decode()


def test_screening_list_sends_others_to_sign_in(client, location):
    assert client.get(reverse("screening_list")).status_code == 302


def test_screening_list_puts_each_patient_in_one_section(listing, screen, amara, joanna, rosa):  # noqa: F811
    screen(amara, EPILEPSY=yes(), ACNE_ACTIVE=yes())
    screen(joanna, PREGNANT=yes())
    assert section_names(listing()) == {
        "decision": ["Amara Osei"],
        "deferred": ["Joanna Petrenko"],
        "missing": [],
    }
    assert waiting_count(rosa) == 1


def test_screening_list_forgets_what_was_decided(listing, screen, amara, priya, rosa):  # noqa: F811
    finding = screen(amara, EPILEPSY=yes()).findings.get()
    screenings.decide_finding(finding, choice="accept", reason="Fine.", by=priya)
    assert not any(section_names(listing()).values())
    assert waiting_count(rosa) == 0


def test_screening_list_shows_a_cleared_stop_until_it_is_accepted(
    listing,
    screen,  # noqa: F811
    amara,  # noqa: F811
    priya,
    today,  # noqa: F811
):
    finding = screen(amara, PREGNANT=yes()).findings.get()
    screenings.clear_finding(finding, happened_on=today, note="Letter.", by=priya)
    assert section_names(listing())["decision"] == ["Amara Osei"]


def test_screening_list_names_visits_soon_without_a_valid_screen(
    listing, rosa, priya, rule_set, location, acne_scars, cheeks
):
    site = making.make_site(location, acne_scars, [cheeks], priya.practitioner)
    patient = making.make_patient(rosa)
    now = clock.now()
    first = people.local_today(location)
    long_ago = now - dt.timedelta(days=29)
    making.screen(patient, site, rosa, at=long_ago)
    days = making.every(35, first=first + dt.timedelta(days=7))
    slots = making.slots_at(site, days)
    request = making.asking(site, start_from=first)
    making.book(patient, site, rosa, slots=slots, at=now, request=request)
    assert section_names(listing())["missing"] == []
    sections = held_up(location, first + dt.timedelta(days=2), priya)
    assert [row.patient for row in sections[2].rows] == [patient]


def test_screening_list_takes_as_many_queries_for_three_rows_as_for_one(
    client_for,
    rosa,
    screen,  # noqa: F811
    amara,  # noqa: F811
    joanna,  # noqa: F811
    django_assert_num_queries,
):
    client, url = client_for(rosa), reverse("screening_list")
    screen(amara, EPILEPSY=yes())
    client.get(url)
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(url)
    screen(joanna, PREGNANT=yes())
    screen(making.make_patient(rosa), EPILEPSY=yes())
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(url)


QUERIES_OF_LIST = 14


def test_the_list_names_who_decides_and_since_when(screen, amara, rosa, priya, client_for):  # noqa: F811
    saved = screen(amara, EPILEPSY=yes())
    pages = [reverse("screening_list"), reverse("screening_detail", args=[saved.pk])]
    said = [client_for(rosa).get(page).content.decode() for page in pages]
    assert ["Priya Nair decides." in page for page in said] == [True, True]
    assert "Waits since" in said[0] and "since" in said[1]
    priya.practitioner.decides_reviews = False
    priya.practitioner.save()
    said = [client_for(rosa).get(page).content.decode() for page in pages]
    assert ["Nobody here decides reviews." in page for page in said] == [True, True]
