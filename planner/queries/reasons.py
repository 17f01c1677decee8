"""Why no course is possible, in words, with the solved relaxations that one click tries."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from clinic.dates import typed_date
from clinic.words import day_date, gap_words
from planner.engine.explain import Change, Stage, Why, explain, savings
from planner.engine.model import Plan, Term
from planner.engine.relaxations import Relax
from planner.planning import CourseRequest, Planning

AT_MOST = 3
MUCH = 30  # what a wish must cost for its price to be named: three days of gap, docs/planner.md
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
LOST = {
    Stage.PRACTITIONER: "practitioner busy or off",
    Stage.ROOM: "no room free",
    Stage.DEVICE: "no device free",
}


@dataclass(frozen=True)
class Try:
    """One relaxation: its button and the request it stands for."""

    label: str
    request: CourseRequest

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The plan form's fields as they would be typed."""
        return list(typed_pairs(self.request))


@dataclass(frozen=True)
class Reasons:
    """The not-possible card: the window that failed, starts lost by cause, what would help."""

    sentence: str
    lost: tuple[tuple[int, str], ...]
    tries: tuple[Try, ...]
    advice: str


def reasons_of(planning: Planning) -> Reasons:
    """Explain a planning that has no plan."""
    why = explain(planning.problem)
    if why is None:
        raise ValueError("this planning has a plan")
    tries = tuple(_tries(planning, why))
    lost = _lost(why.windows[why.blocked].starts, LOST | {Stage.PATIENT: _patient_words(planning)})
    return Reasons(_sentence(why, planning), lost, tries[:AT_MOST], "" if tries else _advice(why))


def cheaper_without(planning: Planning, plan: Plan) -> tuple[Try, ...]:
    """Limits and wishes that cost much, each with what the best course without it saves, solved anew."""
    if sum(cost for term, cost in plan.breakdown.items() if term != Term.START_DELAY) < MUCH:
        return ()
    tries, problem = [], planning.problem
    for saving in savings(problem, plan, least=MUCH):
        changed = relaxed(planning.request, saving.change, problem.request.earliest)
        if changed is not None:
            label = _label(saving.change, planning.request, changed)
            tries.append(Try(f"{label} (costs {saving.saved} less)", changed))
    return tuple(tries[:AT_MOST])


def _sentence(why: Why, planning: Planning) -> str:
    window, number = why.windows[why.blocked], why.blocked + 1
    if window.is_empty:
        return _too_soon(planning) or f"Visit {number} has no day left inside its window."
    first, last = day_date(window.first), day_date(window.last)
    when = f"on {first}" if first == last else f"between {first} and {last}"
    looked_at = window.starts.get(Stage.OPEN, 0)
    found = f"None of the {looked_at} starts looked at fits." if looked_at else "The clinic is closed then."
    return f"Visit {number} must fall {when}. {found}"


def _too_soon(planning: Planning) -> str:
    """The end that was asked for lies before the shortest course; "" where it does not."""
    asked = planning.problem.request
    ends = asked.earliest + dt.timedelta(days=sum(gap.min_days for gap in asked.gaps))
    if asked.finish_by is None or asked.finish_by >= ends or not asked.gaps:
        return ""
    apart = gap_words(min(gap.min_days for gap in asked.gaps))
    end = f"end on {day_date(ends)} at the earliest, not by {day_date(asked.finish_by)}"
    return f"{len(asked.visits)} visits at least {apart} apart {end}."


def _patient_words(planning: Planning) -> str:
    """What keeps the patient away: what was asked for, or what they have booked already."""
    times = planning.problem.request.patient
    if times.hours is None:
        return "too close to the patient's other visits"
    if times.blackouts or times.busy:
        return "outside the days and hours asked for, or too close to other visits"
    return "outside the days and hours asked for"


def _lost(starts, lost_to) -> tuple[tuple[int, str], ...]:
    stages = [stage for stage in Stage if stage in starts]
    pairs = zip(stages, stages[1:], strict=False)
    lost = [(starts[before] - starts[after], lost_to[after]) for before, after in pairs]
    return tuple((number, words) for number, words in lost if number > 0)


def _advice(why: Why) -> str:
    if any(one.change.kind == Relax.NO_BLACKOUTS for one in why.relaxations):
        return "Other visits for the same areas are too close. Start later or choose other areas."
    return "No single change helps. Change two wishes at once, or start later."


