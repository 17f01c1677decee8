"""The printed sheet says what the content says, to everybody, on one page, the same each time."""

import hashlib
import io
import json
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pypdf
import pytest

from clinic.shipped.areas import AREAS
from planner.engine.aftercare.model import RegionGroup, SheetContent, TreatedArea
from planner.print import sheet_paper, sheet_pdf
from planner.print.codes import draw_code
from tests.planner.engine.aftercare.sessions import (
    ABDOMEN,
    BACK,
    BREAST,
    LEFT_CHEEK,
    RIGHT_CHEEK,
    THIGHS,
    lines,
    sheet,
)

NOTE = "your right cheek is a little more swollen. Hold a cool, clean cloth on it for 10 min, twice tonight."


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def bare(text: str) -> str:
    """A text without any spacing: PDF keeps places, not spaces."""
    return "".join(text.split())


def text_of(pdf: bytes) -> str:
    return bare("".join(page.extract_text() for page in reader(pdf).pages))


def printed_words(content: SheetContent) -> list[str]:
    """Everything a sheet has to say."""
    header, timeline, warning = content.header, content.timeline, content.warning
    rows = [word for row in timeline.rows for word in (row.when, row.detail)]
    headings = [content.do.heading, content.do_not.heading, warning.heading, content.next_visit.heading]
    clinic = [header.clinic.name, *header.clinic.address_lines, header.clinic.phone, header.clinic.hours]
    note = [content.note.label, content.note.text] if content.note else []
    return [
        *(header.title, header.patient, header.visit, header.finished, header.treated, header.used),
        *clinic,
        *(timeline.when, timeline.normal, timeline.todo),
        *rows,
        *headings,
        *(line.text for line in lines(content)),
        *note,
        content.footer.text,
        content.footer.reference,
    ]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("points", [12, 18])
def test_sheet_prints_every_sentence_and_date(language, points):
    content = sheet(language=language, note=NOTE, phototype=5, areas=(BREAST, RIGHT_CHEEK))

    text = text_of(sheet_pdf(content, points=points))

    # In large print the days stand above the columns, without the head of their own.
    unsaid = [words for words in printed_words(content) if bare(words) not in text]
    assert unsaid == ([content.timeline.when] if points == 18 else [])


def test_sheet_is_tagged_titled_and_has_a_language():
    pdf = reader(sheet_pdf(sheet(language="es")))

    catalog = pdf.trailer["/Root"]
    assert catalog["/Lang"] == "es"
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert pdf.metadata.title == "Su piel tras la sesión, Amara Osei"
    assert pdf.metadata.creation_date is None
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()
    assert {"/H1", "/H2", "/Table", "/TH", "/L"} <= tags(catalog["/StructTreeRoot"])


def tags(node) -> set[str]:
    """All tag names under a node of the structure tree."""
    found = {str(node["/S"])} if "/S" in node else set()
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object()
        if isinstance(child, dict):
            found |= tags(child)
    return found


BODY = (ABDOMEN, THIGHS)
EVERY_AREA = tuple(TreatedArea(area.code, area.name, RegionGroup(area.region)) for area in AREAS)
REGIONS = ((RIGHT_CHEEK, LEFT_CHEEK), BODY, (BREAST,), (BACK,), (RIGHT_CHEEK, BREAST))


def pages(paper="a4", points=12, **facts):
    """How many pages a sheet with a code takes."""
    words = "Scan the code: your visits and today’s advice on your phone. It asks for your birth date."
    code = draw_code(f"https://clinic.example.com/my/open/{'a' * 43}/", alt="Code", words=words)
    return len(reader(sheet_pdf(sheet(**facts), paper=paper, points=points, code=code)).pages)


@pytest.mark.parametrize("areas", REGIONS, ids=lambda areas: "+".join(area.code for area in areas))
def test_the_fullest_english_sheet_is_one_page_on_both_papers(areas):
    facts = {"areas": areas, "phototype": 5, "max_depth_mm": 2.5}

    assert [pages(note=NOTE, **facts), pages("us-letter", **facts)] == [1, 1]


@pytest.mark.sweep
@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize("areas", REGIONS, ids=lambda areas: "+".join(area.code for area in areas))
def test_a_spanish_sheet_is_one_page_on_both_papers(areas, paper):
    usual = {"areas": areas, "language": "es"}
    fullest = usual | {"phototype": 5, "max_depth_mm": 2.5}

    assert [pages(paper, **usual), pages(paper, **fullest)] == [1, 1]
    # With a note of two lines as well; Letter is 18 mm shorter than A4.
    if len({area.group for area in areas}) == 1:
        assert [pages(note=NOTE, **fullest), pages(paper, note=NOTE, **usual)] == [1, 1]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("areas", REGIONS, ids=lambda areas: "+".join(area.code for area in areas))
@pytest.mark.parametrize("depth", [0.5, 1.5, 2.5])
def test_no_usual_sheet_needs_a_second_page_of_a4(language, areas, depth):
    for phototype, note, last in product((2, None), ("", NOTE), (False, True)):
        facts = {"phototype": phototype, "note": note, "is_last": last, "max_depth_mm": depth}
        if last:
            facts["next_visit"] = None
        if areas != REGIONS[-1] or not note:  # face and body together with a note may take a second one
            assert pages(language=language, areas=areas, **facts) == 1, facts


