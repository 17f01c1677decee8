"""Today at one location: who comes when, in which state, with the one next step."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from clinic import clock
from clinic.models import Closure, Location, User
from clinic.permissions import may
from clinic.words import STATUSES, both_sides, day_date
from patients.gates import Safety
from patients.models import Patient
from patients.results import seen_by
from planner.models import Appointment, AppointmentArea
from planner.models.diary import LIVE
from planner.queries.namesakes import namesake_words, namesakes
from planner.site import Site

ORDER = ("completed", "noshow", "treating", "arrived", "confirmed", "planned", "cancelled")
DONE = {"completed", "noshow", "cancelled"}
IN_CLINIC = {"treating", "arrived"}
DAY_WORDS = {"confirmed": "confirmed", "planned": "not confirmed yet", "completed": "done"}
UNASKED = Safety("", "")
MIDNIGHT = 23 * 60 + 59
MORNING_ENDS, LUNCH_ENDS = 12, 14  # local hours that part the list, as on paper day lists


@dataclass(frozen=True)
class Row:
    """One visit of the day as the list shows it."""

    appointment: Appointment
    state: str
    word: str
    safety: str
    safety_words: str
    screening_id: int | None
    step: str
    namesakes: str = ""  # others of that day whose names look alike

    @property
    def is_done(self) -> bool:
        """Whether the visit is over, one way or another."""
        return self.state in DONE

    @property
    def areas(self) -> str:
        """The areas of the visit, in one line."""
        return area_words(self.appointment)


@dataclass(frozen=True)
class Group:
    """A stretch of the list under one heading."""

    title: str
    rows: tuple[Row, ...]


def visits_at(location: Location) -> QuerySet[Appointment]:
    """The visits of a location with what their pages name."""
    return Appointment.objects.filter(location=location).select_related(
        "patient", "location", "course__indication", "practitioner", "room", "review"
    )


# What a row of a list or of the board says; the rest of these wide tables stays where it is.
SHOWN = """
kind course number patient location practitioner room status start treatment_start end room_until
practitioner_from practitioner_until on confirmed_at roomed_at version
patient__given_name patient__family_name patient__birth_date practitioner__name room__name
course__sessions course__status course__indication__name
session__numbing_on_at session__numbing_off_at session__sheet__id review__id
""".split()  # noqa: SIM905
SHOWN_IN_WEEK = [name for name in SHOWN if name not in ("practitioner__name", "course__indication__name")]
WITH_A_WEEK = ("patient", "room", "course", "session", "session__sheet", "review")
AREAS = Prefetch("areas", AppointmentArea.objects.select_related("area").only("appointment", "area__name"))


def visits_of(location: Location, day: dt.date, last: dt.date | None = None) -> list[Appointment]:
    """Every appointment of one local day (or up to `last`) at one location; one query, one for the areas."""
    return list(_visits(location, day, last or day).prefetch_related(AREAS))


def visits_drawn(location: Location, day: dt.date, last: dt.date) -> list[Appointment]:
    """The same from `day` to `last` for a board: without areas, without the cancelled ones; one query.

    A week has hundreds, each in the lines of its person and room: it says whose it is and how it stands.
    """
    rows = _visits(location, day, last).exclude(status="cancelled")
    if day != last:
        rows = rows.select_related(None).select_related(*WITH_A_WEEK).only(*SHOWN_IN_WEEK)
    return list(rows)


def _visits(location: Location, day: dt.date, last: dt.date) -> QuerySet[Appointment]:
    since, _ = clock.day_bounds(day, location.time_zone)
    _, until = clock.day_bounds(last, location.time_zone)  # the index is by time
    return (
        Appointment.objects.filter(
            location=location, on__range=(day, last), start__gte=since, start__lt=until
        )
        .select_related("patient", "practitioner", "room", "course__indication", "session", "session__sheet")
        .select_related("review")
        .only(*SHOWN)
        .order_by("start", "pk")
    )


def state_of(appointment: Appointment) -> str:
    """The state of a visit in the words of the pages (architecture, section 2)."""
    record = "review" if appointment.kind == Appointment.Kind.REVIEW else "session"
    if appointment.status == "arrived":
        return "treating" if getattr(appointment, record, None) else "arrived"
    if appointment.status == "booked":
        held = appointment.course and appointment.course.status == "on_hold"
        return "hold" if held else ("confirmed" if appointment.confirmed_at else "planned")
    return {"fulfilled": "completed"}.get(appointment.status, appointment.status)


def state_word(appointment: Appointment, state: str, now: dt.datetime) -> str:
    """The pill's word, with the detail that helps: how long the cream has been on."""
    session = getattr(appointment, "session", None)
    if state == "treating" and session is None:
        return "In review"
    if state == "treating" and session.numbing_on_at and not session.numbing_off_at:
        return f"Numbing {int((now - session.numbing_on_at).total_seconds() // 60)} min"
    if state == "arrived" and appointment.roomed_at:
        return f"In {appointment.room}"
    return STATUSES[state].word


