"""Proposals as cards: facts in one line, a timeline on the shared axis, the reason in a sentence."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from clinic import clock
from clinic.models import Closure, Location
from clinic.refusals import Refusal
from clinic.timeline import Axis, Mark, Span, Window
from clinic.words import day_date, gap_words
from planner.engine import model as engine
from planner.engine.describe import cost_lines
from planner.planning import Planning, Slot, still_fit
from planner.queries.reasons import WEEKDAYS, Try, cheaper_without

TITLES = {
    engine.Kind.BEST_FIT: "Best fit",
    engine.Kind.SOONEST_FINISH: "Soonest finish",
    engine.Kind.SAME_DAY_AND_PERSON: "Same day and person",
}


@dataclass(frozen=True)
class VisitLine:
    """One visit of a proposal in words."""

    number: int
    start: dt.datetime
    on: dt.date
    gap_days: int | None
    practitioner: str
    room: str


@dataclass(frozen=True)
class Card:
    """One proposal as the page shows it."""

    kind: str
    title: str
    flag: str
    facts: tuple[tuple[str, str], ...]
    marks: tuple[Mark, ...]
    visits: tuple[VisitLine, ...]
    slots: tuple[Slot, ...]
    why: str
    fits: bool
    cost: int
    costs: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Page:
    """All cards on one axis."""

    cards: tuple[Card, ...]
    axis: Axis | None
    window: Window
    closures: tuple[Span, ...]
    starts: str
    missing: tuple[str, ...] = ()
    cheaper: tuple[Try, ...] = ()


def page_of(planning: Planning, found: engine.Proposals, location: Location) -> Page:
    """Turn the engine's proposals into cards; a proposal that equals another is not shown twice."""
    window = Window(planning.protocol.gap_min_days, planning.protocol.gap_max_days)
    shown = [
        proposal
        for proposal in (found.best_fit, found.soonest_finish, found.same_day_and_person)
        if proposal.plan is not None and proposal.same_as is None
    ]
    best_ends = shown[0].plan.visits[-1].on if shown else None
    cards = tuple(card_of(proposal, planning, location, best_ends) for proposal in shown)
    missing = tuple(_missing(proposal) for proposal in (found.soonest_finish, found.same_day_and_person))
    days = [visit.on for card in cards for visit in card.visits]
    axis = Axis.around(days) if days else None
    return Page(
        cards=cards,
        axis=axis,
        window=window,
        closures=_closures(location, axis) if axis else (),
        starts=f"{found.starts:,}",
        missing=tuple(sentence for sentence in missing if sentence) if cards else (),
        cheaper=cheaper_without(planning, shown[0].plan) if shown else (),
    )


def card_of(proposal, planning: Planning, location: Location, best_ends: dt.date | None) -> Card:
    """One proposal in words."""
    visits = visit_lines(proposal.plan, planning)
    gaps = [visit.gap_days for visit in visits if visit.gap_days is not None]
    why, fits = _why(proposal, planning, visits, gaps)
    # what steers the soonest finish is no cost to anybody: all cards are priced alike
    costs = {t: c for t, c in proposal.plan.breakdown.items() if t != engine.Term.FINISH_DELAY}
    return Card(
        kind=proposal.kind.value,
        title=TITLES[proposal.kind],
        flag=_flag(proposal, visits, best_ends),
        facts=_facts(visits, gaps, location),
        marks=tuple(Mark(visit.number, visit.on) for visit in visits),
        visits=visits,
        slots=tuple(Slot.of(placement) for placement in proposal.plan.visits),
        why=why,
        fits=fits,
        cost=sum(costs.values()),
        costs=cost_lines(costs),
    )


def visit_lines(plan: engine.Plan, planning: Planning) -> tuple[VisitLine, ...]:
    """The visits of a plan with the names of people and rooms."""
    return lines_of([Slot.of(placement) for placement in plan.visits], planning)


def lines_of(slots: Sequence[Slot], planning: Planning) -> tuple[VisitLine, ...]:
    """Slots in words, with the gap before each in local days."""
    people = {one.pk: one.name for one in planning.practitioners}
    rooms = {one.pk: one.name for one in planning.rooms}
    zone = planning.problem.diary.tz
    lines: list[VisitLine] = []
    for number, slot in enumerate(slots, 1):
        on = clock.local_date(slot.start, zone)
        gap = (on - lines[-1].on).days if lines else None
        lines.append(
            VisitLine(number, slot.start, on, gap, people[slot.practitioner_id], rooms[slot.room_id])
        )
    return tuple(lines)


