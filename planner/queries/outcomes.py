"""Outcome scores of a course as charts with their table and finding."""

import datetime as dt
from dataclasses import dataclass

from planner.engine.outcomes import SCALES, Scale, finding, label_of
from planner.models import OutcomeScore, TreatmentCourse
from planner.models.diary import AppointmentStatus

WIDTH, HEIGHT, EDGE = 400, 120, 24  # units of a chart


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
            points = tuple(_point(scale, newest[day], days, held) for day in sorted(newest))
            charts.append(Chart(scale, points, finding(scale, [point.value for point in points])))
    return charts


def _point(scale: Scale, row: OutcomeScore, days: list[dt.date], held: list) -> Point:
    span = (days[-1] - days[0]).days or 1
    x = EDGE + (WIDTH - 2 * EDGE) * (row.scored_on - days[0]).days / span
    share = (row.value - scale.low) / (scale.high - scale.low)
    y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share
    done = [number for number, on in held if on < row.scored_on]
    visit = f"after visit {done[-1]}" if done else "before visit 1"
    if on_day := [number for number, on in held if on == row.scored_on]:
        visit = f"visit {on_day[-1]}"
    words = label_of(scale, row.value)
    return Point(round(x, 1), round(y, 1), row.scored_on, words, row.value, visit, str(row.recorded_by))
