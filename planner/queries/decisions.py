"""What practitioners decided about courses when they signed and nobody has done yet; reviews that are due."""

import datetime as dt

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from clinic import clock
from clinic.models import Location
from planner.models import CourseChange, TreatmentCourse, TreatmentSession
from planner.models.diary import LIVE

Decision, Kind = TreatmentSession.Decision, CourseChange.Kind
DONE_BY = {
    Decision.EXTEND: (Kind.EXTENDED,),
    Decision.STOP: (Kind.STOPPED,),
    Decision.GAP: (Kind.REPLANNED, Kind.MOVED),
}
ENOUGH = 8  # as many as Today names
REMEMBERED_DAYS = 60  # after that a decision or a review no longer stands on Today
NAMES = ("patient__given_name", "patient__family_name")
# The last day of each course among those of a stretch of days. OFFSET keeps the three questions about a
# course apart from the rest: PostgreSQL would plan the seven tables longer than it reads them.
DUE_SQL = """
    SELECT c.id, a."on" FROM planner_appointment a
    JOIN planner_treatmentcourse c ON c.id = a.course_id AND c.status = 'completed'
    JOIN planner_protocol p ON p.id = c.protocol_id
    WHERE a.location_id = %(location)s AND a.status = 'fulfilled'
        AND a."on" >= %(day)s - %(days)s - (SELECT max(review_after_days) FROM planner_protocol)
        AND a."on" <= %(day)s - (SELECT min(review_after_days) FROM planner_protocol)
        AND a."on" + p.review_after_days BETWEEN %(day)s - %(days)s AND %(day)s
        AND NOT EXISTS (SELECT FROM planner_appointment l WHERE l.course_id = a.course_id
            AND l.status = 'fulfilled' AND l."on" > a."on" OFFSET 0)
        AND NOT EXISTS (SELECT FROM planner_outcomescore s WHERE s.course_id = a.course_id
            AND s.scored_on > a."on" OFFSET 0)
        AND NOT EXISTS (SELECT FROM planner_appointment r WHERE r.reviewed_id = a.course_id
            AND r.status = ANY(%(live)s) OFFSET 0)
    ORDER BY a."on", c.created_at DESC LIMIT %(most)s
"""


def undone_decisions(location: Location, day: dt.date) -> list[TreatmentSession]:
    """Signed decisions that change a course, as long as no such change was made since; oldest first."""
    since = clock.day_bounds(day - dt.timedelta(days=REMEMBERED_DAYS), location.time_zone)[0]
    changes = CourseChange.objects.filter(
        course=OuterRef("appointment__course"), at__gt=OuterRef("signed_at"), undone_at=None
    )
    done = Q()
    for decision, kinds in DONE_BY.items():
        done |= Q(Exists(changes.filter(kind__in=kinds)), decision=decision)
    rows = TreatmentSession.objects.filter(
        appointment__location=location, signed_at__gte=since, decision__in=list(DONE_BY)
    )
    over = Q(appointment__course__status=TreatmentCourse.Status.STOPPED)
    waiting = rows.exclude(done).exclude(over).order_by("signed_at")
    return list(
        waiting.select_related("patient", "appointment", "practitioner").only(
            "decision", *NAMES, "practitioner__name", "appointment__course", "appointment__number"
        )
    )


def reviews_due(location: Location, day: dt.date) -> list[tuple[TreatmentCourse, dt.date]]:
    """Completed courses whose review is due, not booked and not scored yet, with their last day.

    The protocol says after how many days; those that are due the longest come first.
    """
    values = {"location": location.pk, "day": day, "days": REMEMBERED_DAYS, "most": ENOUGH}
    with connection.cursor() as cursor:
        cursor.execute(DUE_SQL, values | {"live": list(LIVE)})
        due = cursor.fetchall()
    named = TreatmentCourse.objects.select_related("patient").only(*NAMES)
    courses = named.in_bulk([pk for pk, _ in due]) if due else {}
    return [(courses[pk], last_on) for pk, last_on in due]
