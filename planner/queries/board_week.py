"""The board of a week, one row per person and room; and one selected visit."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from clinic import clock
from clinic.models import Closure, Location
from patients.gates import Safety, safety_of
from planner.models import Appointment
from planner.models.diary import LIVE
from planner.queries.board import ONE_DAY, rooms_on, staff_on
from planner.queries.today import Row, area_words, state_of, state_word

WEEK = 7


@dataclass(frozen=True)
class Line:
    """One person or room with the visits of each day of the week."""

    kind: str
    title: str
    days: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True)
class Week:
    """Seven local days from a Monday; `closed` says why, day by day."""

    days: tuple[dt.date, ...]
    closed: tuple[str, ...]
    people: tuple[Line, ...]
    rooms: tuple[Line, ...]

    @property
    def has_closed(self) -> bool:
        """Whether any day is closed."""
        return any(self.closed)


def monday_of(day: dt.date) -> dt.date:
    """The Monday of the week of a day."""
    return day - day.weekday() * ONE_DAY


def week_of(location: Location, monday: dt.date, rows: Sequence[Row]) -> Week:
    """Sort the visits of a week (`rows`) by who, where and day; 7 queries."""
    days = tuple(monday + n * ONE_DAY for n in range(WEEK))
    closures = list(
        Closure.objects.filter(location=location, first_date__lte=days[-1], last_date__gte=days[0])
    )

    def closed(day: dt.date) -> str:
        return next((one.reason for one in closures if one.first_date <= day <= one.last_date), "")

    def line(kind: str, title: str, own: list[Row]) -> Line:
        return Line(
            kind, title, tuple(tuple(row for row in own if row.appointment.on == day) for day in days)
        )

    return Week(
        days=days,
        closed=tuple(closed(day) for day in days),
        people=tuple(
            line("person", str(one), [row for row in rows if row.appointment.practitioner_id == one.pk])
            for one in staff_on(location, rows)
        ),
        rooms=tuple(
            line(
                "room",
                one.name,
                [row for row in rows if row.appointment.room_id == one.pk and row.state != "noshow"],
            )
            for one in rooms_on(location, rows)
        ),
    )


@dataclass(frozen=True)
class Selected:
    """One visit of the board with what the desk asks about it."""

    visit: Appointment
    state: str
    word: str
    safety: Safety
    areas: str
    done: int
    since_last: int | None
    late_days: int
    next: Appointment | None


def day_of_visit(location: Location, pk: int) -> dt.date | None:
    """The local day of a visit at the location."""
    return Appointment.objects.filter(location=location, pk=pk).values_list("on", flat=True).first()


def selected_visit(location: Location, pk: int) -> Selected | None:
    """The visit of this key at the location, its place in the course and its safety today."""
    visit = (
        Appointment.objects.filter(location=location, pk=pk)
        .select_related("patient", "practitioner", "room", "course__indication", "session", "session__sheet")
        .select_related("review")
        .defer("session__sheet__pdf", "session__sheet__content")
        .prefetch_related("areas__area")
        .first()
    )
    if visit is None:
        return None
    now, state = clock.now(), state_of(visit)
    today = clock.local_date(now, location.time_zone)
    others = (
        list(
            Appointment.objects.filter(course=visit.course_id, status__in=LIVE)
            .exclude(pk=visit.pk)
            .only("on", "start", "status")
            .order_by("start")
        )
        if visit.course_id
        else []
    )
    before = [one for one in others if one.start < visit.start]
    since = (visit.on - before[-1].on).days if before else None
    return Selected(
        visit=visit,
        state=state,
        word=state_word(visit, state, now),
        safety=safety_of([visit.patient_id], today)[visit.patient_id],
        areas=area_words(visit),
        done=sum(one.status == "fulfilled" for one in [*others, visit]),
        since_last=since,
        late_days=max(0, since - visit.course.gap_max_days) if since is not None else 0,
        next=next((one for one in others if one.start > visit.start), None),
    )
