"""Running courses that a change left short of a visit, or with a gap beyond the longest."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from clinic.models import Location
from planner.models import TreatmentCourse
from planner.models.diary import LIVE

# Booked whole and inside its gaps: only a change leaves a course otherwise, and few courses are changed.
CHANGED_SQL = """
    SELECT c.id, c.sessions, c.gap_max_days,
        coalesce(array_agg(a.id ORDER BY a."on") FILTER (WHERE a.id IS NOT NULL), '{}'),
        coalesce(array_agg(a.number ORDER BY a."on") FILTER (WHERE a.id IS NOT NULL), '{}'),
        coalesce(array_agg(a."on" ORDER BY a."on") FILTER (WHERE a.id IS NOT NULL), '{}'),
        coalesce(array_agg(a.status = 'booked' ORDER BY a."on") FILTER (WHERE a.id IS NOT NULL), '{}')
    FROM planner_treatmentcourse c
    LEFT JOIN planner_appointment a ON a.course_id = c.id AND a.status = ANY(%(live)s)
    WHERE c.location_id = %(location)s AND c.status = 'active'
        AND c.id IN (SELECT course_id FROM planner_coursechange)
    GROUP BY c.id ORDER BY c.id
"""


class Visit(NamedTuple):
    """A live visit of a course: its key, number and local day, and whether it is still to come."""

    pk: int
    number: int
    on: dt.date
    is_booked: bool


@dataclass(frozen=True)
class Short:
    """A course with fewer visits than it has; `held` of them have a date."""

    course: TreatmentCourse
    held: int


@dataclass(frozen=True)
class Late:
    """The first visit still to come of a course that its longest gap does not reach."""

    course: TreatmentCourse
    visit: Visit
    before_on: dt.date


def left_by_changes(location: Location, day: dt.date, most: int) -> tuple[list[Short], list[Late]]:
    """Courses short of visits and courses with a late gap from `day` on, `most` of each; two queries.

    A course that is short is not told late as well: its gap is late for want of a visit.
    """
    short, late = [], []
    for course, sessions, longest, visits in _changed(location):
        if len(visits) < sessions:
            short.append((course, len(visits)))
        elif found := _late_visit(visits, longest, day):
            late.append((course, *found))
    short, late = short[:most], sorted(late, key=lambda one: (one[1].on, one[1].pk))[:most]
    keys = [one[0] for one in (*short, *late)]
    named = TreatmentCourse.objects.select_related("patient").only(
        "sessions", "gap_max_days", "patient__given_name", "patient__family_name"
    )
    courses = named.in_bulk(keys) if keys else {}
    return [Short(courses[pk], held) for pk, held in short], [Late(courses[pk], *how) for pk, *how in late]


def _changed(location: Location):
    with connection.cursor() as cursor:
        cursor.execute(CHANGED_SQL, {"location": location.pk, "live": list(LIVE)})
        for pk, sessions, longest, *columns in cursor.fetchall():
            yield pk, sessions, longest, [Visit(*row) for row in zip(*columns, strict=True)]


def _late_visit(visits: list[Visit], longest: int, day: dt.date) -> tuple[Visit, dt.date] | None:
    """The first late visit by day, and the day of the one before it."""
    for before, visit in zip(visits, visits[1:], strict=False):
        if visit.is_booked and visit.on >= day and (visit.on - before.on).days > longest:
            return visit, before.on
    return None
