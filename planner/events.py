"""Adverse events: report, assess, follow, close. Their only writer; every write locks the patient (H20)."""

import datetime as dt
from collections.abc import Sequence

from clinic import clock
from clinic.constraints import check_values, in_words, sentences_of
from clinic.models import TreatmentArea, User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.models import Patient
from planner.engine.adverse import GRADES, KINDS, NO_RESPONSE, holds_from
from planner.locks import lock_places
from planner.models import AdverseEvent, EventEntry, TreatmentSession
from planner.queries.events import hold_words, holding_events

SENTENCES = sentences_of(AdverseEvent)


@in_words(SENTENCES)
def report_event(
    patient: Patient,
    *,
    onset_on: dt.date,
    said: str,
    areas: Sequence[TreatmentArea] = (),
    session: TreatmentSession | None = None,
    code: str = "",
    grade: int | None = None,
    follow_up_on: dt.date | None = None,
    by: User,
    at: dt.datetime | None = None,
) -> AdverseEvent:
    """Record a reaction. Anybody of the clinic may report; kind and grade are a practitioner's.

    Raises Refusal: the role, nothing said, an onset ahead or before the treatment, a record of another
    patient, a kind without its grade.
    """
    _need(by, "event_create")
    at = at or clock.now()
    today = clock.local_date(at, patient.location.time_zone)
    if code or grade is not None:
        _need(by, "event_detail")
        _refuse_assessment(code, grade)
    if not said.strip():
        raise Refusal("said_missing", "Write what was seen or said.", field="said")
    treated_on = _treated_on(patient, session, onset_on, today)
    lock_places(patients=[patient.pk])
    event = AdverseEvent(patient=patient, session=session, code=code, grade=grade, onset_on=onset_on)
    event.said, event.recorded_by, event.recorded_at = said.strip(), by, at
    event.holds_from, event.follow_up_on = holds_from(code, treated_on, onset_on), follow_up_on
    check_values(event)
    event.save()
    event.areas.set([] if code and KINDS[code].whole_person else areas)
    EventEntry.objects.create(event=event, text=f"Recorded. {said.strip()}"[:1000], by=by, at=at)
    return event


@in_words(SENTENCES)
def follow_event(
    event: AdverseEvent,
    *,
    version: int,
    code: str,
    grade: int | None,
    holds: bool,
    text: str,
    reported_to: str = "",
    follow_up_on: dt.date | None = None,
    not_before: dt.date | None = None,
    by: User,
    at: dt.datetime | None = None,
) -> AdverseEvent:
    """Assess an open event and write what was done; `not_before` delays the next treatment of its areas.

    Raises Refusal: the role, closed, saved elsewhere, nothing written, a kind without its grade.
    """
    _need(by, "event_detail")
    at = at or clock.now()
    _refuse_assessment(code, grade)
    if not text.strip():
        raise Refusal("text_missing", "Write what was done or decided.", field="text")
    event = _reread(event, version)
    changes = _changes(event, code, grade, holds, not_before)
    event.code, event.grade, event.holds = code, grade, holds
    event.not_before, event.follow_up_on = not_before, follow_up_on
    treated_on = event.session.appointment.on if event.session else None
    event.holds_from = holds_from(code, treated_on, event.onset_on)
    if KINDS[code].whole_person:
        event.areas.clear()
    _save(event)
    words = " ".join([text.strip(), *changes])
    EventEntry.objects.create(event=event, text=words[:1000], reported_to=reported_to.strip(), by=by, at=at)
    return event


@in_words(SENTENCES)
def close_event(
    event: AdverseEvent,
    *,
    version: int,
    ending: str,
    text: str,
    fresh: bool,
    by: User,
    at: dt.datetime | None = None,
) -> AdverseEvent:
    """Close an assessed event with how it ended; a rest that it asks for stays.

    Raises Refusal: the role, no fresh password, not assessed, nothing written, closed or saved elsewhere.
    """
    _need(by, "event_close")
    if not fresh:
        raise Refusal("not_fresh", "Type your password to close it.", field="password")
    if ending not in AdverseEvent.Ending.values:
        raise Refusal("ending_missing", "Say how it ended.", field="ending")
    if not text.strip():
        raise Refusal("text_missing", "Write how it is now.", field="text")
    at = at or clock.now()
    event = _reread(event, version)
    if not event.code:
        raise Refusal("not_assessed", "Assess the event before it is closed.")
    EventEntry.objects.create(
        event=event,
        text=f"Closed: {AdverseEvent.Ending(ending).label.lower()}. {text.strip()}"[:1000],
        by=by,
        at=at,
    )
    event.ending, event.closed_by, event.closed_at = ending, by, at
    if ending == AdverseEvent.Ending.MISTAKE:
        event.not_before = None
    _save(event)
    return event


def refuse_held_start(patient_id: int, area_ids: Sequence[int], on: dt.date) -> None:
    """Refuse a start in areas that an adverse event holds (H20). Call it after the patient is locked."""
    held = holding_events(patient_id, area_ids, on)
    if held:
        first, *others = [hold_words(event, on) for event in held]
        raise Refusal("event_open", first, " ".join([*others, "Open the event and look at it first."]))


def _need(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("role", "Only practitioners assess and close adverse events.", "Ask one of them.")


def _refuse_assessment(code: str, grade: int | None) -> None:
    if code not in KINDS:
        raise Refusal("kind_missing", "Pick the kind of event.", field="code")
    if grade not in GRADES:
        raise Refusal("grade_missing", "Pick the grade.", field="grade")
    if (grade == 0) != (code == NO_RESPONSE):
        raise Refusal("grade_range", "Grade 0 is for little or no change, and only for that.", field="grade")


def _treated_on(patient, session, onset_on: dt.date, today: dt.date) -> dt.date | None:
    if onset_on > today:
        raise Refusal("onset_ahead", "This day has not come yet.", field="onset_on")
    if session is None:
        return None
    if session.patient_id != patient.pk:
        raise Refusal("other_patient", "This record is of another patient.", field="session")
    if onset_on < session.appointment.on:
        raise Refusal("onset_before", "It began before that visit. Pick an earlier one.", field="onset_on")
    return session.appointment.on


def _reread(event: AdverseEvent, version: int) -> AdverseEvent:
    lock_places(patients=[event.patient_id])
    event = AdverseEvent.objects.select_related("session__appointment", "patient").get(pk=event.pk)
    if event.closed_at:
        raise Refusal("event_closed", "This event is closed.", "Record a new one.", stale=True)
    if event.version != version:
        raise Refusal(
            "stale_event", "This event was saved elsewhere.", "Load it again and compare.", stale=True
        )
    return event


def _changes(event, code, grade, holds, not_before) -> list[str]:
    """What the entry says beside its text."""
    said = []
    if (code, grade) != (event.code, event.grade):
        said.append(f"[{KINDS[code].name}, grade {grade}.]")
    if holds != event.holds:
        said.append("[Holds the next start.]" if holds else "[No longer holds the next start.]")
    if not_before != event.not_before:
        said.append(f"[Next treatment not before {not_before}.]" if not_before else "[No rest asked for.]")
    return said


def _save(event: AdverseEvent) -> None:
    event.version += 1
    check_values(event)
    event.save()
