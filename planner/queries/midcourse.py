"""Courses under way that a screening stops, defers or sends to a decision, and those it frees again."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from clinic import clock
from clinic.models import Location, User
from clinic.permissions import may
from clinic.words import day_date
from patients.gates import ScreeningGate, booking_gate_of_file, newest_consent
from patients.judgement import PatientFile, read_file, read_files
from patients.models import Consent, Patient
from patients.queries import waiting_or_held
from patients.screening.terms import CourseEffect, RefusalCode
from planner.models import Appointment, CourseChange, TreatmentCourse
from planner.queries.deferring import if_deferred

# What is about a finding; an old screen or one of other areas is asked anew on the day instead.
HOLDS = {
    RefusalCode.STOP: "not suitable",
    RefusalCode.DECLINED: "not suitable",
    RefusalCode.OPEN_DEFERRAL: "deferred",
    RefusalCode.NOT_SURE: "deferred",
    RefusalCode.UNDECIDED: "waits for a decision",
}
RELEASES = {CourseEffect.RELEASE, CourseEffect.CANCEL}
SAID = "Screening of "  # how the reason of a hold begins that a screening gave
RELEASED = ", visits released"  # and how it ends when the rule itself released them
WITHDRAWN = "Consent withdrawn on "  # how the reason of a stop begins that a withdrawal gave


@dataclass(frozen=True)
class Affected:
    """A running course whose booked visits the screening does not allow as they stand."""

    course: TreatmentCourse
    visits: tuple[Appointment, ...]
    reason: str
    until: dt.date | None
    suggests_release: bool


def affected_courses(patient: Patient, location: Location, at: dt.datetime) -> list[Affected]:
    """The running courses of one patient at a location that the screening holds."""
    return affected_of([patient.pk], location, at)


def affected_of(
    patient_ids: Iterable[int],
    location: Location,
    at: dt.datetime,
    files: Mapping[int, PatientFile] | None = None,
) -> list[Affected]:
    """The same for many patients in a fixed number of queries; `files` are theirs, if read already."""
    if not (keys := list(patient_ids)):
        return []
    rows = (
        Appointment.objects.filter(
            course__patient__in=keys,
            course__status=TreatmentCourse.Status.ACTIVE,
            location=location,
            status="booked",
            kind="treatment",
            start__gt=at,
        )
        .select_related("course__patient", "course__indication", "course__location", "practitioner")
        .prefetch_related("course__areas")
        .order_by("course", "start")
    )
    visits: dict[int, list[Appointment]] = {}
    for row in rows:
        visits.setdefault(row.course_id, []).append(row)
    if files is None:
        files = read_files({own[0].patient_id for own in visits.values()})
    today = clock.local_date(at, location.time_zone)
    judged = (_judged(own, files[own[0].patient_id], today) for own in visits.values())
    return [one for one in judged if one is not None]


def held_courses(
    patient_ids: Iterable[int] | None,
    location: Location,
    at: dt.datetime,
    files: Mapping[int, PatientFile] | None = None,
) -> list[TreatmentCourse]:
    """Courses that a screening put on hold and that the newest one allows to go on."""
    return _held(patient_ids, location, at, files)[0]


def _held(patient_ids, location, at, files) -> tuple[list[TreatmentCourse], list[TreatmentCourse]]:
    """Courses on hold by a screening: those that may go on, those that still wait."""
    rows = TreatmentCourse.objects.filter(
        location=location, status=TreatmentCourse.Status.ON_HOLD, status_reason__startswith=SAID
    )
    if patient_ids is not None:
        rows = rows.filter(patient__in=list(patient_ids))
    found = list(rows.select_related("patient", "indication", "location").prefetch_related("areas"))
    today = clock.local_date(at, location.time_zone)
    if files is None:
        files = read_files({one.patient_id for one in found})
    open_ones = [one for one in found if _gate(files[one.patient_id], one, today).is_open]
    return open_ones, [one for one in found if one not in open_ones]


def released_courses(patient_id: int, at: dt.datetime) -> list[tuple[TreatmentCourse, str]]:
    """Running courses of a patient, anywhere, with a stop whose rule releases the visits, and why in words.

    A course that waits already counts while it keeps dates.
    """
    rows = _courses_of(patient_id, TreatmentCourse.Status.ACTIVE, TreatmentCourse.Status.ON_HOLD)
    found, file = [], None
    for course in rows.prefetch_related("areas"):
        keeps_dates = course.appointments.filter(status="booked", start__gt=at).exists()
        if course.status == TreatmentCourse.Status.ON_HOLD and not keeps_dates:
            continue
        file = file or read_file(patient_id)
        gate = _gate(file, course, clock.local_date(at, course.location.time_zone))
        if gate.screening and _is_released(gate):
            said = f"{SAID}{day_date(gate.screening.answered_on)}: {HOLDS[RefusalCode.STOP]}"
            found.append((course, said + RELEASED))
    return found


@dataclass(frozen=True)
class Stopped:
    """A course that a withdrawal stops: the visits it cancels, and one that is in the room already."""

    course: TreatmentCourse
    visits: tuple[Appointment, ...]
    here: Appointment | None


def courses_of_consent(consent: Consent, at: dt.datetime) -> list[Stopped]:
    """The courses, anywhere, that withdrawing this consent stops."""
    rows = _courses_of(consent.patient_id, TreatmentCourse.Status.ACTIVE, TreatmentCourse.Status.ON_HOLD)
    found = []
    for course in rows.filter(indication=consent.indication_id):
        visits = course.appointments.select_related("practitioner").order_by("start")
        ahead = tuple(visits.filter(status="booked", start__gt=at))
        found.append(Stopped(course, ahead, visits.filter(status="arrived").first()))
    return found


def withdrawn_courses(patient_id: int) -> list[tuple[TreatmentCourse, str]]:
    """Courses of a patient that are not over although the consent of their indication was withdrawn."""
    rows = _courses_of(patient_id, TreatmentCourse.Status.ACTIVE, TreatmentCourse.Status.ON_HOLD)
    found = []
    for course in rows:
        consent = newest_consent(patient_id, course.indication)
        if consent and consent.withdrawn_at:
            on = clock.local_date(consent.withdrawn_at, course.location.time_zone)
            found.append((course, f"{WITHDRAWN}{day_date(on)}"))
    return found


def _courses_of(patient_id: int, *statuses) -> QuerySet[TreatmentCourse]:
    rows = TreatmentCourse.objects.filter(patient=patient_id, status__in=statuses).order_by("pk")
    return rows.select_related("location", "indication")


def _is_released(gate: ScreeningGate) -> bool:
    return gate.engine_gate is not None and any(
        one.code is RefusalCode.STOP and one.finding and one.finding.effects[:1] == (CourseEffect.RELEASE,)
        for one in gate.engine_gate.refusals
    )


def after_screening(patient: Patient, user: User, file: PatientFile | None = None) -> dict:
    """What the page of a screening says of the patient's courses, and where to act."""
    at = clock.now()
    files = {patient.pk: file} if file else None
    affected = affected_of([patient.pk], user.location, at, files)
    freed, waiting = _held([patient.pk], user.location, at, files)
    for course in waiting:
        course.is_released = course.status_reason.endswith(RELEASED)
    return {
        "if_deferred": lambda: if_deferred(patient.pk, user.location, at),  # worked out where it is shown
        "held_visits": sum(len(one.visits) for one in affected),
        "hold_url": reverse("patient_hold", args=[patient.pk]) if may(user, "patient_hold") else "",
        "waiting": waiting,
        "freed": [(course, reverse("course_resume", args=[course.pk])) for course in freed],
    }


