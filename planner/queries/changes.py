"""A change of a course as its page shows it: rows before and after, what to check, the drawing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from clinic.models import Closure, Practitioner, Room
from clinic.timeline import Axis, Mark, Span, Window
from clinic.words import day_date, gap_words, late_words, shift_words
from planner.engine.departures import Reason
from planner.models import Appointment, CourseChange, TreatmentCourse
from planner.previews import Kind, Line, Preview
from planner.queries.messages import news_for
from planner.queries.today import state_of

WHY = {
    Reason.ASKED: "asked for",
    Reason.PAST: "its time is over",
    Reason.TOO_EARLY: "must come later",
    Reason.TOO_LATE: "must come earlier",
    Reason.GRID: "no start of the clinic",
    Reason.NOT_ALLOWED: "the person does not treat this",
    Reason.CLOSED: "the clinic is closed then",
    Reason.PRACTITIONER: "the practitioner is away or taken",
    Reason.PATIENT: "the patient is elsewhere then",
    Reason.ROOM: "no room is free then",
    Reason.DEVICE: "no device is free then",
    Reason.GAP: "keeps its gaps to the others",
}


@dataclass(frozen=True)
class Row:
    """One visit of the table."""

    line: Line
    state: str
    shift: str
    practitioner: str
    room: str
    old_practitioner: str
    old_room: str
    why: str


@dataclass(frozen=True)
class Check:
    """One thing to know before confirming."""

    state: str
    icon: str
    title: str
    why: str


@dataclass(frozen=True)
class ChangePage:
    """Everything the page says about one preview."""

    preview: Preview
    title: str
    button: str
    rows: tuple[Row, ...]
    checks: tuple[Check, ...]
    ends: str
    before: tuple[Mark, ...]
    after: tuple[Mark, ...]
    moved: frozenset[int]
    axis: Axis
    window: Window
    closures: tuple[Span, ...]
    hold: Span | None


def change_page(preview: Preview, first: dt.date, today: dt.date) -> ChangePage:
    """Put a preview into words; four queries whatever the course."""
    course, lines = preview.course, preview.lines
    before = tuple(_mark(line, line.on_before, today) for line in lines if line.on_before)
    after = tuple(_mark(line, line.on_after, today) for line in lines if line.on_after)
    until = first if first > today else None
    days = [mark.on for mark in (*before, *after)]
    axis = Axis.around(days)
    return ChangePage(
        preview=preview,
        title=_title(preview),
        button=_button(preview),
        rows=_rows(lines),
        checks=tuple(_checks(preview)),
        ends=_ends(lines),
        before=before,
        after=after,
        moved=frozenset(line.number for line in preview.changed if line.on_before and line.on_after),
        axis=axis,
        window=Window(course.gap_min_days, course.gap_max_days),
        closures=_closures(course, axis),
        hold=Span(today, until - dt.timedelta(days=1), "Deferred") if until else None,
    )


def _mark(line: Line, on: dt.date, today: dt.date) -> Mark:
    return Mark(line.number, on, state_of(line.row) if line.row else "planned")


def _rows(lines: Iterable[Line]) -> tuple[Row, ...]:
    slots = [slot for line in lines for slot in (line.before, line.after) if slot]
    people = dict(
        Practitioner.objects.filter(pk__in={slot.practitioner_id for slot in slots}).values_list("pk", "name")
    )
    rooms = dict(Room.objects.filter(pk__in={slot.room_id for slot in slots}).values_list("pk", "name"))
    return tuple(_row(line, people, rooms) for line in lines)


def _row(line: Line, people: dict[int, str], rooms: dict[int, str]) -> Row:
    now = line.after or line.before
    was = line.before if line.after else None
    return Row(
        line=line,
        state=state_of(line.row) if line.row else "planned",
        shift=_shift(line),
        practitioner=people[now.practitioner_id],
        room=rooms[now.room_id],
        old_practitioner=_differs(people, was and was.practitioner_id, now.practitioner_id),
        old_room=_differs(rooms, was and was.room_id, now.room_id),
        why=WHY[line.reason] if line.reason and line.is_changed else "",
    )


def _differs(names: dict[int, str], old: int | None, new: int) -> str:
    return names[old] if old and old != new else ""


def _shift(line: Line) -> str:
    if line.before is None:
        return "New date"
    if line.after is None:
        return "No date"
    if line.shift_days:
        return shift_words(line.shift_days)
    if line.before.start != line.after.start:
        return "Other time"
    if line.before.practitioner_id != line.after.practitioner_id:
        return "Other person"
    return "Other room" if line.is_changed else "No change"


def _ends(lines: tuple[Line, ...]) -> str:
    """When the course ends, and by how much that differs."""
    old = max((line.on_before for line in lines if line.on_before), default=None)
    new = max((line.on_after for line in lines if line.on_after), default=None)
    if new is None:
        return "No visit is left in the diary."
    if old is None or old == new:
        return f"The course ends {day_date(new)}, as before." if old else f"The course ends {day_date(new)}."
    words = f"{gap_words(abs((new - old).days))} {'later' if new > old else 'earlier'}"
    return f"The course now ends {day_date(new)}, {words}."


def _title(preview: Preview) -> str:
    course, row = preview.course, preview.wanted.row
    number = len([line for line in preview.changed if line.before and line.after])
    match preview.wanted.kind:
        case Kind.MOVED if number > 1:
            return f"Move {number} visits of {course.patient}?"
        case Kind.MOVED:
            return f"Move visit {row.number} of {course.patient}?"
        case Kind.CANCELLED:
            return f"Cancel visit {row.number} of {course.patient} and book a new date?"
        case Kind.NO_SHOW:
            return f"Book a new date for the missed visit of {course.patient}?"
        case Kind.RESUMED:
            return f"Resume the course of {course.patient}?"
        case Kind.EXTENDED:
            return f"Extend the course of {course.patient} to {preview.wanted.sessions} visits?"
    return f"New dates for {course.patient}"


def _button(preview: Preview) -> str:
    """The verb with the numbers of what it does."""
    moved = len([move for move in preview.moves if move.appointment_id])
    new = len(preview.moves) - moved
    parts = []
    if preview.wanted.kind == Kind.CANCELLED:
        parts.append("cancel 1")
    if new:
        parts.append(f"book {new}")
    if moved:
        parts.append(f"move {moved}")
    if not parts:
        return "Resume" if preview.wanted.kind == Kind.RESUMED else "Confirm"
    many = "visit" if parts[-1].endswith(" 1") else "visits"
    return f"{' and '.join(parts).capitalize()} {many}"


def _checks(preview: Preview) -> Iterable[Check]:
    course = preview.course
    for line in preview.lines:
        if line.late_days and line.on_after and line.is_changed:
            yield _late(line, course)
    for line in preview.lines:
        if line.late_days and line.on_after and not line.is_changed:
            yield Check(
                "deferred",
                "exclamation-triangle",
                f"Visit {line.number} is {late_words(line.late_days)}",
                "It keeps its date. Let it move along to bring it back into its window.",
            )
    if preview.moves:
        news = news_for(course.patient)
        look = ("confirmed", "envelope") if news.is_sent else ("missing", "telephone")
        yield Check(*look, news.title, news.why)


def _late(line: Line, course: TreatmentCourse) -> Check:
    if line.late_days < 0:
        return Check(
            "deferred",
            "exclamation-triangle",
            f"Visit {line.number} is {late_words(line.late_days)}",
            "It is closer to the visit before than the course asks for.",
        )
    closed = line.on_after - dt.timedelta(days=line.late_days)
    days = f"{line.late_days} day{'' if line.late_days == 1 else 's'}"
    gap = gap_words(line.gap_after - line.late_days)
    return Check(
        "deferred",
        "exclamation-triangle",
        f"Visit {line.number} is {days} past its window",
        f"The window closes on {day_date(closed)}, {gap} after the visit before.",
    )


def _closures(course: TreatmentCourse, axis: Axis) -> tuple[Span, ...]:
    rows = Closure.objects.filter(
        location=course.location_id, first_date__lte=axis.last, last_date__gte=axis.first
    )
    return tuple(Span(row.first_date, row.last_date, row.reason) for row in rows)


def change_rows(location):
    """Changes that a person of this location may take back."""
    return CourseChange.objects.filter(course__location=location).select_related("course__patient")


def movable(location):
    """Visits of courses that a person of this location may move."""
    return (
        Appointment.objects.filter(location=location, kind=Appointment.Kind.TREATMENT)
        .select_related(
            "patient", "location", "course__indication", "course__location", "course__patient", "practitioner"
        )
        .select_related("room", "course__protocol")
    )


def history_of(course: TreatmentCourse) -> list[CourseChange]:
    """What was changed in a course, newest first."""
    return list(course.changes.select_related("by", "undone_by").order_by("-at", "-pk")[:12])
