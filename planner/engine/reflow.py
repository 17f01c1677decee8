"""Re-flow: a course whose booked visits no longer all fit is planned anew, moving as little as possible.

First every booked visit that still holds on its own stays, and only the others are placed around it. Where
that cannot be done, the plan of least documented cost decides what else moves. Where no start keeps the
longest gaps, they are exceeded by as few days as possible and marked; a shortest gap never gives way.
"""

from dataclasses import dataclass, replace

from planner.engine.availability import Availability
from planner.engine.calendar import DAY, day_number
from planner.engine.departures import Reason, departures, local
from planner.engine.model import (
    Booked,
    Gap,
    Infeasible,
    Pin,
    Placement,
    Plan,
    PreferredTime,
    Problem,
    Request,
    Weights,
)
from planner.engine.series import solve

# The cost of changing what is booked: 3 a day of gap, 30 a moved visit and 2 more a day, 15 for another
# practitioner than booked, 1 a started quarter of an hour outside the wished hours, or those of the booked
# visits where none were wished; wishes for weekday and practitioner as ever. A late start, a change of
# practitioner between visits and a short rest cost nothing.
REPLANNING = Weights(
    gap_abs=3,
    time_of_day=1,
    practitioner_change=0,
    start_delay=0,
    fragment=0,
    move=30,
    move_day=2,
    move_practitioner=15,
)
LATE_DAY = 100_000  # a day beyond a longest gap: more than everything else together


@dataclass(frozen=True, slots=True)
class VisitChange:
    """One visit (0-based) before and after; `before` None: it was not booked.

    `reason` says why it leaves its place, None where it does not. `late_days` go beyond the longest gap.
    """

    index: int
    before: Booked | None
    after: Placement
    reason: Reason | None = None
    late_days: int = 0

    @property
    def stays(self) -> bool:
        """Whether start, practitioner and room are those booked."""
        before, after = self.before, self.after
        return (
            before is not None
            and before.start == after.minute
            and before.practitioner in (None, after.practitioner)
            and before.room in (None, after.room)
        )

    @property
    def moves(self) -> bool:
        """Whether it was booked and goes elsewhere."""
        return self.before is not None and not self.stays


@dataclass(frozen=True, slots=True)
class Reflow:
    """The least disruption found. `problem` has the costs and the limits by which `plan` is the optimum."""

    problem: Problem
    plan: Plan
    changes: tuple[VisitChange, ...]

    @property
    def nothing_changes(self) -> bool:
        """Whether every visit was booked and stays."""
        return all(change.stays for change in self.changes)

    @property
    def moved(self) -> tuple[VisitChange, ...]:
        """The booked visits that go elsewhere."""
        return tuple(change for change in self.changes if change.moves)


def reflow(problem: Problem, availability: Availability | None = None) -> Reflow | Infeasible:
    """The plan that leaves what is booked as it is so far as that can be, or the visit no attempt can place.

    `problem` is the course after the event: `current` is what is booked (None: to be planned anew), done
    visits are left out and the last one attended is `previous`, what was asked for or must stay is a pin.
    The diary's busy rows must not hold the visits of `current`. The weights become REPLANNING.
    """
    asked = replanning(problem)
    free = availability if availability and availability.serves(asked) else Availability(asked)
    reasons = departures(asked, free)
    content = tolerant(asked)
    found = solve(held(asked, reasons), free)
    if isinstance(found, Plan):
        return Reflow(asked, found, _changes(problem.request, found, reasons))
    strict = solve(content, free)
    if isinstance(strict, Plan):
        return Reflow(content, strict, _changes(problem.request, strict, reasons))
    late = solve(_late(content), free)
    if isinstance(late, Plan):
        return Reflow(_late(content), late, _changes(problem.request, late, reasons))
    return strict


