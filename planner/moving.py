"""Changes of running courses: move, cancel, miss, plan anew, hold, resume, extend, stop.

One transaction each: the old and new places are locked in the one order before anything is read, everything
is judged again under the locks, and PostgreSQL has the last word. Instants are aware UTC; `at` is now.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID, uuid5

from clinic import clock
from clinic.constraints import in_words, sentences_of
from clinic.models import User
from clinic.permissions import may
from clinic.refusals import Refusal
from clinic.words import day_date
from planner import booking, changes
from planner.codes import keep_code
from planner.courses import write_visits
from planner.fitting import Places, people_and_places, refuse_what_does_not_fit
from planner.locks import lock_held
from planner.models import Appointment, AppointmentArea, CourseChange, TreatmentCourse
from planner.models.diary import LIVE, AppointmentStatus
from planner.previews import Move
from planner.replanning import first_day_of, gate_of
from planner.telling import tell_of_change

Kind = CourseChange.Kind
Status = TreatmentCourse.Status
PERMISSIONS = {
    Kind.MOVED: "appointment_move",
    Kind.CANCELLED: "appointment_cancel",
    Kind.NO_SHOW: "appointment_no_show",
    Kind.REPLANNED: "course_replan",
    Kind.HELD: "course_hold",
    Kind.RESUMED: "course_resume",
    Kind.EXTENDED: "course_extend",
    Kind.STOPPED: "course_stop",
}
FROM = {  # the states of a course in which each change makes sense
    Kind.HELD: {Status.ACTIVE},
    Kind.RESUMED: {Status.ON_HOLD},
    Kind.EXTENDED: {Status.ACTIVE, Status.COMPLETED},
    Kind.STOPPED: {Status.ACTIVE, Status.ON_HOLD},
    # A stop leaves the patient who is here, and the visit whose time has come.
    Kind.CANCELLED: {Status.ACTIVE, Status.ON_HOLD, Status.STOPPED},
    Kind.NO_SHOW: {Status.ACTIVE, Status.ON_HOLD, Status.STOPPED},
}
TO = {
    Kind.HELD: Status.ON_HOLD,
    Kind.RESUMED: Status.ACTIVE,
    Kind.EXTENDED: Status.ACTIVE,
    Kind.STOPPED: Status.STOPPED,
}
ENDS = {Kind.CANCELLED: AppointmentStatus.CANCELLED, Kind.NO_SHOW: AppointmentStatus.NO_SHOW}
NEED_A_SCREEN = {Kind.RESUMED, Kind.EXTENDED}  # these ask for a screen as a new course does


def _taken(what: str) -> Refusal:
    sentence = f"The {what} was just taken by someone else. Nothing was changed."
    return Refusal(f"{what}_taken", sentence, stale=True)


SENTENCES = sentences_of(TreatmentCourse, Appointment, AppointmentArea) | {
    f"{what}_is_in_one_place_at_a_time": _taken(what) for what in ("practitioner", "room", "device")
}
SENTENCES |= {
    "patient_is_in_one_place_at_a_time": Refusal(
        "patient_taken", "The patient has another visit at this time. Nothing was changed.", stale=True
    ),
    "visits_of_a_course_keep_their_gap": Refusal(
        "gap_too_short", "Two visits of this course would be too close together. Nothing was changed."
    ),
    "an_area_of_a_patient_keeps_its_gap": Refusal(
        "area_too_soon", "One of these areas has another treatment too close to this date.", stale=True
    ),
    "one_live_appointment_per_visit_number": Refusal(
        "already_booked", "This visit was just given a date by someone else.", stale=True
    ),
}
SENTENCES["an_area_keeps_its_gap_from_joined_visits"] = SENTENCES["an_area_of_a_patient_keeps_its_gap"]
KEY_REUSED = Refusal(
    "change_key_reused", "This page has already made another change.", "Open the course.", stale=True
)


@dataclass(frozen=True)
class Order:
    """A change of one course as it was confirmed: what was seen and what it should become.

    `about` is the visit cancelled or missed, with the version that was seen; `release` frees the visits of a
    course that is put on hold; `again` allows that to a course that waits already and kept its dates;
    `sessions` is the new number of visits.
    """

    course_id: int
    kind: Kind
    moves: tuple[Move, ...] = ()
    about: int | None = None
    about_version: int | None = None
    reason: str = ""
    sessions: int | None = None
    release: bool = True
    again: bool = False

    @property
    def seen(self) -> dict[int, int | None]:
        """The versions of the visits that the person saw."""
        found = {move.appointment_id: move.version for move in self.moves if move.appointment_id}
        return found | ({self.about: self.about_version} if self.about else {})

    def fingerprint(self) -> str:
        """What was asked for, in short."""
        content = json.dumps(asdict(self), sort_keys=True, default=str)
        return hashlib.sha256(content.encode()).hexdigest()


def change_course(order: Order, *, key: UUID, by: User, at: dt.datetime | None = None) -> CourseChange:
    """Make one confirmed change of a course, whole or not at all.

    The same `key` with the same order returns the change it made. Raises Refusal: the role, the course's
    state, the screening's gate, a visit that somebody changed meanwhile or a place just taken (`stale`).
    """
    return change_courses([order], keys=[key], by=by, at=at)[0]


def change_courses(
    orders: Sequence[Order],
    *,
    keys: Sequence[UUID],
    by: User,
    at: dt.datetime | None = None,
    batch: UUID | None = None,
) -> list[CourseChange]:
    """Make several changes together, all or none; they share a `batch` and are taken back together."""
    for order in orders:
        if not may(by, PERMISSIONS[order.kind]):
            raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
    return _change_all(tuple(orders), tuple(keys), by, at or clock.now(), batch)


def change_by_rule(
    orders: Sequence[Order], *, keys: Sequence[UUID], by: User | None, at: dt.datetime, batch: UUID
) -> list[CourseChange]:
    """Make the changes that follow from what `by` (None: the patient) recorded; nobody asked for them."""
    return _change_all(tuple(orders), tuple(keys), by, at, batch)


def courses_at(location, keys: Iterable[int]) -> list[int]:
    """Which of these courses are at this location."""
    rows = TreatmentCourse.objects.filter(location=location, pk__in=list(keys))
    return list(rows.values_list("pk", flat=True))


def change_for_patient(order: Order, *, key: UUID, at: dt.datetime) -> CourseChange:
    """Make the change that the patient asked for behind the own link (`planner.own` says which may be)."""
    return _change_all((order,), (key,), None, at, None)[0]


def batch_keys(batch: UUID, orders: Sequence[Order]) -> list[UUID]:
    """One key for each change of a batch, the same ones when the batch is sent again."""
    return [uuid5(batch, str(order.course_id)) for order in orders]


@in_words(SENTENCES)
def _change_all(orders, keys, by, at, batch) -> list[CourseChange]:
    touched = _lock(orders, at)
    done = [_replayed(order, key) for order, key in zip(orders, keys, strict=True)]
    if all(done):
        return done
    if any(done):
        raise KEY_REUSED.copy()
    changes.defer_constraints()
    made = [_change(order, key, touched, by, at, batch) for order, key in zip(orders, keys, strict=True)]
    changes.ask_constraints()
    return made


def _lock(orders: Sequence[Order], at: dt.datetime) -> set[int]:
    """Lock all old and new places of all orders; return the keys of the visits they touch."""
    courses = [order.course_id for order in orders]
    rows = Appointment.objects.filter(course__in=courses, status__in=LIVE, kind="treatment")

    def touched() -> list[Appointment]:
        return [row for row in rows.all() if any(_is_touched(order, row, at) for order in orders)]

    new = [move.slot for order in orders for move in order.moves]
    return {row.pk for row in lock_held(touched, also=new, courses=courses)}


def _is_touched(order: Order, row: Appointment, at: dt.datetime) -> bool:
    if row.course_id != order.course_id:
        return False
    return row.pk in order.seen or (_frees_all(order) and row.status == "booked" and row.start > at)


def _frees_all(order: Order) -> bool:
    return order.kind == Kind.STOPPED or (order.kind == Kind.HELD and order.release)


def _replayed(order: Order, key: UUID) -> CourseChange | None:
    change = CourseChange.objects.filter(key=key).first()
    if change and change.asked_hash != order.fingerprint():
        raise KEY_REUSED.copy()
    return change


def _change(
    order: Order, key: UUID, touched: set[int], by: User | None, at: dt.datetime, batch
) -> CourseChange:
    course = TreatmentCourse.objects.select_related("location", "patient").get(pk=order.course_id)
    refuse_wrong_state(course, order)
    rows = _rows(course, order, at)
    _refuse_changed_visits(course, order, rows)
    places = _checked_places(course, order, touched, by, at)
    before = changes.photograph(course, rows.values())
    course.status = TO.get(order.kind, course.status)
    if order.kind in TO:
        course.status_reason = order.reason if order.kind in (Kind.HELD, Kind.STOPPED) else ""
    course.sessions = order.sessions or course.sessions
    course.version += 1
    course.save(update_fields=["status", "status_reason", "sessions", "version"])
    _free(order, rows, by, at)
    added = _place(course, order, rows, places, by, at)  # after the course runs: one on hold gets no visit
    if by is not None and (order.moves or added):
        keep_code(course.patient, by=by, at=at)  # the plan may reach further now
    return CourseChange.objects.create(
        course=course,
        kind=order.kind,
        key=key,
        asked_hash=order.fingerprint(),
        batch=batch,
        at=at,
        by=by,
        reason=order.reason,
        before=before,
        after=changes.photograph(course, [*rows.values(), *added]),
        message=tell_of_change(course, at) if rows or added else None,
    )


def refuse_wrong_state(course: TreatmentCourse, order: Order) -> None:
    """Refuse what makes no sense in the course's state, lacks its reason or exceeds its protocol."""
    allowed = FROM.get(order.kind, {Status.ACTIVE}) | ({Status.ON_HOLD} if order.again else set())
    if course.status not in allowed:
        raise Refusal(
            "course_state",
            f"This course is {course.get_status_display().lower()}.",
            "Resume it first." if course.status == Status.ON_HOLD else "Open the course.",
        )
    if order.moves and TO.get(order.kind, course.status) != Status.ACTIVE:
        raise Refusal(
            "course_state",
            f"This course is {course.get_status_display().lower()}, so no visit gets a new date.",
            "Resume it first." if course.status == Status.ON_HOLD else "Open the course.",
        )
    if order.kind in (Kind.HELD, Kind.STOPPED) and not order.reason.strip():
        raise Refusal("reason_missing", "Write why.", field="reason")
    most = course.protocol.sessions_max
    if order.sessions and not course.sessions < order.sessions <= most:
        raise Refusal("too_many_visits", f"This protocol has {most} visits at most.", field="sessions")


