"""Reads of the diary: rows → the planner's values. Times are epoch minutes, ids are p1, r1, d1."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection

from clinic import clock
from clinic.models import Absence, Closure, Device, Location, OpeningHours, Practitioner, Room
from planner import busy
from planner.engine import model as engine
from planner.engine.claims import Claims
from planner.models import Appointment, AppointmentArea
from planner.models.diary import LIVE

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
    practitioners: Iterable[Practitioner],
    rooms: Iterable[Room],
    devices: Iterable[Device],
    first_date: dt.date,
    last_date: dt.date,
    not_before: dt.datetime,
    without: Iterable[int] = (),
) -> engine.Diary:
    """Read who and what is free at a location over a range of local dates, in six queries.

    `practitioners`, `rooms`, `devices` come from `staff`, `rooms_of`, `devices_of` with their absences.
    `without` holds the keys of appointments that are being planned anew.
    """
    people, places, tools = list(practitioners), list(rooms), list(devices)
    since, _ = clock.day_bounds(first_date - dt.timedelta(days=1), location.time_zone)
    _, until = clock.day_bounds(last_date + dt.timedelta(days=1), location.time_zone)
    # A restriction names rooms of this location; one that names only rooms elsewhere restricts nothing here.
    every_room = {room_id(room.pk) for room in places}
    return engine.Diary(
        tz=location.time_zone,
        first_date=first_date,
        last_date=last_date,
        grid_minutes=location.grid_minutes,
        not_before=engine.epoch_minute(not_before + dt.timedelta(seconds=59)),
        opening_hours=_weekly(OpeningHours.objects.filter(location=location)),
        closures=tuple(
            Closure.objects.filter(location=location, last_date__gte=first_date).values_list(
                "first_date", "last_date"
            )
        ),
        practitioners=tuple(_practitioner(one, location, every_room) for one in people),
        rooms=tuple(engine.Room(id=room_id(one.pk), absences=_spans(one.absences.all())) for one in places),
        devices=tuple(_device(one, every_room) for one in tools),
        busy=_busy(people, places, tools, since, until, without, not_before),
    )


def _practitioner(one: Practitioner, location: Location, every_room: set[str]) -> engine.Practitioner:
    return engine.Practitioner(
        id=practitioner_id(one.pk),
        hours=_weekly(span for span in one.working_hours.all() if span.location_id == location.pk),
        absences=_spans(one.absences.all()),
        rooms=_rooms(one, every_room),
    )


def _device(one: Device, every_room: set[str]) -> engine.Device:
    return engine.Device(
        id=device_id(one.pk), absences=_spans(one.absences.all()), rooms=_rooms(one, every_room)
    )


def _rooms(one: Practitioner | Device, every_room: set[str]) -> frozenset[str] | None:
    return frozenset(room_id(room.pk) for room in one.rooms.all()) & every_room or None


def staff(location: Location, indication: int) -> list[Practitioner]:
    """Practitioners who treat at the location and are trained for the indication, with all they bring."""
    people = Practitioner.objects.filter(is_active=True, locations=location, indications=indication)
    return list(people.prefetch_related("working_hours", "absences", "rooms", "devices").distinct())


def staff_of(location: Location) -> list[Practitioner]:
    """Everybody who treats at the location, with all they bring and what they are trained for."""
    people = Practitioner.objects.filter(is_active=True, locations=location)
    return list(
        people.prefetch_related("working_hours", "absences", "rooms", "devices", "indications").distinct()
    )


def rooms_of(location: Location) -> list[Room]:
    """Rooms in use, with their absences."""
    return list(Room.objects.filter(location=location, is_active=True).prefetch_related("absences"))


def devices_of(location: Location) -> list[Device]:
    """Devices in use, with their absences and rooms."""
    return list(
        Device.objects.filter(location=location, is_active=True).prefetch_related("absences", "rooms")
    )


def patient_times(
    patient_id: int, *, areas, gap_min_days: int, since: dt.datetime, without: Iterable[int] = ()
):
    """When the patient is elsewhere, and the days too close to another treatment of the same areas.

    Returns (busy spans in epoch minutes, blackout date ranges with both ends included).
    """
    others = Appointment.objects.filter(patient_id=patient_id, status__in=LIVE, end__gt=since).exclude(
        pk__in=list(without)
    )
    busy = tuple(
        (engine.epoch_minute(start), engine.epoch_minute(end))
        for start, end in others.values_list("start", "end")
    )
    close = AppointmentArea.objects.filter(patient_id=patient_id, status__in=LIVE, area__in=areas).exclude(
        appointment__in=list(without)
    )
    one = dt.timedelta(days=1)
    blackouts = {
        (on - dt.timedelta(days=gap_min_days) + one, next_on - one)
        for on, next_on in close.values_list("on", "next_earliest_on")
    }
    return busy, tuple(sorted(blackouts))


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


def _weekly(spans) -> tuple[engine.WeeklyHours, ...]:
    return tuple(
        engine.WeeklyHours(
            span.weekday, _minute(span.opens), _minute(span.closes), span.valid_from, span.valid_to
        )
        for span in spans
    )


def _minute(time: dt.time) -> int:
    # 23:59 stands for midnight: a time field cannot hold 24:00.
    return 1440 if time >= dt.time(23, 59) else time.hour * 60 + time.minute


def _spans(absences: Iterable[Absence]) -> tuple[engine.Span, ...]:
    return tuple((engine.epoch_minute(one.start), engine.epoch_minute(one.end)) for one in absences)


def _busy(people, places, tools, since, until, without, now) -> Claims:
    return busy.read_claims(
        {one.pk: practitioner_id(one.pk) for one in people},
        {one.pk: room_id(one.pk) for one in places},
        {one.pk: device_id(one.pk) for one in tools},
        since,
        until,
        without,
        now,
    )
