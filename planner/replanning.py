"""A course under way → the planner's problem: what is behind, what lies ahead, what has no date."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from clinic import clock
from clinic.models import Practitioner, User
from patients.gates import ScreeningGate, booking_gate_for, refuse_closed_gate, refuse_withdrawn_consent
from planner import diary
from planner.engine import model as engine
from planner.models import Appointment, TreatmentCourse
from planner.models.diary import LIVE
from planner.planning import CourseRequest, Slot, patient_wishes, visit_of
from planner.site import PatientDays, read_patient, read_rest

FURTHER_DAYS = 70  # beyond the longest gaps: how late a visit may still be placed, marked as late


@dataclass(frozen=True)
class Item:
    """One visit to be planned: the booked row, or only its number when it has no date."""

    number: int
    row: Appointment | None = None


@dataclass(frozen=True)
class Timeline:
    """The live visits of a course by date, and the numbers that have none."""

    live: tuple[Appointment, ...]
    missing: tuple[int, ...]
    at: dt.datetime

    @property
    def ahead(self) -> tuple[Appointment, ...]:
        """Booked visits whose time has not come."""
        return tuple(visit for visit in self.live if visit.status == "booked" and visit.start > self.at)

    @property
    def behind(self) -> tuple[Appointment, ...]:
        """Visits attended, or begun by the clock."""
        ahead = {visit.pk for visit in self.ahead}
        return tuple(visit for visit in self.live if visit.pk not in ahead)

    def before(self, row: Appointment) -> Appointment | None:
        """The live visit before one, by date."""
        return max(
            (one for one in self.live if one.start < row.start), key=lambda one: one.start, default=None
        )

    def after(self, row: Appointment) -> tuple[Appointment, ...]:
        """The booked visits ahead of one, by date."""
        return tuple(one for one in self.ahead if one.start > row.start)

    def items(self, missing: Iterable[int]) -> tuple[Item, ...]:
        """Everything still to come, the visits without a date at the place of their number."""
        done = max((visit.number for visit in self.behind), default=0)
        items = [Item(visit.number, visit) for visit in self.ahead]
        for number in missing:
            at = next((i for i, item in enumerate(items) if item.number > number), len(items))
            items.insert(at if number > done else len(items), Item(number))
        return tuple(items)


def timeline_of(
    course: TreatmentCourse, at: dt.datetime, *, without: Sequence[int] = (), sessions: int | None = None
) -> Timeline:
    """Read the visits of a course; `without` are keys that count as not booked any more."""
    rows = course.appointments.filter(status__in=LIVE, kind="treatment").exclude(pk__in=list(without))
    live = tuple(rows.select_related("practitioner", "room", "course", "session").order_by("start"))
    held = {visit.number for visit in live}
    numbers = range(1, (sessions or course.sessions) + 1)
    return Timeline(live, tuple(number for number in numbers if number not in held), at)


@dataclass(frozen=True)
class Replanning:
    """One reading of the diary for some visits of a course: the problem, and the rows behind its names."""

    course: TreatmentCourse
    items: tuple[Item, ...]
    previous: Appointment | None
    practitioners: tuple[Practitioner, ...]
    rooms: tuple
    devices: tuple
    problem: engine.Problem


def read_replanning(
    course: TreatmentCourse,
    items: Sequence[Item],
    previous: Appointment | None,
    *,
    earliest_on: dt.date,
    at: dt.datetime,
    finish_by: dt.date | None = None,
    near: Sequence[dt.date] = (),
    freed: Sequence[Appointment] = (),
    moving: Sequence[Appointment] = (),
) -> Replanning:
    """Read the diary once, without the visits of `items`, and state the problem of placing them.

    `previous` is the visit before them, `earliest_on` the first day the screening allows; `near` are dates
    that the reading must also reach. `freed` are visits that leave the diary; their days do not suit.
    `moving` leave their places too. Wishes of the course stay soft, its firm ones stay firm.
    """
    rows = [item.row for item in items if item.row is not None]
    site = diary.site_of(course.location, course.indication_id)
    places = people, rooms, devices = site.people, site.rooms, site.devices
    days = [*near, *(row.on for row in rows), earliest_on]
    last = max([*days, *([previous.on] if previous else [])])
    reach = course.gap_max_days * (len(items) + 1) + FURTHER_DAYS
    free = diary.read_diary(
        course.location,
        practitioners=people,
        rooms=rooms,
        devices=devices,
        first_date=min(days),
        last_date=last + dt.timedelta(days=reach),
        not_before=at,
        without=[row.pk for row in (*rows, *freed, *moving)],
        site=site,
    )
    known = _known(course, at, [row.pk for row in (*rows, *freed, *moving)])
    request = request_of(course, items, previous, places, known, earliest_on=earliest_on, freed=freed)
    problem = engine.Problem(free, replace(request, finish_by=finish_by))
    return Replanning(course, tuple(items), previous, tuple(people), tuple(rooms), tuple(devices), problem)


def _known(course: TreatmentCourse, at: dt.datetime, without: Iterable[int]) -> PatientDays:
    areas = [area.pk for area in course.areas.all()]
    return read_patient(course.patient_id, areas=areas, at=at, without=without)


def _times(course: TreatmentCourse, known: PatientDays, freed: Sequence[Appointment]) -> engine.PatientTimes:
    """When the patient can come: their wishes, their other visits, the rest between treatments."""
    wishes = _wishes(course)
    rests = diary.blackouts_of(known, course.gap_min_days)
    blackouts = tuple(sorted({*rests, *((row.on, row.on) for row in freed)}))
    if wishes is None:
        return engine.PatientTimes(blackouts=blackouts, busy=known.busy)
    return patient_wishes(wishes, known.busy, blackouts)


def _content(times: engine.PatientTimes, known: Iterable[Appointment]) -> engine.PatientTimes:
    """Without a wish for somebody, those who treat the patient in this course are wished for."""
    people = frozenset(diary.practitioner_id(row.practitioner_id) for row in known)
    if times.preferred_practitioners is not None or not people:
        return times
    return replace(times, preferred_practitioners=people)


def _wishes(course: TreatmentCourse) -> CourseRequest | None:
    return CourseRequest.from_wishes(course.wishes) if course.wishes else None


def _visit(course: TreatmentCourse, people, _rooms, devices) -> engine.Visit:
    visit = visit_of(people, devices, course.numbing_minutes, course.treatment_minutes)
    wishes = _wishes(course)
    if wishes is None or not (wishes.practitioner_must and wishes.practitioner_id):
        return visit
    return replace(visit, practitioners=frozenset({diary.practitioner_id(wishes.practitioner_id)}))


def request_of(
    course: TreatmentCourse,
    items: Sequence[Item],
    previous: Appointment | None,
    places,
    known: PatientDays,
    *,
    earliest_on: dt.date,
    freed: Sequence[Appointment] = (),
) -> engine.Request:
    """What a course asks for: its open visits with gaps, pins and booked places, and the patient's times.

    `places` are the people, rooms and devices; `known` the patient's days without `items` and `freed`.
    """
    rows = [item.row for item in items if item.row is not None]
    visit = _visit(course, *places)
    times = _times(course, known, freed)
    return engine.Request(
        visits=(visit,) * len(items),
        gaps=tuple(gap_between(course, one, two) for one, two in zip(items, items[1:], strict=False)),
        earliest=earliest_on,
        previous=_previous(course, previous, items[0]),
        pins=tuple(pin_of(index, item.row) for index, item in enumerate(items) if _is_pinned(item)),
        current=tuple(item.row and booked_as(item.row) for item in items),
        patient=_content(times, [*rows, *filter(None, [previous]), *freed]),
    )


def _is_pinned(item: Item) -> bool:
    return item.row is not None and item.row.is_pinned


def _previous(course, previous: Appointment | None, first: Item) -> engine.Previous | None:
    if previous is None:
        return None
    gap = gap_between(course, Item(previous.number, previous), first)
    return engine.Previous(previous.on, gap, diary.practitioner_id(previous.practitioner_id))


def gap_between(course: TreatmentCourse, one: Item, two: Item) -> engine.Gap:
    """The gap the course asks for between two visits; numbers left out between them have theirs each."""
    steps = max(two.number - one.number, 1)
    shortest = one.row.gap_days if one.row is not None and one.row.gap_days else course.gap_min_days
    return engine.Gap(shortest, steps * course.gap_target_days, steps * course.gap_max_days)


def booked_as(row: Appointment) -> engine.Booked:
    """Where a visit is now, in the planner's words."""
    return engine.Booked(
        engine.epoch_minute(row.start), diary.practitioner_id(row.practitioner_id), diary.room_id(row.room_id)
    )


