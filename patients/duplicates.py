"""Who may be on file twice: named while somebody is registered, and listed for the clinic. Reads only."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from patients.folding import fold
from patients.likeness import Person, likeness, nearby_days, person
from patients.models import PairNote, Patient

SHOWN = 5
LOOKED_AT = 5000  # rows compared: some forty days of birth of a million patients
COMPARED = ("pk", "given_name", "family_name", "birth_date", "phone", "email")


@dataclass(frozen=True)
class Duplicate:
    """A patient on file who may be the same person, and why."""

    patient: Patient
    why: str


def possible_duplicates(details: Mapping[str, Any], *, other_than: int | None = None) -> list[Duplicate]:
    """Who on file may be this person: name, birth date, phone and e-mail weighed (`patients.likeness`).

    Typing errors, swapped names, accents, a swapped or mistyped birth date, a nickname and a changed surname
    are seen through. The five most alike.
    """
    wanted = person(
        details.get("given_name", ""),
        details.get("family_name", ""),
        details.get("birth_date"),
        details.get("phone"),
        details.get("email", ""),
    )
    why = {}
    for pk, *fields in _candidates(wanted).exclude(pk=other_than).values_list(*COMPARED)[:LOOKED_AT]:
        if reasons := likeness(wanted, person(*fields)):
            why[pk] = reasons
    nearest = sorted(why, key=lambda pk: (-len(why[pk]), pk))[:SHOWN]
    patients = Patient.objects.in_bulk(nearest)
    found = [Duplicate(patients[pk], ", ".join(why[pk])) for pk in nearest]
    return sorted(found, key=lambda one: (-one.why.count(","), one.patient.sort_name))


def _candidates(wanted: Person) -> QuerySet[Patient]:
    """Rows that an index finds: phone, e-mail, the birth date or one near it, every part of the name."""
    same = Q(pk__in=_same_names(wanted.words))
    if wanted.birth_date:
        same |= Q(birth_date__in=_days(wanted.birth_date))
    if wanted.phone:
        same |= Q(phone=wanted.phone)
    if wanted.email:
        same |= Q(email__iexact=wanted.email)
    return Patient.objects.filter(same, merged_into=None).order_by()


def _days(day: dt.date) -> Iterable[dt.date]:
    return {day, *nearby_days(day)}


def _same_names(words: Iterable[str]) -> list[int]:
    """Keys of the patients whose name on file holds all these words."""
    found = Patient.objects.order_by()
    for word in words:
        found = found.filter(search_text__contains=fold(word))
    return list(found.values_list("pk", flat=True)[:50]) if words else []


@dataclass(frozen=True)
class Pair:
    """Two files that may be one person's, why, and what somebody said of them."""

    first: Patient
    second: Patient
    why: str
    note: PairNote | None = None

    @property
    def is_proposed(self) -> bool:
        """Whether somebody said that this is one person."""
        return self.note is not None and self.note.said == PairNote.Said.SAME


PAIRS_MOST = 2000  # compared on the list page
PAIRS_SQL = """
    SELECT one.id, other.id FROM patients_patient one JOIN patients_patient other
    ON one.id < other.id AND one.merged_into_id IS NULL AND other.merged_into_id IS NULL AND {same}
"""
SAME = (
    "one.phone = other.phone AND one.phone <> ''",
    "UPPER(one.email) = UPPER(other.email) AND one.email <> ''",
    "one.sort_name = other.sort_name",
    "one.birth_date = other.birth_date AND similarity(one.sort_name, other.sort_name) > 0.2",
)


def possible_pairs() -> list[Pair]:
    """Files of the clinic that may belong to one person, said ones first; three queries.

    Pairs of whom somebody said that they are two people are left out.
    """
    notes = {(note.first_id, note.second_id): note for note in PairNote.objects.select_related("by")}
    with connection.cursor() as cursor:
        found = " UNION ".join(PAIRS_SQL.format(same=same) for same in SAME)
        cursor.execute(f"{found} ORDER BY 1, 2 LIMIT {PAIRS_MOST}")
        keys = {(first, second) for first, second in cursor.fetchall()}
    keys |= {pair for pair, note in notes.items() if note.said == PairNote.Said.SAME}
    patients = Patient.objects.filter(merged_into=None).select_related("location")
    rows = patients.in_bulk({pk for pair in keys for pk in pair})
    pairs = [_pair(rows[one], rows[other], notes) for one, other in keys if one in rows and other in rows]
    wanted = [pair for pair in pairs if pair.is_proposed or (pair.why and pair.note is None)]
    return sorted(wanted, key=lambda pair: (not pair.is_proposed, -pair.why.count(","), pair.first.sort_name))


def _pair(first: Patient, second: Patient, notes: Mapping[tuple[int, int], PairNote]) -> Pair:
    people = [person(*(getattr(one, name) for name in COMPARED[1:])) for one in (first, second)]
    return Pair(first, second, ", ".join(likeness(*people)), notes.get((first.pk, second.pk)))
