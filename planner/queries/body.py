"""The body map of one visit: which areas are planned, under which number, what is recorded of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from clinic.models import TreatmentArea
from planner.engine.body_map import drawings_with
from planner.models import SessionArea


@dataclass(frozen=True)
class Line:
    """One line of an outline."""

    d: str
    is_mirrored: bool


@dataclass(frozen=True)
class Mark:
    """One area of a drawing; without a number it is not part of the visit."""

    path: str
    is_mirrored: bool
    x: float
    y: float
    number: int | None = None
    pk: int | None = None
    name: str = ""
    words: str = ""
    is_done: bool = False


@dataclass(frozen=True)
class View:
    """One drawing with the marks of a visit."""

    title: str
    height: int
    left_side: str
    right_side: str
    outline: Sequence[Line]
    marks: Sequence[Mark]


def body_of(areas: Sequence[TreatmentArea], recorded: Iterable[SessionArea]) -> list[View]:
    """The drawings that show areas of a visit, numbered as in its list."""
    numbers = {area.code: (number, area) for number, area in enumerate(areas, 1)}
    done = {link.area_id: link for link in recorded}
    return [
        View(
            drawing.title,
            drawing.height,
            drawing.left_side,
            drawing.right_side,
            [Line(line.removeprefix("mirror "), line.startswith("mirror ")) for line in drawing.outline],
            sorted(
                (_mark(shape, numbers, done) for shape in drawing.shapes), key=lambda mark: bool(mark.number)
            ),
        )
        for drawing in drawings_with(numbers)
    ]


def _mark(shape, numbers: Mapping, done: Mapping[int, SessionArea]) -> Mark:
    place = (shape.path, shape.is_mirrored, shape.x, shape.y)
    if shape.code not in numbers:
        return Mark(*place)
    number, area = numbers[shape.code]
    link = done.get(area.pk)
    return Mark(*place, number, area.pk, area.name, _words(link), link is not None)


def _words(link: SessionArea | None) -> str:
    """`1.50 mm, 4 passes`, as far as it is recorded."""
    if link is None:
        return "not recorded"
    depth = f"{link.depth_mm} mm" if link.depth_mm is not None else ""
    passes = f"{link.passes} passes" if link.passes else ""
    return ", ".join(part for part in (depth, passes) if part)
