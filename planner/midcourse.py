"""Courses under way follow what is recorded of a patient: held by a screening, stopped by a withdrawal."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from clinic import clock
from clinic.models import User
from clinic.refusals import Refusal
from patients.models import Patient
from planner import changes
from planner.locks import lock_held
from planner.models import Appointment, CourseChange
from planner.moving import Kind, Order, batch_keys, change_by_rule, change_courses
from planner.queries.midcourse import affected_courses, released_courses, withdrawn_courses


def hold_for_screening(
    patient: Patient, *, release: bool, batch: uuid.UUID, by: User, at: dt.datetime | None = None
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


@contextmanager
def courses_follow(patient_id: int, *, by: User | None, at: dt.datetime) -> Iterator[None]:
    """What is written inside about a patient's safety is followed by the courses, in the same transaction.

    A withdrawn consent stops the courses of its indication and cancels their booked visits; a stop whose rule
    releases them (pregnancy, ruling 3) puts every course on hold. `by` is who recorded it, None the patient.
    All places are locked before anything is written, in the one order of `planner.locks`.
    """
    ahead = Appointment.objects.filter(patient=patient_id, status="booked", start__gt=at)
    lock_held(ahead.all, patients=[patient_id])
    changes.defer_constraints()  # the withdrawal is written before the course that it stops
    yield
    orders = [
        Order(course.pk, Kind.STOPPED, reason=reason) for course, reason in withdrawn_courses(patient_id)
    ]
    orders += [
        Order(course.pk, Kind.HELD, reason=reason, again=True)
        for course, reason in released_courses(patient_id, at)
        if all(course.pk != order.course_id for order in orders)
    ]
    if orders:
        batch = uuid.uuid4()
        change_by_rule(orders, keys=batch_keys(batch, orders), by=by, at=at, batch=batch)
    changes.ask_constraints()
