"""What stands before a course can be planned: the screening, the areas it frees, the approved protocol."""

import datetime as dt
from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from clinic import clock
from clinic.models import Location, TreatmentArea, User
from clinic.refusals import Refusal
from clinic.words import day_date
from patients.gates import (
    Safety,
    ScreeningGate,
    booking_gate_for,
    may_see_answers,
    refuse_withdrawn_consent,
    safety_of_gate,
)
from patients.models import Patient, Screening
from patients.queries import patient_rows
from planner.models import Protocol
from planner.planning import CourseRequest, approved_protocol
from planner.queries.courses import newest_screening


@dataclass(frozen=True)
class Desk:
    """A patient who may be booked here, today, for these areas."""

    patient: Patient
    location: Location
    at: dt.datetime
    today: dt.date
    screened: Screening
    gate: ScreeningGate
    user: User
    areas: tuple[TreatmentArea, ...]
    protocol: Protocol

    @property
    def earliest_on(self) -> dt.date:
        """The first day on which a visit may be."""
        return max(self.today, self.gate.earliest_on or self.today)

    @property
    def safety(self) -> Safety:
        """What the screening says about the areas that may be booked."""
        return safety_of_gate(self.gate, self.today)

    @property
    def safety_words(self) -> str:
        """The safety in the few words of a tag, with its date."""
        if self.safety.until:
            return f"Deferred until {day_date(self.safety.until)}"
        return f"Cleared {day_date(self.screened.answered_on)}"

    @property
    def notes(self) -> list[str]:
        """What the planner has to keep in mind, in sentences."""
        notes = []
        if self.earliest_on > self.today:
            notes.append(f"The screening allows visits from {day_date(self.earliest_on)} on.")
        kept = {area.pk for area in self.areas}
        left = [area.name.lower() for area in self.screened.areas.all() if area.pk not in kept]
        if left:
            notes.append(f"Not free now: {', '.join(left)}.")
        return [*notes, *(self.gate.conditions if may_see_answers(self.user) else ())]


@dataclass(frozen=True)
class Closed:
    """A patient who may not be booked now: the state of the banner and why, in sentences."""

    state: str
    title: str
    reasons: tuple[str, ...]
    consent_for: str = ""  # the key of the indication whose consent is to be taken


def find_patient(pk: int) -> Patient:
    """The patient of a page; 404 for a key that does not exist."""
    return get_object_or_404(patient_rows(), pk=pk)


def desk_of(patient: Patient, user: User, at: dt.datetime) -> Desk | Closed | None:
    """Read the newest screening and judge it at the user's location; None for a patient never screened.

    Raises Refusal when the indication has no approved protocol.
    """
    screened, location = newest_screening(patient), user.location
    if screened is None:
        return None
    today = clock.local_date(at, location.time_zone)
    areas = tuple(screened.areas.all())
    gate = booking_gate_for(patient, areas=areas, on=today, at=at)
    if not gate.is_open:
        free = set(gate.engine_gate.free_areas) if gate.engine_gate else set()
        kept = tuple(area for area in areas if area.code in free)
        if not kept:
            return _closed(gate, today, user)
        areas, gate = kept, booking_gate_for(patient, areas=kept, on=today, at=at)
    protocol = approved_protocol(screened.indication_id)
    try:
        refuse_withdrawn_consent(patient, protocol.indication)
    except Refusal as refusal:
        return Closed(
            "missing", refusal.sentence, (refusal.next_step,), consent_for=str(protocol.indication_id)
        )
    return Desk(patient, location, at, today, screened, gate, user, areas, protocol)


def request_for(desk: Desk, *, is_here: bool = False) -> CourseRequest:
    """The request before anything is typed: the free areas and the protocol's usual numbers.

    `is_here`: the patient waits at the desk, so the first visit is today, where the screening allows that.
    """
    protocol = desk.protocol
    return CourseRequest(
        indication_id=desk.screened.indication_id,
        area_ids=tuple(sorted(area.pk for area in desk.areas)),
        sessions=protocol.sessions_target,
        gap_target_days=protocol.gap_target_days,
        start_from=desk.earliest_on,
        numbing_minutes=protocol.numbing_minutes,
        start_by=desk.today if is_here and desk.earliest_on == desk.today else None,
    )


def _closed(gate: ScreeningGate, today: dt.date, user: User) -> Closed:
    safety = safety_of_gate(gate, today)
    first, *others = gate.reasons_for(user)
    return Closed(safety.state, first, tuple(others))
