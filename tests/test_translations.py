"""The Spanish of the patients' pages: nothing left out, nothing stale, compiled from its text."""

import gettext
import re
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "clinic" / "locale" / "es" / "LC_MESSAGES"
ENTRY = re.compile(r'^msgid "(.+)"\nmsgstr "(.*)"$', re.M)
NAMES = re.compile(r"%\(\w+\)s")


def entries():
    """English → Spanish of every entry of one line."""
    text = (FOLDER / "django.po").read_text()
    return {plain(english): plain(spanish) for english, spanish in ENTRY.findall(text)}


def plain(text):
    return text.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


def test_every_text_has_its_spanish():
    assert [english for english, spanish in entries().items() if not spanish] == []
    assert len(entries()) > 30


def test_the_spanish_names_what_the_english_names():
    wrong = [
        english for english, spanish in entries().items() if NAMES.findall(english) != NAMES.findall(spanish)
    ]
    assert wrong == []


def test_the_compiled_file_is_that_of_the_text():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {english: compiled.gettext(english) for english in entries()} == entries()


def test_every_text_of_the_own_pages_is_in_the_file():
    marked = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")
    root = Path(settings.BASE_DIR)
    said = {
        one or other
        for file in (root / "templates" / "own").rglob("*.html")
        for one, other in marked.findall(file.read_text())
    }
    assert sorted(said - set(entries())) == []
