"""Aftercare texts between their table and the engine: one JSON value holds one language of one version."""

import datetime as dt
from typing import Any

from planner.engine.aftercare.blocks import Block, Blocks
from planner.engine.aftercare.checks import REQUIRED
from planner.engine.aftercare.shipped import SHIPPED
from planner.models import AftercareText

Row = dict[str, Any]


def blocks_to_row(blocks: Blocks) -> Row:
    """Write the texts of one language as JSON values; version and approval are columns of the table."""
    return {
        "name": blocks.name,
        "direction": blocks.direction,
        "weekdays": list(blocks.weekdays),
        "months": list(blocks.months),
        "reviewed_by_native_clinician": blocks.reviewed_by_native_clinician,
        "notice": blocks.notice,
        "texts": {code: {"text": block.text, "source": block.source} for code, block in blocks.texts.items()},
    }


def complete(draft: AftercareText, approved: AftercareText | None) -> int:
    """Give an unsaved or locked draft words for every block it lacks, marked as new, and count them.

    A draft begun before a block was added holds words to read, and never an empty one: those approved in this
    language, else the shipped ones.
    """
    shipped = SHIPPED.get(draft.language)
    sources = [approved.blocks] if approved else []
    sources += [blocks_to_row(shipped)] if shipped else []
    texts = dict(draft.blocks["texts"])
    filled = 0
    for code in REQUIRED:
        if texts.get(code, {}).get("text", "").strip():
            continue
        found = (source["texts"].get(code) for source in sources)
        if given := next((part for part in found if part and part["text"].strip()), None):
            texts[code] = {"text": given["text"], "source": given["source"], "new": True}
            filled += 1
    draft.blocks = draft.blocks | {"texts": texts}
    return filled


def blocks_of(text: AftercareText, approved_on: dt.date | None = None) -> Blocks:
    """Read a stored version; `approved_on` is the local date of its approval, where that is shown."""
    row = text.blocks
    return Blocks(
        language=text.language,
        name=row["name"],
        direction=row["direction"],
        version=text.number,
        weekdays=tuple(row["weekdays"]),
        months=tuple(row["months"]),
        texts={code: Block(code, part["text"], part["source"]) for code, part in row["texts"].items()},
        approved_by=text.approved_by.name if text.approved_by else "",
        approved_on=approved_on,
        reviewed_by_native_clinician=row["reviewed_by_native_clinician"],
        notice=row.get("notice", ""),
    )
