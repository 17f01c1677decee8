"""How hard a text is to read: Flesch-Kincaid grade (English), Szigriszt-Pazos index (Spanish).

English: 0.39 x words / sentences + 11.8 x syllables / words - 15.59 (clinical facts, 9 Formula). Spanish:
206.835 - 62.3 x syllables / words - words / sentences (Szigriszt Pazos 1993); the limit 65 is where the
INFLESZ scale (Barrio Cantalejo 2008) begins to say "fairly easy".

Our own measure, with an estimate of syllables instead of a dictionary. A printed line counts as a sentence
even without a full stop, and so does a part before a colon or semicolon. Figures and placeholders are not
words. Names of drugs and treatments are left out, as the readability advice has it (clinical facts, 9).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

# 13 LEAFLET_GRADE_MAX.
GRADE_MAX: Final = 6.0
# INFLESZ: 65 to 80 "fairly easy", the level of primary school texts (about ages 11 to 12, as grade 6).
INFLESZ_MIN: Final = 65.0

_NAMES: Final = {
    "en": frozenset(
        (
            "retinol",
            "retinoid",
            "retinoids",
            "tretinoin",
            "benzoyl",
            "peroxide",
            "vitamin",
            "paracetamol",
            "acetaminophen",
            "ibuprofen",
            "aspirin",
            "filler",
            "toxin",
            "laser",
            "mineral",
        )
    ),
    "es": frozenset(
        (
            "retinol",
            "retinoides",
            "tretinoína",
            "peróxido",
            "benzoilo",
            "vitamina",
            "paracetamol",
            "ibuprofeno",
            "aspirina",
            "relleno",
            "toxina",
            "peeling",
            "láser",
            "mineral",
            "exfoliante",
            "anestésica",
        )
    ),
}
_PLACE = re.compile(r"\{[^}]*\}")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;]+(?:\s|$)")


@dataclass(frozen=True)
class Reading:
    """A score with its limit; `easy` says whether the text may go to patients."""

    formula: str
    score: float
    limit: float
    easy: bool

    @property
    def words(self) -> str:
        """`Flesch-Kincaid 7.2, limit 6.0`."""
        return f"{self.formula} {self.score:.1f}, limit {self.limit:.1f}"


def measure(lines: Iterable[str], language: str) -> Reading:
    """The reading score of these lines together. Raises KeyError for a language without a formula."""
    sentences, words, syllables = _count(lines, language)
    if language == "es":
        score = 206.835 - 62.3 * syllables / words - words / sentences if words else 100.0
        return Reading("INFLESZ", score, INFLESZ_MIN, score >= INFLESZ_MIN)
    # 9 Formula.
    score = 0.39 * words / sentences + 11.8 * syllables / words - 15.59 if words else 0.0
    return Reading("Flesch-Kincaid", score, GRADE_MAX, score <= GRADE_MAX)


def _count(lines: Iterable[str], language: str) -> tuple[int, int, int]:
    """Sentences, words and syllables."""
    names, syllables_of = _NAMES[language], _SYLLABLES[language]
    sentences = words = syllables = 0
    for line in lines:
        for part in _SENTENCE_END.split(_PLACE.sub(" ", line)):
            found = [word for word in _WORD.findall(part.lower()) if word not in names]
            if found:
                sentences += 1
                words += len(found)
                syllables += sum(map(syllables_of, found))
    return sentences, words, syllables


def _english_syllables(word: str) -> int:
    """Groups of vowels, less silent endings, plus the vowel pairs that are spoken apart; at least one."""
    return sum(_english_part(part) for part in re.split(r"['’-]", word) if len(part) > 1) or 1


def _english_part(part: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", part))
    groups += len(re.findall(r"(?:[aeiou]ing\b|ia|io(?!n)|eo|iu)", part))
    if re.search(r"[^aeiouylr]es\b|[^aeiouytd]ed\b|[^aeiouy]e\b", part) and not re.search(
        r"(?:[^aeiou]le|[sxz]es|ches|shes|ges)\b", part
    ):
        groups -= 1
    return max(groups, 1)


def _spanish_syllables(word: str) -> int:
    """One per vowel group; a strong pair or an accented weak vowel beside a strong one is spoken apart."""
    letters = unicodedata.normalize("NFC", word)
    letters = re.sub(r"qu(?=[eéií])|gu(?=[eéií])", "g", letters)
    letters = re.sub(r"y\b", "i", letters)
    count = 0
    for group in re.findall(r"[aeiouáéíóúü]+", letters):
        count += 1
        for first, second in zip(group, group[1:], strict=False):
            strong_pair = first in "aeoáéó" and second in "aeoáéó"
            hiatus = (first in "íú" and second in "aeoáéó") or (first in "aeoáéó" and second in "íú")
            count += strong_pair or hiatus
    return max(count, 1)


_SYLLABLES: Final = {"en": _english_syllables, "es": _spanish_syllables}
# The languages whose texts can be measured.
FORMULAS: Final = frozenset(_SYLLABLES)
