"""What was searched for becomes the first details of a new patient."""

import pytest

from patients.naming import details_from

WHAT = [
    ("amelia stone", {"given_name": "Amelia", "family_name": "Stone"}),
    ("Stone, Amelia Jane", {"given_name": "Amelia Jane", "family_name": "Stone"}),
    ("José María Núñez", {"given_name": "José María", "family_name": "Núñez"}),
    ("  Madonna ", {"family_name": "Madonna"}),
    ("محمد الهاشمي", {"given_name": "محمد", "family_name": "الهاشمي"}),
    ("McNeil", {"family_name": "McNeil"}),
    ("x" * 120, {"family_name": "X" + "x" * 59}),
    (",", {}),
    ("", {}),
    ("14 Mar 1992", {"birth_date": "14 Mar 1992"}),
    ("020 7946 0777", {"phone": "020 7946 0777"}),
    ("NP-10044", {}),
    ("31 Feb 1992", {}),
    ("a\x00b", {"given_name": "A", "family_name": "B"}),
]


@pytest.mark.parametrize(("typed", "details"), WHAT)
def test_a_search_is_read_as_details(typed, details):
    assert details_from(typed) == details
