"""Where the labels of a line of points stand so that no two touch, nor a label and a point. Pure.

Units are those of the drawing, y grows downwards. Widths are counted by the character, on the wide side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

RADIUS = 6.0  # of a point, with its air
AIR = 2.0  # between two labels
VALUE_WIDTH, VALUE_HEIGHT = 8.0, 12.0  # of one character of a value, of its line
DAY_WIDTH, DAY_HEIGHT = 6.0, 12.0


@dataclass(frozen=True)
class Mark:
    """A point with what is written at it."""

    x: float
    y: float
    value: str
    day: str


@dataclass(frozen=True)
class Box:
    """What a label or a point covers."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        """Whether the two share a place."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


@dataclass(frozen=True)
class Placed:
    """The middle of a mark's value and its baseline, the middle and the row of its day."""

    value_x: float
    value_y: float
    day_x: float
    day_row: int


def place_labels(marks: Sequence[Mark], *, width: float, taken: Sequence[Box] = ()) -> list[Placed]:
    """A place for the labels of every mark inside `width`, clear of each other and of what is `taken`.

    A value stands above its point, else below, else further away; a day in the first row with room.
    """
    points = [Box(one.x - RADIUS, one.y - RADIUS, one.x + RADIUS, one.y + RADIUS) for one in marks]
    full, rows, placed = [*taken, *points], _rows(marks, width), []
    for mark, row in zip(marks, rows, strict=True):
        half = len(mark.value) * VALUE_WIDTH / 2
        x = min(max(mark.x, half), width - half)
        baseline = next(y for y in _baselines(mark.y) if not _hits(_value_box(x, y, half), full))
        full.append(_value_box(x, baseline, half))
        placed.append(Placed(round(x, 1), round(baseline, 1), *row))
    return placed


def _baselines(y: float) -> Iterator[float]:
    """Above, below, then further up without an end."""
    above, below = y - RADIUS - AIR, y + RADIUS + VALUE_HEIGHT
    yield above
    yield below
    step = 1
    while True:
        yield above - step * VALUE_HEIGHT
        step += 1


def _value_box(x: float, baseline: float, half: float) -> Box:
    return Box(x - half - AIR, baseline - VALUE_HEIGHT + AIR, x + half + AIR, baseline + AIR)


def _hits(box: Box, full: Sequence[Box]) -> bool:
    return any(box.touches(other) for other in full)


def _rows(marks: Sequence[Mark], width: float) -> list[tuple[float, int]]:
    """The middle and the row of each day; the marks come from left to right."""
    ends: list[float] = []
    found = []
    for mark in marks:
        half = len(mark.day) * DAY_WIDTH / 2
        x = min(max(mark.x, half), width - half)
        row = next((number for number, end in enumerate(ends) if end + AIR <= x - half), len(ends))
        ends[row : row + 1] = [x + half]
        found.append((round(x, 1), row))
    return found
