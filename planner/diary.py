"""Reads of the diary: rows → the planner's values. Times are epoch minutes, ids are p1, r1, d1."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import connection

from clinic import clock
from clinic.models import Location
from planner import busy
from planner.engine import model as engine
from planner.models.diary import LIVE
from planner.site import PatientDays, Person, Place, Site, Tool, read_patient, read_site

# Starts within a day of each other: nothing in the diary is longer.
TAKEN_SQL = """
    SELECT EXISTS (
        SELECT FROM unnest(%(starts)s::timestamptz[], %(practitioners)s::bigint[], %(rooms)s::bigint[],
                           %(devices)s::bigint[]) AS slot (start, practitioner_id, room_id, device_id),
             LATERAL (SELECT slot.start + %(numbing)s AS treatment, slot.start + %(stay)s AS until) AS its,
             planner_appointment AS held
        WHERE held.status = ANY(%(live)s)
          AND held.start BETWEEN slot.start - interval '1 day' AND slot.start + interval '1 day'
          AND (held.practitioner_id = slot.practitioner_id
                   AND held.practitioner_from < its.until AND held.practitioner_until > its.treatment
               OR held.room_id = slot.room_id AND held.start < its.until AND held.room_until > slot.start
               OR held.device_id = slot.device_id
                   AND held.device_from < its.until AND held.device_until > its.treatment))
"""


def practitioner_id(pk: int) -> str:
    """The planner's name of a practitioner."""
    return f"p{pk}"


def room_id(pk: int) -> str:
    """The planner's name of a room."""
    return f"r{pk}"


def device_id(pk: int) -> str:
    """The planner's name of a device."""
    return f"d{pk}"


def key_of(name: str) -> int:
    """The primary key behind the planner's name of a resource."""
    return int(name[1:])


def read_diary(
    location: Location,
    *,
    practitioners: Iterable[Person],
    rooms: Iterable[Place],
    devices: Iterable[Tool],
    first_date: dt.date,
    last_date: dt.date,
    not_before: dt.datetime,
    without: Iterable[int] = (),
    judged: Sequence[dt.datetime] = (),
    site: Site | None = None,
) -> engine.Diary:
    """Read who and what is free at a location over a range of local dates: one query, without `site` two.

    `practitioners`, `rooms`, `devices` come from `site`, if it was read before. `without` holds the keys of
    appointments that are being planned anew. Visits at the instants `judged` are judged by the rows near
    them, not by the busy time kept beside the rows.
    """
    site = site or read_site(location, None, first_date=first_date)[0]
    people, places, tools = list(practitioners), list(rooms), list(devices)
    since, _ = clock.day_bounds(first_date - dt.timedelta(days=1), location.time_zone)
    _, until = clock.day_bounds(last_date + dt.timedelta(days=1), location.time_zone)
    # A restriction names rooms of this location; one that names only rooms elsewhere restricts nothing here.
    every_room = {room.pk for room in places}
    keys = [{one.pk for one in rows} for rows in (people, places, tools)]
    how = (without, not_before)
    return engine.Diary(
        tz=location.time_zone,
        first_date=first_date,
        last_date=last_date,
        grid_minutes=location.grid_minutes,
        not_before=engine.epoch_minute(not_before + dt.timedelta(seconds=59)),
        opening_hours=site.opening,
        closures=site.closures,
        practitioners=tuple(_practitioner(one, every_room) for one in people),
        rooms=tuple(_room(one) for one in places),
        devices=tuple(_device(one, every_room) for one in tools),
        busy=busy.read_claims(*keys, judged, *how) if judged else busy.read_taken(*keys, since, until, *how),
    )


def _practitioner(one: Person, every_room: set[int]) -> engine.Practitioner:
    return engine.Practitioner(
        id=practitioner_id(one.pk),
        hours=one.hours,
        absences=one.absences,
        rooms=_rooms(one, every_room),
        buffers=(one.before_minutes, one.after_minutes),
    )


def _room(one: Place) -> engine.Room:
    return engine.Room(id=room_id(one.pk), absences=one.absences, buffers=(0, one.turnover_minutes))


def _device(one: Tool, every_room: set[int]) -> engine.Device:
    return engine.Device(id=device_id(one.pk), absences=one.absences, rooms=_rooms(one, every_room))


def _rooms(one: Person | Tool, every_room: set[int]) -> frozenset[str] | None:
    return frozenset(room_id(room) for room in one.rooms & every_room) or None


def site_of(location: Location, indication: int | None = None) -> Site:
    """Who and what treats at a location, in one query; with an indication only those trained for it."""
    return read_site(location, indication, first_date=dt.date.min)[0]


def patient_times(
    patient_id: int, *, areas, gap_min_days: int, since: dt.datetime, without: Iterable[int] = ()
):
    """When the patient is elsewhere, and the days too close to another treatment of the same areas.

    Returns (busy spans in epoch minutes, blackout date ranges with both ends included).
    """
    known = read_patient(patient_id, areas=areas, at=since, without=without)
    return known.busy, blackouts_of(known, gap_min_days)


def blackouts_of(known: PatientDays, gap_min_days: int) -> tuple[engine.DateRange, ...]:
    """The days too close, before or after, to the treatments a patient has."""
    one = dt.timedelta(days=1)
    return tuple(sorted({(on - gap_min_days * one + one, next_on - one) for on, next_on in known.treated}))


def is_taken(slots, *, numbing_minutes: int, treatment_minutes: int) -> bool:
    """Whether a live appointment already holds a person, room or device of these slots; one query.

    Cheap but not the whole truth (it knows no buffers, hours or gaps): what it lets pass is still judged.
    """
    wanted = {
        "live": list(LIVE),
        "starts": [slot.start for slot in slots],
        "practitioners": [slot.practitioner_id for slot in slots],
        "rooms": [slot.room_id for slot in slots],
        "devices": [slot.device_id for slot in slots],
        "numbing": dt.timedelta(minutes=numbing_minutes),
        "stay": dt.timedelta(minutes=numbing_minutes + treatment_minutes),
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_SQL, wanted)
        return cursor.fetchone()[0]
