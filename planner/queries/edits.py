"""One proposal open for changes: its visits in words, and other places for one of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from clinic.models import Location
from clinic.refusals import Refusal
from clinic.timeline import Axis, Mark, Window
from planner.engine import model as engine
from planner.engine.alternatives import alternatives
from planner.planning import Planning, Slot, lost_visits, placements_of
from planner.queries.proposals import VisitLine, lines_of

LOOKED_AT = 60  # the best places by the planner's cost, of which few a day are shown
SHOWN, A_DAY = 8, 2
GONE = Refusal(
    "diary_changed",
    "A person or room of these dates is no longer to be had.",
    "Here are new proposals.",
    stale=True,
)


@dataclass(frozen=True)
class EditOption:
    """Another place for one visit: the line it would be, the gaps it makes, and the whole course with it."""

    line: VisitLine
    gap_after: int | None
    extra: int
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Edit:
    """The proposal as it is now. `number` is the visit being changed, `lost` those that are taken."""

    visits: tuple[VisitLine, ...]
    marks: tuple[Mark, ...]
    axis: Axis
    window: Window
    number: int | None
    lost: tuple[int, ...]
    options: tuple[EditOption, ...]


def edit_of(slots: Sequence[Slot], planning: Planning, number: int | None, location: Location) -> Edit:
    """Put a proposal into words; with a visit's number, the best other places for it, by time.

    Raises Refusal when a person or room of the proposal is no longer in use.
    """
    people, rooms = ({one.pk for one in rows} for rows in (planning.practitioners, planning.rooms))
    if any(slot.practitioner_id not in people or slot.room_id not in rooms for slot in slots):
        raise GONE.copy()
    visits = lines_of(slots, planning)
    lost = tuple(index + 1 for index in lost_visits(slots, planning))
    number = number if number and number <= len(slots) else next(iter(lost), None)
    days = [visit.on for visit in visits]
    return Edit(
        visits=visits,
        marks=tuple(Mark(visit.number, visit.on, warn=visit.number in lost) for visit in visits),
        axis=Axis.around(days),
        window=Window(planning.protocol.gap_min_days, planning.protocol.gap_max_days),
        number=number,
        lost=lost,
        options=_options(slots, planning, number - 1) if number else (),
    )


def _options(slots: Sequence[Slot], planning: Planning, index: int) -> tuple[EditOption, ...]:
    plan = engine.Plan(placements_of(slots, planning.problem.diary.tz), 0, {})
    found = alternatives(planning.problem, plan, index, LOOKED_AT)
    days: Counter = Counter()
    chosen = []
    for one in found:
        if days[one.placement.on] < A_DAY and len(chosen) < SHOWN:
            days[one.placement.on] += 1
            chosen.append(one)
    return tuple(
        _option(slots, planning, index, one) for one in sorted(chosen, key=lambda one: one.placement.minute)
    )


def _option(slots: Sequence[Slot], planning: Planning, index: int, one: engine.Alternative) -> EditOption:
    changed = (*slots[:index], Slot.of(one.placement), *slots[index + 1 :])
    lines = lines_of(changed, planning)
    after = lines[index + 1].gap_days if index + 1 < len(lines) else None
    return EditOption(lines[index], after, one.extra, changed)
