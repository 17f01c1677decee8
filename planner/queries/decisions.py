"""What practitioners decided about courses when they signed and nobody has done yet; reviews that are due."""

import datetime as dt

from django.db.models import Exists, Max, OuterRef, Q

from clinic import clock
from clinic.models import Location
from planner.models import Appointment, CourseChange, OutcomeScore, TreatmentCourse, TreatmentSession
from planner.models.diary import LIVE, AppointmentStatus

Decision, Kind = TreatmentSession.Decision, CourseChange.Kind
DONE_BY = {
    Decision.EXTEND: (Kind.EXTENDED,),
    Decision.STOP: (Kind.STOPPED,),
    Decision.GAP: (Kind.REPLANNED, Kind.MOVED),
}
REMEMBERED_DAYS = 60  # after that a decision or a review no longer stands on Today


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
    return list(waiting.select_related("patient", "appointment", "practitioner"))


def reviews_due(location: Location, day: dt.date) -> list[tuple[TreatmentCourse, dt.date]]:
    """Completed courses whose review is due, not booked and not scored yet, with their last day."""
    held = Q(appointments__status=AppointmentStatus.FULFILLED)
    courses = TreatmentCourse.objects.filter(location=location, status=TreatmentCourse.Status.COMPLETED)
    rows = courses.annotate(last_on=Max("appointments__on", filter=held))
    rows = rows.select_related("patient", "protocol")
    found = []
    for course in rows.filter(last_on__gte=day - dt.timedelta(days=365)).order_by("last_on", "pk"):
        due = course.last_on + dt.timedelta(days=course.protocol.review_after_days)
        if due <= day <= due + dt.timedelta(days=REMEMBERED_DAYS):
            found.append((course, course.last_on))
    scored = dict(
        OutcomeScore.objects.filter(course__in=[course.pk for course, _ in found])
        .order_by()
        .values_list("course")
        .annotate(last=Max("scored_on"))
    )
    reviews = Appointment.objects.filter(location=location, kind=Appointment.Kind.REVIEW, status__in=LIVE)
    booked = reviews.filter(patient__in=[course.patient_id for course, _ in found])
    planned = dict(booked.order_by().values_list("patient").annotate(last=Max("on")))
    return [
        (course, last_on)
        for course, last_on in found
        if scored.get(course.pk, dt.date.min) <= last_on
        and planned.get(course.patient_id, dt.date.min) <= last_on
    ]
