"""A clinic of ordinary size, drawn from a seed: the measure of speed."""

import random
from datetime import date, timedelta

from planner.engine.calendar import day_number
from planner.engine.model import (
    Claim,
    Device,
    Diary,
    Gap,
    PatientTimes,
    Practitioner,
    PreferredTime,
    Problem,
    Request,
    Room,
    Visit,
    WeeklyHours,
)

FIRST = date(2027, 1, 11)


def medium_clinic(seed: int = 1, load: float = 0.65, days: int = 239) -> Problem:
    """Six visits over 239 days with 20 practitioners, 12 rooms and 8 devices, 65 % booked."""
    rnd = random.Random(seed)  # noqa: S311 - not for secrets
    rooms = tuple(Room(f"r{i}", _open()) for i in range(12))
    devices = tuple(Device(f"v{i}") for i in range(8))
    practitioners = tuple(_practitioner(rnd, index) for index in range(20))
    busy = []
    for one in practitioners:
        busy += _booked(rnd, one.id, one.hours[0].from_minute, one.hours[1].to_minute, load, days)
    for one in (*rooms, *devices):
        busy += _booked(rnd, one.id, 480, 1200, load if one in rooms else load * 0.7, days)
    rnd.shuffle(busy)
    diary = Diary(
        tz="Europe/London",
        first_date=FIRST,
        last_date=FIRST + timedelta(days=days - 1),
        practitioners=practitioners,
        rooms=rooms,
        devices=devices,
        busy=busy,
        opening_hours=_open(),
        closures=((date(2027, 3, 26), date(2027, 3, 29)),),
    )
    pool = tuple(device.id for device in devices)
    treatment = Claim(40, 70)
    visit = Visit(70, room=Claim(0, 80), practitioner=treatment, device=treatment, device_pools=(pool,))
    wishes = PatientTimes(
        preferred_weekdays=frozenset({1, 2, 3}),
        preferred_times=(PreferredTime(16 * 60, 19 * 60),),
        preferred_practitioners=frozenset({"p0", "p3"}),
    )
    latest = FIRST + timedelta(days=27)
    return Problem(diary, Request((visit,) * 6, (Gap(28, 35, 42),) * 5, FIRST, latest=latest, patient=wishes))


def _open() -> tuple[WeeklyHours, ...]:
    return tuple(WeeklyHours(weekday, 480, 1200) for weekday in range(6))


def _practitioner(rnd: random.Random, index: int) -> Practitioner:
    """Five days a week in two parts; three in ten use only half of the rooms."""
    begin = rnd.choice([480, 540, 600])
    parts = ((begin, begin + 240), (begin + 270, begin + 510))
    hours = tuple(WeeklyHours(weekday, *part) for weekday in rnd.sample(range(6), 5) for part in parts)
    rooms = None if rnd.random() < 0.7 else frozenset(f"r{i}" for i in rnd.sample(range(12), 6))
    return Practitioner(f"p{index}", hours, rooms=rooms)


def _booked(rnd: random.Random, who: str, begin: int, end: int, load: float, days: int) -> list:
    found = []
    for day in range(day_number(FIRST) - 1, day_number(FIRST) + days + 1):
        minute = begin
        while minute < end - 30:
            length = rnd.choice([20, 30, 45, 60, 75])
            if rnd.random() < load:
                found.append((who, day * 1440 + minute, day * 1440 + min(minute + length, end)))
            minute += length
    return found
