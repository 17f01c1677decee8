"""The terms of the cost, one function each. The definitions are those of the file format series-plan/1."""

from planner.engine.calendar import day_number, weekday
from planner.engine.model import Booked, Gap, PatientTimes, PreferredTime, Request, Weights

QUARTER = 15  # minutes: time of day is counted per started quarter of an hour


def gap_cost(gap: Gap, days: int, weights: Weights) -> int:
    """The cost of a gap of so many days."""
    off = days - gap.target_days
    cost = weights.gap_abs * abs(off) + weights.gap_square * off * off
    if gap.soft_max_days is not None:
        cost += weights.gap_soft_over * max(days - gap.soft_max_days, 0)
    if gap.soft_min_days is not None:
        cost += weights.gap_soft_under * max(gap.soft_min_days - days, 0)
    return cost


def weekday_cost(patient: PatientTimes, day: int, weights: Weights) -> int:
    """The cost of a day of the week that was not wished."""
    wished = patient.preferred_weekdays
    return 0 if wished is None or weekday(day) in wished else weights.weekday


def time_cost(
    windows: tuple[PreferredTime, ...] | None, on_weekday: int, wall: int, minutes: int, weights: Weights
) -> int:
    """The cost of a stay that begins at a wall clock minute and lasts so many minutes."""
    if windows is None:
        return 0
    cap = weights.time_of_day_cap
    outside = [
        max(window.from_minute - wall, 0) + max(wall + minutes - window.to_minute, 0)
        for window in windows
        if window.weekdays is None or on_weekday in window.weekdays
    ]
    if not outside:
        return cap or 0
    cost = weights.time_of_day * -(-min(outside) // QUARTER)
    return cost if cap is None else min(cost, cap)


def practitioner_cost(patient: PatientTimes, practitioner: str, weights: Weights) -> int:
    """The cost of a practitioner who was not wished."""
    wished = patient.preferred_practitioners
    return 0 if wished is None or practitioner in wished else weights.practitioner_not_preferred


def start_cost(request: Request, day: int, weights: Weights) -> int:
    """The cost of a late first visit; none when the course is already under way."""
    if request.previous is not None:
        return 0
    return weights.start_delay * (day - day_number(request.earliest))


def finish_cost(request: Request, day: int, weights: Weights) -> int:
    """The cost of a late last visit."""
    return weights.finish_delay * (day - day_number(request.earliest))


def move_cost(
    booked: Booked | None, booked_day: int, minute: int, day: int, practitioner: str, weights: Weights
) -> int:
    """The cost of leaving the booked start, day and practitioner; the room is counted by room_cost."""
    if booked is None:
        return 0
    cost = weights.move_day * abs(day - booked_day)
    if minute != booked.start:
        cost += weights.move
    if booked.practitioner not in (None, practitioner):
        cost += weights.move_practitioner
    return cost


def room_cost(booked: Booked | None, room: str, weights: Weights) -> int:
    """The cost of leaving the booked room."""
    return weights.move_room if booked is not None and booked.room not in (None, room) else 0
