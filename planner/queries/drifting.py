"""Running courses that a change left short of a visit, or with a gap beyond the longest."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from clinic.models import Location
from planner.models import TreatmentCourse
from planner.models.diary import LIVE

# Booked whole and inside its gaps: only a change leaves a course otherwise, and few courses are changed.
# Of each such course the first visit that is late, or any visit where one is missing.
LEFT_SQL = """
    WITH live AS (
        SELECT c.id AS course, c.sessions, c.gap_max_days,
            a.id, a.number, a."on", a.status = 'booked' AS is_booked,
            count(a.id) OVER (PARTITION BY c.id) AS held,
            lag(a."on") OVER (PARTITION BY c.id ORDER BY a."on") AS before_on
        FROM planner_treatmentcourse c
        LEFT JOIN planner_appointment a ON a.course_id = c.id AND a.status = ANY(%(live)s)
        WHERE c.location_id = %(location)s AND c.status = 'active'
            AND c.id IN (SELECT course_id FROM planner_coursechange)
    )
    SELECT DISTINCT ON (course) course, held, held < sessions, id, number, "on", before_on FROM live
    WHERE held < sessions OR (is_booked AND "on" >= %(day)s AND "on" - before_on > gap_max_days)
    ORDER BY course, "on"
"""


class Visit(NamedTuple):
    """A visit that is still to come: its key, number and local day."""

    pk: int
    number: int
    on: dt.date


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
    for course, held, is_short, *visit, before_on in _left(location, day):
        if is_short:
            short.append((course, held))
        else:
            late.append((course, Visit(*visit), before_on))
    short, late = short[:most], sorted(late, key=lambda one: (one[1].on, one[1].pk))[:most]
    keys = [one[0] for one in (*short, *late)]
    named = TreatmentCourse.objects.select_related("patient").only(
        "sessions", "gap_max_days", "patient__given_name", "patient__family_name"
    )
    courses = named.in_bulk(keys) if keys else {}
    return [Short(courses[pk], held) for pk, held in short], [Late(courses[pk], *how) for pk, *how in late]


def _left(location: Location, day: dt.date) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(LEFT_SQL, {"location": location.pk, "day": day, "live": list(LIVE)})
        return cursor.fetchall()
