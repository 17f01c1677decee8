"""What stands in the way of approving texts: absent blocks, wrong places, claims, hard reading."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from planner.engine.aftercare.blocks import Block, Blocks, MissingBlocks, placeholders
from planner.engine.aftercare.claims import claims_in
from planner.engine.aftercare.reading import FORMULAS, measure
from planner.engine.aftercare.shipped import en

_PAPERS: Final = (*en.LABELS, *en.SHEET, *en.ITINERARY)
_ROWS: Final = (*_PAPERS, *en.PROBLEMS)
# The English rows say which blocks there must be and which places each may fill.
REQUIRED: Final = {code: placeholders(text) for code, text, _ in _ROWS}
# What a sheet and an itinerary need; the own page answers a problem with the shipped words if it must.
ON_PAPER: Final = tuple(code for code, _, _ in _PAPERS)
# Blocks that are sentences for the patient rest on a clinical row; the others are labels.
CLINICAL: Final = frozenset(code for code, _, source in _ROWS if source)


class Fault(StrEnum):
    """What is wrong with one block."""

    MISSING = "missing"
    MALFORMED = "malformed"
    UNKNOWN_PLACE = "unknown place"
    LOST_PLACE = "lost place"
    CLAIM = "claim"
    HARD_TO_READ = "hard to read"


@dataclass(frozen=True)
class BlockFault:
    """One fault; `detail` names the place, the claim or the reading score."""

    code: str
    fault: Fault
    detail: str


@dataclass(frozen=True)
class UnfitBlocks:
    """A "no": these blocks of a language cannot be filled in."""

    language: str
    faults: tuple[BlockFault, ...]


def missing(blocks: Blocks) -> MissingBlocks | None:
    """The blocks a language lacks, or None if a sheet and an itinerary can be made in it."""
    absent = tuple(code for code in ON_PAPER if not _has(blocks, code))
    return MissingBlocks(blocks.language, absent) if absent else None


def unfit(blocks: Blocks) -> MissingBlocks | UnfitBlocks | None:
    """Why no sheet can be made from these texts, or None."""
    if absent := missing(blocks):
        return absent
    found = tuple(fault for code in ON_PAPER for fault in _places(blocks.texts[code]))
    return UnfitBlocks(blocks.language, found) if found else None


def _has(blocks: Blocks, code: str) -> bool:
    block = blocks.texts.get(code)
    return block is not None and bool(block.text.strip())


def faults(blocks: Blocks) -> tuple[BlockFault, ...]:
    """Everything to mend before these texts may be approved, in the order of the blocks; () if they may."""
    found: list[BlockFault] = []
    for code in REQUIRED:
        if _has(blocks, code):
            found += _faults_of(blocks.texts[code], blocks.language)
        else:
            found.append(BlockFault(code, Fault.MISSING, ""))
    return tuple(found)


def block_faults(blocks: Blocks, code: str, words: str) -> tuple[BlockFault, ...]:
    """What would be wrong with one block if it said this; () if nothing. The block must be a required one."""
    if not words.strip():
        return (BlockFault(code, Fault.MISSING, ""),)
    return tuple(_faults_of(Block(code, words, ""), blocks.language))


def _places(block: Block) -> list[BlockFault]:
    """The faults that keep a text from being filled in."""
    try:
        used = placeholders(block.text)
    except ValueError as error:
        return [BlockFault(block.code, Fault.MALFORMED, str(error))]
    wanted = REQUIRED[block.code]
    unknown = [BlockFault(block.code, Fault.UNKNOWN_PLACE, name) for name in sorted(used - wanted)]
    return unknown + [BlockFault(block.code, Fault.LOST_PLACE, name) for name in sorted(wanted - used)]


def _faults_of(block: Block, language: str) -> list[BlockFault]:
    found = _places(block)
    if any(fault.fault is Fault.MALFORMED for fault in found):
        return found
    found += [BlockFault(block.code, Fault.CLAIM, claim) for claim in claims_in(block.text, language)]
    if block.code in CLINICAL and language in FORMULAS:
        reading = measure((block.text,), language)
        if not reading.easy:
            found.append(BlockFault(block.code, Fault.HARD_TO_READ, reading.words))
    return found
