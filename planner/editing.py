"""One visit of a preview taken elsewhere: the free places between its neighbours."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from clinic.refusals import Refusal
from planner.models import Appointment
from planner.nearest import Around, Option, free_around
from planner.planning import Slot
from planner.previews import Kind, Line, Move, Preview, with_moves
from planner.replanning import Item

SHOWN = 8


def options_for(
    preview: Preview, number: int, *, earliest_on: dt.date, at: dt.datetime
) -> tuple[Option, ...]:
    """Other free places for one moved visit of a preview, the others staying where the preview has them.

    Raises Refusal when the visit does not move in this preview.
    """
    move = _move(preview, number)
    held = [line for line in preview.lines if line.after is not None]
    place = next(index for index, line in enumerate(held) if line.number == number)
    rows = {line.row.pk: line.row for line in preview.lines if line.row is not None}
    around = Around(
        _as_placed(held[place - 1]) if place else None,
        _as_placed(held[place + 1]) if place + 1 < len(held) else None,
        tuple(rows[one.appointment_id] for one in preview.moves if one.appointment_id)
        + ((preview.wanted.row,) if preview.wanted.frees_the_visit else ()),
    )
    row = rows.get(move.appointment_id) if move.appointment_id else None
    item = Item(number, row)
    return free_around(preview.course, item, move.slot, around, earliest_on=earliest_on, at=at, limit=SHOWN)


def taken(preview: Preview, number: int, slot: Slot, at: dt.datetime) -> Preview:
    """The same preview with another place for one of its moved visits."""
    move = _move(preview, number)
    moves: Sequence[Move] = [replace(one, slot=slot) if one is move else one for one in preview.moves]
    wanted = preview.wanted
    if wanted.kind == Kind.MOVED and wanted.row is not None and wanted.row.number == number:
        wanted = replace(wanted, start=slot.start, practitioner_id=slot.practitioner_id, room_id=slot.room_id)
    return with_moves(preview.course, wanted, moves, at)


def _move(preview: Preview, number: int) -> Move:
    found = next((one for one in preview.moves if one.number == number), None)
    if found is None:
        raise Refusal("not_moving", f"Visit {number} does not move here.", "Pick one of the visits that do.")
    return found


def _as_placed(line: Line) -> Appointment:
    """A neighbour as it will be: its row, or one without a date yet, at the place of the preview."""
    shortest = line.row.gap_days if line.row is not None else None
    return Appointment(
        number=line.number,
        on=line.on_after,
        start=line.after.start,
        practitioner_id=line.after.practitioner_id,
        room_id=line.after.room_id,
        gap_days=shortest,
    )
