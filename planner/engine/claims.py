"""Claims as columns: tens of thousands of rows of a diary without a Python object for each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from typing import overload

from planner.engine.model import Claimed


class Claims(Sequence[Claimed]):
    """Rows (resource id, from, to) as three columns; `who` counts into `names`, times are epoch minutes."""

    def __init__(
        self, names: Sequence[str], who: Sequence[int], begins: array[int], ends: array[int]
    ) -> None:
        self.names = tuple(names)
        self.who = who
        self.begins = begins
        self.ends = ends

    @classmethod
    def of(cls, columns: Iterable[tuple[Mapping[int, str], array[int], array[int], array[int]]]) -> Claims:
        """Joined from parts: (names by key, keys, from, to); rows whose key has no name are left out."""
        names: list[str] = []
        who, begins, ends = array("i"), array("i"), array("i")
        for known, keys, part_begins, part_ends in columns:
            places = {key: len(names) + at for at, key in enumerate(known)}
            names += known.values()
            found = [places.get(key, -1) for key in keys]
            if -1 in found:
                there = [at >= 0 for at in found]
                found = list(compress(found, there))
                part_begins = array("i", compress(part_begins, there))
                part_ends = array("i", compress(part_ends, there))
            who.extend(found)
            begins.extend(part_begins)
            ends.extend(part_ends)
        return cls(names, who, begins, ends)

    @cached_property
    def moments(self) -> set[int]:
        """Every minute at which a claim begins or ends, once."""
        return {*self.begins, *self.ends}

    def __len__(self) -> int:
        return len(self.who)

    def __iter__(self) -> Iterator[Claimed]:
        names = self.names
        return (
            (names[at], begin, end) for at, begin, end in zip(self.who, self.begins, self.ends, strict=True)
        )

    @overload
    def __getitem__(self, index: int) -> Claimed: ...
    @overload
    def __getitem__(self, index: slice) -> Claims: ...
    def __getitem__(self, index: int | slice) -> Claimed | Claims:
        if isinstance(index, slice):
            return Claims(self.names, self.who[index], self.begins[index], self.ends[index])
        return self.names[self.who[index]], self.begins[index], self.ends[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
