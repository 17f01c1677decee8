"""The one lock order: practitioners, rooms, devices, patients, courses, each by id.

Exclusion constraints are the law but deadlock under load; rows locked in one fixed order before the first
read do not. A row that only names a locked person, room or device waits for nobody; one that joins a file or
a course does. Every write that claims a place in the diary comes through here, old and new places together.
"""

from collections.abc import Iterable

from clinic.models import Device, Practitioner, Room
from patients.models import Patient
from planner.models import TreatmentCourse

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
    """Lock these rows until the transaction ends; call it before reading what the decision rests on."""
    for model, ids in zip(ORDER, (practitioners, rooms, devices, patients, courses), strict=True):
        wanted = {pk for pk in ids if pk is not None}
        if wanted:
            rows = model.objects.select_for_update(no_key=model in NAMED).filter(pk__in=wanted).order_by("pk")
            list(rows.values_list("pk", flat=True))
