"""Problems, plans and reports written as JSON, as series-plan/1 has it."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from planner.engine.check import Report
from planner.engine.model import (
    EPOCH,
    Booked,
    Claim,
    DateRange,
    Device,
    Diary,
    Gap,
    Infeasible,
    PatientTimes,
    Pin,
    Placement,
    Plan,
    Practitioner,
    PreferredTime,
    Problem,
    Request,
    Role,
    Room,
    Span,
    Visit,
    WeeklyHours,
)

Json = dict[str, Any]


def problem_json(problem: Problem) -> Json:
    """The problem as one JSON object; files.parse_problem reads the same problem from it."""
    return {
        **diary_json(problem.diary),
        "request": request_json(problem.request),
        "weights": asdict(problem.weights),
    }


def diary_json(diary: Diary) -> Json:
    """The keys of the calendar."""
    return {
        **_diary(diary),
        "practitioners": [_practitioner(one) for one in diary.practitioners],
        "rooms": [_resource(one) for one in diary.rooms],
        "devices": [_device(one) for one in diary.devices],
        "busy": [{"resource": one, **_span((begin, end))} for one, begin, end in diary.busy],
    }


def _given(values: Json) -> Json:
    return {key: value for key, value in values.items() if value is not None}


def _date(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _instant(minute: int | None) -> str | None:
    if minute is None:
        return None
    return (EPOCH + timedelta(minutes=minute)).isoformat(timespec="minutes").replace("+00:00", "Z")


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _span(span: Span) -> Json:
    return {"from": _instant(span[0]), "to": _instant(span[1])}


def _dates(dates: DateRange) -> Json:
    return {"first_date": _date(dates[0]), "last_date": _date(dates[1])}


def _ids(ids: Iterable[str] | None) -> list[str] | None:
    return None if ids is None else sorted(ids)


def _weekly(hours: Iterable[WeeklyHours] | None) -> list[Json] | None:
    if hours is None:
        return None
    return [
        _given(
            {
                "weekday": entry.weekday,
                "from": _time(entry.from_minute),
                "to": _time(entry.to_minute),
                "valid_from": _date(entry.valid_from),
                "valid_to": _date(entry.valid_to),
            }
        )
        for entry in hours
    ]


def _diary(diary: Diary) -> Json:
    return _given(
        {
            "tz": diary.tz,
            "grid_minutes": diary.grid_minutes,
            "horizon": {"first_date": _date(diary.first_date), "last_date": _date(diary.last_date)},
            "not_before": _instant(diary.not_before),
            "clinic": {
                "opening_hours": _weekly(diary.opening_hours),
                "closures": [_dates(closure) for closure in diary.closures],
            },
        }
    )


def _resource(one: Practitioner | Room | Device) -> Json:
    return {
        "id": one.id,
        "hours": _weekly(one.hours),
        "absences": [_span(span) for span in one.absences],
        "extra": [_span(span) for span in one.extra],
        **({"buffers": list(one.buffers)} if any(one.buffers) else {}),
    }


def _practitioner(one: Practitioner) -> Json:
    return {**_resource(one), "rooms": _ids(one.rooms)}


def _device(one: Device) -> Json:
    return {**_resource(one), "rooms": _ids(one.rooms)}


def request_json(request: Request) -> Json:
    """What one course asks for."""
    previous = request.previous
    return {
        "sessions": [_visit(visit) for visit in request.visits],
        "gaps": [_gap(gap) for gap in request.gaps],
        "first_date": {"earliest": _date(request.earliest), "latest": _date(request.latest)},
        "finish_by": _date(request.finish_by),
        "previous": previous
        and {
            "date": _date(previous.on),
            "practitioner": previous.practitioner,
            "gap": _gap(previous.gap),
        },
        "pinned": [_pin(pin) for pin in request.pins],
        "current": None if request.current is None else [_booked(one) for one in request.current],
        "patient": _patient(request.patient),
    }


def _visit(visit: Visit) -> Json:
    claims: dict[Role, Claim] = {
        role: getattr(visit, role) for role in Role if getattr(visit, role) is not None
    }
    return {
        "duration": visit.minutes,
        "buffers": {
            role.value: [max(-claim.begin, 0), claim.end - visit.minutes] for role, claim in claims.items()
        },
        "offset": {role.value: claim.begin for role, claim in claims.items() if claim.begin > 0},
        "practitioners": _ids(visit.practitioners),
        "rooms": _ids(visit.rooms),
        "device_pools": [list(pool) for pool in visit.device_pools],
    }


def _gap(gap: Gap) -> Json:
    return _given(
        {
            "min": gap.min_days,
            "target": gap.target_days,
            "max": gap.max_days,
            "soft_min": gap.soft_min_days,
            "soft_max": gap.soft_max_days,
        }
    )


def _pin(pin: Pin) -> Json:
    return _given(
        {
            "index": pin.index,
            "start": _instant(pin.start),
            "date": _date(pin.on),
            "practitioner": pin.practitioner,
            "room": pin.room,
        }
    )


def _booked(booked: Booked | None) -> Json | None:
    if booked is None:
        return None
    place = {"start": _instant(booked.start), "practitioner": booked.practitioner, "room": booked.room}
    return _given({**place, "devices": list(booked.devices) or None})


def _patient(patient: PatientTimes) -> Json:
    wished, weekdays = patient.preferred_times, patient.preferred_weekdays
    return {
        "blackouts": [_dates(dates) for dates in patient.blackouts],
        "hours": _weekly(patient.hours),
        "busy": [_span(span) for span in patient.busy],
        "preferred_weekdays": None if weekdays is None else sorted(weekdays),
        "preferred_times": None if wished is None else [_wish(one) for one in wished],
        "preferred_practitioners": _ids(patient.preferred_practitioners),
    }


def _wish(wish: PreferredTime) -> Json:
    weekdays = None if wish.weekdays is None else sorted(wish.weekdays)
    return _given({"from": _time(wish.from_minute), "to": _time(wish.to_minute), "weekdays": weekdays})


def plan_json(found: Plan | Infeasible, tz: str) -> Json:
    """What the command `plan` prints, without what it explains."""
    if isinstance(found, Infeasible):
        return {"status": found.status, "cost": None, "bound": None, "sessions": []}
    sessions = [placement_json(visit, tz) for visit in found.visits]
    return {"status": found.status, "cost": found.cost, "bound": found.cost, "sessions": sessions}


def placement_json(visit: Placement, tz: str) -> Json:
    """One placed visit, its start with the zone's offset."""
    start = visit.start.astimezone(ZoneInfo(tz)).isoformat(timespec="minutes")
    return {
        "start": start,
        "practitioner": visit.practitioner,
        "room": visit.room,
        "devices": list(visit.devices),
    }


def report_json(report: Report) -> Json:
    """What the command `check_plan` prints; visits are counted from 0."""
    return {
        "ok": report.ok,
        "violations": [{"rule": one.rule.value, "session": one.visit} for one in report.violations],
        "cost": report.cost,
        "breakdown": {term.value: cost for term, cost in report.breakdown.items()},
    }
