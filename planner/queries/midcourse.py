"""Courses under way that a screening stops, defers or sends to a decision, and those it frees again."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from clinic import clock
from clinic.models import Location, User
from clinic.permissions import may
from clinic.words import day_date
from patients.gates import ScreeningGate, booking_gate_of_file
from patients.judgement import PatientFile, read_files
from patients.models import Patient
from patients.queries import held_back, waiting_for_decision
from patients.screening.terms import CourseEffect, RefusalCode
from planner.models import Appointment, TreatmentCourse

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
    rows = (
        Appointment.objects.filter(
            course__patient__in=list(patient_ids),
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
    rows = TreatmentCourse.objects.filter(
        location=location, status=TreatmentCourse.Status.ON_HOLD, status_reason__startswith=SAID
    )
    if patient_ids is not None:
        rows = rows.filter(patient__in=list(patient_ids))
    found = list(rows.select_related("patient", "indication", "location").prefetch_related("areas"))
    today = clock.local_date(at, location.time_zone)
    if files is None:
        files = read_files({one.patient_id for one in found})
    return [one for one in found if _gate(files[one.patient_id], one, today).is_open]


def after_screening(patient: Patient, user: User, file: PatientFile | None = None) -> dict:
    """What the page of a screening says of the patient's courses, and where to act."""
    at = clock.now()
    files = {patient.pk: file} if file else None
    affected = affected_of([patient.pk], user.location, at, files)
    freed = held_courses([patient.pk], user.location, at, files)
    return {
        "held_visits": sum(len(one.visits) for one in affected),
        "hold_url": reverse("patient_hold", args=[patient.pk]) if may(user, "patient_hold") else "",
        "freed": [(course, reverse("course_resume", args=[course.pk])) for course in freed],
    }


def waiting_patients(location: Location) -> set[int]:
    """Patients whose newest screening holds them back or waits for a decision."""
    keys = Q(pk__in=held_back(location).values("pk")) | Q(pk__in=waiting_for_decision(location).values("pk"))
    booked = Q(courses__status=TreatmentCourse.Status.ACTIVE, appointments__status="booked")
    return set(Patient.objects.filter(keys & booked).order_by().values_list("pk", flat=True))


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
