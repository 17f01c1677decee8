"""Free stretches of today with a person and a room, and who could come for them within their window."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils.http import urlencode

from clinic.models import Location
from clinic.words import gap_words
from patients.gates import safety_of
from planner.models import Appointment
from planner.models.diary import LIVE, following
from planner.queries.board import DAY, Board, Column, said

LEAST = 60  # minutes: less holds no visit with its numbing
AT_MOST = 3
NAMED = 2  # patients named for one gap
LOOKED_AT = 40

Span = tuple[int, int]


@dataclass(frozen=True)
class Fit:
    """A patient who could come: since when they wait, and where the move is shown."""

    patient: str
    words: str
    url: str


@dataclass(frozen=True)
class OpenGap:
    """A stretch in which a person and a room are free; minutes are local."""

    start: int
    end: int
    person: Column
    room: Column
    fits: tuple[Fit, ...]

    @property
    def times(self) -> str:
        """`14:00–15:15`."""
        return f"{said(self.start)}–{said(self.end)}"


def free_spans(column: Column, start: int, end: int) -> list[Span]:
    """What the blocks of a column leave free of a stretch."""
    free, at = [], start
    for block in sorted(column.blocks, key=lambda one: one.start):
        if block.visit is not None and block.visit.state == "noshow":
            continue
        if block.start > at:
            free.append((at, min(block.start, end)))
        at = max(at, block.end)
    free.append((at, end))
    return [(begin, until) for begin, until in free if begin < until]


def gaps_of(board: Board, grid: int) -> list[tuple[Span, Column, Column]]:
    """The free stretches from now on of an hour or more, at most one for each person, by time.

    They begin on the grid of visits, `grid` minutes.
    """
    if board.now is None or board.closed:
        return []
    start = max(board.opens, board.now)
    rooms = [(room, span) for room in board.rooms for span in free_spans(room, start, board.closes)]
    found = []
    for person in board.people:
        both = [
            ((-(-max(begin, first) // grid) * grid, min(until, last)), person, room)
            for begin, until in free_spans(person, start, board.closes)
            for room, (first, last) in rooms
        ]
        long = [one for one in both if one[0][1] - one[0][0] >= LEAST]
        if long:
            found.append(min(long, key=lambda one: (one[0][0], -one[0][1])))
    return sorted(found, key=lambda one: one[0])[:AT_MOST]


def open_gaps(location: Location, board: Board) -> list[OpenGap]:
    """The gaps of today with the patients who are cleared and in their window."""
    gaps = gaps_of(board, location.grid_minutes)
    waiting = _could_come_earlier(location, board.day) if gaps else []
    return [
        OpenGap(*span, person, room, tuple(_fits(waiting, span, person, room, board.day)))
        for span, person, room in gaps
    ]


def _could_come_earlier(location: Location, day: dt.date) -> list[Appointment]:
    """The next visit of each running course that is booked later although its window is open today."""
    before = Appointment.objects.filter(course=OuterRef("course"), status__in=LIVE, on__lt=OuterRef("on"))
    last = before.order_by("-on")
    later = (
        Appointment.objects.filter(location=location, status="booked", kind="treatment", on__gt=day)
        .filter(course__status="active", is_pinned=False)
        .annotate(
            before_on=Subquery(last.values("on")[:1]), before_number=Subquery(last.values("number")[:1])
        )
        .filter(before_on__lt=day, before_on__gte=day - dt.timedelta(days=DAY))
        .annotate(
            opens_on=following("before_on", "course__gap_min_days"),
            closes_on=following("before_on", "course__gap_max_days"),
        )
        .filter(opens_on__lte=day, closes_on__gte=day, number=F("before_number") + 1)
        .select_related("patient")
        .order_by("before_on", "pk")[:LOOKED_AT]
    )
    found = list(later)
    safety = safety_of({one.patient_id for one in found}, day)
    return [one for one in found if safety[one.patient_id].state == "cleared"]


def _fits(
    waiting: Iterable[Appointment], span: Span, person: Column, room: Column, day: dt.date
) -> Iterable[Fit]:
    fitting = [
        one for one in waiting if (one.room_until - one.start).total_seconds() <= 60 * (span[1] - span[0])
    ]
    for one in fitting[:NAMED]:
        place = {"start": f"{day}T{said(span[0])}", "practitioner": person.key, "room": room.key}
        since = f"{gap_words((day - one.before_on).days)} since visit {one.before_number}"
        yield Fit(str(one.patient), since, f"{reverse('appointment_move', args=[one.pk])}?{urlencode(place)}")