def next_step(appointment: Appointment, state: str, user: User) -> str:
    """The one thing to do next with this visit, as a key the template turns into a button."""
    if state in ("planned", "confirmed") and may(user, "appointment_check_in"):
        return "check_in"
    if appointment.kind == Appointment.Kind.REVIEW and state in ("arrived", "treating"):
        return "review" if may(user, "review_start") else _to_room(appointment, state, user)
    if state == "arrived":
        return "start" if may(user, "session_start") else _to_room(appointment, state, user)
    if state == "treating" and may(user, "session_start"):
        return "open_record"
    if state == "completed" and getattr(appointment, "review", None) and may(user, "review_detail"):
        return "review_record"
    if state == "completed" and hasattr(getattr(appointment, "session", None), "sheet"):
        return "sheet"
    return ""


def _to_room(appointment: Appointment, state: str, user: User) -> str:
    waits = state == "arrived" and appointment.roomed_at is None
    return "to_room" if waits and may(user, "appointment_to_room") else ""


def is_over(appointment: Appointment) -> bool:
    """Whether a visit was held, missed or cancelled."""
    return state_of(appointment) in DONE


def rows_of(
    visits: Sequence[Appointment], safety: dict, user: User, now: dt.datetime, *, alike: bool = True
) -> list[Row]:
    """One row per visit; `safety` comes from `patients.screenings.safety_of`.

    Where a page does not say it, `safety` may leave a patient out, and similar names are not looked for.
    """
    rows = []
    others = _alike(visits) if alike else {}
    for visit in visits:
        state = state_of(visit)
        known = seen_by(safety.get(visit.patient_id, UNASKED), user)
        rows.append(
            Row(
                appointment=visit,
                state=state,
                word=state_word(visit, state, now),
                safety="" if visit.kind == Appointment.Kind.REVIEW else known.state,
                safety_words=known.words,
                screening_id=known.screening.pk if known.screening else None,
                step=next_step(visit, state, user),
                namesakes=namesake_words(others.get((visit.on, visit.patient_id), ())),
            )
        )
    return rows


def _alike(visits: Sequence[Appointment]) -> dict[tuple[dt.date, int], list[Patient]]:
    """By local day and patient: who else comes on that day under a name that looks alike."""
    by_day: dict[dt.date, list[Patient]] = {}
    for visit in visits:
        if visit.status in LIVE:
            by_day.setdefault(visit.on, []).append(visit.patient)
    return {(day, pk): others for day, them in by_day.items() for pk, others in namesakes(them).items()}


def area_words(visit: Appointment) -> str:
    """The areas of a visit, in one line."""
    return ", ".join(both_sides([link.area.name.lower() for link in visit.areas.all()]))


def grouped(rows: Sequence[Row], zone: str, now: dt.datetime) -> list[Group]:
    """In the clinic first, then who is late, then what is still to come by time of day."""
    waiting = [row for row in rows if not row.is_done and row.state not in IN_CLINIC]
    late = tuple(row for row in waiting if row.appointment.start < now)
    coming = [row for row in waiting if row.appointment.start >= now]

    def hour(row: Row) -> int:
        return clock.local(row.appointment.start, zone).hour

    groups = [
        Group("In the clinic", tuple(row for row in rows if row.state in IN_CLINIC)),
        Group("Expected earlier", late),
        Group("Morning", tuple(row for row in coming if hour(row) < MORNING_ENDS)),
        Group("Midday", tuple(row for row in coming if MORNING_ENDS <= hour(row) < LUNCH_ENDS)),
        Group("Afternoon", tuple(row for row in coming if hour(row) >= LUNCH_ENDS)),
    ]
    return [group for group in groups if group.rows]


def counts(rows: Sequence[Row]) -> list[tuple[str, int, str]]:
    """The day bar: (state, how many, in words), in the order of a visit's life."""
    numbers = Counter(row.state for row in rows)
    return [
        (state, numbers[state], DAY_WORDS.get(state, STATUSES[state].word.lower()))
        for state in (*ORDER, "hold")
        if numbers[state]
    ]


def none_words(location: Location, now: dt.datetime) -> str:
    """What is said of a day without visits: when the next one is."""
    ahead = Appointment.objects.filter(location=location, status="booked", start__gt=now)
    following = ahead.order_by("start").values_list("start", flat=True).first()
    if following is None:
        return "Nobody is booked for today at this location, and no visit lies ahead."
    local = clock.local(following, location.time_zone)
    return (
        f"Nobody is booked for today. The next visit is on {day_date(local.date())}, {clock.said_of(local)}."
    )


def opening_words(location: Location, site: Site, day: dt.date) -> str:
    """`open 09:00–18:00`, `closed: Christmas`, or `closed` on a local day; a query on a closed day only."""
    if any(first <= day <= last for first, last in site.closures):
        closure = Closure.objects.filter(location=location, first_date__lte=day, last_date__gte=day).first()
        return f"closed: {closure.reason}" if closure else "closed"
    spans = [
        span
        for span in site.opening
        if span.weekday == day.weekday()
        and (span.valid_from is None or span.valid_from <= day)
        and (span.valid_to is None or span.valid_to >= day)
    ]
    if not spans:
        return "closed"
    return "open " + ", ".join(f"{_hour(span.from_minute)}–{_hour(span.to_minute)}" for span in spans)


def _hour(minute: int) -> str:
    """A minute of the day as it was typed: 23:59 stands for midnight."""
    hours, minutes = divmod(min(minute, MIDNIGHT), 60)
    return f"{hours:02}:{minutes:02}"