def _tries(planning: Planning, why: Why) -> Iterator[Try]:
    first = planning.problem.request.earliest
    for relaxation in why.relaxations:
        changed = relaxed(planning.request, relaxation.change, first)
        if changed is not None:
            yield Try(
                _label(relaxation.change, planning.request, changed) + _gained(relaxation.gained), changed
            )


def _gained(starts: int) -> str:
    return f" (+{starts} start{'' if starts == 1 else 's'})" if starts > 0 else ""


def relaxed(request: CourseRequest, change: Change, first: dt.date) -> CourseRequest | None:
    """The request with one wish given up; None for what the desk may not give up.

    `first` is the first day that a visit may be: with a deferral it lies after the day asked for.
    """
    match change.kind:
        case Relax.WEEKDAY:
            return replace(request, weekdays=tuple(sorted({*request.weekdays, change.amount})))
        case Relax.ANY_WEEKDAY:
            return replace(request, weekdays_must=False)
        case Relax.EARLIER:
            return replace(request, after_minute=max((request.after_minute or 0) - change.amount, 0))
        case Relax.LATER:
            return replace(request, before_minute=min((request.before_minute or 1439) + change.amount, 1439))
        case Relax.ANY_TIME:
            return replace(request, hours_must=False)
        case Relax.ANY_PRACTITIONER:
            return replace(request, practitioner_must=False)
        case Relax.LATER_START if request.start_by:
            return replace(request, start_by=None)
        case Relax.LATER_START:
            return replace(request, start_from=first + dt.timedelta(days=change.amount))
        case Relax.NO_FINISH_BY:
            return replace(request, finish_by=None)
        case Relax.NO_WISHED_WEEKDAYS:
            return replace(request, weekdays=(), weekdays_must=False)
        case Relax.NO_WISHED_TIMES:
            return replace(request, after_minute=None, before_minute=None, hours_must=False)
        case Relax.NO_WISHED_PRACTITIONER:
            return replace(request, practitioner_id=None, practitioner_must=False)
        case _:
            return None


def _label(change: Change, asked: CourseRequest, changed: CourseRequest) -> str:
    match change.kind:
        case Relax.WEEKDAY:
            return f"Allow {WEEKDAYS[change.amount]}"
        case Relax.ANY_WEEKDAY | Relax.NO_WISHED_WEEKDAYS:
            return "Allow any weekday"
        case Relax.EARLIER:
            return f"Allow from {_clock(changed.after_minute)}"
        case Relax.LATER:
            return f"Allow until {_clock(changed.before_minute)}"
        case Relax.ANY_TIME | Relax.NO_WISHED_TIMES:
            return "Allow any time of day"
        case Relax.ANY_PRACTITIONER | Relax.NO_WISHED_PRACTITIONER:
            return "Allow anyone who is free"
        case Relax.LATER_START if asked.start_by:
            return "Allow another first day"
        case Relax.LATER_START:
            return f"Start from {day_date(changed.start_from)}"
        case _:
            return "Allow any finish date"


def typed_pairs(request: CourseRequest) -> Iterator[tuple[str, str]]:
    """A request as the name and value pairs of the plan form."""
    yield "indication", str(request.indication_id)
    yield "sessions", str(request.sessions)
    yield "gap_target_days", str(request.gap_target_days)
    yield "numbing_minutes", str(request.numbing_minutes)
    yield "start_from", typed_date(request.start_from)
    yield "finish_by", typed_date(request.finish_by) if request.finish_by else ""
    yield "practitioner", str(request.practitioner_id or "")
    yield from (("areas", str(pk)) for pk in request.area_ids)
    yield from (("weekdays", str(day)) for day in request.weekdays)
    yield from (
        (name, _clock(minute))
        for name, minute in (("after", request.after_minute), ("before", request.before_minute))
        if minute is not None
    )
    switches = ("weekdays_must", "hours_must", "practitioner_must")
    yield from ((name, "on") for name in switches if getattr(request, name))
    if request.start_by:
        yield "first_today", "on"


def _clock(minute: int | None) -> str:
    return "{:02d}:{:02d}".format(*divmod(minute or 0, 60))
