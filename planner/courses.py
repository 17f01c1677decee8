"""Writes the rows of a new course; `planner.booking` calls it under its locks."""

import datetime as dt

from clinic import clock
from clinic.constraints import check_values
from planner.models import Appointment, AppointmentArea, AppointmentEvent, TreatmentCourse
from planner.planning import Planning, Slot


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
    course.areas.set(planning.areas)
    return course


def write_visit(course, number, slot, planning, by, at) -> Appointment:
    """Write one visit with all that it claims, its areas and its first event."""
    on = clock.local_date(slot.start, course.location.time_zone)
    visit = Appointment.objects.create(
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
        **_claims(course, slot, planning),
    )
    _write_areas(visit, planning.areas)
    AppointmentEvent.objects.create(appointment=visit, kind=AppointmentEvent.Kind.BOOKED, at=at, by=by)
    return visit


def _claims(course: TreatmentCourse, slot: Slot, planning: Planning) -> dict[str, dt.datetime | None]:
    """From when to when the patient, room, practitioner and device are taken."""
    person = next(one for one in planning.practitioners if one.pk == slot.practitioner_id)
    room = next(one for one in planning.rooms if one.pk == slot.room_id)
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


def _write_areas(visit: Appointment, areas) -> None:
    AppointmentArea.objects.bulk_create(
        AppointmentArea(
            appointment=visit,
            area=area,
            patient_id=visit.patient_id,
            on=visit.on,
            next_earliest_on=visit.next_earliest_on,
            status=visit.status,
        )
        for area in areas
    )
