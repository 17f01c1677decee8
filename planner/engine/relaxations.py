"""Wishes and limits that could be given up, each as the request without it. Never a shorter minimum gap."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from planner.engine.model import Problem, Request, WeeklyHours, Weights

LATER_START_DAYS = 14
WIDER_MINUTES = 60
LONGEST_GAP_DAYS = 49  # a gap beyond the protocol, to be decided by a practitioner: always marked apart


class Relax(StrEnum):
    """What is given up."""

    WEEKDAY = "weekday"  # one more weekday may be used
    ANY_WEEKDAY = "any_weekday"
    EARLIER = "earlier"  # the patient's hours begin earlier
    LATER = "later"  # the patient's hours end later
    ANY_TIME = "any_time"
    ANY_PRACTITIONER = "any_practitioner"
    LATER_START = "later_start"
    NO_FINISH_BY = "no_finish_by"
    NO_BLACKOUTS = "no_blackouts"
    UNPIN = "unpin"
    LONGER_GAP = "longer_gap"
    # wishes that are only costs
    NO_WISHED_WEEKDAYS = "no_wished_weekdays"
    NO_WISHED_TIMES = "no_wished_times"
    NO_WISHED_PRACTITIONER = "no_wished_practitioner"
    NO_CONTINUITY = "no_continuity"


@dataclass(frozen=True, slots=True)
class Change:
    """One relaxation: `amount` is the weekday, the minutes, the days, or the visit (0-based) it is about.

    `beyond_protocol` marks a gap longer than the protocol's, which nobody may choose but a practitioner.
    """

    kind: Relax
    amount: int | None = None
    beyond_protocol: bool = False


def hard(problem: Problem) -> Iterator[tuple[Change, Problem]]:
    """Every hard limit that may be given up, with the problem without it."""
    for change, request in _limits(problem.request):
        yield change, replace(problem, request=request)


def _limits(request: Request) -> Iterator[tuple[Change, Request]]:
    patient = request.patient
    for change, hours in _hours(patient.hours):
        yield change, replace(request, patient=replace(patient, hours=hours))
    if any(visit.practitioners is not None for visit in request.visits):
        visits = tuple(replace(visit, practitioners=None) for visit in request.visits)
        yield Change(Relax.ANY_PRACTITIONER), replace(request, visits=visits)
    if request.latest is not None:
        latest = request.latest + timedelta(days=LATER_START_DAYS)
        yield Change(Relax.LATER_START, LATER_START_DAYS), replace(request, latest=latest)
    if request.finish_by is not None:
        yield Change(Relax.NO_FINISH_BY), replace(request, finish_by=None)
    if patient.blackouts:
        yield Change(Relax.NO_BLACKOUTS), replace(request, patient=replace(patient, blackouts=()))
    for index in sorted({pin.index for pin in request.pins}):
        pins = tuple(pin for pin in request.pins if pin.index != index)
        yield Change(Relax.UNPIN, index), replace(request, pins=pins)
    yield from _longer_gaps(request)


def _longer_gaps(request: Request) -> Iterator[tuple[Change, Request]]:
    gaps = tuple(
        gap if gap.max_days is None else replace(gap, max_days=max(gap.max_days, LONGEST_GAP_DAYS))
        for gap in request.gaps
    )
    if gaps != request.gaps:
        yield Change(Relax.LONGER_GAP, LONGEST_GAP_DAYS, beyond_protocol=True), replace(request, gaps=gaps)


def _hours(
    hours: tuple[WeeklyHours, ...] | None,
) -> Iterator[tuple[Change, tuple[WeeklyHours, ...] | None]]:
    """Wider hours of the patient: another weekday, any weekday, an hour more, the whole day."""
    if not hours:
        return
    used = {entry.weekday for entry in hours}
    missing = [weekday for weekday in range(7) if weekday not in used]
    daily = sorted({(entry.from_minute, entry.to_minute) for entry in hours})
    for weekday in missing:
        yield Change(Relax.WEEKDAY, weekday), (*hours, *(WeeklyHours(weekday, a, b) for a, b in daily))
    if len(missing) > 1:
        everywhere = tuple(WeeklyHours(weekday, a, b) for weekday in missing for a, b in daily)
        yield Change(Relax.ANY_WEEKDAY), (*hours, *everywhere)
    if any(entry.from_minute > 0 for entry in hours):
        earlier = tuple(e._replace(from_minute=max(e.from_minute - WIDER_MINUTES, 0)) for e in hours)
        yield Change(Relax.EARLIER, WIDER_MINUTES), earlier
    if any(entry.to_minute < 1440 for entry in hours):
        later = tuple(e._replace(to_minute=min(e.to_minute + WIDER_MINUTES, 1440)) for e in hours)
        yield Change(Relax.LATER, WIDER_MINUTES), later
    if any(entry.to_minute - entry.from_minute < 1440 for entry in hours):
        yield Change(Relax.ANY_TIME), tuple(e._replace(from_minute=0, to_minute=1440) for e in hours)


def soft(problem: Problem) -> Iterator[tuple[Change, Problem]]:
    """Every wish that only costs, with the problem without it."""
    patient, weights = problem.request.patient, problem.weights
    if patient.preferred_weekdays is not None and weights.weekday:
        yield _without(problem, Relax.NO_WISHED_WEEKDAYS, replace(weights, weekday=0))
    if patient.preferred_times is not None and weights.time_of_day:
        yield _without(problem, Relax.NO_WISHED_TIMES, replace(weights, time_of_day=0, time_of_day_cap=0))
    if patient.preferred_practitioners is not None and weights.practitioner_not_preferred:
        without = replace(weights, practitioner_not_preferred=0)
        yield _without(problem, Relax.NO_WISHED_PRACTITIONER, without)
    if weights.practitioner_change:
        yield _without(problem, Relax.NO_CONTINUITY, replace(weights, practitioner_change=0))


def _without(problem: Problem, kind: Relax, weights: Weights) -> tuple[Change, Problem]:
    return Change(kind), replace(problem, weights=weights)
