"""Puts on hold, in one action, the courses that a screening does not allow to go on as booked."""

import datetime as dt
from uuid import UUID

from clinic import clock
from clinic.models import User
from clinic.refusals import Refusal
from patients.models import Patient
from planner.models import CourseChange
from planner.moving import Kind, Order, batch_keys, change_courses
from planner.queries.midcourse import affected_courses


def hold_for_screening(
    patient: Patient, *, release: bool, batch: UUID, by: User, at: dt.datetime | None = None
) -> list[CourseChange]:
    """Hold every affected course at the user's location; free the booked visits, or keep their dates.

    The same `batch` sent twice holds once. Raises Refusal: nothing to hold, those of `change_courses`.
    """
    at = at or clock.now()
    done = list(CourseChange.objects.filter(batch=batch, course__patient=patient))
    if done:
        return done
    affected = affected_courses(patient, by.location, at)
    if not affected:
        raise Refusal("nothing_to_hold", "No booked visit is held by the screening.", "Open the patient.")
    orders = [Order(one.course.pk, Kind.HELD, reason=one.reason[:180], release=release) for one in affected]
    return change_courses(orders, keys=batch_keys(batch, orders), by=by, at=at, batch=batch)
