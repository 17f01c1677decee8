"""Who and what treats at a location, its hours, and a patient's own times: read together, in one query."""

# ruff: noqa: S608 - the statements are put together from the constants of this file only

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from clinic.models import Location
from planner.engine import model as engine
from planner.models.diary import LIVE


def _minutes(time: str) -> str:
    # 23:59 stands for midnight: a time field cannot hold 24:00.
    of_day = f"extract(hour FROM {time}) * 60 + extract(minute FROM {time})"
    return f"(CASE WHEN {time} >= '23:59' THEN 1440 ELSE {of_day} END)::int"


def _rows(values: str, source: str, order: str) -> str:
    found = f"SELECT json_agg(json_build_array({values}) ORDER BY {order}) FROM {source}"
    return f"coalesce(({found}), '[]')"


def _keys(column: str, source: str) -> str:
    return f"coalesce((SELECT json_agg({column}) FROM {source}), '[]')"


SPAN = f"weekday, {_minutes('opens')}, {_minutes('closes')}, valid_from, valid_to"
EPOCH = "floor(extract(epoch FROM {}) / 60)::bigint"
BETWEEN = ", ".join(EPOCH.format(column) for column in ("start", '"end"'))
HERE = "location_id = %(location)s"
EVERY = ""
TRAINED = """ AND EXISTS (SELECT FROM clinic_practitioner_indications i
    WHERE i.practitioner_id = p.id AND i.indication_id = %(indication)s)"""
PEOPLE = _rows(
    ", ".join(
        (
            "p.id, p.name, p.before_minutes, p.after_minutes",
            _rows(
                SPAN, "clinic_workinghours WHERE practitioner_id = p.id AND location_id = %(location)s", "1"
            ),
            _rows(BETWEEN, "clinic_absence WHERE practitioner_id = p.id", "start"),
            _keys("room_id", "clinic_practitioner_rooms WHERE practitioner_id = p.id"),
            _keys("device_id", "clinic_practitioner_devices WHERE practitioner_id = p.id"),
            _keys("indication_id", "clinic_practitioner_indications WHERE practitioner_id = p.id"),
        )
    ),
    "clinic_practitioner p WHERE p.is_active AND EXISTS (SELECT FROM clinic_practitioner_locations l"
    " WHERE l.practitioner_id = p.id AND l.location_id = %(location)s){}",
    "p.name, p.id",
)
ROOMS = _rows(
    f"r.id, r.name, r.turnover_minutes, {_rows(BETWEEN, 'clinic_absence WHERE room_id = r.id', 'start')}",
    "clinic_room r WHERE r.is_active AND r.location_id = %(location)s",
    "r.name",
)
DEVICES = _rows(
    f"d.id, d.name, {_rows(BETWEEN, 'clinic_absence WHERE device_id = d.id', 'start')}, "
    + _keys("room_id", "clinic_device_rooms WHERE device_id = d.id"),
    "clinic_device d WHERE d.is_active AND d.location_id = %(location)s",
    "d.name",
)
OPENING = _rows(SPAN, "clinic_openinghours WHERE location_id = %(location)s", "weekday, opens")
CLOSURES = _rows(
    "first_date, last_date",
    "clinic_closure WHERE location_id = %(location)s AND last_date >= %(first_date)s",
    "first_date",
)
AREAS = _rows("id, name", "clinic_treatmentarea WHERE id = ANY(%(areas)s)", "position, name")
ELSEWHERE = _rows(
    BETWEEN,
    "planner_appointment WHERE patient_id = %(patient)s AND status = ANY(%(live)s)"
    ' AND "end" > %(at)s AND NOT id = ANY(%(without)s)',
    "start",
)
TREATED = _rows(
    '"on", next_earliest_on',
    "planner_appointmentarea WHERE patient_id = %(patient)s AND status = ANY(%(live)s)"
    " AND area_id = ANY(%(areas)s) AND NOT appointment_id = ANY(%(without)s)",
    '"on"',
)
# Events of the whole person name no area.
RESTED = """(
    SELECT max(e.not_before) FROM planner_adverseevent e WHERE e.patient_id = %(patient)s AND (
        EXISTS (SELECT FROM planner_adverseevent_areas a
                WHERE a.adverseevent_id = e.id AND a.treatmentarea_id = ANY(%(areas)s))
        OR NOT EXISTS (SELECT FROM planner_adverseevent_areas a WHERE a.adverseevent_id = e.id))
)"""
VISITS_SQL = f"""
    SELECT patient_id, id, {BETWEEN} FROM planner_appointment
    WHERE patient_id = ANY(%(patients)s) AND status = ANY(%(live)s) AND "end" > %(at)s ORDER BY start
"""
TREATMENTS_SQL = """
    SELECT patient_id, appointment_id, area_id, "on", next_earliest_on FROM planner_appointmentarea
    WHERE patient_id = ANY(%(patients)s) AND status = ANY(%(live)s) ORDER BY "on"
"""
OwnVisit = tuple[int, int, int]  # appointment, from and until in epoch minutes
OwnTreatment = tuple[int, int, dt.date, dt.date]  # appointment, area, day, first day for the next
PARTS = {"rooms": ROOMS, "devices": DEVICES, "opening": OPENING, "closures": CLOSURES}
PATIENT = {"elsewhere": ELSEWHERE, "treated": TREATED, "rested": RESTED}


