"""What needs attention at a location, most urgent first (the order of the interface guide)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.urls import reverse

from clinic.models import Location
from clinic.words import day_date, gap_words
from planner.models import TreatmentCourse
from planner.models.diary import LIVE
from planner.queries.today import Row

AT_MOST = 8


@dataclass(frozen=True)
class Item:
    """One thing to do: what, why, and the one action."""

    state: str
    icon: str
    name: str
    url: str
    what: str
    why: str
    action: str
    action_url: str


def attention_items(location: Location, rows: Sequence[Row], day: dt.date) -> list[Item]:
    """Decisions that block a visit today, courses that need new dates, visits not screened, drifting gaps."""
    today = [row for row in rows if not row.is_done]
    return [
        *(_blocked(row) for row in today if row.safety in ("decision", "unsuitable", "deferred")),
        *(_unplanned(course) for course in _courses_short_of_visits(location)),
        *(_unscreened(row) for row in today if row.safety == "missing"),
        *_drifting(location, day),
    ][:AT_MOST]


def _blocked(row: Row) -> Item:
    patient = row.appointment.patient
    words = {
        "decision": ("question-diamond", "needs a decision", "See the screening"),
        "deferred": ("hourglass-split", "is deferred", "See the screening"),
        "unsuitable": ("slash-circle", "may not be treated", "See the screening"),
    }
    icon, what, action = words[row.safety]
    return Item(
        row.safety,
        icon,
        str(patient),
        _patient_url(patient.pk),
        what,
        row.safety_words,
        action,
        _patient_url(patient.pk),
    )


def _unplanned(course: TreatmentCourse) -> Item:
    missing = course.sessions - course.held
    url = reverse("course_detail", args=[course.pk])
    return Item(
        "hold",
        "calendar-x",
        str(course.patient),
        url,
        "needs new dates",
        f"{missing} of {course.sessions} visits {'has' if missing == 1 else 'have'} no date.",
        "Open course",
        url,
    )


def _unscreened(row: Row) -> Item:
    patient = row.appointment.patient
    url = reverse("screening_create", args=[patient.pk])
    return Item(
        "missing",
        "clipboard",
        str(patient),
        _patient_url(patient.pk),
        "is not screened yet",
        "Answers are asked again at every visit.",
        "Screen now",
        url,
    )


def _drifting(location: Location, day: dt.date) -> list[Item]:
    """Courses whose next visit lies later than their longest gap allows."""
    courses = (
        TreatmentCourse.objects.filter(location=location, status="active")
        .select_related("patient")
        .prefetch_related("appointments")
    )
    items = []
    for course in courses.filter(appointments__status="booked", appointments__on__gte=day).distinct():
        held = sorted(
            (one for one in course.appointments.all() if one.status in LIVE), key=lambda one: one.on
        )
        for before, after in zip(held, held[1:], strict=False):
            days = (after.on - before.on).days
            if after.on >= day and days > course.gap_max_days:
                items.append(_late(course, after, days))
                break
    return items


def _late(course: TreatmentCourse, visit, days: int) -> Item:
    url = reverse("course_detail", args=[course.pk])
    on = day_date(visit.on, year=False)
    why = (
        f"Visit {visit.number} on {on} is {gap_words(days)} after the one before. "
        f"The window ends at {gap_words(course.gap_max_days)}."
    )
    return Item(
        "hold",
        "arrows-expand-vertical",
        str(course.patient),
        url,
        "is drifting out of window",
        why,
        "Open course",
        url,
    )


def _courses_short_of_visits(location: Location):
    return (
        TreatmentCourse.objects.filter(location=location, status="active")
        .select_related("patient")
        .annotate(held=Count("appointments", filter=Q(appointments__status__in=LIVE)))
        .filter(held__lt=F("sessions"))
        .order_by("pk")[:AT_MOST]
    )


def _patient_url(pk: int) -> str:
    return reverse("patient_detail", args=[pk])
