"""What a change of a course would do: every visit before and after, and why. Writes nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinic import clock
from clinic.refusals import Refusal
from clinic.timeline import Window
from planner.engine import model as engine
from planner.engine.departures import Reason
from planner.engine.reflow import Reflow, VisitChange, reflow
from planner.models import Appointment, CourseChange, TreatmentCourse
from planner.obstacles import why_not
from planner.planning import Slot
from planner.replanning import (
    Item,
    Timeline,
    asked_pin,
    pin_of,
    read_replanning,
    slot_of,
    timeline_of,
)

Kind = CourseChange.Kind
WITH_NEW_DATES = {Kind.REPLANNED, Kind.RESUMED, Kind.EXTENDED}


@dataclass(frozen=True)
class Wanted:
    """A change as asked for. `row` is the visit it is about, `start` where it should go (aware).

    Person and room may be left open. `keep_later`: the later visits stay wherever their gaps allow it.
    `new_date`: a cancelled or missed visit gets another one. `not_before`: nothing earlier (local date).
    """

    kind: Kind
    row: Appointment | None = None
    start: dt.datetime | None = None
    practitioner_id: int | None = None
    room_id: int | None = None
    keep_later: bool = False
    new_date: bool = False
    not_before: dt.date | None = None
    sessions: int | None = None
    reason: str = ""

    @property
    def frees_the_visit(self) -> bool:
        """Whether the visit leaves its place without being moved."""
        return self.kind in (Kind.CANCELLED, Kind.NO_SHOW)


@dataclass(frozen=True)
class Move:
    """A visit to be placed: the row as it was seen (None: it has no date yet) and its new place."""

    number: int
    slot: Slot
    appointment_id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class Line:
    """One visit before and after. `gap_*` are days to the visit before, `late_days` those off the window."""

    number: int
    before: Slot | None
    after: Slot | None
    on_before: dt.date | None
    on_after: dt.date | None
    row: Appointment | None = None
    gap_before: int | None = None
    gap_after: int | None = None
    late_days: int = 0
    reason: Reason | None = None

    @property
    def is_changed(self) -> bool:
        """Whether anything but the pen differs."""
        return self._places(self.before) != self._places(self.after)

    @property
    def shift_days(self) -> int:
        """How many days later it is."""
        return (self.on_after - self.on_before).days if self.on_before and self.on_after else 0

    @staticmethod
    def _places(slot: Slot | None):
        return slot and (slot.start, slot.practitioner_id, slot.room_id)


@dataclass(frozen=True)
class Preview:
    """A change worked out: what is applied when it is confirmed, and all visits of the course to look at."""

    course: TreatmentCourse
    wanted: Wanted
    moves: tuple[Move, ...]
    lines: tuple[Line, ...]

    @property
    def changed(self) -> tuple[Line, ...]:
        """The visits that change."""
        return tuple(line for line in self.lines if line.is_changed)

    @property
    def others(self) -> tuple[Line, ...]:
        """Booked visits that move besides the one the change is about."""
        about = self.wanted.row.number if self.wanted.row else None
        return tuple(line for line in self.changed if line.before and line.number != about)


def preview_of(course: TreatmentCourse, wanted: Wanted, *, earliest_on: dt.date, at: dt.datetime) -> Preview:
    """Work out a change on the diary as it is. `earliest_on` is the first day the screening allows.

    Raises Refusal when the wanted place is not free, or no place is found for a visit that must move.
    """
    earliest = max(earliest_on, wanted.not_before or earliest_on)
    if wanted.frees_the_visit and not wanted.new_date:
        return built(course, wanted, timeline_of(course, at), (), ())
    if wanted.kind == Kind.MOVED:
        return _moved(course, wanted, earliest, at)
    return _dated(course, wanted, earliest, at)


def _moved(course: TreatmentCourse, wanted: Wanted, earliest: dt.date, at: dt.datetime) -> Preview:
    """One visit goes to a chosen place; the later ones follow as far as their gaps ask for it."""
    timeline = timeline_of(course, at)
    later = timeline.after(wanted.row)
    previous = timeline.before(wanted.row)
    zone = course.location.time_zone
    on = clock.local_date(wanted.start, zone)
    items = [Item(wanted.row.number, wanted.row)]
    finish_by = None
    if wanted.keep_later and later:
        finish_by = later[0].on - dt.timedelta(days=course.gap_min_days)
    elif not wanted.keep_later:
        items += [Item(row.number, row) for row in later]
    reading = read_replanning(
        course, items, previous, earliest_on=earliest, at=at, finish_by=finish_by, near=[on]
    )
    pin = asked_pin(0, wanted.start, zone, wanted.practitioner_id, wanted.room_id)
    request = reading.problem.request
    pins = (pin, *(one for one in request.pins if one.index))
    found = _solved(replace(reading.problem, request=replace(request, pins=pins)))
    if isinstance(found, engine.Infeasible):
        raise why_not(reading, wanted.start, wanted.practitioner_id, wanted.room_id)
    return built(course, wanted, timeline, reading.items, found.changes)


def _dated(course: TreatmentCourse, wanted: Wanted, earliest: dt.date, at: dt.datetime) -> Preview:
    """Visits without a date get one, and booked ones that no longer hold another."""
    away = [wanted.row] if wanted.frees_the_visit else []
    timeline = timeline_of(course, at, without=[row.pk for row in away], sessions=wanted.sessions)
    missing = [wanted.row.number] if wanted.frees_the_visit else timeline.missing
    items = timeline.items(missing)
    if not items:
        raise Refusal("nothing_to_plan", "Every visit of this course is over or has its date.")
    previous = timeline.behind[-1] if timeline.behind else None
    reading = read_replanning(course, items, previous, earliest_on=earliest, at=at, freed=away)
    problem = reading.problem
    if wanted.keep_later:
        held = tuple(pin_of(index, item.row) for index, item in enumerate(items) if item.row is not None)
        problem = replace(problem, request=replace(problem.request, pins=held))
    found = _solved(problem)
    if isinstance(found, engine.Infeasible):
        raise _no_place(items[found.blocked], wanted)
    return built(course, wanted, timeline, items, found.changes)


def _solved(problem: engine.Problem) -> Reflow | engine.Infeasible:
    """Re-flow; the patient's firm hours give way only where nothing inside them exists."""
    found = reflow(problem)
    patient = problem.request.patient
    if isinstance(found, engine.Infeasible) and patient.hours is not None:
        free = replace(problem.request, patient=replace(patient, hours=None))
        found = reflow(replace(problem, request=free))
    return found


