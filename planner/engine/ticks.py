"""Time as the bits of one integer: bit k stands for the k-th tick after `begin`.

A tick is 5 minutes when everything in the problem is a multiple of 5 minutes, else 1: nothing is rounded.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from planner.engine.model import Claimed, Span
from planner.engine.taken import Taken

CHUNK_BITS = 256  # spans are painted into small integers, which are then joined: a big one is slow to change
CHUNK_BYTES = CHUNK_BITS // 8


class Ticks:
    """The ticks of [begin, end), epoch minutes."""

    def __init__(self, begin: int, end: int, size: int) -> None:
        self.begin = begin
        self.size = size
        self.count = (end - begin) // size
        self.everything = (1 << self.count) - 1

    def index(self, minute: int) -> int:
        """The tick an epoch minute lies in."""
        return (minute - self.begin) // self.size

    def minute(self, index: int) -> int:
        """The epoch minute a tick begins at."""
        return self.begin + index * self.size

    def paint(self, spans: Iterable[Span]) -> int:
        """The mask of all ticks that lie in one of the spans."""
        return self.paint_each(("", begin, end) for begin, end in spans).get("", 0)

    def paint_each(self, rows: Iterable[Claimed]) -> dict[str, int]:
        """For every resource the mask of the ticks its rows claim."""
        if isinstance(rows, Taken):
            lines = {one: rows.line(one, self.begin, self.size) for one in rows.masks}
            return {one: line & self.everything for one, line in lines.items()}
        canvases: defaultdict[str, list[int]] = defaultdict(self._blank)
        for resource, begin, end in rows:
            self._paint_one(canvases[resource], self.index(begin), self.index(end))
        return {resource: _joined(chunks) for resource, chunks in canvases.items()}

    def _blank(self) -> list[int]:
        return [0] * (self.count // CHUNK_BITS + 1)

    def _paint_one(self, chunks: list[int], low: int, high: int) -> None:
        low, high = max(low, 0), min(high, self.count)
        while low < high:
            chunk = low // CHUNK_BITS
            until = min((chunk + 1) * CHUNK_BITS, high)
            chunks[chunk] |= ((1 << until - low) - 1) << (low % CHUNK_BITS)
            low = until


def _joined(chunks: list[int]) -> int:
    """One integer of all chunks."""
    return int.from_bytes(b"".join(chunk.to_bytes(CHUNK_BYTES, "little") for chunk in chunks), "little")


def tick_size(minutes: Iterable[int], rows: Iterable[Claimed]) -> int:
    """5 when all these minutes, and those of the rows, are multiples of 5, else 1."""
    if isinstance(rows, Taken):
        return 1 if rows.size == 1 or any(minute % 5 for minute in minutes) else 5
    moments = chain.from_iterable((begin, end) for _, begin, end in rows)
    return 1 if any(minute % 5 for minute in chain(minutes, moments)) else 5


def erode(mask: int, length: int) -> int:
    """Bit s is set where the bits s to s + length - 1 are all set. length may be 0."""
    if length == 0:
        return -1
    done = 1
    while done < length:
        step = min(done, length - done)
        mask &= mask >> step
        done += step
    return mask


def shift(mask: int, by: int) -> int:
    """Bit s of the result is bit s + by of the mask."""
    return mask >> by if by >= 0 else mask << -by


def free_from(mask: int, begin: int, end: int) -> int:
    """Bit s is set where the whole of [s + begin, s + end) is set in the mask, in ticks."""
    return shift(erode(mask, end - begin), begin)


class Sliced:
    """A mask from which parts are taken: by bytes, since shifting a long integer for every day is slow."""

    def __init__(self, mask: int, bits: int) -> None:
        mask &= (1 << bits) - 1
        self._bytes = mask.to_bytes(bits // 8 + 1, "little")

    def part(self, low: int, high: int) -> int:
        """The bits from low up to at least high, moved down so that low is bit 0."""
        return int.from_bytes(self._bytes[low >> 3 : (high >> 3) + 1], "little") >> (low & 7)


def union(masks: Sequence[int]) -> int:
    """All bits set in one of the masks."""
    found = 0
    for mask in masks:
        found |= mask
    return found
