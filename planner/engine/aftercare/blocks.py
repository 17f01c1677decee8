"""The clinic's aftercare texts in one language, and what is wrong with them before they may be approved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter


@dataclass(frozen=True)
class Block:
    """One text with named {placeholders}; `source` names its row in the clinical facts, "" for a label."""

    code: str
    text: str
    source: str


@dataclass(frozen=True)
class Blocks:
    """One version of all texts of one language; `approved_by` is "" while the version is a draft.

    `notice` is printed on everything made from these texts: a test language says there that it is one.
    """

    language: str
    name: str
    direction: str
    version: int
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    texts: Mapping[str, Block]
    approved_by: str = ""
    approved_on: date | None = None
    reviewed_by_native_clinician: bool = False
    notice: str = ""


@dataclass(frozen=True)
class MissingBlocks:
    """A "no": the language cannot be chosen because these blocks are absent."""

    language: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class OtherText:
    """A "no": the facts ask for another language or version than the texts given."""

    asked: tuple[str, int]
    given: tuple[str, int]


def placeholders(text: str) -> frozenset[str]:
    """The names in braces of a text; a format beside a name counts as part of it, so it is unknown."""
    return frozenset(
        name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, name, spec, conversion in Formatter().parse(text)
        if name is not None
    )
