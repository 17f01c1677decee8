"""What stands out about one patient: the next actions, the one button, and the last visit."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse

from clinic import clock
from clinic.models import Location, User
from clinic.permissions import may
from clinic.words import day_date, gap_words
from patients.gates import Safety
from patients.models import Consent, Patient
from planner.models import AdverseEvent, AftercareSheet, Appointment, TreatmentSession
from planner.queries.courses import CourseView, SeenReview
from planner.queries.today import next_step

STEPS = {"check_in": "Check in", "start": "Start visit {}", "open_record": "Open record"}


@dataclass(frozen=True)
class Action:
    """One thing to do for a patient. `is_post`: its button sends a form."""

    state: str
    icon: str
    title: str
    why: str
    label: str = ""
    url: str = ""
    permission: str = ""
    is_post: bool = False


@dataclass(frozen=True)
class Known:
    """What the page has read of a patient already. `told`: courses whose hold by a screening it tells of."""

    patient: Patient
    views: Sequence[CourseView]
    safety: Safety
    consents: Sequence[Consent]
    events: Sequence[AdverseEvent]
    location: Location
    now: dt.datetime
    told: frozenset[int] = frozenset()

    @property
    def today(self) -> dt.date:
        """The local day."""
        return clock.local_date(self.now, self.location.time_zone)

    @property
    def running(self) -> list[CourseView]:
        """Courses of this location that go on."""
        here = [view for view in self.views if view.course.location_id == self.location.pk]
        return [view for view in here if view.course.status in ("active", "on_hold")]

    def following(self, view: CourseView) -> Appointment | None:
        """The next visit of a course that is not over."""
        rows = (row.appointment for row in view.held)
        return next((one for one in rows if one.status == "arrived" or self._is_ahead(one)), None)

    def _is_ahead(self, visit: Appointment) -> bool:
        return visit.status == "booked" and visit.on >= self.today


def next_actions(known: Known, user: User) -> list[Action]:
    """What to do next for a patient, by urgency; only what this person may do has a button."""
    found = [
        *_visits_today(known, user),
        *_reactions(known),
        *(action for view in known.running for action in _of_course(known, view)),
        *(action for view in known.views for action in _review(known, view, user)),
    ]
    return [one for one in found if not one.permission or may(user, one.permission)]


def _visits_today(known: Known, user: User) -> Iterator[Action]:
    for view in known.running:
        for row in view.held:
            visit = row.appointment
            if visit.on != known.today or not (step := next_step(visit, row.state, user)):
                continue
            if step not in STEPS:
                continue
            at = clock.local(visit.start, known.location.time_zone)
            name = "appointment_check_in" if step == "check_in" else "session_start"
            yield Action(
                "arrived" if visit.status == "arrived" else "confirmed",
                "box-arrow-in-right" if step == "check_in" else "activity",
                f"Visit {visit.number} is today, {clock.said_of(at)}",
                f"{visit.practitioner}, {visit.room}",
                STEPS[step].format(visit.number),
                reverse(name, args=[visit.pk]),
                name,
                step == "check_in",
            )


def _of_course(known: Known, view: CourseView) -> Iterator[Action]:
    """Dates that are missing, a hold, and what the next visit still needs."""
    course, following = view.course, known.following(view)
    if view.missing and course.status == "active":
        yield Action(
            "hold",
            "calendar-x",
            "New dates needed",
            f"{view.missing} of {course.sessions} visits of {course.indication} without a date",
            "Find new dates",
            reverse("course_replan", args=[course.pk]),
            "course_replan",
        )
    if course.status == "on_hold" and course.pk not in known.told:
        why = course.status_reason or "The dates are free or kept until it goes on"
        url = reverse("course_resume", args=[course.pk])
        yield Action("hold", "pause-circle", "The course is on hold", why, "Resume", url, "course_resume")
    if following is not None:
        yield from _before(known, view, following)


def _before(known: Known, view: CourseView, following: Appointment) -> Iterator[Action]:
    """A screen, a consent, a date inside its window."""
    course = view.course
    if known.safety.state == "missing" and following.status == "booked":
        yield Action(
            "missing",
            "clipboard",
            f"Screen for visit {following.number}",
            f"It is on {day_date(following.on)}",
            "Screen now",
            reverse("screening_create", args=[known.patient.pk]),
            "screening_create",
        )
    if not any(one.indication_id == course.indication_id and not one.withdrawn_at for one in known.consents):
        yield Action(
            "deferred",
            "pen",
            f"Consent for {course.indication}",
            f"Nothing is signed; visit {following.number} needs it",
            "Take consent",
            reverse("consent_create", args=[known.patient.pk]),
            "consent_create",
        )
    late = next((row for row in view.held if row.appointment.pk == following.pk and row.late_days > 0), None)
    if late and following.status == "booked" and course.status == "active":
        yield Action(
            "deferred",
            "arrows",
            f"Visit {following.number} drifts out of its window",
            f"{gap_words(late.gap_days)} after the visit before",
            "See earlier dates",
            reverse("appointment_move", args=[following.pk]),
            "appointment_move",
        )


def _review(known: Known, view: CourseView, user: User) -> Iterator[Action]:
    """The look back some months after the last visit (the protocol says when), until it was held."""
    if booked := view.review:
        if booked.status != "fulfilled":
            yield _booked_review(known, view, booked, user)
        return
    held = [row.appointment.on for row in view.rows if row.state == "completed"]
    if view.course.status != "completed" or not held:
        return
    due = held[-1] + dt.timedelta(days=view.course.protocol.review_after_days)
    if due < known.today - dt.timedelta(days=view.course.protocol.review_after_days):
        return
    yield Action(
        "confirmed",
        "clipboard-check",
        f"Review of {view.course.indication}",
        f"Due week of {day_date(due - due.weekday() * dt.timedelta(days=1))}: photos and scores",
        "Plan the review",
        reverse("course_review", args=[view.course.pk]),
        "course_review",
    )


def _booked_review(known: Known, view: CourseView, booked: SeenReview, user: User) -> Action:
    at = clock.local(booked.start, known.location.time_zone)
    icon, title = "clipboard-check", f"Review of {view.course.indication}"
    if booked.status == "arrived" and may(user, "review_start"):
        url = reverse("review_start", args=[booked.pk])
        return Action(
            "arrived",
            icon,
            title,
            f"The patient is here, for {clock.said_of(at)}",
            "Open review",
            url,
            "review_start",
        )
    url = reverse("course_review", args=[view.course.pk])
    why = f"Booked for {day_date(at.date())}, {clock.said_of(at)}"
    return Action("confirmed", icon, title, why, "Open", url, "course_review")


def _reactions(known: Known) -> Iterator[Action]:
    for event in known.events:
        if event.closed_at is None and not event.code:
            since = day_date(event.onset_on, year=False)
            url = reverse("event_detail", args=[event.pk])
            yield Action(
                "unsuitable",
                "bandaid",
                "A reaction to assess",
                f"Since {since}",
                "Assess",
                url,
                "event_detail",
            )


@dataclass(frozen=True)
class LastVisit:
    """The newest visit that was held; `lines` are open to practitioners only (ruling 10)."""

    appointment: Appointment
    session: TreatmentSession
    lines: tuple[tuple[str, tuple[str, ...]], ...]


def last_visit(patient: Patient, user: User) -> LastVisit | None:
    """The newest signed record of a patient; a fixed number of queries, one where there is none."""
    rows = TreatmentSession.objects.filter(patient=patient, signed_at__isnull=False)
    rows = rows.select_related("appointment__practitioner", "appointment__room", "appointment__location")
    # Joined to everything at once, PostgreSQL plans ten times longer than it reads.
    rows = rows.prefetch_related(
        "appointment__course", Prefetch("sheet", AftercareSheet.objects.defer("pdf", "content"))
    )
    is_open = may(user, "session_detail")
    if is_open:
        rows = rows.prefetch_related("areas__area", "cartridges__unit__lot", "device")
    session = rows.order_by("-started_at").first()
    if session is None:
        return None
    lines = tuple(_lines(session)) if is_open and not session.not_treated_reason.strip() else ()
    return LastVisit(session.appointment, session, lines)


def _lines(session: TreatmentSession) -> Iterator[tuple[str, tuple[str, ...]]]:
    areas = list(session.areas.all())
    lots: Iterable[str] = dict.fromkeys(use.unit.lot.number for use in session.cartridges.all())
    yield "Device", (str(session.device),) if session.device else ()
    yield "Lot", tuple(lots)
    yield "Depth", tuple(f"{one.area.name} {one.depth_mm}\u00a0mm" for one in areas if one.depth_mm)
    yield "Passes", tuple(f"{one.area.name} {one.passes}" for one in areas if one.passes)
    if session.numbing_on_at and session.numbing_off_at:
        minutes = int((session.numbing_off_at - session.numbing_on_at).total_seconds() // 60)
        yield "Numbing", (f"{minutes} min",)
    elif session.numbing_used is False:
        yield "Numbing", ("None",)
    if session.pain is not None:
        yield "Pain", (f"{session.pain} of 10",)
    if session.reaction_note:
        yield "Reaction", (session.reaction_note,)