def _rows(course: TreatmentCourse, order: Order, at: dt.datetime) -> dict[int, Appointment]:
    """The visits the order touches, read under the locks."""
    rows = course.appointments.filter(status__in=LIVE).select_related("location", "session").order_by("start")
    found = {row.pk: row for row in rows if _is_touched(order, row, at)}
    for row in found.values():
        row.course = course
    return found


def _refuse_changed_visits(course: TreatmentCourse, order: Order, rows: dict[int, Appointment]) -> None:
    for pk, version in order.seen.items():
        row = rows.get(pk)
        if row is None or row.version != version:
            raise _changed_meanwhile(course, pk)
    for move in order.moves:
        row = rows.get(move.appointment_id) if move.appointment_id else None
        if row is not None and (row.status != "booked" or hasattr(row, "session")):
            raise Refusal("visit_begun", f"Visit {row.number} has begun and stays where it is.", stale=True)


def _changed_meanwhile(course: TreatmentCourse, pk: int) -> Refusal:
    """Say who changed the visit, and what became of it."""
    row = Appointment.objects.select_related("location").get(pk=pk)
    event = row.events.select_related("by").order_by("-at", "-pk").first()
    zone = row.location.time_zone
    now = f"It is on {day_date(row.on)}, {clock.said(row.start, zone)} now."
    if row.status != "booked":
        now = f"It is {row.get_status_display().lower()} now."
    who = f"{event.by or 'The patient'} changed visit {row.number} at {clock.said(event.at, zone)}."
    return Refusal(
        "visit_changed", f"{who} {now}", "Nothing of yours was saved. Look at it again.", stale=True
    )