def _no_place(item: Item, wanted: Wanted) -> Refusal:
    if wanted.keep_later:
        return Refusal(
            "no_place_between",
            f"Visit {item.number} does not fit while the other visits keep their dates.",
            "Let the later visits move with it.",
        )
    return Refusal("no_place", f"No free place was found for visit {item.number}.", "Pick a date by hand.")


def built(
    course: TreatmentCourse,
    wanted: Wanted,
    timeline: Timeline,
    items: Sequence[Item],
    changes: Sequence[VisitChange],
) -> Preview:
    """The preview of a change whose places are found: one change per item."""
    slots = [Slot.of(change.after) for change in changes]
    moves = tuple(
        Move(item.number, slot, item.row and item.row.pk, item.row and item.row.version)
        for item, slot, change in zip(items, slots, changes, strict=True)
        if not change.stays
    )
    after = {item.number: slot for item, slot in zip(items, slots, strict=True)}
    reasons = {item.number: change.reason for item, change in zip(items, changes, strict=True)}
    lines = _lines(course, wanted, timeline, after, reasons)
    return Preview(course, wanted, moves, lines)


def with_moves(course: TreatmentCourse, wanted: Wanted, moves: Sequence[Move], at: dt.datetime) -> Preview:
    """The preview of a change whose places somebody chose: nothing is worked out, all is shown."""
    away = [wanted.row.pk] if wanted.frees_the_visit and wanted.row else []
    timeline = timeline_of(course, at, without=away, sessions=wanted.sessions)
    after = {move.number: move.slot for move in moves}
    return Preview(course, wanted, tuple(moves), _lines(course, wanted, timeline, after, {}))


def _lines(course, wanted: Wanted, timeline: Timeline, after, reasons) -> tuple[Line, ...]:
    """Every live visit and every one that is placed, by its new date, with both gaps."""
    zone = course.location.time_zone
    rows = {row.number: row for row in timeline.live}
    if wanted.frees_the_visit:
        rows[wanted.row.number] = wanted.row
    old = sorted(rows.values(), key=lambda row: row.start)
    gaps_before = {two.number: (two.on - one.on).days for one, two in zip(old, old[1:], strict=False)}
    placed = {number: slot_of(row) for number, row in rows.items() if _keeps(wanted, row)} | after
    dates = {number: clock.local_date(slot.start, zone) for number, slot in placed.items()}
    order = sorted(placed, key=lambda number: placed[number].start)
    gaps_after = {two: (dates[two] - dates[one]).days for one, two in zip(order, order[1:], strict=False)}
    steps = {two: max(two - one, 1) for one, two in zip(order, order[1:], strict=False)}
    lines = []
    for number in sorted({*rows, *placed}, key=lambda n: (dates.get(n) or rows[n].on, n)):
        row, slot = rows.get(number), placed.get(number)
        window = Window(course.gap_min_days, course.gap_max_days * steps.get(number, 1))
        gap = gaps_after.get(number)
        lines.append(
            Line(
                number,
                slot_of(row) if row else None,
                slot,
                row.on if row else None,
                dates.get(number),
                row,
                gaps_before.get(number),
                gap,
                window.lateness(gap) if gap is not None else 0,
                reasons.get(number),
            )
        )
    return tuple(lines)


def _keeps(wanted: Wanted, row: Appointment) -> bool:
    return not (wanted.frees_the_visit and row.pk == wanted.row.pk)
