"""Free time as lists of spans, for the checker only: nothing here is shared with the solver."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from planner.engine.model import (
    Device,
    Diary,
    PatientTimes,
    Practitioner,
    Room,
    Span,
    WeeklyHours,
    epoch_minute,
)

Spans = list[Span]  # sorted, apart from one another


def free_spans(diary: Diary) -> dict[str, Spans]:
    """The free time of every resource, one local day beyond the horizon on either side."""
    busy: dict[str, Spans] = {}
    for resource, begin, end in diary.busy:
        busy.setdefault(resource, []).append((begin, end))
    everything = [_whole(diary)]
    opening = everything if diary.opening_hours is None else _merged(_weekly(diary, diary.opening_hours))
    closed = [_days(diary, first, last) for first, last in diary.closures]
    found: dict[str, Spans] = {}
    resources: list[Practitioner | Room | Device] = [*diary.practitioners, *diary.rooms, *diary.devices]
    for one in resources:
        own = everything if one.hours is None else _weekly(diary, one.hours)
        present = _common(_merged([*own, *one.extra]), opening)
        found[one.id] = _minus(present, [*closed, *one.absences, *busy.get(one.id, [])])
    return found


def patient_spans(diary: Diary, patient: PatientTimes) -> Spans:
    """The patient's own free time."""
    spans = [_whole(diary)] if patient.hours is None else _weekly(diary, patient.hours)
    blackouts = [_days(diary, first, last) for first, last in patient.blackouts]
    return _minus(_merged(spans), [*blackouts, *patient.busy])


def _instant(diary: Diary, on: date, minute: int) -> int:
    """A wall clock time as an epoch minute, fold 0."""
    if minute == 1440:
        on, minute = on + timedelta(days=1), 0
    wall = datetime(on.year, on.month, on.day, minute // 60, minute % 60, tzinfo=ZoneInfo(diary.tz))
    return epoch_minute(wall.astimezone(UTC))


def _whole(diary: Diary) -> Span:
    return _days(diary, diary.first_date - timedelta(days=1), diary.last_date + timedelta(days=1))


def _days(diary: Diary, first: date, last: date) -> Span:
    return _instant(diary, first, 0), _instant(diary, last, 1440)


def _weekly(diary: Diary, hours: Iterable[WeeklyHours]) -> Spans:
    found: Spans = []
    for entry in hours:
        on = diary.first_date - timedelta(days=1)
        while on <= diary.last_date + timedelta(days=1):
            valid = (entry.valid_from or on) <= on <= (entry.valid_to or on)
            if valid and on.weekday() == entry.weekday:
                found.append((_instant(diary, on, entry.from_minute), _instant(diary, on, entry.to_minute)))
            on += timedelta(days=1)
    return found


def _merged(spans: Iterable[Span]) -> Spans:
    """The union: sorted, touching spans joined, empty ones dropped."""
    found: Spans = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _common(some: Spans, others: Spans) -> Spans:
    return _merged((max(a, c), min(b, d)) for a, b in some for c, d in others)


def _minus(spans: Spans, taken: Iterable[Span]) -> Spans:
    found: Spans = []
    away = _merged(taken)
    for begin, end in spans:
        for gone_begin, gone_end in away:
            if gone_end <= begin or gone_begin >= end:
                continue
            found.append((begin, gone_begin))
            begin = gone_end
        found.append((begin, end))
    return [span for span in found if span[0] < span[1]]
