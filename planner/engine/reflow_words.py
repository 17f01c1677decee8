"""Plain English for a re-flow: what stays, what moves from where to where, and why."""

from collections.abc import Mapping

from planner.engine.departures import Reason, local
from planner.engine.describe import NBSP, day
from planner.engine.model import Placement
from planner.engine.reflow import Reflow, VisitChange
from planner.engine.wall import time_said


def headline(found: Reflow) -> str:
    """Nothing has to move. / Visit 3 moves, 4 visits stay."""
    moved, stay = len(found.moved), sum(change.stays for change in found.changes)
    placed = len(found.changes) - moved - stay
    if not moved and not placed:
        return "Nothing has to move."
    parts = [_count(moved, "moves", "move"), _count(placed, "gets a date", "get a date")]
    parts.append(_count(stay, "stays", "stay"))
    return f"{', '.join(part for part in parts if part)}."


def change_sentences(found: Reflow, names: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence for every visit that does not simply stay."""
    tz = found.problem.diary.tz
    return tuple(change_sentence(change, tz, names) for change in found.changes if not change.stays)


def change_sentence(change: VisitChange, tz: str, names: Mapping[str, str]) -> str:
    """Visit 3 moves from Thu 3 Dec 10:00 with Priya to Fri 4 Dec 10:15 with Priya: Priya is not free then."""
    number = change.index + 1
    to = _place(tz, change.after.minute, change.after.practitioner, names)
    late = f" {_late(change)}" if change.late_days else ""
    before = change.before
    if before is None:
        return f"Visit {number} gets {to}.{late}"
    if change.stays:
        return f"Visit {number} stays on {to}.{late}"
    if (before.start, before.practitioner) == (change.after.minute, change.after.practitioner):
        return f"Visit {number} keeps its time and goes to {_room(change.after, names)}.{late}"
    was = _place(tz, before.start, before.practitioner, names)
    return f"Visit {number} moves from {was} to {to}: {reason(change, names)}.{late}"


def reason(change: VisitChange, names: Mapping[str, str]) -> str:
    """Why the visit leaves its place, empty when it does not."""
    who = change.before.practitioner if change.before else None
    return because(change.reason, names.get(who, who) if who else "the practitioner") if change.reason else ""


def because(why: Reason, someone: str) -> str:
    """Why a place cannot be taken or kept; `someone` is the practitioner's name."""
    words = {
        Reason.ASKED: "it was asked elsewhere",
        Reason.PAST: "its time is over",
        Reason.TOO_EARLY: "it would be too early",
        Reason.TOO_LATE: "it would be too late",
        Reason.GRID: "visits no longer start at that minute",
        Reason.NOT_ALLOWED: f"{someone} may not give this treatment here",
        Reason.CLOSED: "the clinic is closed then",
        Reason.PRACTITIONER: f"{someone} is free then"
        if someone == "nobody"
        else f"{someone} is not free then",
        Reason.PATIENT: "the patient is not free then",
        Reason.ROOM: "no room is free then",
        Reason.DEVICE: "no device is free then",
        Reason.GAP: "its old date no longer keeps the gaps",
    }
    return words[why]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {'visit' if number == 1 else 'visits'} {one if number == 1 else many}" if number else ""


def _place(tz: str, minute: int, practitioner: str | None, names: Mapping[str, str]) -> str:
    wall = local(tz, minute)
    who = f" with {names.get(practitioner, practitioner)}" if practitioner else ""
    return f"{day(wall.date(), False)}{NBSP}{time_said(wall)}{who}"


def _room(after: Placement, names: Mapping[str, str]) -> str:
    return names.get(after.room, after.room)


def _late(change: VisitChange) -> str:
    days = "a day" if change.late_days == 1 else f"{change.late_days} days"
    return f"That is {days} later than the protocol's longest gap: nothing is free inside it."
