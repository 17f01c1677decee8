"""Why a visit cannot be at one place, in words with the next possible step."""

import datetime as dt
from dataclasses import replace

from clinic import clock
from clinic.models import Closure
from clinic.refusals import Refusal
from clinic.words import day_date, gap_words
from planner import diary
from planner.engine import model as engine
from planner.engine.departures import Reason, departures
from planner.models import TreatmentCourse
from planner.replanning import Replanning

NEXT = "Pick another time, or one of the free times below."


def why_not(
    reading: Replanning, start: dt.datetime, practitioner_id: int | None, room_id: int | None
) -> Refusal:
    """Say why the first visit of a reading cannot begin at `start` with this person in this room."""
    zone = reading.course.location.time_zone
    on = clock.local_date(start, zone)
    problem = _alone(reading, start, practitioner_id, room_id)
    reason = departures(problem)[0]
    if reason is None and room_id:
        return _taken(_room_name(reading, room_id), start, zone)
    if reason is None:
        return Refusal("later_visits", "The later visits find no place after this one.", "Pick another date.")
    if reason == Reason.PRACTITIONER and practitioner_id:
        return _person(reading, problem, practitioner_id, start)
    return _words(reading, reason, on, start)


def _alone(reading: Replanning, start, practitioner_id, room_id) -> engine.Problem:
    """The first visit on its own, booked at the place in question, without the end of its longest gap."""
    request = reading.problem.request
    visit = request.visits[0]
    if room_id:
        visit = replace(visit, rooms=frozenset({diary.room_id(room_id)}))
    if practitioner_id:
        visit = replace(visit, practitioners=None)
    previous = request.previous
    if previous is not None:
        previous = replace(previous, gap=replace(previous.gap, max_days=None))
    person = diary.practitioner_id(practitioner_id) if practitioner_id else None
    booked = engine.Booked(engine.epoch_minute(start), person)
    return replace(
        reading.problem,
        request=replace(
            request,
            visits=(visit,),
            gaps=(),
            previous=previous,
            pins=(),
            current=(booked,),
            patient=replace(request.patient, hours=None),
        ),
    )


def _person(reading: Replanning, problem: engine.Problem, practitioner_id: int, start) -> Refusal:
    """The person is away, or with somebody else."""
    zone = reading.course.location.time_zone
    name = next((str(one) for one in reading.practitioners if one.pk == practitioner_id), "This person")
    empty = replace(problem, diary=replace(problem.diary, busy=()))
    if departures(empty)[0] == Reason.PRACTITIONER:
        return Refusal("practitioner_away", f"{name} does not work at {_when(start, zone)}.", NEXT)
    return _taken(name, start, zone)


def _taken(name: str, start: dt.datetime, zone: str) -> Refusal:
    return Refusal("place_taken", f"{name} is taken at {_when(start, zone)}.", NEXT)


def _when(start: dt.datetime, zone: str) -> str:
    return f"{clock.said(start, zone)} on {day_date(clock.local_date(start, zone))}"


def _room_name(reading: Replanning, room_id: int) -> str:
    return next((str(one) for one in reading.rooms if one.pk == room_id), "This room")


def _words(reading: Replanning, reason: Reason, on: dt.date, start: dt.datetime) -> Refusal:
    course, zone = reading.course, reading.course.location.time_zone
    sentences = {
        Reason.PAST: "This time is over.",
        Reason.TOO_EARLY: _too_early(reading),
        Reason.TOO_LATE: _too_late(reading),
        Reason.GRID: f"Visits start every {course.location.grid_minutes} minutes.",
        Reason.NOT_ALLOWED: "This person does not treat this here.",
        Reason.CLOSED: _closed(course, on, start),
        Reason.PRACTITIONER: f"Nobody is free at {_when(start, zone)}.",
        Reason.PATIENT: _patient(reading, on),
        Reason.ROOM: f"No room is free at {_when(start, zone)}.",
        Reason.DEVICE: f"No device is free at {_when(start, zone)}.",
    }
    return Refusal(f"place_{reason.value}", sentences[reason], NEXT)


def _too_early(reading: Replanning) -> str:
    request, previous = reading.problem.request, reading.previous
    if previous is not None and request.previous is not None:
        first = previous.on + dt.timedelta(days=request.previous.gap.min_days)
        if first >= request.earliest:
            return (
                f"Visit {previous.number} is on {day_date(previous.on)}. The next one may be on "
                f"{day_date(first)} or later ({gap_words(request.previous.gap.min_days)} after it)."
            )
    return f"No visit may be before {day_date(request.earliest)}."


def _too_late(reading: Replanning) -> str:
    last = reading.problem.request.finish_by
    if last is None:
        return "This is too far ahead."
    return f"The next visit keeps its date, so this one may be on {day_date(last)} at the latest."


def _closed(course: TreatmentCourse, on: dt.date, start: dt.datetime) -> str:
    closure = Closure.objects.filter(location=course.location, first_date__lte=on, last_date__gte=on).first()
    if closure:
        return f"{course.location} is closed on {day_date(on)}: {closure.reason}."
    return f"{course.location} is not open long enough at {_when(start, course.location.time_zone)}."


def _patient(reading: Replanning, on: dt.date) -> str:
    blackouts = reading.problem.request.patient.blackouts
    if any(first <= on <= last for first, last in blackouts):
        return f"One of these areas has another treatment too close to {day_date(on)}."
    return f"{reading.course.patient} has another visit at this time."