@pytest.mark.sweep
@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_the_longest_sheet_takes_two_pages(language, paper):
    """All areas at once, the longest names and note that the record takes; large print takes three."""
    names = {"patient": "Maximiliana Wilhelmina Featherstonehaugh-Cholmondeley", "practitioner": "N" * 60}
    facts = {"areas": EVERY_AREA, "phototype": 6, "max_depth_mm": 2.5, "note": (NOTE * 2)[:200], **names}

    assert [pages(paper, points, language=language, **facts) for points in (12, 18)] == [2, 3]


def test_a_usual_sheet_in_large_print_is_two_pages():
    assert [pages(points=points) for points in (12, 14, 18)] == [1, 2, 2]


def test_paper_sizes_are_a4_and_letter():
    def size(paper):
        return [float(side) for side in reader(sheet_pdf(sheet(), paper=paper)).pages[0].mediabox[2:]]

    assert size("a4") == pytest.approx([595.28, 841.89], abs=0.01)
    assert size("us-letter") == [612.0, 792.0]


@pytest.mark.parametrize(("language", "points", "most"), [("es", 12, 2), ("en", 14, 2), ("es", 18, 3)])
def test_longer_sheets_keep_their_boxes_whole(language, points, most):
    areas = EVERY_AREA if points == 12 else (BREAST, ABDOMEN)
    content = sheet(language=language, note=NOTE, areas=areas, phototype=5)

    pages = [bare(page.extract_text()) for page in reader(sheet_pdf(content, points=points)).pages]

    assert 1 < len(pages) <= most
    warning, following = content.warning, content.next_visit
    for first, last in (
        (warning.heading, warning.emergency[-1].text),
        (following.heading, following.items[-1].text),
    ):
        assert [bare(first) in page for page in pages] == [bare(last) in page for page in pages]


def test_text_is_set_in_the_asked_size():
    sizes = set()

    def visit(text, _cm, matrix, _font, size):
        if "Touch it with clean hands" in text:
            sizes.add(round(abs(matrix[3]) * size if matrix[3] not in (1, -1) else size, 1))

    reader(sheet_pdf(sheet(), points=12)).pages[0].extract_text(visitor_text=visit)

    assert sizes == {12.0}


def test_unknown_characters_do_not_stop_a_sheet():
    paper = sheet_paper(sheet(patient="Ana 🌸 López 李", note="Tab\tand\u200b control\x07"))

    assert (paper.accessible, paper.replaced) == (True, "🌸李\u200b\x07")
    assert bare("Ana □ López □") in text_of(paper.pdf)
    assert bare("Tab and control") in text_of(paper.pdf)


def test_names_of_many_alphabets_are_printed_as_they_are():
    name = "Zoë Ångström-Nguyễn Łukasz Ðorđe Юлия Ελένη"

    paper = sheet_paper(sheet(patient=name))

    assert (paper.accessible, paper.replaced) == (True, "")
    assert bare(name) in text_of(paper.pdf)


def test_decomposed_accents_are_printed_composed():
    assert bare("López") in text_of(sheet_pdf(sheet(patient="Lo\u0301pez")))


def test_note_is_text_and_never_a_command():
    note = 'see #read("/etc/passwd") *bold* $x$ <b>tag</b> {moment}'

    assert bare(note) in text_of(sheet_pdf(sheet(note=note)))


def test_equal_content_gives_equal_bytes_in_another_process():
    content = sheet(note=NOTE)
    again = (
        "import sys, json, hashlib\n"
        "from planner.print import sheet_pdf\n"
        "print(hashlib.sha256(sheet_pdf(json.load(sys.stdin))).hexdigest())"
    )

    there = subprocess.run(
        [sys.executable, "-c", again],
        input=json.dumps(content.as_data()),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

    assert there == hashlib.sha256(sheet_pdf(content)).hexdigest()


@pytest.mark.sweep
@pytest.mark.parametrize("number", [40, pytest.param(500, marks=pytest.mark.slow)])
def test_sheets_made_at_once_hold_only_their_own_patient(number):
    names = [f"Patient{chr(65 + n // 26)}{chr(97 + n % 26)}" for n in range(number)]
    papers: dict[str, bytes] = {}

    def work(mine: list[str]) -> None:
        for name in mine:
            papers[name] = sheet_pdf(
                sheet(patient=name, needling_ended_at=datetime(2026, 12, 3, 12, 15, tzinfo=UTC))
            )

    threads = [threading.Thread(target=work, args=(names[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    texts = {name: text_of(pdf) for name, pdf in papers.items()}
    found = {name: [other for other in names if other in text] for name, text in texts.items()}
    assert found == {name: [name] for name in names}


def test_unknown_sizes_are_refused():
    with pytest.raises(ValueError, match="a5, 12 pt"):
        sheet_pdf(sheet(), paper="a5")
    with pytest.raises(ValueError, match="a4, 11 pt"):
        sheet_pdf(sheet(), points=11)


def test_sheet_without_note_products_or_remark_prints():
    content = sheet(note="", anaesthetic=None, products=(), next_visit=None)

    assert sheet_paper(replace(content, note=None)).accessible