def ended_by_themselves(location: Location, since: dt.datetime) -> list[CourseChange]:
    """Holds and stops since an instant that nobody pressed for: a withdrawn consent, a released course."""
    own = Q(kind=CourseChange.Kind.STOPPED, reason__startswith=WITHDRAWN) | Q(
        kind=CourseChange.Kind.HELD, reason__startswith=SAID, reason__endswith=RELEASED
    )
    rows = CourseChange.objects.filter(own, course__location=location, at__gte=since, undone_at=None)
    return [
        one
        for one in rows.select_related("course__patient").order_by("-at", "-pk")
        if one.course.status == one.after["course"]["status"]
    ]


def waiting_patients(location: Location) -> set[int]:
    """Patients whose newest screening holds them back or waits for a decision."""
    return waiting_or_held(location)


def _judged(visits: list[Appointment], file: PatientFile, today: dt.date) -> Affected | None:
    course = visits[0].course
    gate = _gate(file, course, today)
    if gate.engine_gate is None or gate.screening is None:
        return None
    held = [one for one in gate.engine_gate.refusals if one.code in HOLDS]
    until = gate.earliest_on if gate.earliest_on and gate.earliest_on > visits[0].on else None
    if not held and until is None:
        return None
    words = HOLDS[held[0].code] if held else f"deferred until {day_date(until)}"
    first = {effect for one in held if one.finding for effect in one.finding.effects[:1]}
    return Affected(
        course,
        tuple(visits),
        f"{SAID}{day_date(gate.screening.answered_on)}: {words}",
        until,
        bool(RELEASES & first),
    )


def _gate(file: PatientFile, course: TreatmentCourse, today: dt.date) -> ScreeningGate:
    return booking_gate_of_file(file, areas=list(course.areas.all()), on=today)
