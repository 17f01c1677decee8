"""Tiny planning problems drawn from a seed: every feature of the file format turns up often."""

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from planner.engine.model import (
    Booked,
    Claim,
    Device,
    Diary,
    Gap,
    PatientTimes,
    Pin,
    Practitioner,
    PreferredTime,
    Previous,
    Problem,
    Request,
    Room,
    Visit,
    WeeklyHours,
    Weights,
)
from planner.engine.spans import free_spans

# zones and first dates: clock changes at 02:00, at midnight, by half an hour; odd offsets; a skipped date
PLACES = [
    ("Europe/London", date(2027, 3, 22)),
    ("Europe/London", date(2027, 10, 25)),
    ("America/New_York", date(2027, 3, 8)),
    ("America/New_York", date(2027, 11, 1)),
    ("Australia/Lord_Howe", date(2027, 3, 29)),
    ("Australia/Lord_Howe", date(2027, 9, 27)),
    ("America/Santiago", date(2026, 8, 31)),
    ("America/Santiago", date(2027, 3, 29)),
    ("Asia/Beirut", date(2027, 3, 22)),
    ("Asia/Beirut", date(2027, 10, 25)),
    ("Asia/Kathmandu", date(2027, 1, 4)),
    ("Asia/Tokyo", date(2027, 1, 4)),
    ("Pacific/Apia", date(2011, 12, 24)),
]


def maybe(rnd: random.Random, chance: float, value):
    """The value, or None."""
    return value if rnd.random() < chance else None


@cache
def base_minute(tz: str, first: date) -> int:
    """The epoch minute at which the first date begins."""
    return free_spans(Diary(tz, first, first, (Practitioner("p"),), ()))["p"][0][0] + 1440


def problem_from(seed: int) -> Problem:
    """The problem of a seed."""
    rnd = random.Random(seed)  # noqa: S311 - not for secrets
    tz, first = rnd.choice(PLACES)
    days = rnd.randint(9, 16)
    step = 1 if rnd.random() < 0.1 else 5
    night = rnd.random() < 0.25  # hours around midnight and the clock change
    origin = base_minute(tz, first)
    rooms = tuple(Room(f"r{i}", _hours(rnd, step, night, 0.6)) for i in range(rnd.randint(1, 3)))
    names = [room.id for room in rooms]
    devices = tuple(
        Device(f"v{i}", _hours(rnd, step, night, 0.3), rooms=_some(rnd, 0.4, names))
        for i in range(rnd.randint(0, 3))
    )
    practitioners = tuple(
        Practitioner(
            f"p{i}",
            _hours(rnd, step, night, 1),
            absences=_spans(rnd, origin, days, step, rnd.randint(0, 1), 2000),
            extra=_spans(rnd, origin, days, step, rnd.randint(0, 1), 200),
            rooms=_some(rnd, 0.3, names),
        )
        for i in range(rnd.randint(1, 3))
    )
    claimed = [one.id for kind in (practitioners, rooms, devices) for one in kind]
    busy = [
        (one, *span) for one in claimed for span in _spans(rnd, origin, days, step, rnd.randint(0, 12), 300)
    ]
    own = random.Random(f"buffers {seed}")  # noqa: S311 - likewise
    diary = Diary(
        tz=tz,
        first_date=first,
        last_date=first + timedelta(days=days - 1),
        practitioners=_with_buffers(own, step, practitioners),
        rooms=_with_buffers(own, step, rooms),
        devices=_with_buffers(own, step, devices),
        busy=busy,
        opening_hours=maybe(rnd, 0.3, _all_week(360 if not night else 0, 1260 if not night else 1440)),
        closures=_dates(rnd, first, days, 0.3),
        not_before=maybe(rnd, 0.3, origin + rnd.randint(0, 4000)),
        grid_minutes=rnd.choice([15, 15, 30, 30, 60, 20]),
    )
    return Problem(diary, _request(rnd, diary, origin, days, step), _weights(rnd))


