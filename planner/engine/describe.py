"""Plain English for what the planner found: the costs of a plan, why there is none, and what would help.

Dates keep together with no-break spaces. Names come in as a mapping from id to name; visits count from 1.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from planner.engine.explain import Stage, VisitWindow, Why
from planner.engine.model import Costs, Placement, Plan, Problem, Proposal, Proposals, Term
from planner.engine.relaxations import Change, Relax
from planner.engine.wall import time_said

NBSP = "\u00a0"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

LABELS = {
    Term.GAP: "Gaps off target",
    Term.WEEKDAY: "Days not asked for",
    Term.TIME_OF_DAY: "Outside the hours asked for",
    Term.PRACTITIONER_NOT_PREFERRED: "Practitioner not asked for",
    Term.PRACTITIONER_CHANGE: "Change of practitioner",
    Term.START_DELAY: "Later start",
    Term.FINISH_DELAY: "Later finish",
    Term.FRAGMENT: "Rests too short to use",
    Term.MOVE: "Moved from where it was booked",
}

FAILED = {
    Stage.PRACTITIONER: "no practitioner free",
    Stage.PATIENT: "outside the patient's own times",
    Stage.ROOM: "no room free",
    Stage.DEVICE: "no device free",
}


def day(on: date, with_year: bool = True) -> str:
    """Thu 3 Dec 2026."""
    parts = [WEEKDAYS[on.weekday()][:3], str(on.day), MONTHS[on.month - 1]]
    return NBSP.join([*parts, str(on.year)] if with_year else parts)


def gap(days: int) -> str:
    """4 wk 3 d."""
    weeks, rest = divmod(days, 7)
    parts = [f"{weeks}{NBSP}wk"] if weeks else []
    return " ".join([*parts, f"{rest}{NBSP}d"] if rest or not weeks else parts)


def cost_lines(breakdown: Costs) -> tuple[tuple[str, int], ...]:
    """Each term of a cost in words with its number, the dearest first."""
    ranked = sorted(breakdown.items(), key=lambda item: -item[1])
    return tuple((LABELS[term], cost) for term, cost in ranked)


def plan_sentences(problem: Problem, plan: Plan, names: Mapping[str, str]) -> tuple[str, ...]:
    """What stands out in a plan: its gaps, and every wish it does not meet."""
    found = [
        _gaps(problem, plan),
        _weekdays(plan),
        _times(problem, plan),
        _practitioners(plan, names),
        _changes(plan),
        _moves(plan),
        _start(problem, plan),
    ]
    return tuple(sentence for sentence in found if sentence)


def proposal_note(proposal: Proposal) -> str:
    """Why a proposal is missing or stands for another one, empty when there is nothing to say."""
    if proposal.plan is None:
        return "Not possible."
    if proposal.same_as is not None:
        return f"The same as {_kind(proposal.same_as.value)}."
    if proposal.runner_up:
        return "The best of this kind is shown already; this is the next best."
    return ""


def checked(found: Proposals) -> str:
    """Checked 412 starts."""
    return f"Checked {_many(found.starts, 'start')}"


def why_sentences(why: Why) -> tuple[str, ...]:
    """Which visit has no place, where it would have to be, and what its starts fail by."""
    window = why.windows[why.blocked]
    number = why.blocked + 1
    if window.is_empty:
        limits = f"at the earliest {day(window.first)}, at the latest {day(window.last)}"
        return tuple(filter(None, (f"Visit {number} has no date left: {limits}.", _help(why))))
    between = f"between {day(window.first, False)} and {day(window.last)}"
    if window.first == window.last:
        between = f"on {day(window.first)}"
    return tuple(filter(None, (f"Visit {number} must fall {between}.", failures(window), _help(why))))


def failures(window: VisitWindow) -> str:
    """Of 22 starts none is free: 12 no practitioner free, 10 no room free."""
    parts = [f"{count} {FAILED[stage]}" for stage, count in lost(window)]
    opened = window.starts[Stage.OPEN]
    if not opened:
        return "The clinic is closed on every possible day."
    if not parts:
        return f"All {_many(opened, 'start')} are free."
    kept = f"{window.starts[Stage.DEVICE] or 'none'} are free"
    return f"Of {_many(opened, 'start')} {kept}: {', '.join(parts)}."


def lost(window: VisitWindow) -> tuple[tuple[Stage, int], ...]:
    """How many starts each stage takes away, stages that take none left out."""
    stages = list(Stage)
    pairs = zip(stages, stages[1:], strict=False)
    falls = [(stage, window.starts[before] - window.starts[stage]) for before, stage in pairs]
    return tuple((stage, count) for stage, count in falls if count)


def change_label(change: Change) -> str:
    """The words of a button that makes this change."""
    amount = change.amount or 0
    words = {
        Relax.WEEKDAY: f"Allow {WEEKDAYS[amount % 7]}s",
        Relax.ANY_WEEKDAY: "Allow every weekday",
        Relax.EARLIER: f"Allow {amount}{NBSP}min earlier",
        Relax.LATER: f"Allow {amount}{NBSP}min later",
        Relax.ANY_TIME: "Allow any time of day",
        Relax.ANY_PRACTITIONER: "Allow any practitioner",
        Relax.LATER_START: f"Let visit 1 be up to {gap(amount)} later",
        Relax.NO_FINISH_BY: "Drop the finish date",
        Relax.NO_BLACKOUTS: "Drop the dates away",
        Relax.UNPIN: f"Unpin visit {amount + 1}",
        Relax.LONGER_GAP: f"Allow gaps up to {gap(amount)}, longer than the protocol",
        Relax.NO_WISHED_WEEKDAYS: "Drop the days asked for",
        Relax.NO_WISHED_TIMES: "Drop the hours asked for",
        Relax.NO_WISHED_PRACTITIONER: "Drop the practitioner asked for",
        Relax.NO_CONTINUITY: "Let the practitioner change freely",
    }
    return words[change.kind]


def _help(why: Why) -> str:
    return "No single change helps: two causes meet." if why.several_causes else ""


def _kind(kind: str) -> str:
    return kind.replace("_", " ")


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _listed(parts: Iterable[str]) -> str:
    items = list(parts)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _with(plan: Plan, term: Term) -> list[int]:
    return [index for index, visit in enumerate(plan.visits) if visit.costs.get(term)]


def _visits(indices: Sequence[int]) -> str:
    numbers = _listed(str(index + 1) for index in indices)
    return f"Visit {numbers} is" if len(indices) == 1 else f"Visits {numbers} are"


def _gaps(problem: Problem, plan: Plan) -> str:
    days = [(b.on - a.on).days for a, b in zip(plan.visits, plan.visits[1:], strict=False)]
    if not days:
        return ""
    targets = [one.target_days for one in problem.request.gaps]
    most = max(abs(a - b) for a, b in zip(days, targets, strict=True))
    target = gap(targets[0]) if len(set(targets)) == 1 else "its target"
    if most == 0:
        return f"Every gap is {'on ' if target == 'its target' else ''}{target}."
    return f"Every gap is within {_many(most, 'day')} of {target}."


def _weekdays(plan: Plan) -> str:
    off = _with(plan, Term.WEEKDAY)
    if not off:
        return ""
    days = _listed(day(plan.visits[index].on, False) for index in off)
    return f"{_visits(off)} on {days}, not on a day asked for."


def _times(problem: Problem, plan: Plan) -> str:
    off = _with(plan, Term.TIME_OF_DAY)
    if not off:
        return ""
    times = _listed(_clock(problem, plan.visits[index]) for index in off)
    return f"{_visits(off)} at {times}, outside the hours asked for."


def _clock(problem: Problem, visit: Placement) -> str:
    return time_said(visit.start.astimezone(ZoneInfo(problem.diary.tz)))


def _practitioners(plan: Plan, names: Mapping[str, str]) -> str:
    off = _with(plan, Term.PRACTITIONER_NOT_PREFERRED)
    if not off:
        return ""
    people = _listed(
        dict.fromkeys(names.get(p, p) for p in (plan.visits[index].practitioner for index in off))
    )
    return f"{_visits(off)} with {people}, not with the practitioner asked for."


def _changes(plan: Plan) -> str:
    off = _with(plan, Term.PRACTITIONER_CHANGE)
    if not off:
        return ""
    visits = "visit" if len(off) == 1 else "visits"
    return f"The practitioner changes at {visits} {_listed(str(index + 1) for index in off)}."


def _moves(plan: Plan) -> str:
    off = _with(plan, Term.MOVE)
    return f"{_visits(off)} not where {'it was' if len(off) == 1 else 'they were'} booked." if off else ""


def _start(problem: Problem, plan: Plan) -> str:
    days = (plan.visits[0].on - problem.request.earliest).days
    if not plan.visits[0].costs.get(Term.START_DELAY) or not days:
        return ""
    return f"The first visit is {gap(days)} after the earliest day."
