"""Reads about adverse events: what holds a start, the page of one, what waits at a location."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Count, F, Q, QuerySet

from clinic.models import Location, TreatmentArea
from clinic.words import day_date
from patients.models import Patient
from patients.screening.words import list_words
from planner.models import AdverseEvent, Appointment, TreatmentSession
from planner.models.diary import AppointmentStatus


def event_rows() -> QuerySet[AdverseEvent]:
    """Events with what their pages show."""
    related = ("patient__location", "session__appointment__location", "recorded_by", "closed_by")
    return AdverseEvent.objects.select_related(*related).prefetch_related("areas")


def events_of(patient: Patient | int) -> QuerySet[AdverseEvent]:
    """Every event of a patient, open ones first."""
    rows = AdverseEvent.objects.filter(patient=patient).prefetch_related("areas")
    return rows.order_by(F("closed_at").desc(nulls_first=True), "-onset_on", "-pk")


def _touching(patient_id: int, area_ids: Iterable[int]) -> QuerySet[AdverseEvent]:
    """Events of a patient in any of these areas, and those of the whole person."""
    rows = AdverseEvent.objects.filter(patient=patient_id).annotate(
        named=Count("areas"), hit=Count("areas", filter=Q(areas__in=list(area_ids)))
    )
    return rows.filter(Q(named=0) | Q(hit__gt=0))


def holding_events(patient_id: int, area_ids: Iterable[int], on: dt.date) -> list[AdverseEvent]:
    """What holds a start of these areas on a local day: open events, and rests that are not over."""
    open_now = Q(closed_at=None, holds=True, holds_from__lte=on)
    return list(_touching(patient_id, area_ids).filter(open_now | Q(not_before__gt=on)).order_by("pk"))


def rests_of(patient_ids: Iterable[int]) -> list[AdverseEvent]:
    """Events of these patients that name a first day for their areas, or for the whole person."""
    rows = AdverseEvent.objects.filter(patient__in=list(patient_ids), not_before__isnull=False)
    return list(rows.prefetch_related("areas"))


def rested_on(rests: Iterable[AdverseEvent], patient_id: int, area_ids: set[int]) -> dt.date | None:
    """What `planner.site.read_rest` says, from the events that `rests_of` read."""
    return max((one.not_before for one in rests if _hits(one, patient_id, area_ids)), default=None)


def hold_words(event: AdverseEvent, on: dt.date) -> str:
    """Why an event holds a start, in one sentence."""
    since = day_date(event.onset_on, year=False, weekday=False)
    if event.not_before and event.not_before > on:
        return f"{event.name} since {since}: no treatment before {day_date(event.not_before)}."
    if not event.code:
        return f"A reaction since {since} is reported and not assessed."
    return f"{event.name} since {since}, grade {event.grade}, is open."


def where_words(areas: Sequence[TreatmentArea]) -> str:
    """Name the areas of an event."""
    return list_words(area.name.lower() for area in areas) or "whole person"


def treated_sessions(patient: Patient) -> QuerySet[TreatmentSession]:
    """Records to which an event of a patient may belong, newest first."""
    rows = TreatmentSession.objects.filter(patient=patient).exclude(not_treated_reason__regex=r"\S")
    return rows.select_related("appointment__location").order_by("-started_at")


def areas_for(patient: Patient) -> QuerySet[TreatmentArea]:
    """Areas that a patient's visits name."""
    return TreatmentArea.objects.filter(
        pk__in=Appointment.objects.filter(patient=patient).values("areas__area")
    ).order_by("position", "name")


def waiting_events(location: Location, day: dt.date) -> list[AdverseEvent]:
    """Open events at a location that somebody should look at today, the longest waiting first."""
    due = Q(code="") | Q(follow_up_on__lte=day) | Q(holds=True, holds_from__lte=day, code__startswith="EXP_")
    rows = AdverseEvent.objects.filter(due, patient__location=location, closed_at=None)
    return list(rows.select_related("patient").order_by("code", "follow_up_on", "pk"))


def visits_too_early(location: Location) -> list[tuple[Appointment, dt.date]]:
    """Booked visits that lie before the rest that an event asks for in one of their areas."""
    rests = list(
        AdverseEvent.objects.filter(not_before__isnull=False, patient__location=location).prefetch_related(
            "areas"
        )
    )
    visits = Appointment.objects.filter(
        location=location,
        status=AppointmentStatus.BOOKED,
        patient__in={rest.patient_id for rest in rests},
        on__lt=max((rest.not_before for rest in rests), default=dt.date.min),
    )
    found = []
    for visit in visits.select_related("patient", "course").prefetch_related("areas").order_by("on", "pk"):
        areas = {link.area_id for link in visit.areas.all()}
        untils = [rest.not_before for rest in rests if _hits(rest, visit.patient_id, areas)]
        if untils and visit.on < max(untils):
            found.append((visit, max(untils)))
    return found


def _hits(event: AdverseEvent, patient_id: int, area_ids: set[int]) -> bool:
    named = {area.pk for area in event.areas.all()}
    return event.patient_id == patient_id and (not named or bool(named & area_ids))
