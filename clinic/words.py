"""How dates, gaps and states are said: one vocabulary for pages, refusals and drawings. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

NBSP = "\u00a0"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class State:
    """How one state looks and reads: the CSS class is `np-` + css, the icon a Bootstrap icon."""

    css: str
    icon: str
    word: str


# Where a visit is: round pills.
STATUSES = {
    "planned": State("planned", "circle", "Planned"),
    "confirmed": State("confirmed", "check-circle", "Confirmed"),
    "arrived": State("arrived", "box-arrow-in-right", "Arrived"),
    "treating": State("treating", "activity", "In treatment"),
    "completed": State("completed", "check-lg", "Completed"),
    "cancelled": State("cancelled", "x-circle", "Cancelled"),
    "noshow": State("noshow", "calendar-x", "No-show"),
    "hold": State("hold", "pause-circle", "On hold"),
}

# Whether it is safe: square tags. The second block are the outcomes of a verdict, under their stored names.
SAFETY = {
    "cleared": State("cleared", "shield-check", "Cleared"),
    "deferred": State("deferred", "hourglass-split", "Deferred"),
    "decision": State("decision", "question-diamond", "Needs decision"),
    "unsuitable": State("unsuitable", "slash-circle", "Not suitable"),
    "missing": State("missing", "clipboard", "Not screened"),
    "clear": State("cleared", "shield-check", "Cleared"),
    "modify": State("cleared", "shield-plus", "Cleared with changes"),
    "review": State("decision", "question-diamond", "Needs decision"),
    "defer": State("deferred", "hourglass-split", "Deferred"),
    "stop": State("unsuitable", "slash-circle", "Not suitable"),
}


def day_date(day: dt.date, year: bool = True, weekday: bool = True) -> str:
    """Say a date as `Thu 3 Dec 2026`, joined by no-break spaces."""
    parts = [DAYS[day.weekday()]] if weekday else []
    parts += [str(day.day), MONTHS[day.month - 1]]
    return NBSP.join([*parts, str(day.year)] if year else parts)


def both_sides(names: Sequence[str]) -> list[str]:
    """Areas in small letters, the right and the left one of a place as one: `both cheeks`.

    Places of several words stay as they are: their plural is not made by a letter at the end.
    """
    found = []
    for name in names:
        side, _, part = name.partition(" ")
        other = {"right": f"left {part}", "left": f"right {part}"}.get(side)
        if other not in names or " " in part:
            found.append(name)
        elif side == "right":
            found.append(f"both {part[:-1]}ves" if part.endswith("f") else f"both {part}s")
    return found


def gap_words(days: int) -> str:
    """Say a number of days as `5 wk`, `4 wk 3 d` or `3 d`."""
    weeks, rest = divmod(abs(days), 7)
    parts = [f"{weeks}{NBSP}wk"] if weeks else []
    if rest or not weeks:
        parts.append(f"{rest}{NBSP}d")
    return NBSP.join(parts)


def late_words(days: int) -> str:
    """Say how far outside its window a visit is: `4 d late`, `2 d early`, or nothing at 0."""
    if days == 0:
        return ""
    return f"{abs(days)}{NBSP}d{NBSP}{'late' if days > 0 else 'early'}"


def shift_words(days: int) -> str:
    """Say how far a visit moves: `9 d later`, `2 d earlier`, `No change`."""
    if days == 0:
        return "No change"
    return f"{abs(days)}{NBSP}d{NBSP}{'later' if days > 0 else 'earlier'}"


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Count the completed years on a day; who was born on 29 February has a birthday on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def initials(name: str) -> str:
    """Shorten a name to its first and last initial."""
    parts = name.split()
    return "".join(part[0] for part in ([parts[0], parts[-1]] if len(parts) > 1 else parts)).upper()
