"""Patients of one day whose names could be mistaken for each other (H01)."""

import itertools
from collections.abc import Iterable

from clinic.words import day_date
from patients.folding import distance, fold
from patients.models import Patient

ERRORS_MOST = 2  # typing errors between two whole names that still look alike
NAMED = 3  # told by name; where many share one, the rest are counted
LONG = 9  # letters of a name from which two errors are few; in a shorter one, one is


def namesakes(patients: Iterable[Patient]) -> dict[int, list[Patient]]:
    """By patient: the others of the list with the same name or one that looks alike."""
    people = {patient.pk: patient for patient in patients}
    named = [(patient, _Name(fold(patient.full_name))) for patient in people.values()]
    found: dict[int, list[Patient]] = {}
    for (one, name), (other, its) in itertools.combinations(named, 2):
        if name.is_like(its):
            found.setdefault(one.pk, []).append(other)
            found.setdefault(other.pk, []).append(one)
    return found


class _Name:
    """A folded name with what a day of many compares again and again."""

    def __init__(self, name: str):
        self.name, self.words, self.letters = name, sorted(name.split()), set(name)
        self.family = (name.split()[-1:], name[:1])

    def is_like(self, other: "_Name") -> bool:
        if self.words == other.words or self.family == other.family:
            return True
        if len(self.letters ^ other.letters) > 2 * ERRORS_MOST:  # told apart by their letters, uncounted
            return False
        most = ERRORS_MOST if min(len(self.name), len(other.name)) >= LONG else 1
        return distance(self.name, other.name, most) <= most


def is_alike(one: str, other: str) -> bool:
    """Whether two folded names are the same in any order, or a few letters apart.

    Also the same family name after the same first letter: `ana ruiz` and `alba ruiz`.
    """
    return _Name(one).is_like(_Name(other))


def namesake_words(others: Iterable[Patient]) -> str:
    """`Ana Ruiz, born 3 Feb 1980; Anna Ruiz, born 4 Mar 1991`, or nothing; three at most by name."""
    them = list(others)
    words = [f"{one}, born {day_date(one.birth_date, weekday=False)}" for one in them[:NAMED]]
    return "; ".join([*words, f"{len(them) - NAMED} more"] if len(them) > NAMED else words)
