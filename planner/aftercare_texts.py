"""Aftercare texts between their table and the engine: one JSON value holds one language of one version."""

import datetime as dt
from typing import Any

from planner.engine.aftercare.blocks import Block, Blocks
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
