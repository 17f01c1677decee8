"""Patients of one day whose names could be mistaken for each other (H01)."""

import itertools
from collections.abc import Iterable

from clinic.words import day_date
from patients.folding import distance, fold
from patients.models import Patient

ERRORS_MOST = 2  # typing errors between two whole names that still look alike
LONG = 9  # letters of a name from which two errors are few; in a shorter one, one is


def namesakes(patients: Iterable[Patient]) -> dict[int, list[Patient]]:
    """By patient: the others of the list with the same name or one that looks alike."""
    people = {patient.pk: patient for patient in patients}
    folded = {pk: fold(str(patient.full_name)) for pk, patient in people.items()}
    found: dict[int, list[Patient]] = {}
    for one, other in itertools.combinations(folded, 2):
        if is_alike(folded[one], folded[other]):
            found.setdefault(one, []).append(people[other])
            found.setdefault(other, []).append(people[one])
    return found


def is_alike(one: str, other: str) -> bool:
    """Whether two folded names are the same in any order, or a few letters apart.

    Also the same family name after the same first letter: `ana ruiz` and `alba ruiz`.
    """
    if sorted(one.split()) == sorted(other.split()):
        return True
    if one.split()[-1:] == other.split()[-1:] and one[:1] == other[:1]:
        return True
    if len(set(one) ^ set(other)) > 2 * ERRORS_MOST:  # told apart by their letters, without counting
        return False
    most = ERRORS_MOST if min(len(one), len(other)) >= LONG else 1
    return distance(one, other, most) <= most


def namesake_words(others: Iterable[Patient]) -> str:
    """`Ana Ruiz, born 3 Feb 1980; Anna Ruiz, born 4 Mar 1991`, or nothing."""
    return "; ".join(f"{one}, born {day_date(one.birth_date, weekday=False)}" for one in others)