def refuse_stale_dates(slots: Sequence[Slot], planning: Planning) -> None:
    """Refuse dates that the diary no longer has, before somebody reads them out."""
    if not still_fit(slots, planning):
        raise Refusal(
            "diary_changed",
            "The diary changed since these dates were found.",
            "Here are new ones.",
            stale=True,
        )


def _facts(visits, gaps, location) -> tuple[tuple[str, str], ...]:
    takes = (visits[-1].on - visits[0].on).days
    people = Counter(visit.practitioner for visit in visits)
    starts = [clock.local(visit.start, location.time_zone).time() for visit in visits]
    hours = (
        f"{min(starts):%H:%M}" if min(starts) == max(starts) else f"{min(starts):%H:%M}–{max(starts):%H:%M}"
    )
    facts = [("Ends", day_date(visits[-1].on))]
    if gaps:
        few, many = gap_words(min(gaps)), gap_words(max(gaps))
        facts += [("Takes", gap_words(takes)), ("Gaps", few if few == many else f"{few} to {many}")]
    facts += [(name, str(number)) for name, number in people.most_common()]
    return (*facts, ("Arrives", hours))


def _flag(proposal, visits, best_ends) -> str:
    if proposal.kind == engine.Kind.BEST_FIT:
        return "Suggested"
    if proposal.kind == engine.Kind.SAME_DAY_AND_PERSON:
        return f"{WEEKDAYS[visits[0].on.weekday()]}, {visits[0].practitioner}"
    earlier = (best_ends - visits[-1].on).days
    return f"{gap_words(earlier)} earlier" if earlier > 0 else ""


def _why(proposal, planning, visits, gaps) -> tuple[str, bool]:
    """Say what was wished and is not met; else how close the gaps are to the target."""
    unmet = _unmet(proposal.plan, planning)
    if unmet:
        return " ".join(unmet), False
    target = planning.request.gap_target_days
    furthest = max((abs(gap - target) for gap in gaps), default=0)
    near = "Every gap is exactly" if furthest == 0 else f"Every gap is within {_days(furthest)} of"
    sentences = [f"{near} {gap_words(target)}."] if gaps else []
    if proposal.runner_up:
        sentences.append("The best of this kind is shown above; this is the next best.")
    return " ".join(sentences), True


def _unmet(plan: engine.Plan, planning: Planning) -> list[str]:
    request, sentences = planning.request, []
    terms = engine.Term
    numbers = {term: [n for n, visit in enumerate(plan.visits, 1) if visit.costs.get(term)] for term in terms}
    if late := numbers[terms.WEEKDAY]:
        sentences.append(f"{_visits(late)} on another weekday.")
    if outside := numbers[terms.TIME_OF_DAY]:
        sentences.append(f"{_visits(outside)} outside the hours asked for.")
    if numbers[terms.PRACTITIONER_NOT_PREFERRED] and request.practitioner_id:
        others = numbers[terms.PRACTITIONER_NOT_PREFERRED]
        sentences.append(f"{_visits(others)} with someone else than asked for.")
    elif changes := numbers[terms.PRACTITIONER_CHANGE]:
        sentences.append(f"The practitioner changes {len(changes)} time{'s' if len(changes) > 1 else ''}.")
    return sentences


def _visits(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"Visit {numbers[0]} is"
    return f"Visits {', '.join(str(n) for n in numbers[:-1])} and {numbers[-1]} are"


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _missing(proposal: engine.Proposal) -> str:
    if proposal.same_as is not None:
        return f"{TITLES[proposal.kind]} is the same as {TITLES[proposal.same_as].lower()}."
    if proposal.plan is None:
        return f"{TITLES[proposal.kind]} is not possible with these wishes."
    return ""


def _closures(location: Location, axis: Axis) -> tuple[Span, ...]:
    rows = Closure.objects.filter(location=location, first_date__lte=axis.last, last_date__gte=axis.first)
    return tuple(Span(row.first_date, row.last_date, row.reason) for row in rows)
