"""Why no course is possible, in words, with the solved relaxations that one click tries."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from clinic.words import day_date
from planner.engine.explain import Change, Stage, Why, explain
from planner.engine.relaxations import Relax
from planner.planning import CourseRequest, Planning

AT_MOST = 3
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
LOST = {
    Stage.PRACTITIONER: "practitioner busy or off",
    Stage.PATIENT: "outside the patient's own times",
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
    window = why.windows[why.blocked]
    tries = tuple(_tries(planning.request, why))
    return Reasons(_sentence(why), _lost(window.starts), tries[:AT_MOST], _advice(tries))


def _sentence(why: Why) -> str:
    window, number = why.windows[why.blocked], why.blocked + 1
    if window.is_empty:
        return f"Visit {number} has no day left inside its window."
    return (
        f"Visit {number} must fall between {day_date(window.first)} and {day_date(window.last)}. "
        f"None of the {window.starts.get(Stage.OPEN, 0)} starts looked at fits."
    )


def _lost(starts) -> tuple[tuple[int, str], ...]:
    stages = [stage for stage in Stage if stage in starts]
    pairs = zip(stages, stages[1:], strict=False)
    lost = [(starts[before] - starts[after], LOST[after]) for before, after in pairs]
    return tuple((number, words) for number, words in lost if number > 0)


def _advice(tries: tuple[Try, ...]) -> str:
    if tries:
        return ""
    return "No single change helps: change two wishes at once, or ask a practitioner about a longer gap."


def _tries(request: CourseRequest, why: Why) -> Iterator[Try]:
    for relaxation in why.relaxations:
        changed = relaxed(request, relaxation.change)
        if changed is not None:
            gained = f" (+{relaxation.gained} starts)" if relaxation.gained > 0 else ""
            yield Try(_label(relaxation.change, changed) + gained, changed)


def relaxed(request: CourseRequest, change: Change) -> CourseRequest | None:
    """The request with one wish given up; None for what the desk may not give up."""
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
        case Relax.LATER_START:
            return replace(request, start_from=request.start_from + dt.timedelta(days=change.amount))
        case Relax.NO_FINISH_BY:
            return replace(request, finish_by=None)
        case _:
            return None


def _label(change: Change, changed: CourseRequest) -> str:
    match change.kind:
        case Relax.WEEKDAY:
            return f"Allow {WEEKDAYS[change.amount]}"
        case Relax.ANY_WEEKDAY:
            return "Allow any weekday"
        case Relax.EARLIER:
            return f"Allow from {_clock(changed.after_minute)}"
        case Relax.LATER:
            return f"Allow until {_clock(changed.before_minute)}"
        case Relax.ANY_TIME:
            return "Allow any time of day"
        case Relax.ANY_PRACTITIONER:
            return "Allow anyone who is free"
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
    yield "start_from", request.start_from.isoformat()
    yield "finish_by", request.finish_by.isoformat() if request.finish_by else ""
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


def _clock(minute: int | None) -> str:
    return "{:02d}:{:02d}".format(*divmod(minute or 0, 60))
