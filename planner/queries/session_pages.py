"""What the steps of a record show beside their form: timer, warnings, what is missing."""

import datetime as dt
from functools import cached_property

from clinic import clock
from clinic.words import day_date
from patients.gates import start_gate_for
from planner.models import TreatmentSession
from planner.queries.body import body_of
from planner.queries.record import (
    areas_in,
    gaps_of,
    has_last_time,
    last_time,
    limits_passed,
    missing_views,
    numbing_warnings,
    planned_in,
)
from planner.queries.sessions import Room, left_out


class RecordPage:
    """The frame of a step: header, rail, conditions, what the last visit said."""

    def __init__(self, session: TreatmentSession, step: str, at: dt.datetime):
        self.session, self.at = session, at
        self.appointment = session.appointment
        self.zone = self.appointment.location.time_zone
        self.room = Room(self.appointment, session, step)

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """What the screening asks the practitioner to keep to."""
        on = self.appointment.on
        gate = start_gate_for(
            self.session.patient,
            indication=self.appointment.course.indication,
            areas=planned_in(self.appointment),
            on=on,
            consent_read_on=on,
            zone=self.zone,
        )
        blocked = [f"No {agent} for this patient." for agent in gate.blocked_agents]
        return (*gate.conditions, *blocked)

    @cached_property
    def last(self) -> TreatmentSession | None:
        """The newest signed record of the patient before this one."""
        return last_time(self.session.patient, (), self.session.started_at).session


def live_of(session: TreatmentSession, step: str, at: dt.datetime) -> dict:
    """The values that change with every save of a step."""
    appointment = session.appointment
    zone = appointment.location.time_zone
    live = {"session": session, "zone": zone, "saved": f"{clock.local(session.saved_at, zone):%H:%M:%S}"}
    if step == "numbing":
        return live | _numbing(session, at)
    if step == "finish":
        return live | _finish(session)
    cream = _numbing(session, at) if _is_on(session) else {}
    return (
        live
        | cream
        | {
            "cream_on": _is_on(session),
            "body": body_of(planned_in(appointment), areas_in(session)),
            "has_last": has_last_time(session),
        }
    )


def _numbing(session: TreatmentSession, at: dt.datetime) -> dict:
    product = session.numbing_lot.product if session.numbing_lot else None
    ready = None
    if product and product.min_minutes and session.numbing_on_at:
        ready = session.numbing_on_at + dt.timedelta(minutes=product.min_minutes)
    return {
        "product": product,
        "ready_at": ready,
        "warnings": numbing_warnings(session, at),
        "is_on": _is_on(session),
        "minutes": _minutes(session),
    }


def _is_on(session: TreatmentSession) -> bool:
    return bool(session.numbing_on_at and not session.numbing_off_at)


def _minutes(session: TreatmentSession) -> int | None:
    if not (session.numbing_on_at and session.numbing_off_at):
        return None
    return int((session.numbing_off_at - session.numbing_on_at).total_seconds() // 60)


def review_after(session: TreatmentSession) -> dt.date | None:
    """From which day the review is due if this visit is the last of its course; None if more follow."""
    course = session.appointment.course
    held = course.appointments.filter(status="fulfilled").exclude(pk=session.appointment_id).count()
    stops = session.decision == TreatmentSession.Decision.STOP
    if held + 1 < course.sessions and not stops:
        return None
    return session.appointment.on + dt.timedelta(days=course.protocol.review_after_days)


def _finish(session: TreatmentSession) -> dict:
    appointment = session.appointment
    booked = appointment.course.appointments.filter(status="booked", start__gt=appointment.start)
    following, said = booked.order_by("start").first(), ""
    if following:
        start = clock.local(following.start, appointment.location.time_zone)
        said = f"{day_date(start.date())}, {clock.said_of(start)}"
    return {
        "gaps": gaps_of(session),
        "limits": limits_passed(session),
        "missing_photos": missing_views(session),
        "left_out": left_out(session),
        "next_words": said,
        "review_on": review_after(session) if not following else None,
    }