def pin_of(index: int, row: Appointment) -> engine.Pin:
    """Hold a visit where it is."""
    booked = booked_as(row)
    return engine.Pin(index, booked.start, row.on, booked.practitioner, booked.room)


def slot_of(row: Appointment) -> Slot:
    """Where a booked visit is."""
    return Slot(row.start, row.practitioner_id, row.room_id, row.device_id)


def asked_pin(
    index: int, start: dt.datetime, zone: str, practitioner_id: int | None, room_id: int | None
) -> engine.Pin:
    """Hold a visit where somebody wants it; person and room may be left to the planner."""
    return engine.Pin(
        index,
        engine.epoch_minute(start),
        clock.local_date(start, zone),
        diary.practitioner_id(practitioner_id) if practitioner_id else None,
        diary.room_id(room_id) if room_id else None,
    )


# A running course is screened again at each visit, so an old screen alone does not stop a move of its dates.
TOLERATED = {"too_old", "files_joined"}


def gate_of(
    course: TreatmentCourse, at: dt.datetime, *, fresh: bool = False, by: User | None = None
) -> ScreeningGate:
    """May this course have new dates, and from which day? `fresh` asks for a screen as for a new booking.

    Raises Refusal on everything that refuses a booking (ruling 1), a withdrawn consent too, in the words that
    `by` may read; without it in those of the desk. Call it after the patient row is locked.
    """
    today = clock.local_date(at, course.location.time_zone)
    gate = booking_gate_for(course.patient, areas=course.areas.all(), on=today, at=at)
    refuse_new_dates(gate, fresh=fresh, by=by)
    refuse_withdrawn_consent(course.patient_id, course.indication)
    return gate


def refuse_new_dates(gate: ScreeningGate, *, fresh: bool = False, by: User | None = None) -> None:
    """Refuse what refuses a booking; an old screen alone only where a `fresh` one is asked for."""
    if fresh or not TOLERATED.issuperset(gate.codes):
        refuse_closed_gate(gate, by)


def first_day_of(course: TreatmentCourse, gate: ScreeningGate, at: dt.datetime) -> dt.date:
    """The first local day on which the screening and the rest after a reaction allow a visit."""
    today = clock.local_date(at, course.location.time_zone)
    rested_on = read_rest(course.patient_id, [area.pk for area in course.areas.all()])
    return max(today, *(day for day in (gate.earliest_on, rested_on) if day))
