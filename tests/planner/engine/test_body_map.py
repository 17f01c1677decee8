"""The drawn areas are the clinic's, each once, on the patient's own side."""

import re

import pytest

from clinic.shipped.areas import AREAS
from planner.engine.body_map import BACK, DRAWINGS, FACE, FRONT, WIDTH, drawings_with, is_drawn

SHAPES = [(one, shape) for one in DRAWINGS for shape in one.shapes]


def test_every_shipped_area_is_drawn_once_and_nothing_else():
    assert sorted(shape.code for _, shape in SHAPES) == sorted(area.code for area in AREAS)


@pytest.mark.parametrize(("drawing", "shape"), SHAPES)
def test_a_right_area_lies_on_the_patients_right(drawing, shape):
    """On the reader's left seen from the front, on the reader's right seen from behind."""
    side = shape.code.partition("_")[0]
    is_left_of_the_middle = shape.x < WIDTH / 2
    seen = {"right": drawing is not BACK, "left": drawing is BACK}
    assert side not in seen or is_left_of_the_middle == seen[side]
    words = drawing.left_side if is_left_of_the_middle else drawing.right_side
    assert side not in seen or words == f"Patient's {side}"


@pytest.mark.parametrize(("drawing", "shape"), SHAPES)
def test_a_number_stands_inside_its_drawing_and_its_shape(drawing, shape):
    numbers = [float(number) for number in re.findall(r"[\d.]+", re.sub(r"A[^ML]*Z", "", shape.path))]
    across, down = numbers[0::2], numbers[1::2]
    x = WIDTH - shape.x if shape.is_mirrored else shape.x
    assert min(across) <= x <= max(across) and min(down) <= shape.y <= max(down)
    assert min(across) >= 0 and max(across) <= WIDTH and max(down) <= drawing.height


def test_drawings_with_are_those_that_show_an_area():
    assert drawings_with(["nose", "left_calf"]) == [FACE, BACK]
    assert drawings_with(["abdomen"]) == [FRONT]
    assert drawings_with(["elbow"]) == []
    assert (is_drawn("nose"), is_drawn("elbow")) == (True, False)
