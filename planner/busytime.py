"""Whether the busy time kept beside the appointments is what the appointments say, and how to mend it."""

# ruff: noqa: S608 - the statements are put together from the constants of the models

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from django.db import connection

from planner.models import BusyChunk
from planner.models.busy import CHUNK_MINUTES, claims_in

Span = tuple[int, int]
Chunk = tuple[str, int, int]  # the same, number of the chunk

ROWS_SQL = claims_in("planner_appointment") + " ORDER BY role, resource, begins"
MEND_SQL = "SELECT planner_keep_busy(%s::text[], %s::bigint[], %s::int[])"


def faulty_chunks() -> list[Chunk]:
    """Chunks that say something else than the live appointments, in order.

    It compares stretches of minutes, worked out here from the rows and there from the bits.
    """
    said, real = _said(), _real()
    return sorted(chunk for chunk in said.keys() | real.keys() if said.get(chunk, []) != real.get(chunk, []))


def mend(chunks: Iterable[Chunk]) -> None:
    """Work these chunks out anew from the appointments."""
    columns = [list(column) for column in zip(*chunks, strict=True)]
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(MEND_SQL, columns)


def _said() -> dict[Chunk, list[Span]]:
    """What the chunks say."""
    found = {}
    for one in BusyChunk.objects.iterator():
        bits = "".join(f"{byte:08b}" for byte in bytes(one.taken))[::-1]
        whole = len(bits) * one.tick == CHUNK_MINUTES
        spans = list(_runs(bits, one.chunk * CHUNK_MINUTES, one.tick)) if whole else [(0, 0)]
        found[one.role, one.resource, one.chunk] = spans
    return found


def _runs(bits: str, at: int, tick: int) -> Iterable[Span]:
    for bit, run in groupby(bits):
        until = at + len(list(run)) * tick
        if bit == "1":
            yield at, until
        at = until


def _real() -> dict[Chunk, list[Span]]:
    """What the appointments say."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS_SQL)
        rows = cursor.fetchall()
    found: dict[Chunk, list[Span]] = {}
    for (role, resource), claims in groupby(rows, itemgetter(0, 1)):
        for _, _, begins, ends in claims:
            for chunk in range(begins // CHUNK_MINUTES, (ends - 1) // CHUNK_MINUTES + 1):
                first = chunk * CHUNK_MINUTES
                span = (max(begins, first), min(ends, first + CHUNK_MINUTES))
                _add(found.setdefault((role, resource, chunk), []), span)
    return found


def _add(spans: list[Span], span: Span) -> None:
    """Add a span that begins no sooner than those before; what touches or overlaps becomes one."""
    if spans and span[0] <= spans[-1][1]:
        spans[-1] = (spans[-1][0], max(spans[-1][1], span[1]))
    else:
        spans.append(span)
