"""A course as the patient takes it home: windows and gaps, the visits, what to do before each."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from planner.engine.aftercare.blocks import Blocks, MissingBlocks, OtherText
from planner.engine.aftercare.checks import UnfitBlocks, unfit
from planner.engine.aftercare.model import (
    Axis,
    AxisGap,
    AxisMonth,
    AxisVisit,
    Footer,
    Itinerary,
    ItineraryFacts,
    ItineraryVisit,
    Section,
    VisitFacts,
)
from planner.engine.aftercare.timing import TIMINGS, stop_actives_on
from planner.engine.aftercare.words import Words
from planner.engine.wall import time_said

SCHEMA = 1
_MARGIN_DAYS = 10
_BEFORE = ("before.clean", "before.tan", "before.wax", "before.numbing", "before.medicine")
_TELL = ("tell.pregnant", "tell.skin", "tell.unwell", "tell.burnt", "tell.medicine", "tell.filler")
_COLUMNS = ("plan.visit", "plan.date", "plan.time", "plan.with", "plan.stop", "plan.came")


def compose_itinerary(
    facts: ItineraryFacts, blocks: Blocks
) -> Itinerary | MissingBlocks | UnfitBlocks | OtherText:
    """The itinerary of a course with at least one visit, or why these texts cannot make it.

    Dates and times are the clinic's. Raises ValueError for a course without visits.
    """
    if not facts.visits:
        raise ValueError("an itinerary needs a visit")
    if facts.language != blocks.language:
        return OtherText((facts.language, blocks.version), (blocks.language, blocks.version))
    if reason := unfit(blocks):
        return reason
    words, zone = Words(blocks), ZoneInfo(facts.zone)
    days = tuple(visit.start.astimezone(zone).date() for visit in facts.visits)
    return Itinerary(
        schema=SCHEMA,
        language=blocks.language,
        direction=blocks.direction,
        title=words.text("plan.title", n=len(days)) if len(days) > 1 else words.text("plan.title_one"),
        patient=facts.patient,
        course=facts.course,
        span=_span(days, words),
        clinic=facts.clinic,
        axis=_axis(facts, days, words),
        columns=tuple(words.text(code) for code in _COLUMNS),
        visits=tuple(_row(visit, zone, words, facts.printed_on) for visit in facts.visits),
        before=before_visits(words),
        tell_us=tell_us(words),
        change=_change(facts, words),
        footer=Footer(words.text("plan.footer", on=words.day_year(facts.printed_on)), facts.record_number),
        notice=blocks.notice,
        review=_review(facts, zone, words),
    )


def _review(facts: ItineraryFacts, zone: ZoneInfo, words: Words) -> Section | None:
    """The booked review after the course."""
    review = facts.review
    if review is None:
        return None
    heading = words.text("next.review_heading", moment=words.moment_year(review.start.astimezone(zone)))
    length = words.duration(review.total_minutes)
    whom = words.line("next.with", practitioner=review.practitioner, room=review.room, duration=length)
    return Section(heading, (whom,))


def _span(days: Sequence[date], words: Words) -> str:
    first = words.day_year(days[0])
    return words.text("plan.span", first=first, last=words.day_year(days[-1])) if len(days) > 1 else first


def _row(visit: VisitFacts, zone: ZoneInfo, words: Words, printed_on: date) -> ItineraryVisit:
    start, end = visit.start.astimezone(zone), visit.end.astimezone(zone)
    return ItineraryVisit(
        n=visit.n,
        on=words.day_year(start.date()),
        time=words.text("time.range", first=time_said(start), last=time_said(end)),
        practitioner=visit.practitioner,
        room=visit.room,
        stop_on=_stop_on(start.date(), words, printed_on),
    )


def _stop_on(visit_on: date, words: Words, printed_on: date) -> str:
    """The day on which to stop, at the earliest the day of printing; nothing for a visit that has been."""
    return words.day(max(stop_actives_on(visit_on), printed_on)) if visit_on >= printed_on else ""


def before_visits(words: Words) -> Section:
    """How to come to any treatment (3.3, 4.2)."""
    days = {
        "before.tan": TIMINGS["no_tanning_before"].amount,
        "before.wax": TIMINGS["no_waxing_before"].amount,
    }
    return Section(words.text("plan.before"), tuple(words.line(code, n=days.get(code)) for code in _BEFORE))


def tell_us(words: Words) -> Section:
    """What the clinic must know before the patient travels (3.1 to 3.3)."""
    return Section(words.text("plan.tell"), tuple(words.line(code) for code in _TELL))


def _change(facts: ItineraryFacts, words: Words) -> Section:
    longest = max(int((visit.end - visit.start) / timedelta(minutes=1)) for visit in facts.visits)
    spoken = words.duration(longest)
    if facts.numbing_minutes:
        numbing = words.duration(facts.numbing_minutes)
        length = words.line("change.length_numbing", duration=spoken, numbing=numbing)
    else:
        length = words.line("change.length", duration=spoken)
    return Section(words.text("plan.change"), (words.line("change.call", phone=facts.clinic.phone), length))


def _axis(facts: ItineraryFacts, days: Sequence[date], words: Words) -> Axis:
    ends = [day for visit in facts.visits for day in (visit.earliest_on, visit.latest_on) if day]
    first = min([*days, *ends]) - timedelta(days=_MARGIN_DAYS)
    last = max([*days, *ends]) + timedelta(days=_MARGIN_DAYS)

    def at(day: date) -> float:
        return round((day - first).days / (last - first).days, 4)

    return Axis(
        months=tuple(AxisMonth(label, at(day)) for day, label in _months(first, last, words)),
        visits=tuple(
            AxisVisit(
                visit.n,
                words.day(day),
                at(day),
                at(visit.earliest_on) if visit.earliest_on else None,
                at(visit.latest_on) if visit.latest_on else None,
            )
            for visit, day in zip(facts.visits, days, strict=True)
        ),
        gaps=tuple(
            AxisGap(words.gap((after - before).days), at(before), at(after))
            for before, after in zip(days, days[1:], strict=False)
        ),
        described=_described(facts, days, words),
        caption=_caption(facts, days, words),
    )


def _months(first: date, last: date, words: Words) -> list[tuple[date, str]]:
    """The first of each month inside the axis; the first one and each January carry the year."""
    months: list[tuple[date, str]] = []
    day = (first.replace(day=1) + timedelta(days=31)).replace(day=1) if first.day > 1 else first
    while day < last:
        name = words.blocks.months[day.month - 1]
        months.append((day, f"{name}\u00a0{day.year}" if not months or day.month == 1 else name))
        day = (day + timedelta(days=31)).replace(day=1)
    return months


def _described(facts: ItineraryFacts, days: Sequence[date], words: Words) -> str:
    said: list[str] = []
    for index, (visit, day) in enumerate(zip(facts.visits, days, strict=True)):
        if index:
            said.append(words.text("plan.axis_gap", gap=words.gap((day - days[index - 1]).days)))
        said.append(words.text("plan.axis_visit", n=visit.n, day=words.day_year(day)))
    return " ".join(said)


def _caption(facts: ItineraryFacts, days: Sequence[date], words: Words) -> str:
    if len(days) == 1:
        return ""
    least, most = words.long_gap(facts.gap_min_days), words.long_gap(facts.gap_max_days)
    return words.text("plan.caption", min=least, max=most)
