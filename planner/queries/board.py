"""The board of one day: people and rooms side by side, each with its blocks in the minutes of that day."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from clinic import clock
from clinic.models import Absence, Closure, Location, OpeningHours, Practitioner, Room
from planner.models import Appointment
from planner.queries.board_clock import MIDNIGHT, BoardClock
from planner.queries.gaps import OpenGap
from planner.queries.today import Row

TICK = 5  # minutes: one line of the drawing
USUAL = (8 * 60, 18 * 60)  # drawn where a day has neither hours nor visits
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Block:
    """A stretch of a column; `row` and `span` are in ticks below the top of the board."""

    kind: str  # visit, numbing, turnover, buffer, off, away, closed, free
    start: int
    end: int
    top: int
    clock: BoardClock
    label: str = ""
    visit: Row | None = None
    is_slim: bool = False
    url: str = ""

    @property
    def row(self) -> int:
        """The line on which it begins, counted from 1."""
        return (self.start - self.top) // TICK + 1

    @property
    def span(self) -> int:
        """How many lines it takes, at least one."""
        return max(1, -(-(self.end - self.top) // TICK) - (self.start - self.top) // TICK)

    @property
    def times(self) -> str:
        """`10:45–11:25`."""
        return f"{self.begins}–{self.clock.said(self.end)}"

    @property
    def begins(self) -> str:
        """`10:45`."""
        return self.clock.said(self.start)


@dataclass(frozen=True)
class Column:
    """One person or one room with its day."""

    kind: str  # person, room
    key: int
    title: str
    note: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Board:
    """A day as it is drawn; minutes are those that pass from its midnight on."""

    day: dt.date
    clock: BoardClock
    opens: int
    closes: int
    people: tuple[Column, ...]
    rooms: tuple[Column, ...]
    closed: str
    now: int | None

    @property
    def hours(self) -> list[tuple[str, int]]:
        """The words of the axis and the line of each."""
        ticks = range(self.opens, self.closes, TICK)
        return [
            (self.clock.said(at), (at - self.opens) // TICK + 1)
            for at in ticks
            if self.clock.wall(at) % 60 == 0
        ]

    @property
    def lines(self) -> int:
        """How many lines the day has."""
        return (self.closes - self.opens) // TICK

    @property
    def now_row(self) -> int | None:
        """The line of the present moment, if it is on the board."""
        on_board = self.now is not None and self.opens <= self.now < self.closes
        return (self.now - self.opens) // TICK + 1 if on_board else None


def board_of(
    location: Location, day: dt.date, rows: Sequence[Row], now: dt.datetime, gaps: Sequence[OpenGap] = ()
) -> Board:
    """Draw the visits of a day (`rows`, cancelled ones left out) among hours, absences, closures, `gaps`."""
    passing = BoardClock.of(day, location.time_zone)
    away = Prefetch("absences", _absences_on(location, day))
    people = staff_on(location, rows).prefetch_related("working_hours", away)
    rooms = rooms_on(location, rows).prefetch_related(away)
    opening = passing.spans(spans_on(OpeningHours.objects.filter(location=location), day))
    closed = closure_on(location, day)
    opens, closes = _range(opening, rows, passing)
    draw = _Drawing(location, day, passing, opens, closes, tuple(opening), closed, tuple(gaps), tuple(rows))
    today = clock.local_date(now, location.time_zone) == day
    return Board(
        day=day,
        clock=passing,
        opens=opens,
        closes=closes,
        people=tuple(draw.person(one) for one in people),
        rooms=tuple(draw.room(one) for one in rooms),
        closed=closed,
        now=passing.minute_of(now) if today else None,
    )


def _absences_on(location: Location, day: dt.date) -> QuerySet[Absence]:
    since, until = clock.day_bounds(day, location.time_zone)
    return Absence.objects.filter(start__lt=until, end__gt=since)


def staff_on(location: Location, rows: Iterable[Row]) -> QuerySet[Practitioner]:
    """Who works at the location, and whoever holds one of these visits."""
    held = {row.appointment.practitioner_id for row in rows}
    known = Practitioner.objects.filter(Q(is_active=True, locations=location) | Q(pk__in=held))
    return known.distinct()


def rooms_on(location: Location, rows: Iterable[Row]) -> QuerySet[Room]:
    """The rooms in use, and whichever holds one of these visits."""
    held = {row.appointment.room_id for row in rows}
    return Room.objects.filter(Q(is_active=True, location=location) | Q(pk__in=held))


def closure_on(location: Location, day: dt.date) -> str:
    """Why the location is closed on a local day; empty when it is not."""
    closed = Closure.objects.filter(location=location, first_date__lte=day, last_date__gte=day).first()
    return closed.reason if closed else ""


def spans_on(spans: Iterable, day: dt.date) -> list[tuple[int, int]]:
    """The weekly spans that hold on a local day, as wall-clock minutes."""
    return sorted(
        (_minute(span.opens), _minute(span.closes))
        for span in spans
        if span.weekday == day.weekday()
        and (span.valid_from is None or span.valid_from <= day)
        and (span.valid_to is None or span.valid_to >= day)
    )


def _minute(time: dt.time) -> int:
    # 23:59 stands for midnight: a time field cannot hold 24:00.
    return MIDNIGHT if time >= dt.time(23, 59) else time.hour * 60 + time.minute


def _range(opening, rows: Sequence[Row], passing: BoardClock) -> tuple[int, int]:
    """From the first to the last whole hour that anything needs."""
    starts = [start for start, _ in opening]
    ends = [end for _, end in opening]
    starts += [passing.minute_of(row.appointment.start) for row in rows]
    ends += [passing.minute_of(row.appointment.room_until) for row in rows]
    first, last = (min(starts), max(ends)) if starts else USUAL
    return passing.hour_before(first), passing.hour_after(last)


@dataclass(frozen=True)
class _Drawing:
    """What every column of one day needs."""

    location: Location
    day: dt.date
    clock: BoardClock
    opens: int
    closes: int
    opening: tuple[tuple[int, int], ...]
    closed: str
    gaps: tuple[OpenGap, ...]
    rows: tuple[Row, ...]

    def person(self, one: Practitioner) -> Column:
        """When a person is here, away, treating."""
        own = [row for row in self.rows if row.appointment.practitioner_id == one.pk]
        hours = spans_on((h for h in one.working_hours.all() if h.location_id == self.location.pk), self.day)
        blocks = [*self._shut(self.clock.spans(hours)), *self._away(one.absences.all())]
        for row in own:
            blocks += self._treatment(row, "practitioner_from", "practitioner_until", "buffer")
        free = list(self._free(gap for gap in self.gaps if gap.person.pk == one.pk))
        return Column("person", one.pk, str(one), _count_words(own, free), _ordered([*blocks, *free]))

    def room(self, one: Room) -> Column:
        """When a room is numbed in, treated in, cleaned."""
        own = [row for row in self.rows if row.appointment.room_id == one.pk and row.state != "noshow"]
        blocks = [*self._shut(list(self.opening)), *self._away(one.absences.all())]
        for row in own:
            blocks += self._treatment(row, "start", "room_until", "turnover")
        free = self._free(gap for gap in self.gaps if gap.room.pk == one.pk)
        return Column("room", one.pk, one.name, _count_words(own), _ordered([*blocks, *free]))

    def _free(self, gaps: Iterable[OpenGap]) -> Iterator[Block]:
        """The free stretches that somebody of the short-notice list fits."""
        for gap in gaps:
            start, end = (self.clock.minute_of(at) for at in (gap.start, gap.end))
            number = len(gap.suiting.fitting)
            words = f"{number} fit{'s' if number == 1 else ''}"
            yield Block("free", start, end, self.opens, self.clock, words, url=gap.url)

    def _treatment(self, row: Row, claims_from: str, claims_until: str, after: str) -> Iterator[Block]:
        visit = row.appointment
        begins, starts, ends, frees = (
            self._at(visit, name) for name in (claims_from, "treatment_start", "end", claims_until)
        )
        if begins < starts:
            before = "numbing" if claims_from == "start" else "buffer"
            yield self._block(before, begins, starts, "Numbing" if before == "numbing" else "Before", row)
        yield self._block("visit", starts, ends, "", row)
        if ends < frees and row.state != "noshow":
            yield self._block(after, ends, frees, "Cleaning" if after == "turnover" else "After", row)

    def _at(self, visit: Appointment, name: str) -> int:
        return self.clock.minute_of(getattr(visit, name))

    def _shut(self, hours: list[tuple[int, int]]) -> Iterator[Block]:
        """The stretches of the board outside working hours; on a closed day, all of it."""
        if self.closed:
            yield self._block("closed", self.opens, self.closes, f"Closed: {self.closed}")
            return
        at = self.opens
        for start, end in hours:
            if at < start:
                yield self._block("off", at, start, "Off" if at == self.opens else "Break")
            at = max(at, end)
        if at < self.closes:
            yield self._block("off", at, self.closes, "Off")

    def _away(self, absences: Iterable[Absence]) -> Iterator[Block]:
        for one in absences:
            start, end = (self.clock.minute_of(at) for at in (one.start, one.end))
            start, end = max(start, self.opens), min(end, self.closes)
            if start < end:
                yield self._block("away", start, end, one.reason)

    def _block(self, kind: str, start: int, end: int, label: str, row: Row | None = None) -> Block:
        return Block(kind, start, end, self.opens, self.clock, label, row)


GROUND = ("off", "closed", "away")  # drawn below everything


def _ordered(blocks: list[Block]) -> tuple[Block, ...]:
    """The ground first, then by time; a missed visit whose time was given away again is drawn slim."""
    held = [one for one in blocks if one.kind not in GROUND]

    def slim(block: Block) -> Block:
        missed = block.visit is not None and block.visit.state == "noshow"
        shared = missed and any(
            other is not block and other.start < block.end and block.start < other.end for other in held
        )
        return replace(block, is_slim=True) if shared else block

    ground = [one for one in blocks if one.kind in GROUND]
    return (*sorted(ground, key=_when), *(slim(one) for one in sorted(held, key=_when)))


def _when(block: Block) -> tuple[int, int]:
    return block.start, block.end


def _count_words(rows: Sequence[Row], free: Sequence[Block] = ()) -> str:
    missed = sum(row.state == "noshow" for row in rows)
    words = [f"{len(rows)} visit{'' if len(rows) == 1 else 's'}"]
    words += [f"{missed} missed"] if missed else []
    words += [f"{len(free)} gap{'' if len(free) == 1 else 's'}"] if free else []
    return ", ".join(words)


VERSION_SQL = """
    WITH held AS (
        SELECT id, patient_id, version FROM planner_appointment
        WHERE location_id = %(location)s AND start >= %(since)s AND start < %(until)s
    )
    SELECT concat_ws('.',
        (SELECT concat_ws('-', count(*), sum(version), sum(id)) FROM held),
        (SELECT concat_ws('-', count(*), sum(s.version))
         FROM planner_treatmentsession s JOIN held ON held.id = s.appointment_id),
        (SELECT max(s.id) FROM patients_screening s WHERE s.patient_id IN (SELECT patient_id FROM held)),
        (SELECT max(id) FROM patients_clinicaldecision),
        (SELECT left(md5(string_agg(words, ',' ORDER BY words)), 12) FROM (
            SELECT concat_ws(' ', 'away', id, start, "end", reason) FROM clinic_absence
            WHERE start < %(until)s AND "end" > %(since)s
            UNION ALL
            SELECT concat_ws(' ', 'shut', id, first_date, last_date, reason) FROM clinic_closure
            WHERE location_id = %(location)s AND last_date >= %(first)s AND first_date <= %(last)s
            UNION ALL
            SELECT concat_ws(' ', 'open', id, weekday, opens, closes, valid_from, valid_to)
            FROM clinic_openinghours WHERE location_id = %(location)s
            UNION ALL
            SELECT concat_ws(' ', 'works', id, practitioner_id, weekday, opens, closes, valid_from, valid_to)
            FROM clinic_workinghours WHERE location_id = %(location)s
            UNION ALL
            SELECT concat_ws(' ', 'who', p.id, p.name, p.is_active) FROM clinic_practitioner p
            JOIN clinic_practitioner_locations l ON l.practitioner_id = p.id
            WHERE l.location_id = %(location)s
            UNION ALL
            SELECT concat_ws(' ', 'where', id, name, is_active, turnover_minutes) FROM clinic_room
            WHERE location_id = %(location)s
            UNION ALL
            SELECT concat_ws(' ', 'waits', id, version) FROM planner_treatmentcourse
            WHERE location_id = %(location)s AND earlier_since IS NOT NULL AND status = 'active'
            UNION ALL
            SELECT concat_ws(' ', 'held', id, held_until) FROM planner_slotoffer
            WHERE location_id = %(location)s AND state = 'held'
        ) AS drawn (words))
    )
"""


def board_version(location: Location, first: dt.date, last: dt.date) -> str:
    """A short text that changes when anything on the board of these local days changes; one query."""
    since, _ = clock.day_bounds(first, location.time_zone)
    _, until = clock.day_bounds(last, location.time_zone)
    with connection.cursor() as cursor:
        cursor.execute(
            VERSION_SQL,
            {"location": location.pk, "since": since, "until": until, "first": first, "last": last},
        )
        return cursor.fetchone()[0]
