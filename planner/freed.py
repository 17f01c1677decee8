"""Slots that came free and the patients of the short-notice list whom they suit."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from clinic import clock
from clinic.models import Location
from planner import diary
from planner.engine import model as engine
from planner.engine.departures import Reason
from planner.engine.waitlist import Freed, Waiting, match
from planner.models import Appointment, CourseChange, SlotOffer, TreatmentCourse
from planner.planning import Slot
from planner.running import OpenCourse
from planner.shortlist import Waiter
from planner.site import Site

LOOKED_BACK = dt.timedelta(days=14)  # changes older than this have given their slots back to the diary
SHOWN = 12  # freed slots shown at once


@dataclass(frozen=True)
class Candidate:
    """A visit that could come at a free slot: how many days sooner, and what its gaps would be.

    `before_number` is the visit to which the gap before is counted.
    """

    visit: Appointment
    slot: Slot
    sooner_days: int
    gap_before: int | None
    gap_after: int | None
    note: str
    before_number: int | None = None


@dataclass(frozen=True)
class FreedSlot:
    """A free slot with the patients it suits, and why it does not suit the others.

    `is_asked`: somebody asked for this one, so it is shown even if it suits nobody.
    """

    start: dt.datetime
    practitioner: str
    room: str
    candidates: tuple[Candidate, ...]
    others: tuple[tuple[TreatmentCourse, str], ...] = ()
    is_asked: bool = False


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


@dataclass(frozen=True)
class Suiting:
    """Whom one slot suits, the cheapest for the diary first, and why it does not suit the others."""

    fitting: tuple[Candidate, ...] = ()
    others: tuple[tuple[TreatmentCourse, str], ...] = ()


def freed_slots(
    location: Location,
    site: Site,
    waiters: Iterable[Waiter],
    at: dt.datetime,
    asked: Slot | None = None,
) -> list[FreedSlot]:
    """The slots of the last days that are still free and suit somebody; before them the one `asked` for."""
    people, rooms = ({one.pk: str(one) for one in rows} for rows in (site.people, site.rooms))
    if asked and (asked.practitioner_id not in people or asked.room_id not in rooms or asked.start < at):
        asked = None
    freed = [slot for slot in freed_places(location, at) if not asked or _place(slot) != _place(asked)]
    slots = [*([asked] if asked else []), *freed]
    suiting = suiting_of(location, site, slots, waiters, at)
    found = [
        FreedSlot(
            slot.start,
            people[slot.practitioner_id],
            rooms[slot.room_id],
            suiting[slot].fitting,
            suiting[slot].others if slot is asked else (),
            slot is asked,
        )
        for slot in slots
        if suiting[slot].fitting or slot is asked
    ]
    return found[:SHOWN]


def _place(slot: Slot) -> tuple:
    return slot.start, slot.practitioner_id, slot.room_id


def suiting_of(
    location: Location, site: Site, slots: Sequence[Slot], waiters: Iterable[Waiter], at: dt.datetime
) -> dict[Slot, Suiting]:
    """For each slot whom of the list it suits; a slot that is not free any more suits nobody. One query."""
    known = {str(one.course.pk): one.known for one in waiters if one.known}
    if not known or not slots:
        return dict.fromkeys(slots, Suiting())
    zone = location.time_zone
    days = [clock.local_date(slot.start, zone) for slot in slots]
    free = diary.read_diary(
        location,
        practitioners=site.people,
        rooms=site.rooms,
        devices=site.devices,
        first_date=min(days),
        last_date=max(days),
        not_before=at,
        site=site,
    )
    places = {one.pk for one in site.people}, {one.pk for one in site.rooms}
    return {
        slot: _suiting(slot, free, known, zone)
        if slot.practitioner_id in places[0] and slot.room_id in places[1]
        else Suiting()
        for slot in slots
    }


# Why a time does not suit a course, after "Not for …".
OTHERS = {
    Reason.TOO_EARLY: "the gap to the visit before is too short, or a wait is not over",
    Reason.TOO_LATE: "the gap to the visit after would be too short",
    Reason.GAP: "its gaps would not fit",
    Reason.NOT_ALLOWED: "this person does not treat it",
    Reason.PATIENT: "the patient cannot come then",
    Reason.PAST: "it is over",
    Reason.DEVICE: "no device is free then",
    Reason.CLOSED: "the clinic closes before the visit would end",
    Reason.PRACTITIONER: "the free time is too short",
    Reason.ROOM: "the free time is too short",
    Reason.GRID: "no visit starts at this time",
    Reason.ASKED: "its visit is held where it is",
}
BEFORE_ANYWAY = "its next visit is not later"


def _suiting(slot: Slot, free: engine.Diary, known: dict[str, OpenCourse], zone: str) -> Suiting:
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
        for key, one in known.items()
    ]
    found = match(freed, free, waiting)
    return Suiting(
        tuple(_candidate(known[one.id], one, on) for one in found.fitting),
        tuple(
            (known[one.id].course, OTHERS[one.reason] if one.reason else BEFORE_ANYWAY)
            for one in found.others
        ),
    )


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
        before.number if before else None,
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
