"""Which booked visits a change of hours, closures, time off or resources would touch."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Model, Q, QuerySet

from clinic import clock
from clinic.models import Absence, Closure, Device, Location, OpeningHours, Practitioner, Room, WorkingHours
from clinic.models.hours import WeeklySpan
from planner.models import Appointment
from planner.models.diary import during

AHEAD = ("booked", "arrived")
NOBODY = Q(pk__in=[])
OUT_OF_USE_SQL = """
    SELECT ARRAY(SELECT id FROM clinic_practitioner WHERE NOT is_active),
        ARRAY(SELECT id FROM clinic_room WHERE NOT is_active),
        ARRAY(SELECT id FROM clinic_device WHERE NOT is_active)
"""


def visits_touched(
    row: Model, *, after: Sequence[Model], now: dt.datetime, switched_off: bool = False
) -> list[Appointment]:
    """List the visits ahead that no longer fit when `row` becomes the rows `after` (none: it goes).

    `row` is the stored row, or the unsaved one when it is new. Visits that did not fit before do not count.
    """
    ahead = _ahead(now)
    match row:
        case OpeningHours() | WorkingHours():
            return _outside_hours(ahead, row, after)
        case Closure():
            return list(ahead.filter(_any_of(_closed, after)).exclude(_any_of(_closed, _stored(row))))
        case Absence():
            return list(ahead.filter(_any_of(_away, after)).exclude(_any_of(_away, _stored(row))))
        case Practitioner() | Room() | Device() if row.pk and switched_off:
            return list(ahead.filter(**{row._meta.model_name: row}))
    return []


def _ahead(now: dt.datetime) -> QuerySet[Appointment]:
    # The ranges are those of the indexes that keep everybody in one place at a time.
    return (
        Appointment.objects.filter(status__in=AHEAD, end__gt=now)
        .alias(
            with_practitioner=during("practitioner_from", "practitioner_until"),
            in_room=during("start", "room_until"),
            with_device=during("device_from", "device_until"),
        )
        .select_related("patient", "location", "practitioner", "room", "course__indication")
        .order_by("start")
    )


def lost_visits(location: Location, now: dt.datetime) -> QuerySet[Appointment]:
    """Booked treatments ahead whose person, room or device is away or out of use, or whose day is closed."""
    ahead = _ahead(now).filter(location=location, status="booked", kind="treatment", start__gt=now)
    absences = Absence.objects.filter(end__gt=now)
    closures = Closure.objects.filter(
        location=location, last_date__gte=clock.local_date(now, location.time_zone)
    )
    return ahead.filter(_out_of_use(now) | _any_of(_away, absences) | _any_of(_closed, closures))


def _out_of_use(now: dt.datetime) -> Q:
    """Visits ahead with a person, room or device that is switched off; one query."""
    with connection.cursor() as cursor:
        cursor.execute(OUT_OF_USE_SQL)
        people, rooms, devices = cursor.fetchone()
    since = (now, None)
    return (
        Q(practitioner__in=people, with_practitioner__overlap=since)
        | Q(room__in=rooms, in_room__overlap=since)
        | Q(device__in=devices, with_device__overlap=since)
    )


def _stored(row: Model) -> list[Model]:
    """The row as the database has it, whatever a form has written on it since."""
    return list(type(row).objects.filter(pk=row.pk)) if row.pk else []


def _any_of(condition, rows: Iterable[Model]) -> Q:
    found = NOBODY
    for row in rows:
        found |= condition(row)
    return found


def _closed(closure: Closure) -> Q:
    return Q(location=closure.location, on__range=(closure.first_date, closure.last_date))


def _away(absence: Absence) -> Q:
    away = (absence.start, absence.end)
    if absence.practitioner_id:
        return Q(practitioner=absence.practitioner_id, with_practitioner__overlap=away)
    if absence.room_id:
        return Q(room=absence.room_id, in_room__overlap=away)
    return Q(device=absence.device_id, with_device__overlap=away)


def _outside_hours(
    ahead: QuerySet[Appointment], row: WeeklySpan, after: Sequence[WeeklySpan]
) -> list[Appointment]:
    """Visits that were inside the weekly hours and would be outside them."""
    owners = {_owner(span) for span in [*_stored(row), *after]}
    touched = []
    for owner in owners:
        spans = list(type(row).objects.filter(**dict(owner)))
        changed = [span for span in spans if span.pk != row.pk]
        changed += [span for span in after if _owner(span) == owner]
        touched += [
            visit
            for visit in ahead.filter(**dict(owner))
            if _fits(visit, spans, row) and not _fits(visit, changed, row)
        ]
    return sorted(touched, key=lambda visit: (visit.start, visit.pk))


def _owner(span: WeeklySpan) -> tuple[tuple[str, int], ...]:
    if isinstance(span, WorkingHours):
        return (("practitioner_id", span.practitioner_id), ("location_id", span.location_id))
    return (("location_id", span.location_id),)


def _fits(visit: Appointment, spans: Iterable[WeeklySpan], kind: WeeklySpan) -> bool:
    """The visit (the treatment only, for a person's hours) lies inside the spans of its local day."""
    zone = visit.location.time_zone
    begin = visit.treatment_start if isinstance(kind, WorkingHours) else visit.start
    covered, day = begin, clock.local_date(begin, zone)
    for span in sorted((span for span in spans if _holds(span, day)), key=lambda span: span.opens):
        opens, closes = _instants(span, day, zone)
        if opens <= covered < closes:
            covered = closes
    return covered >= visit.end


def _instants(span: WeeklySpan, day: dt.date, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """A weekly span on one local day; 23:59 stands for midnight."""
    if span.closes >= dt.time(23, 59):
        return clock.instant(day, span.opens, zone), clock.day_bounds(day, zone)[1]
    return clock.instant(day, span.opens, zone), clock.instant(day, span.closes, zone)


def _holds(span: WeeklySpan, day: dt.date) -> bool:
    return (
        span.weekday == day.weekday()
        and (span.valid_from is None or span.valid_from <= day)
        and (span.valid_to is None or day <= span.valid_to)
    )
