"""Finding patients whose names were typed with an error or two: first the words meant, then who has them."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.db import connection

from patients.folding import distance
from patients.models import Patient

LONG = 8  # letters from which a word may have two typing errors
WORDS_LOOKED_AT = 1000  # words on file, the most similar ones, that are compared letter by letter
WORDS_MEANT = 60  # of those within the errors
LOOKED_AT = 8000  # patients of whom every word is compared: keeps a search in a million patients short
MOST = 1000  # patients looked at letter by letter
SIMILAR = "SET pg_trgm.word_similarity_threshold = {least};"
# Two questions, since PostgreSQL takes each from the index of the words, but not both joined by OR.
WORD_SQL = """
    SELECT word FROM (
        SELECT word FROM patients_nameword WHERE %(typed)s <%% word
        UNION SELECT word FROM patients_nameword WHERE word LIKE ANY(%(swapped)s)
    ) near
    ORDER BY word_similarity(%(typed)s, word) DESC, word LIMIT %(most)s
"""
# The other words as they were typed, then with errors: a frequent name has more patients than are compared.
NAMED_SQL = """
    (SELECT id, search_text, sort_name FROM patients_patient
    WHERE search_text LIKE ANY(%(meant)s) AND search_text LIKE ALL(%(others)s) LIMIT %(most)s)
    UNION
    (SELECT * FROM (
        SELECT id, search_text, sort_name FROM patients_patient WHERE search_text LIKE ANY(%(meant)s)
        LIMIT %(looked_at)s
    ) near WHERE {tests} LIMIT %(most)s)
"""
NUMBER_SQL = """
    SELECT id, search_text, sort_name FROM (
        SELECT id, search_text, sort_name FROM patients_patient
        WHERE %(typed)s <%% search_text OR search_text LIKE ANY(%(swapped)s) LIMIT %(looked_at)s
    ) near
    ORDER BY word_similarity(%(typed)s, search_text) DESC, id LIMIT %(most)s
"""


def find_nearly(words: Sequence[str], limit: int, errors: int) -> list[Patient]:
    """Every word is a word of the patient's within its number of typing errors, `errors` at most.

    The longest word says who is looked at: it is the most telling.
    """
    longest, *others = sorted(words, key=len, reverse=True)
    if errors > 1 and len(longest) < LONG:
        return []
    # Numbers are as many as patients: they are looked for among these, names among their own words.
    is_number = any(letter in "0123456789" for letter in longest)
    rows = _numbered(longest, errors) if is_number else _named(longest, others, errors)
    apart, near = cache(_distance_to), []  # the same words come again and again
    for pk, text, name in rows:
        number = _errors(words, text.split(), errors, apart)
        if number is not None:
            near.append((number, name, pk))
    found = [pk for *_, pk in sorted(near)[:limit]]
    patients = Patient.objects.in_bulk(found)
    return [patients[pk] for pk in found]


def _named(longest: str, others: Sequence[str], errors: int) -> list[tuple[int, str, str]]:
    """Patients who have one of the words that the longest may mean, and something like the others."""
    meant = _meant(longest, min(_forgiven(longest), errors))
    if not meant:
        return []
    values = {"meant": _parts(meant), "others": _parts(others), "most": MOST, "looked_at": LOOKED_AT}
    tests = []
    for place, word in enumerate(others):
        allowed = min(_forgiven(word), errors)
        values |= {f"word{place}": word, f"swapped{place}": _parts([word, *_swapped(word, allowed)])}
        similar = f" OR word_similarity(%(word{place})s, search_text) >= {_least(len(word), allowed)}"
        tests.append(f"(search_text LIKE ANY(%(swapped{place})s){similar if allowed else ''})")
    return _asked(NAMED_SQL.format(tests=" AND ".join(tests) or "false"), values)  # one word: all is asked


def _meant(word: str, errors: int) -> list[str]:
    """The words on file that a typed one may be or begin, whole ones first; itself if nothing is forgiven."""
    if not errors:
        return [word]
    values = {"typed": word, "swapped": _parts(_swapped(word, errors)), "most": WORDS_LOOKED_AT}
    rows = _asked(SIMILAR.format(least=_least(len(word), errors)) + WORD_SQL, values)
    near = [one for (one,) in rows if _distance_to(word, one, errors) <= errors]
    return sorted(near, key=lambda one: distance(word, one, errors))[:WORDS_MEANT]


def _numbered(word: str, errors: int) -> list[tuple[int, str, str]]:
    """Patients with a number (of the record, of the phone) like this one."""
    values = {"typed": word, "swapped": _parts(_swapped(word, errors)), "most": MOST, "looked_at": LOOKED_AT}
    return _asked(SIMILAR.format(least=_least(len(word), errors)) + NUMBER_SQL, values)


def _asked(query: str, values: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def _least(letters: int, errors: int) -> str:
    """The similarity that is left: an error breaks three trigrams; of two, one may be a swap and breaks four.

    word_similarity counts the shared trigrams over those of the word and of the stretch it lies on.
    """
    broken = 3 if errors == 1 else 7
    least = (letters + 1 - broken) / (letters + 1 + broken)
    return f"{max(least, 0.2) - 0.001:.3f}"  # similarities are rounded, too


def _swapped(word: str, errors: int) -> list[str]:
    """Two letters swapped leave too few trigrams, so each swap is tried out."""
    if errors != 1:
        return []
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def _parts(words: Sequence[str]) -> list[str]:
    return [f"%{word}%" for word in words]


def _errors(words: Sequence[str], on_file: Sequence[str], errors: int, apart: Callable) -> int | None:
    """Typing errors over all words beside those on file; None if one word has too many."""
    total = 0
    for word in words:
        most = min(_forgiven(word), errors)
        least = min((apart(word, other, most) for other in on_file), default=most + 1)
        if least > most:
            return None
        total += least
    return total


def _distance_to(word: str, other: str, most: int) -> int:
    """Also to the beginning of a longer word, so that half a name may be misspelt too."""
    return min(distance(word, other, most), distance(word, other[: len(word)], most))


def _forgiven(word: str) -> int:
    return 2 if len(word) >= LONG else 1 if len(word) >= 3 else 0
