"""Slots that came free and the patients of the short-notice list whom they suit."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from clinic import clock
from clinic.models import Location
from clinic.refusals import Refusal
from planner import diary
from planner.engine import model as engine
from planner.engine.waitlist import Freed, Waiting, match
from planner.models import Appointment, CourseChange, SlotOffer, TreatmentCourse
from planner.planning import Slot
from planner.replanning import OpenCourse, open_course

LOOKED_BACK = dt.timedelta(days=14)  # changes older than this have given their slots back to the diary
SHOWN = 12  # freed slots shown at once


@dataclass(frozen=True)
class Candidate:
    """A visit that could come at the freed slot: how many days sooner, and what its gaps would be."""

    visit: Appointment
    slot: Slot
    sooner_days: int
    gap_before: int | None
    gap_after: int | None
    note: str


@dataclass(frozen=True)
class FreedSlot:
    """A slot that came free, with the patients it suits, the cheapest for the diary first."""

    start: dt.datetime
    practitioner: str
    room: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Waiter:
    """A course on the list; `why` says why it is not offered anything now."""

    course: TreatmentCourse
    following: Appointment | None
    why: str = ""


def offers_at(location: Location) -> QuerySet[SlotOffer]:
    """Offers that a person of this location may close."""
    return SlotOffer.objects.filter(location=location).select_related(
        "course__patient", "course__indication", "practitioner", "room", "appointment"
    )


def held_offers(location: Location) -> list[SlotOffer]:
    """Slots that are held now, or whose hold ran out without an answer."""
    return list(offers_at(location).filter(state="held"))


def freed_places(location: Location, at: dt.datetime) -> list[Slot]:
    """Places ahead that a change of the last days gave back, soonest first, each once."""
    changes = CourseChange.objects.filter(
        course__location=location, at__gt=at - LOOKED_BACK, undone_at=None
    ).values_list("before", "after")
    found: dict[tuple, Slot] = {}
    for before, after in changes:
        became = {visit["id"]: visit for visit in after["visits"]}
        for was in before["visits"]:
            if _left(was, became[was["id"]]):
                slot = Slot(
                    dt.datetime.fromisoformat(was["start"]),
                    was["practitioner_id"],
                    was["room_id"],
                    was["device_id"],
                )
                found[(slot.start, slot.practitioner_id)] = slot
    return sorted((slot for slot in found.values() if slot.start > at), key=lambda slot: slot.start)


def _left(was: dict, now: dict) -> bool:
    gone = now["status"] not in ("booked", "arrived", "fulfilled")
    return was["status"] == "booked" and (
        gone or any(was[name] != now[name] for name in ("start", "practitioner_id", "room_id"))
    )


def waiters_of(location: Location, at: dt.datetime) -> list[tuple[Waiter, OpenCourse | None]]:
    """The courses of the list, with what the planner needs of those that may be offered something."""
    courses = (
        TreatmentCourse.objects.filter(location=location, status="active", earlier_since__isnull=False)
        .select_related("patient", "indication", "location")
        .prefetch_related("areas")
        .order_by("earlier_since", "pk")
    )
    places = (diary.staff_of(location), diary.rooms_of(location), diary.devices_of(location))
    return [_waiter(course, places, at) for course in courses]


def _waiter(course: TreatmentCourse, places, at: dt.datetime) -> tuple[Waiter, OpenCourse | None]:
    ahead = course.appointments.filter(status="booked", start__gt=at).order_by("start").first()
    try:
        return Waiter(course, ahead), open_course(course, places, at)
    except Refusal as refusal:
        return Waiter(course, ahead, str(refusal)), None


def suited(
    location: Location, slots: Sequence[Slot], known: Iterable[OpenCourse], at: dt.datetime
) -> list[FreedSlot]:
    """For each freed slot that is still free, whom it suits; slots that suit nobody are left out."""
    by_key = {str(one.course.pk): one for one in known}
    if not by_key or not slots:
        return []
    people, rooms, devices = (
        diary.staff_of(location),
        diary.rooms_of(location),
        diary.devices_of(location),
    )
    last = max(item.row.on for one in by_key.values() for item in one.items if item.row)
    free = diary.read_diary(
        location,
        practitioners=people,
        rooms=rooms,
        devices=devices,
        first_date=clock.local_date(at, location.time_zone),
        last_date=max(last, clock.local_date(slots[-1].start, location.time_zone)),
        not_before=at,
    )
    names = {one.pk: str(one) for one in people}, {one.pk: str(one) for one in rooms}
    found = []
    for slot in slots:
        if slot.practitioner_id not in names[0] or slot.room_id not in names[1]:
            continue
        candidates = _candidates(slot, free, by_key, location.time_zone)
        if candidates:
            found.append(
                FreedSlot(slot.start, names[0][slot.practitioner_id], names[1][slot.room_id], candidates)
            )
        if len(found) == SHOWN:
            break
    return found


def _candidates(
    slot: Slot, free: engine.Diary, by_key: dict[str, OpenCourse], zone: str
) -> tuple[Candidate, ...]:
    freed = Freed(
        engine.epoch_minute(slot.start),
        diary.practitioner_id(slot.practitioner_id),
        diary.room_id(slot.room_id),
    )
    on = clock.local_date(slot.start, zone)
    waiting = [
        Waiting(
            key, one.request, tuple(claim for item in one.items if item.row for claim in _claims(item.row))
        )
        for key, one in by_key.items()
        if one.first_on <= on
    ]
    fitting = match(freed, free, waiting).fitting
    return tuple(_candidate(by_key[one.id], one, on) for one in fitting)


def _candidate(known: OpenCourse, one, on: dt.date) -> Candidate:
    items = known.items
    visit = items[one.visit].row
    before = items[one.visit - 1].row if one.visit else known.previous
    after = items[one.visit + 1].row if one.visit + 1 < len(items) else None
    return Candidate(
        visit,
        Slot.of(one.changes[0].after),
        (visit.on - on).days,
        (on - before.on).days if before else None,
        (after.on - on).days if after else None,
        known.course.earlier_note,
    )


def _claims(row: Appointment | None) -> list[engine.Claimed]:
    """What a booked visit takes, as the diary's rows say it."""
    if row is None:
        return []
    minute = engine.epoch_minute
    found = [
        (
            diary.practitioner_id(row.practitioner_id),
            minute(row.practitioner_from),
            minute(row.practitioner_until),
        ),
        (diary.room_id(row.room_id), minute(row.start), minute(row.room_until)),
    ]
    if row.device_id is not None:
        found.append((diary.device_id(row.device_id), minute(row.device_from), minute(row.device_until)))
    return found