def _checked_places(course, order: Order, touched: set[int], by: User | None, at) -> Places:
    """Whom and what the new places need, once the screening and the diary allow them."""
    slots = [move.slot for move in order.moves]
    needs_a_screen = order.kind in NEED_A_SCREEN  # a course that runs again is judged also if no date changes
    if not slots and not needs_a_screen:
        return Places()
    gate = gate_of(course, at, fresh=needs_a_screen, by=by)
    if not slots:
        return Places()
    places = people_and_places(course, slots)
    refuse_what_does_not_fit(
        course, slots, places, earliest_on=first_day_of(course, gate, at), without=touched, at=at
    )
    return places


def _free(order: Order, rows: dict[int, Appointment], by: User | None, at: dt.datetime) -> None:
    """End the visits that leave the diary: the one the order is about, or all that lie ahead."""
    if order.kind in ENDS:
        status, row = ENDS[order.kind], rows[order.about]
        kind = booking.TRANSITIONS.get((AppointmentStatus(row.status), status))
        if kind is None:
            raise Refusal("status_changed", f"This visit is {row.get_status_display().lower()}.", stale=True)
        booking.refuse_wrong_moment(row, status, order.reason, at)
        booking.write_status(row, status, kind, by=by, at=at, reason=order.reason)
    elif _frees_all(order):
        word = "On hold" if order.kind == Kind.HELD else "Course stopped"
        reason = f"{word}: {order.reason}"[:200]
        for row in rows.values():
            changes.take_away(row, reason=reason, by=by, at=at)


def _place(course, order: Order, rows, places: Places, by, at) -> list[Appointment]:
    """Write the new places; return the visits that are new."""
    for move in order.moves:
        if move.appointment_id:
            changes.place_visit(
                rows[move.appointment_id], move.slot, places.people, places.rooms, by=by, at=at
            )
    new = [(move.number, move.slot) for move in order.moves if not move.appointment_id]
    return write_visits(course, new, places.people, places.rooms, course.areas.all(), by, at) if new else []


def pin_visit(visit: Appointment, *, pinned: bool, by: User, at: dt.datetime | None = None) -> Appointment:
    """Hold a booked visit where it is when others move, or let it go. Repeating it changes nothing."""
    if not may(by, "appointment_pin"):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
    return _pin(visit, pinned, by, at or clock.now())


@in_words(SENTENCES)
def _pin(visit: Appointment, pinned: bool, by: User, at: dt.datetime) -> Appointment:
    row = booking.lock_appointment(visit.pk)
    if row.is_pinned == pinned:
        return row
    if row.status != AppointmentStatus.BOOKED:
        raise Refusal("status_changed", f"This visit is {row.get_status_display().lower()}.", stale=True)
    changes.pin(row, pinned, by=by, at=at)
    return row
