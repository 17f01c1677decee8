"""Reads for editing aftercare texts: the blocks with their grade, one block filled in with an example."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from planner.aftercare_texts import blocks_of
from planner.engine.aftercare.blocks import Block, Blocks, placeholders
from planner.engine.aftercare.checks import CLINICAL, REQUIRED, block_faults
from planner.engine.aftercare.examples import EXAMPLES as EXAMPLE_VISITS
from planner.engine.aftercare.examples import example_sheet, example_with, lines_of
from planner.engine.aftercare.model import SheetContent
from planner.engine.aftercare.problems import CODES
from planner.engine.aftercare.reading import FORMULAS, measure
from planner.models import AftercareText
from planner.texts_words import EXAMPLES, in_words


@dataclass(frozen=True)
class BlockLine:
    """One block of a version: its grade in words, and what is wrong with it."""

    code: str
    text: str
    source: str
    grade: str
    problems: tuple[str, ...]
    is_new: bool = False


def text_versions() -> QuerySet[AftercareText]:
    """Every version of every language."""
    return AftercareText.objects.select_related("approved_by")


def block_lines(text: AftercareText) -> list[BlockLine]:
    """All blocks in the order of the sheet."""
    blocks, new = blocks_of(text), new_codes(text)
    lines = (block_line(blocks, code, _text(blocks, code)) for code in REQUIRED)
    return [replace(line, is_new=line.code in new) for line in lines]


def new_codes(text: AftercareText) -> frozenset[str]:
    """The blocks that were added since the draft was begun and nobody has written yet."""
    return frozenset(code for code, part in text.blocks["texts"].items() if part.get("new"))


def block_line(blocks: Blocks, code: str, words: str) -> BlockLine:
    """One block as it would be with these words."""
    found = blocks.texts.get(code)
    problems = tuple(in_words(fault) for fault in block_faults(blocks, code, words))
    return BlockLine(
        code, words, found.source if found else "", _grade(blocks.language, code, words), problems
    )


def whole_grade(text: AftercareText) -> str:
    """The grade of all sentences for patients together."""
    blocks = blocks_of(text)
    lines: Sequence[str] = [_text(blocks, code) for code in REQUIRED if code in CLINICAL]
    return measure(lines, text.language).words if text.language in FORMULAS else ""


def example_of(words: str) -> str:
    """The text with its places filled with examples; as typed where a place is wrong."""
    try:
        return words.format(**{name: EXAMPLES.get(name, "…") for name in placeholders(words)})
    except (ValueError, KeyError, IndexError):
        return words


@dataclass(frozen=True)
class ExampleSheet:
    """A whole sheet of an invented visit; `content` is None where these texts cannot make one.

    `elsewhere` says where a block is read that no sheet prints.
    """

    visit: str
    content: SheetContent | None
    grade: str
    elsewhere: str


def sheet_with(blocks: Blocks, code: str, words: str) -> ExampleSheet:
    """The first example that prints the block, with these words in it."""
    changed = with_words(blocks, code, words)
    shown = example_with(changed, code)
    elsewhere = "" if shown else where_used(code)
    return whole_sheet(changed, shown or next(iter(EXAMPLE_VISITS)), elsewhere)


def whole_sheet(blocks: Blocks, visit: str, elsewhere: str = "") -> ExampleSheet:
    """One example in these texts, with the grade of everything it says."""
    content = example_sheet(blocks, visit)
    lines = [line.text for line in lines_of(content)] if content else []
    measured = bool(lines) and blocks.language in FORMULAS
    return ExampleSheet(visit, content, measure(lines, blocks.language).words if measured else "", elsewhere)


def with_words(blocks: Blocks, code: str, words: str) -> Blocks:
    """These texts with other words in one block."""
    found = blocks.texts.get(code)
    block = Block(code, words, found.source if found else "")
    return replace(blocks, texts={**blocks.texts, code: block})


def where_used(code: str) -> str:
    """Where a block stands that is no sentence of the sheet."""
    if code in CODES:
        return "Patients read this on their own page when they report a problem."
    if code.startswith(("plan.", "before.", "tell.", "change.")):
        return "Patients read this on the itinerary and on their own page."
    return "This is a heading, a date or a length."


def _text(blocks: Blocks, code: str) -> str:
    block = blocks.texts.get(code)
    return block.text if block else ""


def _grade(language: str, code: str, words: str) -> str:
    if code not in CLINICAL or language not in FORMULAS or not words.strip():
        return ""
    return measure((words,), language).words
