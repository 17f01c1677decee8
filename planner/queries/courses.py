"""Reads for the course pages."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q

from clinic.models import Location
from clinic.timeline import Mark, Window
from clinic.words import day_date, gap_words, late_words
from patients.models import Patient, Screening
from patients.queries import find_patients, recent_patients
from planner.models import Appointment, TreatmentCourse
from planner.models.diary import LIVE
from planner.queries.today import state_of

PAGE_SIZE = 20
SHOWS = {"active": ["active", "on_hold"], "over": ["completed", "stopped"]}


@dataclass(frozen=True)
class VisitRow:
    """One visit of a course: where it is, and its gap in words."""

    appointment: Appointment
    state: str
    gap_days: int | None
    late_days: int


@dataclass(frozen=True)
class SeenReview:
    """The review of a course that is booked or was held."""

    pk: int
    start: dt.datetime
    status: str
    signed_at: dt.datetime | None


@dataclass(frozen=True)
class CourseView:
    """A course with its visits, drawn and listed."""

    course: TreatmentCourse
    rows: tuple[VisitRow, ...]
    window: Window
    areas: str
    review: SeenReview | None = None  # where it was asked for

    @property
    def marks(self) -> list[Mark]:
        """The visits for the timeline."""
        return [Mark(row.appointment.number, row.appointment.on, row.state) for row in self.rows]

    @property
    def held(self) -> list[VisitRow]:
        """Visits that count."""
        return [row for row in self.rows if row.appointment.status in LIVE]

    @property
    def done(self) -> int:
        """How many visits are completed."""
        return sum(row.state == "completed" for row in self.rows)

    @property
    def missing(self) -> int:
        """How many visits have no date; nothing is missing once the course is over."""
        over = self.course.status in ("completed", "stopped")
        return 0 if over else max(self.course.sessions - len(self.held), 0)

    @property
    def next_or_last(self) -> Appointment | None:
        """The visit to name in a list: the next one, or the last one held."""
        held = [row.appointment for row in self.held]
        return next(
            (visit for visit in held if visit.status in ("booked", "arrived")), held[-1] if held else None
        )

    @property
    def states(self) -> list[str]:
        """The states that occur, for the key of the drawing."""
        return list(dict.fromkeys(row.state for row in self.rows))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The line under the timeline."""
        held = self.held
        if not held:
            return []
        gaps = [row.gap_days for row in held if row.gap_days is not None]
        inside = sum(row.late_days == 0 for row in held if row.gap_days is not None)
        facts = [("Starts", day_date(held[0].appointment.on)), ("Ends", day_date(held[-1].appointment.on))]
        if gaps:
            facts += [
                ("Average gap", gap_words(round(sum(gaps) / len(gaps)))),
                ("In window", f"{inside} of {len(gaps)}"),
            ]
        return facts


def courses_of(courses) -> list[CourseView]:
    """Courses with everything their timelines need, in three queries for any number of them."""
    rows = courses.select_related("patient", "indication", "location", "protocol").prefetch_related(
        "areas",
        Prefetch(
            "appointments",
            Appointment.objects.select_related("practitioner", "room", "session", "session__sheet")
            .defer("session__sheet__pdf", "session__sheet__content")
            .order_by("start"),
        ),
    )
    return [_view_of(course) for course in rows]


def course_page(location: Location, show: str, number) -> dict:
    """One page of the list of courses."""
    show = show if show in SHOWS else "active"
    courses = TreatmentCourse.objects.filter(location=location, status__in=SHOWS[show]).order_by(
        "-created_at", "-pk"
    )
    page = Paginator(courses, PAGE_SIZE).get_page(number)
    keys = [course.pk for course in page.object_list]
    views = courses_of(TreatmentCourse.objects.filter(pk__in=keys).order_by("-created_at", "-pk"))
    totals = TreatmentCourse.objects.filter(location=location).aggregate(
        active=Count("pk", filter=Q(status__in=SHOWS["active"])),
        over=Count("pk", filter=Q(status__in=SHOWS["over"])),
    )
    return {"page": page, "views": views, "show": show, "totals": totals}


def start_page(location: Location, text: str) -> dict:
    """Patients to plan for: what was searched, or the newest of the location."""
    if text.strip():
        found = find_patients(text)
        return {"q": text, "patients": found.patients, "near": found.near}
    return {"q": "", "patients": recent_patients(location)}


def newest_screening(patient: Patient) -> Screening | None:
    """The screening a course would be planned on."""
    return (
        Screening.objects.filter(patient=patient)
        .select_related("indication")
        .prefetch_related("areas")
        .order_by("-answered_at", "-pk")
        .first()
    )


def course_rows(location: Location):
    """Courses a person of this location may open."""
    return TreatmentCourse.objects.filter(location=location).select_related(
        "patient", "indication", "location", "protocol"
    )


def course_booked_as(booking_key: UUID, patient: Patient) -> TreatmentCourse | None:
    """The course that a proposal has already become: its page was sent twice, or gone back to."""
    return TreatmentCourse.objects.filter(booking_key=booking_key, patient=patient).first()


def view_of(course: TreatmentCourse) -> CourseView:
    """One course with its visits."""
    return courses_of(TreatmentCourse.objects.filter(pk=course.pk))[0]


def late_note(view: CourseView) -> str:
    """A sentence about the first visit outside its window."""
    for row in view.held:
        if row.late_days:
            return f"Visit {row.appointment.number} is {late_words(row.late_days)}."
    return ""


def _view_of(course: TreatmentCourse) -> CourseView:
    window = Window(course.gap_min_days, course.gap_max_days)
    rows, before = [], None
    for visit in course.appointments.all():
        counts = visit.status in LIVE
        gap = (visit.on - before).days if counts and before else None
        rows.append(VisitRow(visit, state_of(visit), gap, window.lateness(gap) if gap is not None else 0))
        before = visit.on if counts else before
    areas = ", ".join(area.name.lower() for area in course.areas.all())
    return CourseView(course, tuple(rows), window, areas)
