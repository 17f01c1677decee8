"""Reads for the patient's own pages: courses and visits, what to do before, the sheets, today's advice."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clinic.refusals import Refusal
from patients.models import Patient
from planner.aftercare_texts import blocks_of
from planner.calendars import visits_for_calendar
from planner.engine.aftercare.advice import Advice, advice_on
from planner.engine.aftercare.blocks import Blocks
from planner.engine.aftercare.preparing import Preparation, preparation
from planner.engine.aftercare.problems import complete
from planner.models import AftercareSheet, Appointment, PatientNotice, TreatmentCourse
from planner.models.diary import LIVE
from planner.queries.itinerary import approved_text

SHOWN_FOR = dt.timedelta(days=14)  # reports on the own plan
FAR = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
OVER = ("completed", "stopped")  # courses


@dataclass(frozen=True)
class OwnVisit:
    """One visit number as the patient sees it: `state` is done, here, booked, missed or undated.

    The review after the course has the number 0.
    """

    number: int
    state: str
    appointment: Appointment | None = None
    gap_days: int | None = None
    sheet_id: int | None = None
    wish: PatientNotice | None = None

    @property
    def minutes(self) -> int:
        """How long to allow, numbing included."""
        return int((self.appointment.end - self.appointment.start).total_seconds() // 60)


@dataclass(frozen=True)
class OwnCourse:
    """One course: every visit of it in order, and the next one."""

    course: TreatmentCourse
    areas: str
    visits: tuple[OwnVisit, ...]
    next: OwnVisit | None
    review: OwnVisit | None = None

    @property
    def done(self) -> int:
        """How many visits are behind."""
        return sum(visit.state == "done" for visit in self.visits)

    @property
    def left(self) -> int:
        """How many are still to come."""
        return max(self.course.sessions - self.done, 0)

    @property
    def bars(self) -> list[tuple[str, str, bool]]:
        """The progress bar: start and width in percent, and whether that visit is done."""
        step = 100 / self.course.sessions
        return [
            (f"{number * step:.2f}%", f"{step - 1.6:.2f}%", number < self.done)
            for number in range(self.course.sessions)
        ]


def own_courses(patient: Patient, language: str, at: dt.datetime) -> list[OwnCourse]:
    """The patient's courses, the one with the next visit first."""
    courses = (
        TreatmentCourse.objects.filter(patient=patient)
        .select_related("location", "indication")
        .prefetch_related("areas")
        .order_by("-created_at", "-pk")
    )
    found = [_course(course, language, at) for course in courses]
    return sorted(found, key=lambda one: one.next.appointment.start if one.next else FAR)


def prepare_for(visit: OwnVisit, language: str) -> Preparation | None:
    """What to do before a visit in the approved texts of a language; None where there are none."""
    try:
        return preparation(visit.appointment.on, blocks_of(approved_text(language)))
    except Refusal:
        return None


def problem_texts(language: str) -> Blocks:
    """The words for reporting a problem: those approved, else the shipped ones, so that help never waits."""
    try:
        return complete(blocks_of(approved_text(language)), language)
    except Refusal:
        return complete(None, language)


def own_visits(patient: Patient) -> QuerySet[Appointment]:
    """The patient's visits, to find one by its key."""
    return Appointment.objects.filter(patient=patient, kind__in=("treatment", "review")).select_related(
        "location", "practitioner", "room", "course", "reviewed"
    )


def own_problems(patient: Patient) -> QuerySet[PatientNotice]:
    """What the patient reported."""
    kind = PatientNotice.Kind.PROBLEM
    return PatientNotice.objects.filter(patient=patient, kind=kind).select_related("location")


def own_cancellations(patient: Patient, at: dt.datetime, minutes: int) -> list[PatientNotice]:
    """Visits ahead that the patient called off in the last minutes: they may still be taken back."""
    since = at - dt.timedelta(minutes=minutes)
    found = PatientNotice.objects.filter(
        patient=patient,
        kind=PatientNotice.Kind.CANCELLED,
        withdrawn_at=None,
        at__gte=since,
        appointment__status="cancelled",
        about_start__gt=at,
    )
    return list(found.select_related("appointment__location"))


def calendar_of(patient: Patient, at: dt.datetime) -> list[tuple[Appointment, int]]:
    """The visits ahead of all courses, also those called off, with their versions."""
    courses = TreatmentCourse.objects.filter(patient=patient).order_by("pk")
    found = [pair for course in courses for pair in visits_for_calendar(course)]
    return [(visit, version) for visit, version in found if visit.start > at]


def own_sheets(patient: Patient) -> QuerySet[AftercareSheet]:
    """The sheets given to the patient, newest first."""
    return AftercareSheet.objects.filter(patient=patient).select_related(
        "session__appointment__location", "patient"
    )


def todays_advice(sheet: AftercareSheet, at: dt.datetime) -> Advice | None:
    """What a sheet says for today; None once its two weeks are over."""
    session = sheet.session
    zone = session.appointment.location.time_zone
    return advice_on(sheet.content, ended_at=session.needling_ended_at, zone=zone, now=at)


def _course(course: TreatmentCourse, language: str, at: dt.datetime) -> OwnCourse:
    rows = (
        course.appointments.filter(kind="treatment")
        .select_related("practitioner", "room", "location", "session__sheet")
        .defer("session__sheet__pdf", "session__sheet__content")
        .order_by("start")
    )
    wishes = PatientNotice.objects.filter(
        Q(appointment__course=course) | Q(appointment__reviewed=course),
        kind=PatientNotice.Kind.MOVE,
        withdrawn_at=None,
        done_at=None,
    )
    asked = {(wish.appointment_id, wish.about_start): wish for wish in wishes}
    by_number: dict[int, Appointment] = {}
    for row in rows:  # a live row goes before one that was called off
        known = by_number.get(row.number)
        if known is None or row.status in LIVE or known.status not in LIVE:
            by_number[row.number] = row
    visits, before = [], None
    for number in range(1, max([course.sessions, *by_number]) + 1):
        visit = _visit(number, by_number.get(number), before, course, at, asked)
        if visit is None:
            continue
        visits.append(visit)
        if visit.state in ("done", "here", "booked"):
            before = visit.appointment.on
    review = _review(course, at, asked) if course.status in OVER else None
    ahead = next((visit for visit in [*visits, review] if visit and visit.state == "booked"), None)
    areas = _(", ").join(area.name_in(language).lower() for area in course.areas.all())
    return OwnCourse(course, areas, tuple(visits), ahead, review)


def _review(course: TreatmentCourse, at: dt.datetime, asked) -> OwnVisit | None:
    """The review after a course that is over, if it is booked or was held."""
    rows = course.reviews.filter(status__in=LIVE).select_related("practitioner", "room", "location")
    row = rows.order_by("start").last()
    return _visit(0, row, None, course, at, asked) if row else None


def _visit(number: int, row: Appointment | None, before, course, at: dt.datetime, asked) -> OwnVisit | None:
    if row is None or row.status not in LIVE:
        over = course.status in OVER or number > course.sessions
        return None if over else OwnVisit(number, "undated", row)
    state = {"fulfilled": "done", "arrived": "here"}.get(row.status, "booked")
    if state == "booked" and row.start <= at:
        state = "here" if at < row.end else "missed"
    sheet = getattr(getattr(row, "session", None), "sheet", None) if number else None
    gap = (row.on - before).days if before else None
    return OwnVisit(number, state, row, gap, sheet.pk if sheet else None, asked.get((row.pk, row.start)))
