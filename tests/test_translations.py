"""The Spanish and the test Arabic of the own pages: nothing left out or stale, compiled from their texts."""

import gettext
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

LOCALE = Path(settings.BASE_DIR) / "clinic" / "locale"
LANGUAGES = pytest.mark.parametrize("language", ["es", "ar"])
ENTRY = re.compile(r'^msgid "(.+)"\nmsgstr "(.*)"$', re.M)
# What English says in two ways and the other language in one.
SAME = {
    "es": {"No lo sé", "Para volver, abra otra vez su enlace."},
    "ar": {"اليوم", "لا أعرف", "للعودة: فتح الرابط مرة أخرى.", "نرجو الاتصال بنا."},
}
NAMES = re.compile(r"%\(\w+\)s")


def entries(language):
    """English → translation of every entry of one line."""
    text = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text()
    return {plain(english): plain(said) for english, said in ENTRY.findall(text)}


def plain(text):
    return text.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


@LANGUAGES
def test_every_text_is_translated(language):
    assert [english for english, said in entries(language).items() if not said] == []
    assert set(entries(language)) == set(entries("es"))
    assert len(entries(language)) > 150


@LANGUAGES
def test_a_translation_names_what_the_english_names(language):
    found = entries(language).items()
    assert [one for one, said in found if sorted(NAMES.findall(one)) != sorted(NAMES.findall(said))] == []


@LANGUAGES
def test_two_texts_have_one_translation_only_where_they_mean_the_same(language):
    said = Counter(entries(language).values())
    assert {text for text, times in said.items() if times > 1} <= SAME[language]


@LANGUAGES
def test_the_compiled_file_is_that_of_the_text(language):
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    found = entries(language)
    assert {english: compiled.gettext(english) for english in found} == found


def test_every_text_of_the_own_pages_is_in_the_file():
    marked = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")
    root = Path(settings.BASE_DIR)
    said = {
        one or other
        for file in (root / "templates" / "own").rglob("*.html")
        for one, other in marked.findall(file.read_text())
    }
    assert sorted(said - set(entries("es"))) == []
