"""Writes the rows of a new course; `planner.booking` calls it under its locks."""

import datetime as dt
from collections.abc import Iterable

from clinic import clock
from clinic.constraints import check_values
from clinic.refusals import Refusal
from planner.models import Appointment, AppointmentArea, AppointmentEvent, TreatmentCourse
from planner.planning import Slot


def write_course(patient, location, planning, proposal, booking_key, asked, gate, by, at) -> TreatmentCourse:
    """Write the course as it was asked for, pinned to its protocol and screening."""
    request, protocol = planning.request, planning.protocol
    course = TreatmentCourse(
        patient=patient,
        location=location,
        indication=protocol.indication,
        protocol=protocol,
        screening_id=gate.screening_id,
        sessions=request.sessions,
        gap_min_days=protocol.gap_min_days,
        gap_target_days=request.gap_target_days,
        gap_max_days=protocol.gap_max_days,
        treatment_minutes=planning.treatment_minutes,
        numbing_minutes=request.numbing_minutes,
        wishes=request.wishes(),
        proposal=proposal,
        booking_key=booking_key,
        booking_hash=asked,
        created_at=at,
        created_by=by,
    )
    check_values(course)
    course.save()
    course.areas.add(*(area.pk for area in planning.areas))
    return course


def refuse_course_not_running(course: TreatmentCourse, next_step: str = "Resume it first.") -> None:
    """Refuse what only a running course allows; its dates may be kept while it is on hold."""
    if course.status in (TreatmentCourse.Status.ON_HOLD, TreatmentCourse.Status.STOPPED):
        state = course.get_status_display().lower()
        why = f" {course.status_reason}." if course.status_reason else ""
        raise Refusal("course_on_hold", f"This course is {state}.{why}", next_step)


def write_visits(
    course, numbered: Iterable[tuple[int, Slot]], people, rooms, areas, by, at
) -> list[Appointment]:
    """Write visits with all that they claim, their areas and first events: three statements in all."""
    visits = Appointment.objects.bulk_create(
        _visit(course, number, slot, people, rooms) for number, slot in numbered
    )
    AppointmentArea.objects.bulk_create(_area(visit, area) for visit in visits for area in areas)
    AppointmentEvent.objects.bulk_create(
        AppointmentEvent(appointment=visit, kind=AppointmentEvent.Kind.BOOKED, at=at, by=by)
        for visit in visits
    )
    return visits


def _visit(course: TreatmentCourse, number: int, slot: Slot, people, rooms) -> Appointment:
    on = clock.local_date(slot.start, course.location.time_zone)
    return Appointment(
        course=course,
        number=number,
        patient_id=course.patient_id,
        location_id=course.location_id,
        practitioner_id=slot.practitioner_id,
        room_id=slot.room_id,
        device_id=slot.device_id,
        on=on,
        gap_days=course.gap_min_days,
        course_gap_days=course.gap_min_days,
        next_earliest_on=on + dt.timedelta(days=course.gap_min_days),
        **claims_of(course, slot, people, rooms),
    )


def claims_of(course: TreatmentCourse, slot: Slot, practitioners, rooms) -> dict[str, dt.datetime | None]:
    """From when to when the patient, room, practitioner and device of a visit are taken."""
    person = next(one for one in practitioners if one.pk == slot.practitioner_id)
    room = next(one for one in rooms if one.pk == slot.room_id)
    minute = dt.timedelta(minutes=1)
    start = slot.start.astimezone(dt.UTC)
    treatment_start = start + course.numbing_minutes * minute
    end = treatment_start + course.treatment_minutes * minute
    has_device = slot.device_id is not None
    return {
        "start": start,
        "treatment_start": treatment_start,
        "end": end,
        "room_until": end + room.turnover_minutes * minute,
        "practitioner_from": treatment_start - person.before_minutes * minute,
        "practitioner_until": end + person.after_minutes * minute,
        "device_from": treatment_start if has_device else None,
        "device_until": end if has_device else None,
    }


def _area(visit: Appointment, area) -> AppointmentArea:
    return AppointmentArea(
        appointment=visit,
        area_id=area.pk,
        patient_id=visit.patient_id,
        on=visit.on,
        next_earliest_on=visit.next_earliest_on,
        status=visit.status,
    )
