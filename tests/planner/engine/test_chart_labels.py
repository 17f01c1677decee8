"""Labels of a chart: close values and close days never touch."""

import random

import pytest

from planner.engine.chart_labels import (
    DAY_HEIGHT,
    DAY_WIDTH,
    RADIUS,
    VALUE_HEIGHT,
    VALUE_WIDTH,
    Box,
    Mark,
    Placed,
    place_labels,
)

WIDTH = 400.0
SCALE = (Box(0, 16, 30, 30), Box(0, 88, 30, 102))


def covered(mark, place):
    """What the value and the day of a mark cover, without air; days lie under the drawing."""
    half, day = len(mark.value) * VALUE_WIDTH / 2, len(mark.day) * DAY_WIDTH / 2
    low = 1000 + place.day_row * DAY_HEIGHT
    yield Box(place.value_x - half, place.value_y - VALUE_HEIGHT + 2, place.value_x + half, place.value_y)
    yield Box(place.day_x - day, low, place.day_x + day, low + DAY_HEIGHT - 2)


def touching(marks):
    """Every pair of labels, or of a label and a point, that touch; labels outside the drawing."""
    places = place_labels(marks, width=WIDTH, taken=SCALE)
    labels = [box for mark, place in zip(marks, places, strict=True) for box in covered(mark, place)]
    points = [Box(one.x - 5, one.y - 5, one.x + 5, one.y + 5) for one in marks]
    pairs = [(one, other) for number, one in enumerate(labels) for other in labels[:number]]
    pairs += [(one, other) for one in labels for other in [*points, *SCALE]]
    outside = [one for one in labels if one.left < 0 or one.right > WIDTH]
    return [pair for pair in pairs if pair[0].touches(pair[1])] + outside


def test_labels_with_room_stand_above_their_points_in_one_row():
    marks = [Mark(36, 24, "4", "7 Sep"), Mark(200, 48, "3", "12 Oct"), Mark(376, 72, "2", "16 Nov")]
    assert place_labels(marks, width=WIDTH) == [
        Placed(36, 24 - RADIUS - 2, 36, 0),
        Placed(200, 48 - RADIUS - 2, 200, 0),
        Placed(376, 72 - RADIUS - 2, 376, 0),
    ]


@pytest.mark.parametrize("step", [0.5, 3, 8, 15])
def test_the_same_value_on_days_that_follow_one_another_does_not_touch(step):
    assert touching([Mark(36 + number * step, 60, "100", "Mon 7 Sep") for number in range(6)]) == []


def test_labels_at_the_edges_stay_inside_and_off_the_words_of_the_scale():
    marks = [
        Mark(36, 24, "100", "Mon 7 Sep"),
        Mark(36.5, 96, "0", "Tue 8 Sep"),
        Mark(399, 24, "100", "Wed 9"),
    ]
    assert touching(marks) == []


def test_no_labels_of_any_scores_touch():
    draw = random.Random(7)  # noqa: S311 - the same cases every time
    for _ in range(300):
        many = draw.randint(1, 12)
        days = sorted(
            draw.uniform(36, 376) if draw.random() < 0.5 else 36 + draw.random() * 9 for _ in range(many)
        )
        marks = [
            Mark(x, draw.choice([24.0, 60.0, 96.0, draw.uniform(24, 96)]), "55", "Fri 12 Mar") for x in days
        ]
        assert touching(marks) == []