def _with_buffers(rnd: random.Random, step: int, resources: tuple) -> tuple:
    """Some of them with minutes of their own before and after."""
    return tuple(
        replace(one, buffers=(rnd.choice([0, step, 10]), rnd.choice([0, step, 15])))
        if rnd.random() < 0.3
        else one
        for one in resources
    )


def _request(rnd: random.Random, diary: Diary, origin: int, days: int, step: int) -> Request:
    count = rnd.choice([1, 2, 2, 2, 3, 3, 3, 4])
    people = [one.id for one in diary.practitioners]
    names = [one.id for one in diary.rooms]
    same = _visit(rnd, step, diary)
    visits = tuple(same if rnd.random() < 0.7 else _visit(rnd, step, diary) for _ in range(count))
    earliest = diary.first_date + timedelta(days=rnd.randint(-2, 3))
    window = rnd.randint(2, 8)
    pins = tuple(_pin(rnd, diary, origin, days, count) for _ in range(rnd.choice([0, 0, 0, 0, 0, 1, 2])))
    current = tuple(maybe(rnd, 0.8, _booked(rnd, origin, days, people, names)) for _ in range(count))
    return Request(
        visits=visits,
        gaps=tuple(_gap(rnd) for _ in range(count - 1)),
        earliest=earliest,
        latest=maybe(rnd, 0.6, earliest + timedelta(days=window)),
        finish_by=maybe(rnd, 0.2, diary.first_date + timedelta(days=rnd.randint(days // 2, days + 3))),
        previous=maybe(
            rnd,
            0.3,
            Previous(
                earliest - timedelta(days=rnd.randint(0, 4)), _gap(rnd), maybe(rnd, 0.7, rnd.choice(people))
            ),
        ),
        pins=pins,
        current=maybe(rnd, 0.4, current),
        patient=PatientTimes(
            blackouts=_dates(rnd, diary.first_date, days, 0.3),
            hours=maybe(rnd, 0.2, _all_week(rnd.randint(0, 10) * 60, rnd.randint(15, 24) * 60)),
            busy=_spans(rnd, origin, days, step, rnd.randint(0, 3), 400),
            preferred_weekdays=maybe(rnd, 0.5, frozenset(rnd.sample(range(7), 3))),
            preferred_times=maybe(rnd, 0.6, _wishes(rnd)),
            preferred_practitioners=_some(rnd, 0.4, people),
        ),
    )


def _visit(rnd: random.Random, step: int, diary: Diary) -> Visit:
    minutes = rnd.choice([30, 45, 60, 70])
    numbing = rnd.choice([0, 0, 20, 25])
    before, after = rnd.choice([0, 0, step, 10]), rnd.choice([0, 0, step, 10])
    devices = [device.id for device in diary.devices]
    pools = rnd.choice([0, 0, 1, 1, 2]) if devices else 0
    return Visit(
        minutes=minutes,
        patient=maybe(rnd, 0.2, Claim(-before, minutes + after)),
        practitioner=Claim(numbing - before, minutes + after)
        if numbing
        else maybe(rnd, 0.5, Claim(-before, minutes)),
        room=maybe(rnd, 0.7, Claim(-rnd.choice([0, 5]), minutes + after)),
        device=maybe(rnd, 0.5, Claim(numbing, minutes)),
        practitioners=_some(rnd, 0.2, [one.id for one in diary.practitioners]),
        rooms=_some(rnd, 0.2, [one.id for one in diary.rooms]),
        device_pools=tuple(tuple(rnd.sample(devices, rnd.randint(1, len(devices)))) for _ in range(pools)),
    )


def _gap(rnd: random.Random) -> Gap:
    least = rnd.randint(2, 4)
    target = least + rnd.randint(-1, 3)
    return Gap(
        least,
        target,
        maybe(rnd, 0.8, least + rnd.randint(0, 4)),
        maybe(rnd, 0.3, target),
        maybe(rnd, 0.3, target),
    )


def _weights(rnd: random.Random) -> Weights:
    if rnd.random() < 0.3:
        return Weights()
    return Weights(
        gap_abs=rnd.choice([0, 3, 10]),
        gap_square=rnd.choice([0, 0, 2]),
        gap_soft_over=rnd.choice([0, 7]),
        gap_soft_under=rnd.choice([0, 5]),
        time_of_day=rnd.choice([0, 1, 2, 5]),
        time_of_day_cap=rnd.choice([None, None, 6, 20]),
        practitioner_change=rnd.choice([0, 4, 30]),
        start_delay=rnd.choice([0, 1, 5]),
        finish_delay=rnd.choice([0, 0, 3, 100]),
        fragment=rnd.choice([0, 3, 11]),
        fragment_min=rnd.choice([0, 30, 45, 7]),
        move=rnd.choice([0, 30]),
        move_day=rnd.choice([0, 2]),
        move_practitioner=rnd.choice([0, 15]),
        move_room=rnd.choice([0, 8]),
    )


def _hours(rnd: random.Random, step: int, night: bool, chance: float) -> tuple[WeeklyHours, ...] | None:
    if rnd.random() > chance:
        return None
    found = []
    for weekday in rnd.sample(range(7), rnd.randint(4, 7)):
        begin = rnd.randint(0, 4) * 30 if night else rnd.randint(420, 700) // step * step
        length = rnd.randint(90, 240) // step * step
        found.append(WeeklyHours(weekday, begin, begin + length))
        if night and rnd.random() < 0.5:
            found.append(WeeklyHours(weekday, 1440 - 120, 1440))
    return tuple(found)


def _all_week(begin: int, end: int) -> tuple[WeeklyHours, ...]:
    return tuple(WeeklyHours(weekday, begin, end) for weekday in range(7))


def _some(rnd: random.Random, chance: float, names: list[str]) -> frozenset[str] | None:
    return maybe(rnd, chance, frozenset(rnd.sample(names, rnd.randint(1, len(names)))))


def _spans(
    rnd: random.Random, origin: int, days: int, step: int, count: int, longest: int
) -> tuple[tuple[int, int], ...]:
    begins = [origin + rnd.randint(-1000, days * 1440) // step * step for _ in range(count)]
    return tuple((begin, begin + rnd.randint(step, longest) // step * step) for begin in begins)


def _dates(rnd: random.Random, first: date, days: int, chance: float) -> tuple[tuple[date, date], ...]:
    if rnd.random() > chance:
        return ()
    begin = first + timedelta(days=rnd.randint(-1, days))
    return ((begin, begin + timedelta(days=rnd.randint(0, 2))),)


def _pin(rnd: random.Random, diary: Diary, origin: int, days: int, count: int) -> Pin:
    what = rnd.randint(0, 3)
    return Pin(
        rnd.randrange(count),
        start=origin + rnd.randint(0, days * 24) * 60 if what == 0 else None,
        on=diary.first_date + timedelta(days=rnd.randint(0, days - 1)) if what == 1 else None,
        practitioner=rnd.choice(diary.practitioners).id if what == 2 else None,
        room=rnd.choice(diary.rooms).id if what == 3 else None,
    )


def _booked(rnd: random.Random, origin: int, days: int, people: list[str], names: list[str]) -> Booked:
    start = origin + rnd.randint(0, days * 48) * 30
    return Booked(start, maybe(rnd, 0.8, rnd.choice(people)), maybe(rnd, 0.7, rnd.choice(names)))


def _wishes(rnd: random.Random) -> tuple[PreferredTime, ...]:
    return tuple(
        PreferredTime(
            begin := rnd.randint(0, 80) * 15,
            begin + rnd.randint(4, 16) * 15,
            maybe(rnd, 0.3, frozenset(rnd.sample(range(7), 4))),
        )
        for _ in range(rnd.randint(0, 2))
    )
