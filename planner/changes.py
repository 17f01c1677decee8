"""Writes what a change does to rows, with how they were before, and puts them back."""

import datetime as dt
import json
from collections.abc import Iterable

from django.db import connection

from clinic import clock
from clinic.models import User
from planner.courses import claims_of
from planner.models import Appointment, AppointmentEvent, TreatmentCourse
from planner.planning import Slot

Event = AppointmentEvent.Kind

# What a change may alter of a visit and of its course; everything else stays as it was booked.
VISIT_FIELDS = (
    "status",
    "status_reason",
    "start",
    "treatment_start",
    "end",
    "room_until",
    "practitioner_id",
    "practitioner_from",
    "practitioner_until",
    "room_id",
    "device_id",
    "device_from",
    "device_until",
    "on",
    "gap_days",
    "next_earliest_on",
    "short_gap_reason",
    "is_pinned",
    "confirmed_at",
    "arrived_at",
    "roomed_at",
)
COURSE_FIELDS = ("status", "status_reason", "sessions")
INSTANTS = ("start", "treatment_start", "end", "room_until", "practitioner_from", "practitioner_until")
INSTANTS += ("device_from", "device_until", "confirmed_at", "arrived_at", "roomed_at")
DATES = ("on", "next_earliest_on")


def photograph(course: TreatmentCourse, rows: Iterable[Appointment]) -> dict:
    """The course and these visits as JSON, with their versions."""
    visits = [
        {"id": row.pk, "number": row.number, "version": row.version}
        | {name: getattr(row, name) for name in VISIT_FIELDS}
        for row in rows
    ]
    fields = {name: getattr(course, name) for name in COURSE_FIELDS}
    return json.loads(
        json.dumps({"course": fields, "visits": visits}, default=lambda moment: moment.isoformat())
    )


def place_visit(row: Appointment, slot: Slot, people, rooms, *, by: User | None, at: dt.datetime) -> None:
    """Move a booked visit to a slot; the patient's word that they come was about the old one."""
    on = clock.local_date(slot.start, row.location.time_zone)
    row.practitioner_id, row.room_id, row.device_id = slot.practitioner_id, slot.room_id, slot.device_id
    row.on, row.next_earliest_on = on, on + dt.timedelta(days=row.gap_days)
    row.confirmed_at = None
    for name, value in claims_of(row.course, slot, people, rooms).items():
        setattr(row, name, value)
    _save(row, VISIT_FIELDS)
    AppointmentEvent.objects.create(appointment=row, kind=Event.MOVED, at=at, by=by)


def put_back(row: Appointment, was: dict, *, by: User | None, at: dt.datetime) -> None:
    """Give a visit all it had before a change."""
    for name in VISIT_FIELDS:
        setattr(row, name, _value(name, was.get(name)))
    _save(row, VISIT_FIELDS)
    AppointmentEvent.objects.create(appointment=row, kind=Event.RESTORED, at=at, by=by)


def take_away(row: Appointment, *, reason: str, by: User | None, at: dt.datetime) -> None:
    """Cancel a visit that a change had added."""
    row.status, row.status_reason = "cancelled", reason
    _save(row, ("status", "status_reason"))
    AppointmentEvent.objects.create(appointment=row, kind=Event.CANCELLED, at=at, by=by, reason=reason)


def put_course_back(course: TreatmentCourse, was: dict) -> None:
    """Give a course its state from before a change."""
    for name in COURSE_FIELDS:
        setattr(course, name, was[name])


def defer_constraints() -> None:
    """Let visits of one transaction trade places; the constraints are asked at its end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def ask_constraints() -> None:
    """Ask the constraints now, so that a refusal comes out where it happened."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _save(row: Appointment, names: Iterable[str]) -> None:
    row.version += 1
    row.save(update_fields=[*(name.removesuffix("_id") for name in names), "version"])


def _value(name: str, stored):
    if stored is None or not isinstance(stored, str):
        return stored
    if name in INSTANTS:
        return dt.datetime.fromisoformat(stored)
    return dt.date.fromisoformat(stored) if name in DATES else stored


def pin(row: Appointment, pinned: bool, *, by: User | None, at: dt.datetime) -> None:
    """Hold a visit where it is, or let it go."""
    row.is_pinned = pinned
    _save(row, ("is_pinned",))
    kind = Event.PINNED if pinned else Event.UNPINNED
    AppointmentEvent.objects.create(appointment=row, kind=kind, at=at, by=by)
