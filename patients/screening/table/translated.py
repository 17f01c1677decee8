"""Questions and their labels in the reader's language; the English where there is no other."""

from typing import Final

from patients.screening.table import arabic, spanish

_QUESTIONS: Final = {
    "es": {code: said for code, (_, said) in spanish.QUESTIONS.items()},
    "ar": arabic.QUESTIONS,
}
_LABELS: Final = {"es": spanish.LABELS, "ar": arabic.LABELS}


def question_in(code: str, english: str, language: str) -> str:
    """The question in a language; the English where it is not the one that was translated."""
    translated = spanish.QUESTIONS.get(code, ("", ""))[0] == english
    return _QUESTIONS.get(language, {}).get(code, english) if translated else english


def label_in(english: str, language: str) -> str:
    """A label or option in a language; the English where there is no other."""
    return _LABELS.get(language, {}).get(english, english)
