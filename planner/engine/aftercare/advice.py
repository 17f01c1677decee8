"""Today's advice: the lines of an issued sheet that hold at one moment (the patient page's "Day 2")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from planner.engine.aftercare.timing import TIMINGS, Clock, Unit

# After this day the sheet's "week 2" is over and nothing is asked of the day any more (6.1 Week 2).
LAST_DAY: Final = TIMINGS["sun_care"].amount

# Until when each "do not" of a sheet holds: the row of TIMINGS that dated it. Codes by their beginning.
ENDS: Final = {
    "do_not.first_day": "first_day",
    "do_not.heat": "heat",
    "do_not.tight": "clothes",
    "do_not.anti_inflammatory": "anti_inflammatory",
    "do_not.week_2": "sun_care",
}
# This one has two lengths (6.3 FST IV-VI); it ends where the sheet's own row for week 2 begins.
ACTIVES: Final = "do_not.actives"


@dataclass(frozen=True)
class DayRow:
    """One row of the sheet's table and where it stands: `past`, `now` or `ahead`; `day` is its first day."""

    row: Mapping[str, Any]
    state: str
    day: int


@dataclass(frozen=True)
class Advice:
    """What holds now: the number of the day, what is normal, what to do, what is still to be left alone."""

    on: date
    day: int
    normal: tuple[str, ...]
    todo: tuple[str, ...]
    not_yet: tuple[str, ...]


def rows_on(content: Mapping[str, Any], on: date) -> tuple[DayRow, ...]:
    """Every row of a sheet's table, as it stands on a local day."""
    start, wanted = date.fromisoformat(content["starts_on"]), on.isoformat()
    found = []
    for row in content["timeline"]["rows"]:
        over = row["last_on"] and row["last_on"] < wanted
        state = "past" if over else ("now" if row["first_on"] <= wanted else "ahead")
        found.append(DayRow(row, state, (date.fromisoformat(row["first_on"]) - start).days))
    return tuple(found)


def advice_on(content: Mapping[str, Any], *, ended_at: datetime, zone: str, now: datetime) -> Advice | None:
    """The advice of an issued sheet's content at `now`, in the clinic's zone; None outside days 0 to 14.

    `ended_at` is the end of needling, t0 of every "hours after". A "do not" whose end is not known here is
    kept: better one line too many.
    """
    clock = Clock(ended_at, zone)
    here = clock.local(now)
    day = (here.date() - clock.day_0).days
    if not 0 <= day <= LAST_DAY:
        return None
    rows = rows_on(content, here.date())
    current = next((one.row for one in rows if one.state == "now"), None)
    if current is None:
        return None
    return Advice(
        on=here.date(),
        day=day,
        normal=tuple(line["text"] for line in current["normal"]),
        todo=tuple(line["text"] for line in current["todo"]),
        not_yet=tuple(
            line["text"] for line in content["do_not"]["items"] if _holds(line["code"], content, clock, here)
        ),
    )


def _holds(code: str, content: Mapping[str, Any], clock: Clock, here: datetime) -> bool:
    if code.startswith(ACTIVES):
        begins = (row["first_on"] for row in content["timeline"]["rows"] if row["code"] == "week_2")
        return here.date().isoformat() < next(begins, "9999")
    row = next((TIMINGS[name] for start, name in ENDS.items() if code.startswith(start)), None)
    if row is None:
        return True
    if row.unit is Unit.HOURS:
        return here < clock.moment(row.code)
    return here.date() < clock.date(row.code)
