"""Stretches of a day in which a person and a room are free, and who of the short-notice list fits them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from clinic import clock
from clinic.models import Location
from patients.judgement import PatientFile
from planner import diary
from planner.engine import model as engine
from planner.engine.openings import openings
from planner.freed import Suiting, suiting_of
from planner.models import CourseChange, SlotOffer, TreatmentCourse
from planner.planning import Slot
from planner.shortlist import Waiter, waiters_of
from planner.site import Person, Place, Site, read_site

LEAST = 60  # minutes: less holds no visit with its numbing
AT_MOST = 4  # shown on Today


@dataclass(frozen=True)
class OpenGap:
    """A stretch in which a person and a room are free; `suiting` is about a visit at its start."""

    start: dt.datetime
    end: dt.datetime
    person: Person
    room: Place
    suiting: Suiting = Suiting()

    @property
    def slot(self) -> Slot:
        """Its start as a place to offer."""
        return Slot(self.start, self.person.pk, self.room.pk, None)

    @property
    def url(self) -> str:
        """Where it is offered."""
        place = {"start": self.start.isoformat(), "practitioner": self.person.pk, "room": self.room.pk}
        return f"{reverse('short_notice')}?{urlencode(place)}"


@dataclass(frozen=True)
class FilledGap:
    """A time of the day that a patient of the short-notice list took."""

    start: dt.datetime
    patient: str
    patient_id: int
    was_on: dt.date | None


def free_stretches(location: Location, site: Site, day: dt.date, at: dt.datetime, least: int = LEAST):
    """The free stretches of a local day, from `at` on, as gaps whom nobody was looked for yet; one query."""
    if clock.local_date(at, location.time_zone) > day:
        return []
    people, rooms = ({one.pk: one for one in rows} for rows in (site.people, site.rooms))
    free = diary.read_diary(
        location,
        practitioners=site.people,
        rooms=site.rooms,
        devices=(),
        first_date=day,
        last_date=day,
        not_before=at,
        site=site,
    )
    within = tuple(engine.epoch_minute(one) for one in clock.day_bounds(day, location.time_zone))
    return [
        OpenGap(
            engine.EPOCH + dt.timedelta(minutes=one.begin),
            engine.EPOCH + dt.timedelta(minutes=one.end),
            people[diary.key_of(one.practitioner)],
            rooms[diary.key_of(one.room)],
        )
        for one in openings(free, within, least)
    ]


def open_gaps(
    location: Location, site: Site, day: dt.date, at: dt.datetime, waiters: Iterable[Waiter]
) -> list[OpenGap]:
    """The free stretches of a day with whom they fit; two queries."""
    gaps = free_stretches(location, site, day, at)
    suiting = suiting_of(location, site, [gap.slot for gap in gaps], waiters, at)
    return [OpenGap(gap.start, gap.end, gap.person, gap.room, suiting[gap.slot]) for gap in gaps]


def fitting_gaps(
    location: Location,
    day: dt.date,
    at: dt.datetime,
    courses: Sequence[TreatmentCourse],
    files: Mapping[int, PatientFile],
) -> list[OpenGap]:
    """The free stretches of a day that somebody of the short-notice list (`courses`) fits."""
    if not courses:
        return []
    site, _ = read_site(location, None, first_date=day)
    gaps = open_gaps(location, site, day, at, waiters_of(location, site, at, courses, files))
    return [gap for gap in gaps if gap.suiting.fitting]


def worth_showing(gaps: Sequence[OpenGap]) -> list[OpenGap]:
    """A few of them by time, those that fit somebody before the others."""
    first = sorted(gaps, key=lambda gap: (not gap.suiting.fitting, gap.start))
    return sorted(first[:AT_MOST], key=lambda gap: gap.start)


def filled_gaps(location: Location, day: dt.date) -> list[FilledGap]:
    """What was given away at short notice on a local day and still stands; at most two queries."""
    since, until = clock.day_bounds(day, location.time_zone)
    offers = [
        offer
        for offer in SlotOffer.objects.filter(
            location=location, state="taken", start__gte=since, start__lt=until
        ).select_related("appointment__location", "course__patient")
        if offer.appointment.start == offer.start and offer.appointment.status != "cancelled"
    ]
    changes = CourseChange.objects.filter(key__in=[offer.key for offer in offers]) if offers else ()
    before = {change.key: change.before["visits"] for change in changes}
    return [
        FilledGap(
            offer.start,
            str(offer.course.patient),
            offer.course.patient_id,
            _was_on(before.get(offer.key, ()), offer),
        )
        for offer in sorted(offers, key=lambda one: one.start)
    ]


def _was_on(visits: Iterable[dict], offer: SlotOffer) -> dt.date | None:
    starts = [visit["start"] for visit in visits if visit["id"] == offer.appointment_id]
    zone = offer.appointment.location.time_zone if starts else ""
    return clock.local_date(dt.datetime.fromisoformat(starts[0]), zone) if starts else None
