"""What the tests of moving share: previews turned into orders, as the confirm page does it."""

import datetime as dt
import uuid

from clinic import clock
from planner.models import Appointment, CourseChange
from planner.moving import Order, change_course
from planner.previews import Wanted, preview_of
from planner.replanning import first_day_of, gate_of
from tests.planner.making import NOW

Kind = CourseChange.Kind


def at_clock(course, day, time):
    """A local wall-clock time at the course's location, as an instant."""
    return clock.instant(day, time, course.location.time_zone)


def visit(course, number):
    """The live visit of a number, read anew."""
    rows = course.appointments.select_related("location", "course", "patient")
    return rows.get(number=number, status__in=("booked", "arrived", "fulfilled"))


def look(course, kind, *, number=None, at=NOW, **how):
    """The preview of a change."""
    wanted = Wanted(kind, row=visit(course, number) if number else None, **how)
    return preview_of(course, wanted, earliest_on=first_day_of(course, gate_of(course, at), at), at=at)


def order_of(preview):
    """What the confirm button of a preview sends."""
    wanted = preview.wanted
    about = wanted.row if wanted.frees_the_visit else None
    return Order(
        course_id=preview.course.pk,
        kind=wanted.kind,
        moves=preview.moves,
        about=about and about.pk,
        about_version=about and about.version,
        reason=wanted.reason,
        sessions=wanted.sessions,
    )


def confirm(preview, by, *, key=None, at=NOW):
    """Press the button."""
    return change_course(order_of(preview), key=key or uuid.uuid4(), by=by, at=at)


def move(course, number, day, by, time=dt.time(10), *, at=NOW, key=None, **how):
    """Move one visit to a local day and time, preview and all."""
    preview = look(course, Kind.MOVED, number=number, start=at_clock(course, day, time), at=at, **how)
    return confirm(preview, by, key=key, at=at)


def dates(course):
    """Number → local date of every live visit."""
    rows = course.appointments.filter(status__in=("booked", "arrived", "fulfilled"))
    return dict(rows.order_by("start").values_list("number", "on"))


def cancel(visit, *, reason, by, at=None):
    """Cancel one visit; the others keep their dates."""
    return _end(visit, Kind.CANCELLED, reason, by, at)


def miss(visit, *, by, at=None, reason=""):
    """The patient did not come."""
    return _end(visit, Kind.NO_SHOW, reason, by, at)


def _end(visit, kind, reason, by, at):
    row = Appointment.objects.get(pk=visit.pk)
    order = Order(row.course_id, kind, about=row.pk, about_version=row.version, reason=reason)
    return change_course(order, key=uuid.uuid4(), by=by, at=at or clock.now())
