"""Outcome scores of a course as charts with their table and finding."""

import datetime as dt
from dataclasses import dataclass, replace

from clinic.words import day_date
from planner.engine.chart_labels import DAY_HEIGHT, VALUE_HEIGHT, Box, Mark, place_labels
from planner.engine.outcomes import SCALES, Scale, finding, label_of
from planner.models import OutcomeScore, TreatmentCourse
from planner.models.diary import AppointmentStatus

WIDTH, LEFT, RIGHT = 400, 36, 24  # units of a chart
TOP, BOTTOM = 24, 96  # of the lines of its highest and lowest value
SCALE_WORDS = (Box(0, TOP - 8, 30, TOP + 6), Box(0, BOTTOM - 8, 30, BOTTOM + 6))  # left of these lines


@dataclass(frozen=True)
class Point:
    """One score in the chart; `visit` is the last visit held by then."""

    x: float
    y: float
    day: dt.date
    words: str
    value: int
    visit: str
    by: str
    value_x: float = 0
    value_y: float = 0
    day_x: float = 0
    day_y: float = 0


@dataclass(frozen=True)
class Chart:
    """One scale over the visits."""

    scale: Scale
    points: tuple[Point, ...]
    finding: str

    @property
    def line(self) -> str:
        """The points of the line."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)

    @property
    def view_box(self) -> str:
        """What the drawing covers: more where labels had to stand further up or in several rows."""
        top = min([0.0, *(point.value_y - VALUE_HEIGHT for point in self.points)])
        bottom = max([120.0, *(point.day_y + 6 for point in self.points)])
        return f"0 {top:g} {WIDTH} {bottom - top:g}"

    @property
    def better(self) -> str:
        """Which way is better, in words."""
        return "Lower is better" if self.scale.lower_is_better else "Higher is better"


def charts_of(course: TreatmentCourse) -> list[Chart]:
    """Every scale that was scored, in the order of the table; two queries."""
    rows = list(OutcomeScore.objects.filter(course=course).select_related("recorded_by"))
    held = list(
        course.appointments.filter(status=AppointmentStatus.FULFILLED, kind="treatment")
        .order_by("on")
        .values_list("number", "on")
    )
    days = sorted({row.scored_on for row in rows})
    charts = []
    for scale in SCALES.values():
        newest = {row.scored_on: row for row in rows if row.scale == scale.code}
        if newest:
            points = _labelled([_point(scale, newest[day], days, held) for day in sorted(newest)])
            charts.append(Chart(scale, points, finding(scale, [point.value for point in points])))
    return charts


def _labelled(points: list[Point]) -> tuple[Point, ...]:
    """The points with the places of their labels; no two touch."""
    marks = [Mark(point.x, point.y, str(point.value), day_date(point.day, year=False)) for point in points]
    places = place_labels(marks, width=WIDTH, taken=SCALE_WORDS)
    lowest = max([BOTTOM, *(place.value_y for place in places)])
    return tuple(
        replace(
            point,
            value_x=place.value_x,
            value_y=place.value_y,
            day_x=place.day_x,
            day_y=lowest + 18 + place.day_row * DAY_HEIGHT,
        )
        for point, place in zip(points, places, strict=True)
    )


def _point(scale: Scale, row: OutcomeScore, days: list[dt.date], held: list) -> Point:
    span = (days[-1] - days[0]).days or 1
    x = LEFT + (WIDTH - LEFT - RIGHT) * (row.scored_on - days[0]).days / span
    share = (row.value - scale.low) / (scale.high - scale.low)
    y = BOTTOM - (BOTTOM - TOP) * share
    done = [number for number, on in held if on < row.scored_on]
    visit = f"after visit {done[-1]}" if done else "before visit 1"
    if on_day := [number for number, on in held if on == row.scored_on]:
        visit = f"visit {on_day[-1]}"
    words = label_of(scale, row.value)
    return Point(round(x, 1), round(y, 1), row.scored_on, words, row.value, visit, str(row.recorded_by))
