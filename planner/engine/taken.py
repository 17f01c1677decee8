"""Busy time as one integer of bits per resource: what the diary keeps, read without a row for each claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

from planner.engine.model import Claimed

_RUN = re.compile("1+")
# one byte of 5-minute ticks as five bytes of minutes, both with the first tick as the lowest bit
_FINER = tuple(
    sum(0b11111 << 5 * bit for bit in range(8) if byte >> bit & 1).to_bytes(5, "little")
    for byte in range(256)
)


def finer(mask: int) -> int:
    """Ticks of 5 minutes as ticks of one."""
    coarse = mask.to_bytes(-(-mask.bit_length() // 8), "little")
    return int.from_bytes(b"".join(map(_FINER.__getitem__, coarse)), "little")


class Taken(Sequence[Claimed]):
    """When each resource is taken: bit k stands for the `size` minutes from `begin` + k * `size` on.

    As a sequence it gives rows (resource id, from, to), claims that touch as one.
    """

    def __init__(self, begin: int, size: int, masks: Mapping[str, int]) -> None:
        """`size` is 5 or 1 and divides `begin`, an epoch minute."""
        self.begin = begin
        self.size = size
        self.masks = masks

    def line(self, resource: str, begin: int, size: int) -> int:
        """The mask of one resource from `begin` on, in ticks of `size`, which divides that of the masks."""
        mask, at = self.masks.get(resource, 0), self.begin
        if size < self.size:
            mask = finer(mask)
        ticks = (begin - at) // size
        return mask >> ticks if ticks >= 0 else mask << -ticks

    def with_rows(self, rows: Iterable[Claimed]) -> Taken:
        """The same with further claims."""
        return self._changed(rows, lambda mask, stroke: mask | stroke)

    def without(self, rows: Iterable[Claimed]) -> Taken:
        """The same without claims, none of which overlaps another of its resource."""
        return self._changed(rows, lambda mask, stroke: mask & ~stroke)

    def between(self, begin: int, end: int) -> Taken:
        """Only the ticks that reach into [begin, end), epoch minutes."""
        low, high = (begin - self.begin) // self.size, -((self.begin - end) // self.size)
        if low < 0 or high < low:
            raise ValueError("the masks do not reach that far")
        cut = (1 << high - low) - 1
        masks = {one: mask >> low & cut for one, mask in self.masks.items()}
        return Taken(self.begin + low * self.size, self.size, {one: m for one, m in masks.items() if m})

    @cached_property
    def rows(self) -> tuple[Claimed, ...]:
        """Every stretch taken, resource by resource, in order of time."""
        return tuple(row for resource, mask in self.masks.items() for row in self._runs(resource, mask))

    def _runs(self, resource: str, mask: int) -> Iterator[Claimed]:
        for run in _RUN.finditer(f"{mask:b}"[::-1]):
            yield resource, self.begin + run.start() * self.size, self.begin + run.end() * self.size

    def _changed(self, rows: Iterable[Claimed], change: Callable[[int, int], int]) -> Taken:
        rows, masks, size = list(rows), dict(self.masks), self.size
        if any((minute - self.begin) % size for row in rows for minute in row[1:]):
            masks, size = {one: finer(mask) for one, mask in masks.items()}, 1
        for resource, begin, end in rows:
            low, high = (max(minute - self.begin, 0) // size for minute in (begin, end))
            masks[resource] = change(masks.get(resource, 0), (1 << high) - (1 << low))
        return Taken(self.begin, size, masks)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Claimed]:
        return iter(self.rows)

    @overload
    def __getitem__(self, index: int) -> Claimed: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Claimed]: ...
    def __getitem__(self, index: int | slice) -> Claimed | Sequence[Claimed]:
        return self.rows[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def with_claims(busy: Sequence[Claimed], rows: Iterable[Claimed]) -> Sequence[Claimed]:
    """The busy time of a diary with further claims."""
    return busy.with_rows(rows) if isinstance(busy, Taken) else [*busy, *rows]


def without_claims(busy: Sequence[Claimed], rows: Iterable[Claimed]) -> Sequence[Claimed]:
    """The busy time of a diary without these claims, which are in it and overlap no other."""
    if isinstance(busy, Taken):
        return busy.without(rows)
    gone = set(rows)
    return [row for row in busy if tuple(row) not in gone]
