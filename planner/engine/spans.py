"""Free time as lists of spans, for the checker and for lists: nothing here is shared with the solver."""

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
        present = common(_merged([*own, *one.extra]), opening)
        found[one.id] = minus(present, [*closed, *one.absences, *busy.get(one.id, [])])
    return found


def patient_spans(diary: Diary, patient: PatientTimes) -> Spans:
    """The patient's own free time."""
    spans = [_whole(diary)] if patient.hours is None else _weekly(diary, patient.hours)
    blackouts = [_days(diary, first, last) for first, last in patient.blackouts]
    return minus(_merged(spans), [*blackouts, *patient.busy])


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
    first, last = diary.first_date - timedelta(days=1), diary.last_date + timedelta(days=1)
    for entry in hours:
        since, until = max(first, entry.valid_from or first), min(last, entry.valid_to or last)
        on = since + timedelta(days=(entry.weekday - since.weekday()) % 7)
        while on <= until:
            found.append((_instant(diary, on, entry.from_minute), _instant(diary, on, entry.to_minute)))
            on += timedelta(days=7)
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


def common(some: Spans, others: Spans) -> Spans:
    """The intersection of two lists, each sorted and apart: the span that ends first is done with."""
    found: Spans = []
    mine, theirs = 0, 0
    while mine < len(some) and theirs < len(others):
        (begin, end), (opens, closes) = some[mine], others[theirs]
        if max(begin, opens) < min(end, closes):
            found.append((max(begin, opens), min(end, closes)))
        if end <= closes:
            mine += 1
        else:
            theirs += 1
    return found


def minus(spans: Spans, taken: Iterable[Span]) -> Spans:
    """What is left of a sorted list: the spaces between what is taken, cut to the spans."""
    away = _merged(taken)
    if not spans:
        return []
    starts = [spans[0][0], *(end for _, end in away)]
    ends = [*(begin for begin, _ in away), spans[-1][1]]
    between = [span for span in zip(starts, ends, strict=True) if span[0] < span[1]]
    return common(spans, between)
