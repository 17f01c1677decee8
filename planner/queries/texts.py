"""Reads for editing aftercare texts: the blocks with their grade, one block filled in with an example."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from planner.aftercare_texts import blocks_of
from planner.engine.aftercare.blocks import Blocks, placeholders
from planner.engine.aftercare.checks import CLINICAL, REQUIRED, block_faults
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


def text_versions() -> QuerySet[AftercareText]:
    """Every version of every language."""
    return AftercareText.objects.select_related("approved_by")


def block_lines(text: AftercareText) -> list[BlockLine]:
    """All blocks in the order of the sheet."""
    blocks = blocks_of(text)
    return [block_line(blocks, code, _text(blocks, code)) for code in REQUIRED]


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


def _text(blocks: Blocks, code: str) -> str:
    block = blocks.texts.get(code)
    return block.text if block else ""


def _grade(language: str, code: str, words: str) -> str:
    if code not in CLINICAL or language not in FORMULAS or not words.strip():
        return ""
    return measure((words,), language).words
