"""The diaries of bin/bench planner: three sizes of clinic, three loads, fifteen months, drawn from a seed."""

# ruff: noqa: S311, E501 - the same diary every time

import datetime as dt
import io
import random
from dataclasses import dataclass

from django.db import connection

from clinic.models import Device, OpeningHours, Room, WorkingHours
from planner.planning import CourseRequest
from tests import people
from tests.planner import making

SIZES = {"small": (3, 2, 2), "middle": (20, 12, 8), "large": (100, 60, 40)}  # practitioners, rooms, devices
LOADS = (40, 70, 90)  # per cent of the working hours that somebody tries to book
MONTHS_DAYS = 456  # fifteen months
OPEN, CLOSE = 8 * 60, 20 * 60
LENGTHS = (20, 30, 30, 45, 60)  # minutes of a booked visit
COLUMNS = (
    "kind, patient_id, location_id, practitioner_id, room_id, device_id, status, start, treatment_start, "
    '"end", room_until, practitioner_from, practitioner_until, device_from, device_until, "on", '
    "short_gap_reason, is_pinned, status_reason, version"
)
OVERLAPS = """
    ALTER TABLE planner_appointment
    DROP CONSTRAINT practitioner_is_in_one_place_at_a_time, DROP CONSTRAINT room_is_in_one_place_at_a_time,
    DROP CONSTRAINT device_is_in_one_place_at_a_time, DROP CONSTRAINT patient_is_in_one_place_at_a_time
"""


@dataclass(frozen=True)
class Shift:
    """Where a practitioner works on a weekday: local minutes."""

    begin: int
    end: int


def make_site(name):
    """A clinic of a size: staff with five days a week, rooms, devices; nothing booked yet."""
    practitioners, rooms, devices = SIZES[name]
    draw = random.Random(f"site {name}")
    location = people.make_location(f"Clinic {name}")
    lead = making.make_colleague(location, f"Lead {name}")
    indication = people.make_indication(f"bench_{name}", f"Bench {name}")
    areas = tuple(people.make_area(f"{name}_{one}", f"{name} {one}") for one in ("cheeks", "chin"))
    staff = [
        lead,
        *(making.make_colleague(location, f"Person {at} {name}") for at in range(1, practitioners)),
    ]
    for weekday in range(6):
        OpeningHours.objects.create(
            location=location, weekday=weekday, opens=dt.time(OPEN // 60), closes=dt.time(CLOSE // 60)
        )
    pens = [
        Device.objects.create(location=location, name=f"Pen {at}", model_name="P") for at in range(devices)
    ]
    places = [
        Room.objects.create(location=location, name=f"Room {at}", turnover_minutes=10) for at in range(rooms)
    ]
    protocol = making.approve_protocol(making.make_protocol(indication), lead)
    for person in staff:
        person.indications.add(indication)
        person.devices.add(*pens)
        give_hours(draw, person, location)
    return making.Site(location, indication, areas, protocol, tuple(staff), tuple(places), tuple(pens))


def give_hours(draw, person, location):
    """Five days of two parts with half an hour between, at one of three beginnings."""
    begin = draw.choice([8, 9, 10])
    WorkingHours.objects.bulk_create(
        WorkingHours(practitioner=person, location=location, weekday=weekday, opens=opens, closes=closes)
        for weekday in sorted(draw.sample(range(6), 5))
        for opens, closes in (
            (dt.time(begin), dt.time(begin + 4)),
            (dt.time(begin + 4, 30), dt.time(begin + 8, 30)),
        )
    )


def fill(site, load, patients):
    """Book the diary of a site: nothing else is in the table afterwards. Returns the number of visits.

    The constraints against overlaps are dropped: they take minutes to build and no reading uses them.
    """
    draw = random.Random(f"{site.location.name} {load}")
    rows = io.StringIO()
    count = 0
    for at in range(MONTHS_DAYS):
        for row in day_rows(draw, site, making.MONDAY + dt.timedelta(days=at), load / 100, patients):
            rows.write("\t".join(row) + "\n")
            count += 1
    rows.seek(0)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE planner_appointment CASCADE")
        cursor.cursor.copy_expert(f"COPY planner_appointment ({COLUMNS}) FROM STDIN", rows)
        cursor.execute("VACUUM ANALYZE planner_appointment")
    return count


def drop_overlaps():
    """The table without its exclusion constraints, in the database of this run only."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)


def day_rows(draw, site, day, load, patients):
    """The visits of one date: each practitioner's hours filled one after another where a room is free."""
    zone = site.location.time_zone
    rooms = {room.pk: [] for room in site.rooms}
    pens = {pen.pk: [] for pen in site.devices}
    midnight = making.clock.instant(day, dt.time(), zone)
    for person, shifts in hours_on(site, day.weekday()).items():
        for shift in shifts:
            minute = shift.begin
            while minute < shift.end - 15:
                length = draw.choice(LENGTHS)
                end = min(minute + length, shift.end)
                if draw.random() < load:
                    room = free_one(draw, rooms, minute, end)
                    if room is not None:
                        pen = free_one(draw, pens, minute, end) if draw.random() < 0.4 else None
                        patient = draw.choice(patients)
                        yield row(site, midnight, day, (person, room, pen, patient), minute, end)
                minute = end


_HOURS = {}


def hours_on(site, weekday):
    """The shifts of a weekday by practitioner, read once."""
    if site.location.pk not in _HOURS:
        week = _HOURS[site.location.pk] = {day: {} for day in range(7)}
        spans = WorkingHours.objects.filter(location=site.location).order_by("practitioner", "opens")
        for span in spans:
            shift = Shift(*(time.hour * 60 + time.minute for time in (span.opens, span.closes)))
            week[span.weekday].setdefault(span.practitioner_id, []).append(shift)
    return _HOURS[site.location.pk][weekday]


def free_one(draw, taken, begin, end):
    """Somebody or something with nothing in [begin, end), which is then taken; None when there is none."""
    free = [one for one, spans in taken.items() if all(b >= end or e <= begin for b, e in spans)]
    if not free:
        return None
    chosen = draw.choice(free)
    taken[chosen].append((begin, end))
    return chosen


def row(site, midnight, day, who, begin, end):
    """One line for COPY."""
    person, room, pen, patient = who
    start = (midnight + dt.timedelta(minutes=begin)).isoformat()
    until = (midnight + dt.timedelta(minutes=end)).isoformat()
    none = r"\N"
    times = [start, start, until, until, start, until, *((start, until) if pen else (none, none))]
    ids = [str(patient), str(site.location.pk), str(person), str(room), str(pen) if pen else none]
    return ["consultation", *ids, "booked", *times, day.isoformat(), "", "f", "", "1"]


def requests(site, count):
    """Courses asked for: six visits 35 days apart, with different beginnings and wishes."""
    draw = random.Random(f"requests {site.location.name}")
    for number in range(count):
        after, before = draw.choice([(None, None), (16 * 60, 19 * 60), (9 * 60, 13 * 60)])
        yield CourseRequest(
            indication_id=site.indication.pk,
            area_ids=tuple(area.pk for area in site.areas),
            sessions=6,
            gap_target_days=35,
            start_from=making.MONDAY + dt.timedelta(days=7 * number),
            numbing_minutes=30,
            weekdays=draw.choice([(), (1, 2, 3), (0, 4)]),
            after_minute=after,
            before_minute=before,
            practitioner_id=draw.choice([None, draw.choice(site.practitioners).pk]),
        )
