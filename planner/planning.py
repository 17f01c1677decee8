"""What Rosa asks for → the planner's problem. The solving itself is `planner.engine`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from clinic import clock
from clinic.models import Indication, Location
from clinic.refusals import Refusal
from planner import diary
from planner.engine import model as engine
from planner.engine.check import check
from planner.models import Protocol
from planner.site import Area, Person, read_site

FIRST_VISIT_WITHIN_DAYS = 28  # docs/planner.md: the reach of a course is this plus its longest gaps


@dataclass(frozen=True)
class CourseRequest:
    """A course as asked for at the desk; times are local minutes of the day, dates local.

    Wishes are soft unless their `*_must` is set. `gap_target_days` and `sessions` lie inside the protocol.
    `start_by` is the last day for the first visit, firm: today for somebody who is here.
    """

    indication_id: int
    area_ids: tuple[int, ...]
    sessions: int
    gap_target_days: int
    start_from: dt.date
    numbing_minutes: int
    finish_by: dt.date | None = None
    weekdays: tuple[int, ...] = ()
    weekdays_must: bool = False
    after_minute: int | None = None
    before_minute: int | None = None
    hours_must: bool = False
    practitioner_id: int | None = None
    practitioner_must: bool = False
    start_by: dt.date | None = None

    def wishes(self) -> dict:
        """The request as JSON, kept with the course."""
        return asdict(self) | {
            "start_from": self.start_from.isoformat(),
            "finish_by": self.finish_by and self.finish_by.isoformat(),
            "start_by": self.start_by and self.start_by.isoformat(),
        }

    @classmethod
    def from_wishes(cls, wishes: dict) -> "CourseRequest":
        """Read back what `wishes` wrote."""
        finish, start_by = wishes["finish_by"], wishes.get("start_by")
        return cls(
            **wishes
            | {
                "area_ids": tuple(wishes["area_ids"]),
                "weekdays": tuple(wishes["weekdays"]),
                "start_from": dt.date.fromisoformat(wishes["start_from"]),
                "finish_by": finish and dt.date.fromisoformat(finish),
                "start_by": start_by and dt.date.fromisoformat(start_by),
            }
        )


@dataclass(frozen=True)
class Slot:
    """Where one visit goes: the patient's arrival (aware) and who, where, with what."""

    start: dt.datetime
    practitioner_id: int
    room_id: int
    device_id: int | None

    @classmethod
    def of(cls, placement: engine.Placement) -> "Slot":
        """The slot of an engine placement."""
        return cls(
            start=placement.start,
            practitioner_id=diary.key_of(placement.practitioner),
            room_id=diary.key_of(placement.room),
            device_id=diary.key_of(placement.devices[0]) if placement.devices else None,
        )

    @classmethod
    def from_json(cls, slot: dict) -> "Slot":
        """Read back a slot whose start was written in ISO format."""
        return cls(**slot | {"start": dt.datetime.fromisoformat(slot["start"])})


@dataclass(frozen=True)
class Planning:
    """One reading of the diary for one request: the problem, and the rows that its names stand for."""

    request: CourseRequest
    protocol: Protocol
    areas: tuple[Area, ...]
    practitioners: tuple[Person, ...]
    rooms: tuple
    devices: tuple
    problem: engine.Problem

    @property
    def treatment_minutes(self) -> int:
        """Minutes of treatment, numbing apart."""
        return self.protocol.treatment_minutes(len(self.areas))


def approved_protocol(indication: Indication | int) -> Protocol:
    """Return the newest approved protocol of an indication, or refuse in words."""
    protocol = (
        Protocol.objects.filter(indication=indication, approved_at__isnull=False)
        .select_related("indication")
        .order_by("-number")
        .first()
    )
    if protocol is None:
        raise Refusal(
            "protocol_missing",
            "No approved protocol for this indication.",
            "A practitioner approves one under Settings.",
            field="indication",
        )
    return protocol