@dataclass(frozen=True)
class Person:
    """A practitioner as the planner needs one. `hours` are those at the location that was read."""

    pk: int
    name: str
    before_minutes: int
    after_minutes: int
    hours: tuple[engine.WeeklyHours, ...]
    absences: tuple[engine.Span, ...]
    rooms: frozenset[int]
    devices: frozenset[int]
    indications: frozenset[int]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Place:
    """A room."""

    pk: int
    name: str
    turnover_minutes: int
    absences: tuple[engine.Span, ...]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Tool:
    """A device; no rooms: any room."""

    pk: int
    name: str
    absences: tuple[engine.Span, ...]
    rooms: frozenset[int]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Area:
    """A treatment area, by key and name."""

    pk: int
    name: str


@dataclass(frozen=True)
class Site:
    """All of one location that planning needs but what is booked there."""

    people: list[Person]
    rooms: list[Place]
    devices: list[Tool]
    opening: tuple[engine.WeeklyHours, ...]
    closures: tuple[engine.DateRange, ...]
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class PatientDays:
    """When a patient is elsewhere, and the treatments of the areas: the day, the first day for the next.

    `rested_on` is the first day on which adverse events let these areas be treated again, where it was read.
    """

    busy: tuple[engine.Span, ...]
    treated: tuple[tuple[dt.date, dt.date], ...]
    rested_on: dt.date | None = None


def read_site(
    location: Location,
    indication: int | None,
    *,
    first_date: dt.date,
    areas=(),
    patient_id: int | None = None,
    at: dt.datetime | None = None,
) -> tuple[Site, PatientDays]:
    """Everything in one query. Without an indication everybody of the location counts.

    Closures before `first_date` are left out; the patient's times are those after `at`.
    """
    parts = PARTS | {"people": PEOPLE.format(EVERY if indication is None else TRAINED), "areas": AREAS}
    if patient_id is not None:
        parts |= PATIENT
    found = _asked(
        parts,
        location=location.pk,
        indication=indication,
        first_date=first_date,
        areas=list(areas),
        patient=patient_id,
        at=at,
        without=[],
    )
    site = Site(
        people=[_person(row) for row in found["people"]],
        rooms=[Place(*row[:3], _spans(row[3])) for row in found["rooms"]],
        devices=[Tool(row[0], row[1], _spans(row[2]), frozenset(row[3])) for row in found["devices"]],
        opening=_weekly(found["opening"]),
        closures=_dates(found["closures"]),
        areas=tuple(Area(*row) for row in found["areas"]),
    )
    return site, _patient(found)


def read_patient(patient_id: int, *, areas, at: dt.datetime, without=()) -> PatientDays:
    """A patient's other visits and treatments; those of `without` do not count."""
    return _patient(_asked(PATIENT, patient=patient_id, areas=list(areas), at=at, without=list(without)))


def read_rest(patient_id: int, areas: Iterable[int]) -> dt.date | None:
    """The first day on which adverse events let these areas be treated again; None when nothing says so."""
    return _date(_asked({"rested": RESTED}, patient=patient_id, areas=list(areas))["rested"])


def read_patients(
    patient_ids: Iterable[int], *, at: dt.datetime
) -> dict[int, tuple[list[OwnVisit], list[OwnTreatment]]]:
    """The visits after `at` and all treatments of these patients, for `days_of`; two queries."""
    keys = sorted(set(patient_ids))
    found: dict[int, tuple[list, list]] = {key: ([], []) for key in keys}
    with connection.cursor() as cursor:
        cursor.execute(VISITS_SQL, {"patients": keys, "live": list(LIVE), "at": at})
        for patient, *visit in cursor.fetchall():
            found[patient][0].append(tuple(visit))
        cursor.execute(TREATMENTS_SQL, {"patients": keys, "live": list(LIVE)})
        for patient, *treatment in cursor.fetchall():
            found[patient][1].append(tuple(treatment))
    return found


def days_of(known: tuple[Sequence[OwnVisit], Sequence[OwnTreatment]], *, areas, without=()) -> PatientDays:
    """One patient's days among those read together, as `read_patient` gives them."""
    visits, treatments = known
    chosen, left_out = set(areas), set(without)
    return PatientDays(
        tuple((begin, end) for pk, begin, end in visits if pk not in left_out),
        tuple((on, next_on) for pk, area, on, next_on in treatments if area in chosen and pk not in left_out),
    )


def _asked(parts: dict[str, str], **values) -> dict:
    pairs = ", ".join(f"'{name}', {part}" for name, part in parts.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT json_build_object({pairs})", values | {"live": list(LIVE)})
        return cursor.fetchone()[0]


def _person(row) -> Person:
    *known, hours, absences, rooms, devices, indications = row
    keys = (frozenset(rooms), frozenset(devices), frozenset(indications))
    return Person(*known, _weekly(hours), _spans(absences), *keys)


def _patient(found: dict) -> PatientDays:
    elsewhere, treated = _spans(found.get("elsewhere", ())), _dates(found.get("treated", ()))
    return PatientDays(elsewhere, treated, _date(found.get("rested")))


def _weekly(rows) -> tuple[engine.WeeklyHours, ...]:
    return tuple(engine.WeeklyHours(*row[:3], _date(row[3]), _date(row[4])) for row in rows)


def _spans(rows) -> tuple[engine.Span, ...]:
    return tuple((begin, end) for begin, end in rows)


def _dates(rows) -> tuple[engine.DateRange, ...]:
    return tuple((_date(first), _date(last)) for first, last in rows)


def _date(text: str | None) -> dt.date | None:
    return text and dt.date.fromisoformat(text)
