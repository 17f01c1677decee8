"""The tables typed by hand and the code's own agree, address by address."""

import pytest

from clinic.permissions import MATRIX, OWN, PUBLIC, SIGNED_IN
from tests.permissions.asking import NAMES
from tests.permissions.table import BY_LINK, CLOSED, EXPECTED, OPEN, ROLE

pytestmark = pytest.mark.sweep


def test_every_address_has_a_name_of_its_own():
    assert None not in NAMES
    assert len(set(NAMES)) == len(NAMES)


def test_every_address_is_in_a_table():
    assert set(NAMES) - set(EXPECTED) - OPEN - BY_LINK - CLOSED - SIGNED_IN == set()


def test_every_name_of_the_tables_is_an_address():
    assert (set(EXPECTED) | OPEN | BY_LINK | CLOSED | SIGNED_IN) - set(NAMES) == set()


def test_the_code_opens_what_the_clinic_agreed_to_open():
    agreed = {name: {ROLE[letter] for letter in letters} for name, letters in EXPECTED.items()}
    assert agreed == MATRIX
    assert OPEN == PUBLIC
    assert BY_LINK == OWN
    assert {
        "account_reauthenticate",
        "account_change_password",
        "user_settings",
        "location_switch",
        "help",
        "access_read",
        "access_here",
    } == SIGNED_IN
