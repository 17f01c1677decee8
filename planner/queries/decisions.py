"""What practitioners decided about courses when they signed and nobody has done yet; reviews that are due."""

import datetime as dt

from django.db.models import Exists, Max, Min, OuterRef, Q

from clinic import clock
from clinic.models import Location
from planner.models import (
    Appointment,
    CourseChange,
    OutcomeScore,
    Protocol,
    TreatmentCourse,
    TreatmentSession,
)
from planner.models.diary import LIVE, AppointmentStatus, following

Decision, Kind = TreatmentSession.Decision, CourseChange.Kind
DONE_BY = {
    Decision.EXTEND: (Kind.EXTENDED,),
    Decision.STOP: (Kind.STOPPED,),
    Decision.GAP: (Kind.REPLANNED, Kind.MOVED),
}
ENOUGH = 8  # as many as Today names
REMEMBERED_DAYS = 60  # after that a decision or a review no longer stands on Today
NAMES = ("patient__given_name", "patient__family_name")


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
    after = Protocol.objects.aggregate(least=Min("review_after_days"), most=Max("review_after_days"))
    if after["most"] is None:
        return []
    first = day - dt.timedelta(days=after["most"] + REMEMBERED_DAYS)
    last_on = day - dt.timedelta(days=after["least"])
    last = Appointment.objects.filter(
        location=location,
        status=AppointmentStatus.FULFILLED,
        course__status=TreatmentCourse.Status.COMPLETED,
        on__range=(first, last_on),
    )
    later = Appointment.objects.filter(
        course=OuterRef("course"), status=AppointmentStatus.FULFILLED, on__gt=OuterRef("on")
    )
    scored = OutcomeScore.objects.filter(course=OuterRef("course"), scored_on__gt=OuterRef("on"))
    booked = Appointment.objects.filter(reviewed=OuterRef("course"), status__in=LIVE)
    due = last.annotate(due_on=following("on", "course__protocol__review_after_days"))
    due = due.filter(due_on__range=(day - dt.timedelta(days=REMEMBERED_DAYS), day))
    rows = due.filter(~Exists(later), ~Exists(scored), ~Exists(booked)).order_by("on", "course")
    found = rows.select_related("course__patient").only("on", *(f"course__{name}" for name in NAMES))[:ENOUGH]
    return [(row.course, row.on) for row in found]
