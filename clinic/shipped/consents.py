"""The consent text of each indication in English and Spanish, put together from short paragraphs."""

from types import ModuleType

from clinic.shipped import consent_en, consent_es

LANGUAGES: dict[str, ModuleType] = {"en": consent_en, "es": consent_es}
# An indication without an aim of its own has no text.
INDICATIONS = tuple(consent_en.AIMS)


def consent_body(indication: str, language: str) -> str:
    """Write the whole text: paragraphs with a heading line, separated by an empty line."""
    words = LANGUAGES[language]
    paragraphs = [
        (words.AIM_HEADING, words.AIMS[indication]),
        *words.BEFORE_RISKS,
        (words.RISKS_HEADING, (*words.RISKS, *words.MORE_RISKS.get(indication, ()))),
        (words.RESULTS_HEADING, (*words.MORE_RESULTS.get(indication, ()), *words.RESULTS)),
        *words.AFTER_RESULTS,
    ]
    parts = ["\n".join((heading, *lines)) for heading, lines in paragraphs]
    return "\n\n".join([*parts, words.NOTICE] if words.NOTICE else parts)
