"""Reminders and how to prepare: which visits want them, when, and what makes them pointless.

The worker writes them into the outbox some days ahead and looks again every minute: a visit that moved gets
new ones, those of the old time are dropped. Each is unique per visit, kind and version, and is judged once
more when it leaves. Its version is the time it is about: the minute of the start for a reminder, the day for
how to prepare, so that a visit that moves by an hour is not prepared for twice.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from clinic import clock
from clinic.models import Location, OutboxMessage
from clinic.models.outbox import WAITING
from patients.contact import way_to
from planner.engine.aftercare.timing import prepare_on
from planner.engine.message_versions import version_of_day, version_of_start
from planner.engine.writing_hours import next_writing_moment
from planner.models import AftercareText, Appointment, AppointmentEvent, TreatmentCourse
from planner.telling import UNDO_MINUTES

Kind = OutboxMessage.Kind
KINDS = (Kind.PREPARATION, Kind.REMINDER)
AHEAD = dt.timedelta(days=16)  # visits looked at: those whose first message is about a week away
MINUTE = dt.timedelta(minutes=1)
OVER = {
    "cancelled": "the visit was cancelled",
    "noshow": "the visit is over",
    "arrived": "the patient is here",
    "fulfilled": "the visit is over",
}


@dataclass(frozen=True)
class Wanted:
    """A message that a visit wants, and when it should leave."""

    kind: str
    visit: Appointment
    version: int
    due_at: dt.datetime

    @property
    def key(self) -> tuple[str, int, int]:
        """What makes it one."""
        return self.kind, self.visit.pk, self.version


def plan_messages(at: dt.datetime | None = None) -> int:
    """Write what the visits ahead want and is not there, drop what none wants; return how many are new.

    Any number of workers may do this at once, and as often as they like.
    """
    at = at or clock.now()
    near = visits_to_tell().filter(status="booked", start__gt=at, start__lt=at + AHEAD)
    near = near.filter(Q(course__status="active") | Q(kind="review"))
    approved = approved_languages()
    wanted = {one.key: one for visit in near for one in wanted_of(visit, at, approved)}
    with transaction.atomic():
        _drop_pointless(at, approved)
        known = _known(wanted)
        for key, message in known.items():
            _take_up(message, wanted[key], at)
        new = [message_of(one) for key, one in wanted.items() if key not in known]
        OutboxMessage.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def visits_to_tell() -> QuerySet[Appointment]:
    """Visits with what a message needs; `told_at` is when their time was last given."""
    given = AppointmentEvent.objects.filter(appointment=OuterRef("pk"), kind__in=("booked", "moved"))
    told_at = Subquery(given.order_by("-at", "-pk").values("at")[:1])
    rows = Appointment.objects.filter(kind__in=("treatment", "review")).select_related(
        "patient", "location", "course"
    )
    return rows.annotate(told_at=told_at)


def wanted_of(visit: Appointment, at: dt.datetime, approved: set[str]) -> list[Wanted]:
    """What a booked visit wants: at most how to prepare and a reminder; a review the reminder alone.

    Nobody is reminded of a time that was given after the reminder would have left: they were told of it then.
    """
    if not way_to(visit.patient):
        return []
    place, found = visit.location, []
    told_at = visit.told_at or dt.datetime.min.replace(tzinfo=dt.UTC)
    today = clock.local_date(at, place.time_zone)
    prepares = place.preparation_on and visit.kind == Appointment.Kind.TREATMENT
    if prepares and visit.patient.language in approved and today < visit.on:
        due = _morning(prepare_on(visit.on), place)
        due = _in_hours(max(due, told_at + UNDO_MINUTES * MINUTE), place)
        found.append(Wanted(Kind.PREPARATION, visit, version_of(Kind.PREPARATION, visit), due))
    if place.reminder_days:
        due = _morning(visit.on - dt.timedelta(days=place.reminder_days), place)
        if told_at <= due:
            found.append(Wanted(Kind.REMINDER, visit, version_of(Kind.REMINDER, visit), due))
    return found


def wanted_ahead(course: TreatmentCourse, at: dt.datetime) -> list[Wanted]:
    """All that the visits ahead of a running course want, by when it leaves; two queries."""
    if course.status != TreatmentCourse.Status.ACTIVE:
        return []
    approved = approved_languages()
    visits = visits_to_tell().filter(course=course, status="booked", start__gt=at)
    found = [one for visit in visits for one in wanted_of(visit, at, approved)]
    return sorted(found, key=lambda one: (one.due_at, one.visit.start))


def version_of(kind: str, visit: Appointment) -> int:
    """The time a message is about, as a number."""
    if kind == Kind.PREPARATION:
        return version_of_day(visit.on)
    return version_of_start(visit.start)


def approved_languages() -> set[str]:
    """The languages in which a clinic may say how to prepare."""
    return set(AftercareText.objects.filter(approved_at__isnull=False).values_list("language", flat=True))


def pointless(message: OutboxMessage, visit: Appointment, at: dt.datetime, approved: set[str]) -> str:
    """Why a message about a visit makes no sense now; "" if it does."""
    if visit.status in OVER:
        return OVER[visit.status]
    if version_of(message.kind, visit) != message.version:
        return "the visit was moved"
    if visit.start <= at:
        return "the visit has begun"
    if message.kind == Kind.PREPARATION and clock.local_date(at, visit.location.time_zone) >= visit.on:
        return "the day of the visit has come"
    if visit.course and visit.course.status != "active":
        return f"the course is {visit.course.get_status_display().lower()}"
    if message.kind == Kind.PREPARATION and visit.patient.language not in approved:
        return "no texts are approved in this language"
    return "" if message.asked_by_id else _switched_off(message.kind, visit.location)


def _switched_off(kind: str, place: Location) -> str:
    if kind == Kind.REMINDER and not place.reminder_days:
        return "reminders are switched off"
    if kind == Kind.PREPARATION and not place.preparation_on:
        return "messages on how to prepare are switched off"
    return ""


def writing_moment(message: OutboxMessage, at: dt.datetime) -> dt.datetime:
    """When a message may leave: at once, or in the hours of its location if nobody asked for it."""
    if message.kind not in KINDS or message.asked_by_id:
        return at
    return _in_hours(at, message.location)


def _in_hours(at: dt.datetime, place: Location) -> dt.datetime:
    return next_writing_moment(at, place.time_zone, place.write_from, place.write_until)


def _morning(day: dt.date, place: Location) -> dt.datetime:
    return clock.instant(day, place.write_from, place.time_zone)


def message_of(one: Wanted) -> OutboxMessage:
    """What it will be in the outbox."""
    return OutboxMessage(
        kind=one.kind,
        subject_id=one.visit.pk,
        version=one.version,
        patient_id=one.visit.patient_id,
        location=one.visit.location,
        due_at=one.due_at,
    )


def _known(wanted: dict) -> dict[tuple[str, int, int], OutboxMessage]:
    visits = {subject for _kind, subject, _version in wanted}
    rows = OutboxMessage.objects.filter(kind__in=KINDS, subject_id__in=visits, again=0)
    rows = rows.select_related("location")
    found = {(row.kind, row.subject_id, row.version): row for row in rows}
    return {key: row for key, row in found.items() if key in wanted}


def _take_up(message: OutboxMessage, one: Wanted, at: dt.datetime) -> None:
    """Follow the settings while it waits; revive one that was dropped when the visit is as it was again."""
    if message.sent_at or message.failed_because or message.closed_at:
        return
    ahead = one.due_at > at
    due_at = one.due_at if ahead else writing_moment(message, at)
    other = message.due_at > due_at or (ahead and message.due_at != due_at)
    if message.dropped_because or (other and not message.tries):
        rows = OutboxMessage.objects.filter(pk=message.pk, sent_at=None, failed_because="", closed_at=None)
        rows.filter(claimed_until=None).update(due_at=due_at, dropped_because="", tries=0)


def _drop_pointless(at: dt.datetime, approved: set[str]) -> None:
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    waiting = OutboxMessage.objects.filter(WAITING, free, kind__in=KINDS)
    rows = list(waiting.select_for_update(skip_locked=True).order_by("pk"))
    visits = visits_to_tell().in_bulk([row.subject_id for row in rows])
    for row in rows:
        if reason := pointless(row, visits[row.subject_id], at, approved):
            row.dropped_because = reason
            row.save(update_fields=["dropped_because"])
