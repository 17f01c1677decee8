"""Stretches in which a person and a room are free together: what a desk can still give away."""

from collections.abc import Iterator
from dataclasses import dataclass

from planner.engine.departures import local
from planner.engine.model import Diary, Practitioner, Room, Span
from planner.engine.spans import Spans, common, free_spans, minus


@dataclass(frozen=True, slots=True)
class Opening:
    """A free stretch of one practitioner in one room, [begin, end) in epoch minutes."""

    practitioner: str
    room: str
    begin: int
    end: int


def openings(diary: Diary, within: Span, least: int) -> tuple[Opening, ...]:
    """The free stretches of at least `least` minutes inside `within`, by time.

    The earliest is given away first, the longest of these; its person and its room are then no longer free
    for the others, so that no two openings need the same room at once. Each begins on the grid of starts.
    """
    low, high = max(within[0], diary.not_before or within[0]), within[1]
    free = {one: common(spans, [(low, high)]) for one, spans in free_spans(diary).items() if low < high}
    found: list[Opening] = []
    while possible := min(_possible(diary, free, least), key=_rank, default=None):
        found.append(possible)
        for one in (possible.practitioner, possible.room):
            free[one] = minus(free[one], [(possible.begin, possible.end)])
    return tuple(sorted(found, key=_rank))


def _possible(diary: Diary, free: dict[str, Spans], least: int) -> Iterator[Opening]:
    for person in diary.practitioners:
        for room in _rooms(diary, person):
            for begin, end in common(free.get(person.id, []), free.get(room.id, [])):
                start = _on_grid(diary, begin)
                if end - start >= least:
                    yield Opening(person.id, room.id, start, end)


def _rooms(diary: Diary, person: Practitioner) -> list[Room]:
    return [room for room in diary.rooms if person.rooms is None or room.id in person.rooms]


def _on_grid(diary: Diary, minute: int) -> int:
    wall = local(diary.tz, minute)
    return minute + -(wall.hour * 60 + wall.minute) % diary.grid_minutes


def _rank(one: Opening) -> tuple[int, int, str, str]:
    return one.begin, one.begin - one.end, one.practitioner, one.room
