"""The box about the next visit, or the review after the last one (6.5)."""

from planner.engine.aftercare.model import Line, NextKind, NextVisit, Section, SessionFacts
from planner.engine.aftercare.timing import Clock, stop_actives_on
from planner.engine.aftercare.words import Words


def next_section(facts: SessionFacts, words: Words, clock: Clock) -> Section:
    """The booked visit with what to stop and when; else the review from day 90; else "not booked"."""
    why = (words.line("next.last_why"),) if facts.is_last else ()
    if facts.next_visit is not None:
        return _booked(facts.next_visit, why, words, clock)
    call = words.line("next.call", phone=facts.clinic.phone)
    if facts.is_last:
        due = words.day_year(clock.date("review"))
        return Section(words.text("next.last_heading", day=due), (*why, call))
    return Section(words.text("next.none_heading"), (call, words.line("next.tell")))


def _booked(visit: NextVisit, why: tuple[Line, ...], words: Words, clock: Clock) -> Section:
    start = clock.local(visit.start)
    with_whom = words.line(
        "next.with",
        practitioner=visit.practitioner,
        room=visit.room,
        duration=words.duration(visit.total_minutes),
    )
    if visit.kind is NextKind.REVIEW:
        return Section(words.text("next.review_heading", moment=words.moment_year(start)), (with_whom, *why))
    stop = words.line("next.stop", day=words.day(stop_actives_on(start.date())))
    heading = words.text("next.heading", moment=words.moment_year(start))
    return Section(heading, (with_whom, stop, words.line("next.tell"), *why))
