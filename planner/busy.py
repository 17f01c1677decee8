"""What is booked, as the planner reads it: masks to plan with, rows to judge a booking by."""

# ruff: noqa: S608 - the statements are put together from the constants of this file only

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.db import connection

from planner.engine.model import Claimed, epoch_minute
from planner.engine.taken import Taken, finer
from planner.models.busy import CHUNK_MINUTES, LIVE, ROLES, minute

AROUND = dt.timedelta(days=1)  # nothing in the diary is longer
OURS = (
    "(role = 'p' AND resource = ANY(%(practitioners)s) OR role = 'r' AND resource = ANY(%(rooms)s)"
    " OR role = 'd' AND resource = ANY(%(devices)s))"
)


ANY_OF_OURS = (
    "(practitioner_id = ANY(%(practitioners)s) OR room_id = ANY(%(rooms)s) OR device_id = ANY(%(devices)s))"
)


def _rows(sign: str, source: str, where: str) -> str:
    values = ", ".join(f"('{role}', {who}, {begin}, {end})" for role, who, begin, end in ROLES)
    return f"""
        SELECT '{sign}' || role || resource, {minute("begins")}, {minute("ends", 59)}, NULL::bytea
        FROM {source}, LATERAL (VALUES {values}) AS claim (role, resource, begins, ends)
        WHERE {where} AND {ANY_OF_OURS} AND {OURS}"""


LIVE_VISIT = "status = ANY(%(live)s)"
# Slots held for a patient who is being asked count as taken until their time is over.
HOLD = "state = 'held' AND held_until > %(now)s"
REACH = "start < %(until)s AND start > %(since)s::timestamptz - interval '1 day'"
NEAR = "unnest(%(near)s::timestamptz[]) AS at JOIN {} ON start BETWEEN at - %(around)s AND at + %(around)s"
MASKS_SQL = f"""
    SELECT role || resource, chunk, tick::int, taken FROM planner_busychunk
    WHERE {OURS} AND chunk BETWEEN %(first)s AND %(last)s
    UNION ALL {_rows("+", "planner_slotoffer", f"{HOLD} AND {REACH}")}
"""
LEFT_OUT_SQL = f"UNION ALL {_rows('-', 'planner_appointment', f'id = ANY(%(without)s) AND {LIVE_VISIT}')}"
ROWS_SQL = f"""
    {_rows("", NEAR.format("planner_appointment"), f"{LIVE_VISIT} AND NOT id = ANY(%(without)s)")}
    UNION ALL {_rows("", NEAR.format("planner_slotoffer"), HOLD)}
"""


def read_taken(
    people: Collection[int],
    places: Collection[int],
    tools: Collection[int],
    since: dt.datetime,
    until: dt.datetime,
    without: Iterable[int] = (),
    now: dt.datetime | None = None,
) -> Taken:
    """When these practitioners, rooms and devices (keys) are taken between two instants; one query.

    It comes from the busy time kept beside the rows. Claims of the appointments `without` are left out, slots
    held at the instant `now` count as claims.
    """
    begin, end = epoch_minute(since), epoch_minute(until)
    first, last = begin // CHUNK_MINUTES, (end - 1) // CHUNK_MINUTES
    reach = {"since": since, "until": until, "first": first, "last": last}
    asked = _asked(people, places, tools, without, now)
    with connection.cursor() as cursor:
        cursor.execute(MASKS_SQL + LEFT_OUT_SQL if asked["without"] else MASKS_SQL, asked | reach)
        found = cursor.fetchall()
    chunks = [row for row in found if row[3] is not None]
    spans = [(name, begins, ends) for name, begins, ends, taken in found if taken is None]
    taken = _joined(chunks, first, last)
    taken = taken.without((name[1:], begins, ends) for name, begins, ends in spans if name[0] == "-")
    taken = taken.with_rows((name[1:], begins, ends) for name, begins, ends in spans if name[0] == "+")
    return taken.between(begin, end)


def _joined(chunks: Sequence[tuple[str, int, int, memoryview]], first: int, last: int) -> Taken:
    """Chunks put together to one mask a resource, in the finest tick that one of them needs."""
    size = min((tick for _, _, tick, _ in chunks), default=5)
    blank = bytes(CHUNK_MINUTES // size // 8)
    parts: dict[str, list[bytes | memoryview]] = {}
    for name, chunk, tick, taken in chunks:
        if name not in parts:
            parts[name] = [blank] * (last - first + 1)
        parts[name][last - chunk] = taken if tick == size else _finer(taken, len(blank))
    masks = {name: int.from_bytes(b"".join(found), "big") for name, found in parts.items()}
    return Taken(first * CHUNK_MINUTES, size, masks)


def _finer(taken: memoryview, length: int) -> bytes:
    return finer(int.from_bytes(taken, "big")).to_bytes(length, "big")


def read_claims(
    people: Collection[int],
    places: Collection[int],
    tools: Collection[int],
    near: Sequence[dt.datetime],
    without: Iterable[int] = (),
    now: dt.datetime | None = None,
) -> list[Claimed]:
    """The rows themselves that may touch a visit at one of these instants, to judge it by; one query."""
    asked = {"near": list(near), "around": AROUND}
    with connection.cursor() as cursor:
        cursor.execute(ROWS_SQL, _asked(people, places, tools, without, now) | asked)
        return [row[:3] for row in cursor.fetchall()]


def _asked(people, places, tools, without, now) -> dict:
    return {
        "live": list(LIVE),
        "without": list(without),
        "now": now,
        "practitioners": list(people),
        "rooms": list(places),
        "devices": list(tools),
    }
