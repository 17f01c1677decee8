"""The papers of the test language: right to left, said to be a test, copied out in reading order."""

import io
import re
import unicodedata

import pypdf
import pytest

from planner.engine.aftercare.shipped import SHIPPED, ar
from planner.print import itinerary_paper, sheet_paper
from tests.planner.engine.aftercare.sessions import BREAST, RIGHT_CHEEK, itinerary, lines, sheet

NOTE = "Cool your right cheek tonight, 10 min."
ARABIC = re.compile("[\u0621-\u064a]{2,}")


def plain(text):
    """Letters as they are typed: no vowel marks, no isolates, no presentation forms."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in normal if unicodedata.category(letter) not in {"Mn", "Cf"})


def text_of(paper):
    return plain("\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.pdf)).pages))


@pytest.mark.parametrize(("make", "content"), [(sheet_paper, sheet), (itinerary_paper, itinerary)])
def test_arabic_papers_are_tagged_and_say_that_they_are_a_test(make, content):
    paper = make(content(language="ar"))

    assert (paper.accessible, paper.replaced) == (True, "")
    catalog = pypdf.PdfReader(io.BytesIO(paper.pdf)).trailer["/Root"]
    assert catalog["/Lang"] == "ar"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()
    assert "Test text, reviewed by nobody: not for patients" in text_of(paper)
    assert SHIPPED["ar"].notice == ar.NOTICE


def test_papers_in_other_languages_carry_no_notice():
    assert "Test text" not in text_of(sheet_paper(sheet(language="es")))


def test_every_arabic_word_can_be_copied_out():
    content = sheet(language="ar", areas=(BREAST, RIGHT_CHEEK), phototype=5, note=NOTE)
    wanted = {word for line in lines(content) for word in ARABIC.findall(plain(line.text))}

    printed = set(ARABIC.findall(text_of(sheet_paper(content))))

    assert len(wanted) > 100
    assert sorted(wanted - printed) == []


def test_numbers_and_names_keep_their_own_order():
    text = text_of(sheet_paper(sheet(language="ar", note=NOTE)))

    assert text.count("020 7946 0138") == 2
    for whole in (
        "Larkmoor Skin Clinic",
        "14 Fennel Row, Larkmoor LM2 4QT",
        NOTE,
        "LM-20418",
        "12:15",
        "2027",
    ):
        assert whole in " ".join(text.split())


def test_days_are_named_in_arabic_with_our_figures():
    content = sheet(language="ar")

    assert content.direction == "rtl"
    assert content.timeline.rows[0].when.replace("\u00a0", " ") == "الخميس 3 ديسمبر"
    assert (
        content.next_visit.heading.replace("\u00a0", " ")
        == "زيارتك القادمة: الخميس 7 يناير 2027، \u206816:30\u2069"
    )


def test_a_page_begins_on_the_right():
    """The title stands right of the clinic, the first column of the days right of the last."""
    places = {}

    def visit(text, cm, matrix, _font, _size):
        for word in ("Larkmoor", "Amara"):
            if word in text and word not in places:
                places[word] = cm[4] + matrix[4]

    page = pypdf.PdfReader(io.BytesIO(sheet_paper(sheet(language="ar")).pdf)).pages[0]
    page.extract_text(visitor_text=visit)

    assert places["Larkmoor"] < float(page.mediabox.width) / 2 < places["Amara"]


def test_arabic_texts_have_no_vowel_marks():
    """A mark above a letter is copied out of a PDF twice or out of order; everyday Arabic does without."""
    marked = [code for code, block in SHIPPED["ar"].texts.items() if plain(block.text) != block.text]
    assert marked == []