def read_planning(
    patient_id: int,
    location: Location,
    request: CourseRequest,
    *,
    earliest_on: dt.date | None,
    at: dt.datetime,
    only_for: Sequence[Slot] = (),
) -> Planning:
    """Read the diary once and state the whole problem.

    `earliest_on` is the first day the screening allows; `at` is now. `only_for` reads no more than these
    slots need, and the rows themselves, to judge them. Raises Refusal when nobody or no room could ever
    treat, when a slot's person, room or device is no longer to be had, or when the request lies outside the
    protocol.
    """
    protocol, today = approved_protocol(request.indication_id), clock.local_date(at, location.time_zone)
    wanted = {"areas": request.area_ids, "patient_id": patient_id, "at": at}
    site, known = read_site(location, request.indication_id, first_date=today, **wanted)
    _check_request(request, protocol, site.areas)
    places = (site.people, site.rooms, site.devices)
    people, rooms, devices = _narrowed(*places, only_for) if only_for else places
    _refuse_nobody(location, people, rooms)
    first = _latest(request.start_from, today, earliest_on, known.rested_on)
    free = diary.read_diary(
        location,
        practitioners=people,
        rooms=rooms,
        devices=devices,
        first_date=first,
        last_date=first + _reach(request, protocol),
        not_before=at,
        judged=[slot.start for slot in only_for],
        site=site,
    )
    visit = _visit(request, people, devices, protocol.treatment_minutes(len(site.areas)))
    blackouts = diary.blackouts_of(known, protocol.gap_min_days)
    asked = engine.Problem(free, _asked(request, protocol, visit, first, known.busy, blackouts))
    return Planning(request, protocol, site.areas, tuple(people), tuple(rooms), tuple(devices), asked)


def _reach(request: CourseRequest, protocol: Protocol) -> dt.timedelta:
    """How far a course can stretch: the days for its first visit and its longest gaps."""
    return dt.timedelta(days=FIRST_VISIT_WITHIN_DAYS + protocol.gap_max_days * (request.sessions - 1))


def _latest(*days: dt.date | None) -> dt.date:
    return max(day for day in days if day)


def _asked(request: CourseRequest, protocol, visit, first: dt.date, busy, blackouts) -> engine.Request:
    gap = engine.Gap(protocol.gap_min_days, request.gap_target_days, protocol.gap_max_days)
    return engine.Request(
        visits=(visit,) * request.sessions,
        gaps=(gap,) * (request.sessions - 1),
        earliest=first,
        latest=request.start_by or first + dt.timedelta(days=FIRST_VISIT_WITHIN_DAYS),
        finish_by=request.finish_by,
        patient=patient_wishes(request, busy, blackouts),
    )


def _refuse_nobody(location: Location, people, rooms) -> None:
    if not people or not rooms:
        raise Refusal(
            "nobody_treats_here",
            f"Nobody at {location} is trained for this indication, or no room is in use.",
            "A manager can change that under Settings.",
            field="indication",
        )


def _visit(request: CourseRequest, people, devices, minutes: int) -> engine.Visit:
    visit = visit_of(people, devices, request.numbing_minutes, minutes)
    if not (request.practitioner_must and request.practitioner_id):
        return visit
    return replace(visit, practitioners=frozenset({diary.practitioner_id(request.practitioner_id)}))


def narrowed(people, rooms, devices, slots: Sequence[Slot]):
    """The rows these slots name, or None when one of them is not among those given."""
    wanted = (
        {slot.practitioner_id for slot in slots},
        {slot.room_id for slot in slots},
        {slot.device_id for slot in slots if slot.device_id is not None},
    )
    kept = [
        [one for one in rows if one.pk in ids]
        for rows, ids in zip((people, rooms, devices), wanted, strict=True)
    ]
    return None if any(len(rows) < len(ids) for rows, ids in zip(kept, wanted, strict=True)) else kept