def replanning(problem: Problem) -> Problem:
    """The problem with the costs of changing what is booked; without wished hours, the usual ones count."""
    request = problem.request
    if request.patient.preferred_times is None and request.current is not None:
        patient = replace(request.patient, preferred_times=_usual_times(problem) or None)
        request = replace(request, patient=patient)
    return replace(problem, request=request, weights=REPLANNING)


def _usual_times(problem: Problem) -> tuple[PreferredTime, ...]:
    """The hours of every booked visit."""
    found: set[PreferredTime] = set()
    for visit, booked in zip(problem.request.visits, problem.request.current or (), strict=True):
        if booked is not None:
            wall = local(problem.diary.tz, booked.start)
            begin = wall.hour * 60 + wall.minute
            found.add(PreferredTime(begin, min(begin + visit.minutes, DAY)))
    return tuple(sorted(found))


def tolerant(problem: Problem) -> Problem:
    """The problem wishing also for the weekdays, hours and practitioners booked: no wish moves a visit."""
    patient, current = problem.request.patient, problem.request.current or ()
    booked = [one for one in current if one is not None]
    weekdays = {local(problem.diary.tz, one.start).weekday() for one in booked}
    people = {one.practitioner for one in booked if one.practitioner is not None}
    wished = patient
    if patient.preferred_weekdays is not None:
        wished = replace(wished, preferred_weekdays=patient.preferred_weekdays | weekdays)
    if patient.preferred_practitioners is not None:
        wished = replace(wished, preferred_practitioners=patient.preferred_practitioners | people)
    if patient.preferred_times is not None and booked:
        wished = replace(wished, preferred_times=(*patient.preferred_times, *_usual_times(problem)))
    return replace(problem, request=replace(problem.request, patient=wished))


def held(problem: Problem, reasons: tuple[Reason | None, ...]) -> Problem:
    """The problem in which every visit that holds on its own stays with its practitioner."""
    request, tz = problem.request, problem.diary.tz
    stay = tuple(
        Pin(index, booked.start, local(tz, booked.start).date(), booked.practitioner)
        for index, (booked, reason) in enumerate(zip(request.current or (), reasons, strict=False))
        if booked is not None and reason is None
    )
    return replace(problem, request=replace(request, pins=(*request.pins, *stay)))


def _late(problem: Problem) -> Problem:
    """The problem in which a day beyond a longest gap is possible, at a cost above all others."""
    request, previous = problem.request, problem.request.previous
    made = replace(
        request,
        gaps=tuple(_open_ended(gap) for gap in request.gaps),
        previous=previous and replace(previous, gap=_open_ended(previous.gap)),
    )
    return replace(problem, request=made, weights=replace(problem.weights, gap_soft_over=LATE_DAY))


def _open_ended(gap: Gap) -> Gap:
    return replace(gap, max_days=None, soft_max_days=gap.max_days)


def _changes(request: Request, plan: Plan, reasons: tuple[Reason | None, ...]) -> tuple[VisitChange, ...]:
    found = []
    for index, after in enumerate(plan.visits):
        before = request.current[index] if request.current else None
        late = _late_days(request, plan, index)
        change = VisitChange(index, before, after, None, late)
        found.append(replace(change, reason=_reason(change, reasons[index])) if change.moves else change)
    return tuple(found)


def _reason(change: VisitChange, own: Reason | None) -> Reason:
    """Why a visit moves: its own place is lost, only the room is, or a neighbour's date asks for it."""
    before, after = change.before, change.after
    if own is None and before is not None and before.start == after.minute:
        return Reason.ROOM if before.practitioner in (None, after.practitioner) else Reason.GAP
    return own or Reason.GAP


def _late_days(request: Request, plan: Plan, index: int) -> int:
    """The days a visit comes later than its longest gap allows."""
    if index:
        gap, before = request.gaps[index - 1], plan.visits[index - 1].on
    elif request.previous is not None:
        gap, before = request.previous.gap, request.previous.on
    else:
        return 0
    days = day_number(plan.visits[index].on) - day_number(before)
    return 0 if gap.max_days is None else max(days - gap.max_days, 0)
