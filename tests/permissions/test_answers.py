"""Every address, as every role, by every method."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import people
from tests.permissions.asking import ARGUMENTS, NAMES, NOWHERE, OURS, address, agreed, ask, contents, kind_of
from tests.permissions.table import CLOSED, EXPECTED, NAMED, POST_ONLY, ROLE

pytestmark = pytest.mark.sweep


def test_every_answer_agrees_with_the_table(clinic, looked, everybody):
    came, _ = looked
    posted = {
        (name, who, "post"): (kind_of(ask(browser, "post", address(name, clinic))), None)
        for name in NAMES
        for who, browser in everybody.items()
    }
    wrong = []
    for (name, who, method), (got, _) in (came | posted).items():
        if name in CLOSED and who in "-x":
            got = {"refused": "login"}.get(got, got)  # either will do
        if got != agreed(name, who):
            wrong.append((name, who, method, got))
    assert wrong == []
    assert len(came | posted) == len(NAMES) * 5 * 3


def test_looking_changes_nothing(looked):
    _, changed = looked
    assert changed == ["planner_photoview"]  # who was shown a photo


def test_what_only_writes_cannot_be_looked_at(looked):
    came, _ = looked
    refused = {name for name in OURS if came[name, EXPECTED[name][0], "get"][1] == 405}
    assert refused == POST_ONLY & set(OURS)


def test_nothing_is_written_without_the_token_of_the_page(clinic, rosa, priya, mona):
    users = {"F": rosa, "P": priya, "M": mona}
    before, wrong = contents(), []
    for name in OURS:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(users[EXPECTED[name][0]])
        if (answer := browser.post(address(name, clinic))).status_code not in (403, 405):
            wrong.append((name, answer.status_code))
    assert wrong == []
    after = contents()
    assert {table for table in after if after[table] != before[table]} <= {"clinic_user"}  # last sign-in


def test_what_does_not_exist_is_not_found(clinic, everybody):
    nowhere = dict.fromkeys(clinic, NOWHERE)
    wrong = []
    for name in OURS:
        if "pk" not in ARGUMENTS[name]:
            continue
        for letter in EXPECTED[name]:
            method = "post" if name in POST_ONLY | {"course_book", "course_edit"} else "get"
            answer = ask(everybody[letter], method, address(name, nowhere))
            if answer.status_code != 404:
                wrong.append((name, letter, answer.status_code))
    assert wrong == []


def test_a_kind_that_does_not_exist_is_not_found(clinic, mona):
    browser = people.sign_in(mona)
    paths = [reverse(name, args=["wands"]) for name in ("settings_list", "settings_create")]
    paths += [
        reverse(name, args=["wands", 1]) for name in ("settings_edit", "settings_delete", "approval_detail")
    ]
    assert [browser.get(path).status_code for path in paths] == [404] * 5


FOREIGN = ("review", "course", "appointment", "change", "offer", "session", "sheet", "lot", "photo")


def plain(response):
    """The page without the token that differs from request to request."""
    return re.sub(rb"\b[A-Za-z0-9]{64}\b", b"", response.content)


@pytest.mark.parametrize(
    "name", [name for name, kind in NAMED.items() if kind in FOREIGN and name in EXPECTED]
)
def test_another_locations_visits_look_as_if_they_did_not_exist(clinic, name):
    branch = people.make_location("Hillcrest")
    role = ROLE[EXPECTED[name][0]]
    browser = people.sign_in(people.make_user("Hugo Lind", role, branch))
    method = browser.post if name in POST_ONLY else browser.get
    before = contents()
    foreign, missing = method(address(name, clinic)), method(address(name, dict.fromkeys(clinic, NOWHERE)))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert plain(foreign) == plain(missing)
    assert contents() == before


def test_a_role_taken_away_counts_from_the_next_click(mona, priya):
    browser = people.sign_in(mona)
    assert browser.get(reverse("settings_home")).status_code == 200
    mona.role = "front_desk"
    mona.save()
    assert browser.get(reverse("settings_home")).status_code == 403
    mona.is_active = False
    mona.save()
    assert kind_of(browser.get(reverse("today"))) == "login"
