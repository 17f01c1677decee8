"""What can happen to a booked course, each as the problem after it: made for `reflow.reflow`.

Time off of a practitioner, room or device needs no function: it is in the diary that is read.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from planner.engine.model import Booked, DateRange, Gap, Pin, Previous, Problem, Visit

T = TypeVar("T")


def moved(problem: Problem, index: int, to: Booked) -> Problem:
    """A visit asked to another place: start, and practitioner and room where given. Other pins of it go."""
    kept = tuple(pin for pin in problem.request.pins if pin.index != index)
    pin = Pin(index, start=to.start, practitioner=to.practitioner, room=to.room)
    return _asking(problem, pins=(*kept, pin))


def given_up(problem: Problem, index: int) -> Problem:
    """A visit cancelled, or missed: it is still due and is planned anew, its old place forgotten."""
    current = list(problem.request.current or [None] * len(problem.request.visits))
    current[index] = None
    pins = tuple(pin for pin in problem.request.pins if pin.index != index)
    return _asking(problem, current=tuple(current), pins=pins)


def dropped(problem: Problem, index: int) -> Problem:
    """A visit that is not to take place at all. The gap before it is the one that remains; the last goes."""
    request = problem.request
    visits = _without(request.visits, index)
    gaps = _without(request.gaps, min(index, len(request.gaps) - 1)) if request.gaps else ()
    current = request.current and _without(request.current, index)
    pins = tuple(
        replace(pin, index=pin.index - (pin.index > index)) for pin in request.pins if pin.index != index
    )
    return _asking(problem, visits=visits, gaps=gaps, current=current, pins=pins)


def deferred(problem: Problem, until: date) -> Problem:
    """No visit before a date."""
    request = problem.request
    latest = None if request.latest is None or request.latest < until else request.latest
    return _asking(problem, earliest=max(request.earliest, until), latest=latest)


def attended(problem: Problem, on: date, practitioner: str | None = None) -> Problem:
    """The first visit has taken place, on its day or another: it counts as the previous one from now on.

    The course must have another visit left.
    """
    request = problem.request
    after = dropped(problem, 0)
    return _asking(after, previous=Previous(on, request.gaps[0], practitioner), latest=None)


def closed(problem: Problem, dates: DateRange) -> Problem:
    """The location closed on these dates, both included."""
    diary = replace(problem.diary, closures=(*problem.diary.closures, dates))
    return replace(problem, diary=diary)


def with_gaps(problem: Problem, gap: Gap) -> Problem:
    """The course under a protocol with other gaps, the one to the last visit done included."""
    previous = problem.request.previous
    return _asking(
        problem,
        gaps=(gap,) * len(problem.request.gaps),
        previous=previous and replace(previous, gap=gap),
    )


def with_visits(problem: Problem, visits: Sequence[Visit]) -> Problem:
    """The course with visits of another length; more or fewer than before are added or dropped at the end."""
    request, count = problem.request, len(visits)
    last = request.gaps[-1] if request.gaps else (request.previous and request.previous.gap)
    if last is None and count > 1:
        raise ValueError("a course of one visit has no gap to repeat")
    gaps = (*request.gaps, *(last for _ in range(count) if last is not None))[: count - 1]
    current = request.current and (*request.current, *(None for _ in visits))[:count]
    pins = tuple(pin for pin in request.pins if pin.index < count)
    return _asking(problem, visits=tuple(visits), gaps=gaps, current=current, pins=pins)


def _asking(problem: Problem, **changes: object) -> Problem:
    return replace(problem, request=replace(problem.request, **changes))  # type: ignore[arg-type]


def _without(items: tuple[T, ...], index: int) -> tuple[T, ...]:
    return items[:index] + items[index + 1 :]