def _narrowed(people, rooms, devices, slots: Sequence[Slot]):
    kept = narrowed(people, rooms, devices, slots)
    if kept is None:
        raise Refusal(
            "diary_changed",
            "A person, room or device of these dates is no longer to be had.",
            "Nothing was booked. Look at the new proposals.",
            stale=True,
        )
    return kept


def visit_of(people, devices, numbing: int, treatment: int) -> engine.Visit:
    """What one visit claims: patient and room from arrival, practitioner and device for the treatment.

    The own times of practitioners and the cleaning of rooms come with the diary.
    """
    stay = numbing + treatment
    return engine.Visit(
        minutes=stay,
        patient=engine.Claim(0, stay),
        room=engine.Claim(0, stay),
        practitioner=engine.Claim(numbing, stay),
        device=engine.Claim(numbing, stay),
        device_pools=_pools(people, devices),
    )


def _pools(people, devices) -> tuple[tuple[str, ...], ...]:
    """One device per visit, out of those that everybody in question is trained on, if any."""
    pool = [
        diary.device_id(device.pk) for device in devices if all(device.pk in one.devices for one in people)
    ]
    return (tuple(pool),) if pool else ()


def patient_wishes(request: CourseRequest, busy, blackouts) -> engine.PatientTimes:
    """The patient's own times: wishes that must be met are hours, the others preferences."""
    weekdays = frozenset(request.weekdays) or None
    window = (request.after_minute or 0, request.before_minute or 1440)
    has_hours = window != (0, 1440)
    must_days = weekdays if request.weekdays_must else None
    must_hours = window if request.hours_must and has_hours else (0, 1440)
    hours = None
    if must_days or must_hours != (0, 1440):
        hours = tuple(engine.WeeklyHours(day, *must_hours) for day in sorted(must_days or range(7)))
    return engine.PatientTimes(
        blackouts=blackouts,
        hours=hours,
        busy=busy,
        preferred_weekdays=weekdays,
        preferred_times=(engine.PreferredTime(*window),) if has_hours else None,
        preferred_practitioners=frozenset({diary.practitioner_id(request.practitioner_id)})
        if request.practitioner_id
        else None,
    )


def _check_request(request: CourseRequest, protocol: Protocol, areas) -> None:
    if not areas or len(areas) != len(set(request.area_ids)):
        raise Refusal("areas_missing", "Pick at least one area.", field="areas")
    if not protocol.sessions_min <= request.sessions <= protocol.sessions_max:
        raise Refusal(
            "sessions_outside_protocol",
            f"This protocol has {protocol.sessions_min} to {protocol.sessions_max} visits.",
            field="sessions",
        )
    if not protocol.gap_min_days <= request.gap_target_days <= protocol.gap_max_days:
        raise Refusal(
            "gap_outside_protocol",
            f"Gaps of this protocol run from {protocol.gap_min_days} to {protocol.gap_max_days} days.",
            field="gap_target_days",
        )


def placements_of(slots: Sequence[Slot], zone: str) -> tuple[engine.Placement, ...]:
    """Slots in the planner's words, without costs."""
    return tuple(
        engine.Placement(
            minute=engine.epoch_minute(slot.start),
            on=clock.local_date(slot.start, zone),
            practitioner=diary.practitioner_id(slot.practitioner_id),
            room=diary.room_id(slot.room_id),
            devices=() if slot.device_id is None else (diary.device_id(slot.device_id),),
            costs={},
        )
        for slot in slots
    )


def still_fit(slots: Sequence[Slot], planning: Planning) -> bool:
    """Whether the diary that was read for these slots still has them, judged by the independent checker."""
    return not lost_visits(slots, planning)


def lost_visits(slots: Sequence[Slot], planning: Planning) -> tuple[int, ...]:
    """The visits (0-based) whose slots the diary that was read no longer has, or which break a rule."""
    report = check(planning.problem, placements_of(slots, planning.problem.diary.tz))
    if report.ok:
        return ()
    alone = {one.visit for one in report.violations if one.visit is not None}
    return tuple(sorted(alone)) or tuple(range(len(slots)))
