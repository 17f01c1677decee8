"""Names that could be mistaken for each other, at the identity step, on Today and on the board."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from patients.folding import fold
from planner.queries.namesakes import is_alike, namesakes
from tests.kept import kept
from tests.planner import making, treating


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Ana Ruiz", "Ana Ruiz", True),
        ("Ana Ruiz", "Ruiz Ana", True),
        ("Anna Ruiz", "Ana Ruíz", True),
        ("Alba Ruiz", "Ana Ruiz", True),
        ("Katherine Moore", "Catherine Moore", True),
        ("Jon Smith", "John Smyth", True),
        ("Ana Ruiz", "Bea Ruiz", False),
        ("Ana Ruiz", "Ana Lund", False),
        ("Omar Haddad", "Elif Kayar", False),
        ("Li Wu", "Bo Wu", False),
    ],
)
def test_names_alike(one, other, alike):
    assert is_alike(fold(one), fold(other)) is alike
    assert is_alike(fold(other), fold(one)) is alike


def test_namesakes_name_each_other_and_nobody_else(rosa):
    ana, anna, omar = (
        making.make_patient(rosa, given_name=given, family_name=family)
        for given, family in (("Ana", "Ruiz"), ("Anna", "Ruiz"), ("Omar", "Haddad"))
    )
    assert namesakes([ana, omar, anna]) == {ana.pk: [anna], anna.pk: [ana]}
    assert namesakes([ana, ana]) == {}


@pytest.fixture
def now():
    with time_machine.travel(treating.STARTED, tick=False):
        yield


@kept
def both(ana, site, priya, rosa):
    """Ana is here, and somebody of a similar name comes on the same day."""
    visit = treating.arrive(ana, site, rosa)
    other = making.make_patient(rosa, given_name=ana.given_name, family_name=f"{ana.family_name}e")
    making.screen(other, site, rosa)
    later = making.slots_at(site, making.every(35), dt.time(14), practitioner=1, room=1)
    making.book(other, site, rosa, slots=later)
    return visit, other


def test_a_similar_name_is_said_before_the_start_on_today_and_on_the_board(
    both, client_for, priya, rosa, now
):
    visit, other = both
    start = client_for(priya).get(reverse("session_start", args=[visit.pk])).content.decode()
    assert "Similar name here on this day:" in start and f"{other}, born" in start
    assert client_for(rosa).get(reverse("today")).content.decode().count("Similar name today:") == 2
    assert "similar name that day" in client_for(rosa).get(reverse("board")).content.decode()


def test_nothing_is_said_of_other_names(ana, site, rosa, client_for, now):
    treating.arrive(ana, site, rosa)
    assert "Similar name" not in client_for(rosa).get(reverse("today")).content.decode()
