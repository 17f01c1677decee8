"""The one lock order: practitioners, rooms, devices, patients, courses, each by id.

Exclusion constraints are the law but deadlock under load; rows locked in one fixed order before the first
read do not. A row that only names a locked person, room or device waits for nobody; one that joins a file or
a course does. Every write that claims a place in the diary comes through here, old and new places together.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from django.db import connection, transaction
from django.db.models import Model

from clinic.constraints import BUSY
from clinic.models import Device, Practitioner, Room
from patients.models import Patient
from planner.models import Appointment, TreatmentCourse

ORDER = (Practitioner, Room, Device, Patient, TreatmentCourse)
NAMED = (Practitioner, Room, Device)


def lock_places(
    *,
    practitioners: Iterable[int] = (),
    rooms: Iterable[int] = (),
    devices: Iterable[int | None] = (),
    patients: Iterable[int] = (),
    courses: Iterable[int] = (),
) -> None:
    """Lock these rows until the transaction ends; call it before reading what the decision rests on.

    All are asked for at once: one statement for each table, done in this order.
    """
    given = zip(ORDER, (practitioners, rooms, devices, patients, courses), strict=True)
    wanted = {model: sorted({pk for pk in ids if pk is not None}) for model, ids in given}
    statements = [(_statement(model), keys) for model, keys in wanted.items() if keys]
    if statements:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(sql for sql, _ in statements), [keys for _, keys in statements])


def _statement(model: type[Model]) -> str:
    strength = "FOR NO KEY UPDATE" if model in NAMED else "FOR UPDATE"
    return f'SELECT FROM "{model._meta.db_table}" WHERE id = ANY(%s) ORDER BY id {strength}'


class Place(Protocol):
    """What names a practitioner, a room and perhaps a device: a slot, an appointment."""

    @property
    def practitioner_id(self) -> int: ...
    @property
    def room_id(self) -> int: ...
    @property
    def device_id(self) -> int | None: ...


Held = tuple[str, int | None]  # what lock_places calls it, and its key
KINDS = ("practitioners", "rooms", "devices", "patients", "courses")
READINGS = 5  # of visits that others move at this very moment


class _Moved(Exception):
    """A visit lies elsewhere than when its place was locked."""


def lock_held(
    read: Callable[[], Iterable[Appointment]],
    *,
    also: Iterable[Place] = (),
    patients: Iterable[int] = (),
    courses: Iterable[int] = (),
) -> list[Appointment]:
    """Lock all that the visits of `read` hold, the places `also`, these patients, these courses and theirs.

    Which rows these are has to be read first; if a visit was moved before the locks were ours, they are given
    back and taken anew in the one order. Returns the visits as they are under the locks. Raises Refusal.
    """
    own = TreatmentCourse.objects.filter(pk__in=list(courses))
    asked = {
        *(pair for place in also for pair in _places(place)),
        *(("patients", patient) for patient in patients),
    }
    for _ in range(READINGS):
        try:
            with transaction.atomic():
                theirs = {pair for course in own.all() for pair in _course(course.pk, course.patient_id)}
                return _lock_held(read, asked | theirs)
        except _Moved:  # the savepoint is rolled back, and the locks with it
            continue
    raise BUSY.copy()


def _lock_held(read: Callable[[], Iterable[Appointment]], asked: set[Held]) -> list[Appointment]:
    seen = asked | _held(read())
    lock_places(**{kind: [key for one, key in seen if one == kind] for kind in KINDS})
    visits = list(read())
    if _held(visits) - seen:
        raise _Moved
    return visits


def _held(visits: Iterable[Appointment]) -> set[Held]:
    return {
        pair
        for visit in visits
        for pair in (*_places(visit), *_course(visit.course_id or visit.reviewed_id, visit.patient_id))
    }


def _places(place: Place) -> list[Held]:
    return [
        ("practitioners", place.practitioner_id),
        ("rooms", place.room_id),
        ("devices", place.device_id),
    ]


def _course(key: int | None, patient: int) -> list[Held]:
    return [("patients", patient), ("courses", key)]
