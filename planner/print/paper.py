"""Content to PDF through Typst: tagged PDF/UA-1, our fonts only, equal input gives equal bytes."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typst

from planner.engine.aftercare.model import Itinerary, SheetContent
from planner.print.codes import Code
from planner.print.glyphs import FONTS, printable

PAPER_SIZES: Final = ("a4", "us-letter")
# Points: the default, the larger one, large print.
TEXT_SIZES: Final = (12, 14, 18)
_HERE: Final = Path(__file__).parent
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Paper:
    """A finished PDF; `accessible` is False if it could only be made without PDF/UA.

    `replaced` holds the characters no font of ours has; each was printed as its plain form or as a box.
    """

    pdf: bytes
    accessible: bool
    replaced: str


def sheet_pdf(
    content: SheetContent | dict[str, Any], *, paper: str = "a4", points: int = 12, code: Code | None = None
) -> bytes:
    """The aftercare sheet as PDF; `content` may be the frozen data of an old sheet."""
    return sheet_paper(content, paper=paper, points=points, code=code).pdf


def itinerary_pdf(
    itinerary: Itinerary | dict[str, Any], *, paper: str = "a4", points: int = 12, code: Code | None = None
) -> bytes:
    """The itinerary of a course as PDF."""
    return itinerary_paper(itinerary, paper=paper, points=points, code=code).pdf


def sheet_paper(
    content: SheetContent | dict[str, Any], *, paper: str = "a4", points: int = 12, code: Code | None = None
) -> Paper:
    """The aftercare sheet with what had to be changed to print it. Raises ValueError for an unknown size."""
    return _paper("sheet.typ", content, paper, points, code)


def itinerary_paper(
    itinerary: Itinerary | dict[str, Any], *, paper: str = "a4", points: int = 12, code: Code | None = None
) -> Paper:
    """The itinerary with what had to be changed to print it. Raises ValueError for an unknown size."""
    return _paper("itinerary.typ", itinerary, paper, points, code)


def _paper(
    template: str,
    content: SheetContent | Itinerary | dict[str, Any],
    paper: str,
    points: int,
    code: Code | None,
) -> Paper:
    if paper not in PAPER_SIZES or points not in TEXT_SIZES:
        raise ValueError(f"no such paper or text size: {paper}, {points} pt")
    data, replaced = printable(content if isinstance(content, dict) else content.as_data())
    if code is not None:
        data = {**data, "code": code.as_data()}
    inputs = {"data": json.dumps(data, ensure_ascii=False), "paper": paper, "points": str(points)}
    try:
        return Paper(_compile(template, inputs, ["ua-1"]), True, replaced)
    except typst.TypstError as error:
        # The patient still gets the sheet; whoever keeps the texts learns why it is not accessible.
        _log.warning("printed %s without PDF/UA: %s", template, error)
        return Paper(_compile(template, inputs, []), False, replaced)


def _compile(template: str, inputs: dict[str, str], standards: list[str]) -> bytes:
    # One call each, never a shared Compiler: that one is not safe in threads.
    return bytes(
        typst.compile(
            _HERE / template,
            root=_HERE,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=standards,
            timestamp=0,
        )
    )
