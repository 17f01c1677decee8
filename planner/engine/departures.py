"""Why a booked visit cannot stay where it is, each visit judged on its own."""

from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from planner.engine.availability import Availability
from planner.engine.cells import Searched
from planner.engine.model import Booked, Practitioner, Problem, Role, Visit
from planner.engine.ticks import union

MINUTE = 60  # seconds


class Reason(StrEnum):
    """Why a booked place is left."""

    ASKED = "asked"  # a pin says another place
    PAST = "past"  # before the first instant that may still be planned
    TOO_EARLY = "too_early"  # before the first date left to the visit
    TOO_LATE = "too_late"  # after the last one
    GRID = "grid"  # no start of the location
    NOT_ALLOWED = "not_allowed"  # the practitioner may not treat this visit
    CLOSED = "closed"
    PRACTITIONER = "practitioner"
    PATIENT = "patient"
    ROOM = "room"
    DEVICE = "device"
    GAP = "gap"  # free, but not as far from its neighbours as the gaps ask


def local(tz: str, minute: int) -> datetime:
    """The wall clock of an epoch minute."""
    return datetime.fromtimestamp(minute * MINUTE, tz=UTC).astimezone(ZoneInfo(tz))


def departures(problem: Problem, availability: Availability | None = None) -> tuple[Reason | None, ...]:
    """For each visit why its booked place is lost; None where it holds or nothing is booked."""
    searched = Searched(problem, availability)
    current = problem.request.current or (None,) * len(problem.request.visits)
    return tuple(
        None if booked is None else _departure(searched, index, booked)
        for index, booked in enumerate(current)
    )


def _departure(searched: Searched, index: int, booked: Booked) -> Reason | None:
    free, diary = searched.availability, searched.problem.diary
    day, (low, high) = free.clock.day_of(booked.start), searched.windows[index]
    if _asked_elsewhere(searched.problem, index, booked):
        return Reason.ASKED
    if diary.not_before is not None and booked.start < diary.not_before:
        return Reason.PAST
    if day < low:
        return Reason.TOO_EARLY
    if day > high or day not in free.days:
        return Reason.TOO_LATE
    tick, here = free.ticks.index(booked.start), free.days[day]
    if free.ticks.minute(tick) != booked.start or not here.starts >> (tick - here.low) & 1:
        return Reason.GRID
    return _taken(searched, searched.visits[index], booked.practitioner, tick)


def _asked_elsewhere(problem: Problem, index: int, booked: Booked) -> bool:
    on = local(problem.diary.tz, booked.start).date()
    return any(
        pin.start not in (None, booked.start)
        or pin.on not in (None, on)
        or (booked.practitioner is not None and pin.practitioner not in (None, booked.practitioner))
        or (booked.room is not None and pin.room not in (None, booked.room))
        for pin in problem.request.pins
        if pin.index == index
    )


def _taken(searched: Searched, visit: Visit, practitioner: str | None, tick: int) -> Reason | None:
    """What is missing at a tick for this practitioner, or for whoever comes farthest when it is None."""
    people = [one for one in searched.practitioners(visit) if practitioner in (None, one.id)]
    if not people:
        return Reason.NOT_ALLOWED
    found = [_missing(searched, visit, person, tick) for person in people]
    return None if None in found else found[0]


def _missing(searched: Searched, visit: Visit, person: Practitioner, tick: int) -> Reason | None:
    free = searched.availability
    rooms = free.rooms_for(person, visit)
    stays = [free.diary.claim(room.id, visit.claim(Role.ROOM)) for room in rooms]
    opened = union([free.from_line(free.open, stay) for stay in stays]) if stays else -1
    opened &= free.from_line(free.open, free.diary.claim(person.id, visit.claim(Role.PRACTITIONER)))
    for reason, mask in (
        (Reason.CLOSED, opened),
        (Reason.PRACTITIONER, free.starts(person.id, visit.claim(Role.PRACTITIONER))),
        (Reason.PATIENT, searched.patient_starts(visit)),
    ):
        if not mask >> tick & 1:
            return reason
    if not any(free.room_starts(room, visit, with_devices=False) >> tick & 1 for room in rooms):
        return Reason.ROOM
    return None if free.places(person, visit) >> tick & 1 else Reason.DEVICE
