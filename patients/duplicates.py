"""Who may be on file twice: named while somebody is registered, and listed for the clinic. Reads only."""

# ruff: noqa: S608 - the statements are put together from constants

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Q, QuerySet

from patients.folding import fold
from patients.likeness import Person, likeness, nearby_days, person
from patients.models import PairNote, PairSearch, Patient

SHOWN = 5
LEAST_CLOSE = 0.15  # of names beside a birth date that is not the same: far below three typing errors
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
        same |= Q(birth_date=wanted.birth_date)
        same |= Q(birth_date__in=nearby_days(wanted.birth_date), closeness__gt=LEAST_CLOSE)
    if wanted.phone:
        same |= Q(phone=wanted.phone)
    if wanted.email:
        same |= Q(email__iexact=wanted.email)
    closeness = TrigramSimilarity("sort_name", f"{wanted.family} {wanted.given}")
    return Patient.objects.alias(closeness=closeness).filter(same, merged_into=None).order_by()


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


PAIRS_MOST = 200  # on the list page, the most telling first
PAIRS_SQL = """
    SELECT LEAST(one.id, other.id) AS first_id, GREATEST(one.id, other.id) AS second_id
    FROM patients_patient one JOIN patients_patient other
    ON one.id <> other.id AND one.merged_into_id IS NULL AND other.merged_into_id IS NULL AND {same}
    WHERE one.id > %(last)s
"""
SAME_NAME = "one.sort_name = other.sort_name"
SAME = (
    "one.phone = other.phone AND one.phone <> ''",
    "UPPER(one.email) = UPPER(other.email) AND one.email <> ''",
    SAME_NAME,
    "one.birth_date = other.birth_date AND similarity(one.sort_name, other.sort_name) > 0.2",
)
SAID = """NOT EXISTS (
    SELECT FROM patients_pairnote note WHERE (note.first_id, note.second_id) = (pair.first_id, pair.second_id)
)"""
# The pairs of last night and those of files registered since; what somebody said of stands in its note.
LISTED_SQL = f"""
    (SELECT first_id, second_id FROM patients_foundpair pair WHERE {SAID}
     ORDER BY weight DESC, second_id DESC LIMIT %(most)s)
    UNION
    (SELECT first_id, second_id FROM (
        {" UNION ALL ".join(PAIRS_SQL.format(same=same) for same in SAME)}
     ) pair WHERE {SAID} GROUP BY 1, 2 ORDER BY count(*) DESC, 2 DESC LIMIT %(most)s)
"""


def possible_pairs() -> list[Pair]:
    """Files of the clinic that may belong to one person, said ones first; four queries.

    All are compared at night (`patients.pairs`); those registered since are compared here. Pairs of whom
    somebody said that they are two people are left out.
    """
    newest = PairSearch.objects.order_by("-at").first()
    notes = {(note.first_id, note.second_id): note for note in PairNote.objects.select_related("by")}
    with connection.cursor() as cursor:
        cursor.execute(LISTED_SQL, {"last": newest.last_key if newest else 0, "most": PAIRS_MOST})
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
