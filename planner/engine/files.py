"""series-plan/1: a planning problem, a plan and a report as JSON, with the field named in every error."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from planner.engine.fields import (
    Json,
    Node,
    a_date,
    a_minute,
    a_weekday,
    an_instant,
    built,
    json_object,
    loaded,
)
from planner.engine.model import (
    EPOCH,
    LONGEST_BUFFER,
    Booked,
    Buffers,
    Claim,
    Claimed,
    DateRange,
    Device,
    Diary,
    Gap,
    PatientTimes,
    Pin,
    Placement,
    Practitioner,
    PreferredTime,
    Previous,
    Problem,
    Request,
    Role,
    Room,
    Span,
    Visit,
    WeeklyHours,
    Weights,
)


def parse_problem(text: str) -> Problem:
    """The problem in a series-plan/1 file. Unknown keys are ignored, unknown weights are an error.

    Raises FileError with the path of the field, as in `request.gaps[1].min`.
    """
    return Reader(json_object(text)).problem()


def parse_solution(text: str, problem: Problem) -> tuple[Placement, ...]:
    """The visits of a solution file, for check.check; the dates are those of the problem's zone."""
    data = loaded(text)
    entries = data.get("sessions") if isinstance(data, dict) else data
    return placements(Node("sessions", entries), problem.diary.tz)


def placements(node: Node, tz: str) -> tuple[Placement, ...]:
    """The visits of a list in a solution file."""
    zone = ZoneInfo(tz)
    found: list[Placement] = []
    for item in node.items():
        minute = an_instant(item.at("start"), zone)
        on = (EPOCH + timedelta(minutes=minute)).astimezone(zone).date()
        devices = tuple(one.text() for one in item.at("devices").items()) if item.has("devices") else ()
        found.append(
            Placement(minute, on, item.at("practitioner").text(), item.at("room").text(), devices, {})
        )
    return tuple(found)


def _ids(node: Node) -> frozenset[str]:
    return frozenset(item.text() for item in node.items())


def _weekly(node: Node) -> tuple[WeeklyHours, ...]:
    return tuple(
        WeeklyHours(
            a_weekday(item.at("weekday")),
            a_minute(item.at("from")),
            a_minute(item.at("to")),
            item.optional("valid_from", a_date),
            item.optional("valid_to", a_date),
        )
        for item in node.items()
    )


def _date_range(node: Node) -> DateRange:
    """A range of dates, both ends included: {"first_date", "last_date"}, {"from", "to"} or a pair."""
    keys = ("first_date", "last_date") if node.has("first_date") else ("from", "to")
    ends = node.items() if isinstance(node.value, list) else [node.at(key) for key in keys]
    if len(ends) != 2:
        raise node.fail("must be a pair of dates")
    first, last = a_date(ends[0]), a_date(ends[1])
    if first > last:
        raise node.fail("must not end before it begins")
    return first, last


def _gap(node: Node) -> Gap:
    return built(
        node,
        lambda: Gap(
            node.at("min").whole(),
            node.at("target").whole(),
            node.optional("max", Node.whole),
            node.optional("soft_min", Node.whole),
            node.optional("soft_max", Node.whole),
        ),
    )


def _wish(node: Node) -> PreferredTime:
    weekdays = (
        frozenset(a_weekday(item) for item in node.at("weekdays").items()) if node.has("weekdays") else None
    )
    return PreferredTime(a_minute(node.at("from")), a_minute(node.at("to")), weekdays)


def _visit(node: Node) -> Visit:
    minutes = node.at("duration").whole()
    claims = {role: _claim(node, role, minutes) for role in Role}
    return built(
        node,
        lambda: Visit(
            minutes,
            claims[Role.PATIENT],
            claims[Role.PRACTITIONER],
            claims[Role.ROOM],
            claims[Role.DEVICE],
            node.optional("practitioners", _ids),
            node.optional("rooms", _ids),
            node.many("device_pools", lambda pool: tuple(one.text() for one in pool.items())),
        ),
    )


def _claim(node: Node, role: Role, minutes: int) -> Claim | None:
    """[start + offset - before, start + duration + after) of a role; None when nothing is said about it."""
    buffers, offsets = node.at("buffers"), node.at("offset")
    if not buffers.has(role) and not offsets.has(role):
        return None
    pair = _pair(buffers.at(role)) if buffers.has(role) else (0, 0)
    offset = offsets.at(role).whole() if offsets.has(role) else 0
    return Claim(offset - pair[0], minutes + pair[1])


def _buffers(resource: Node) -> Buffers:
    """A practitioner's, room's or device's own."""
    node = resource.at("buffers")
    if not resource.has("buffers"):
        return (0, 0)
    pair = _pair(node)
    if not all(0 <= minutes <= LONGEST_BUFFER for minutes in pair):
        raise node.fail(f"must be from 0 to {LONGEST_BUFFER} minutes")
    return pair


def _pair(node: Node) -> Buffers:
    pair = [one.whole() for one in node.items()]
    if len(pair) != 2:
        raise node.fail("must be a pair: minutes before, minutes after")
    return pair[0], pair[1]


class Reader:
    """Reads one problem; instants need its zone."""

    def __init__(self, data: Mapping[str, Json]) -> None:
        self.root = Node("", data)
        zone = self.root.at("tz")
        name = zone.text()
        try:
            self.zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise zone.fail("is not a known time zone") from None

    def problem(self) -> Problem:
        return Problem(self.diary(), self.request(self.root.at("request")), self.weights())

    def instant(self, node: Node) -> int:
        return an_instant(node, self.zone)

    def span(self, node: Node) -> Span:
        begin, end = self.instant(node.at("from")), self.instant(node.at("to"))
        if begin > end:
            raise node.fail("must not end before it begins")
        return begin, end

    def diary(self) -> Diary:
        root, clinic = self.root, self.root.at("clinic")
        if not root.has("clinic"):
            clinic = Node("clinic", {})
        practitioners = root.many("practitioners", self.practitioner)
        rooms, devices = root.many("rooms", self.room), root.many("devices", self.device)
        known = {one.id for kind in (practitioners, rooms, devices) for one in kind}
        return built(
            root,
            lambda: Diary(
                tz=root.at("tz").text(),
                first_date=a_date(root.at("horizon").at("first_date")),
                last_date=a_date(root.at("horizon").at("last_date")),
                practitioners=practitioners,
                rooms=rooms,
                devices=devices,
                busy=[self.busy(item, known) for item in root.at("busy").items()] if root.has("busy") else [],
                opening_hours=clinic.optional("opening_hours", _weekly),
                closures=clinic.many("closures", _date_range),
                not_before=root.optional("not_before", self.instant),
                grid_minutes=root.at("grid_minutes").whole() if root.has("grid_minutes") else 15,
            ),
        )

    def busy(self, node: Node, known: set[str]) -> Claimed:
        resource = node.at("resource")
        if resource.text() not in known:
            raise resource.fail("is not a practitioner, room or device of the file")
        return (resource.text(), *self.span(node))

    def practitioner(self, node: Node) -> Practitioner:
        times = (
            node.optional("hours", _weekly),
            node.many("absences", self.span),
            node.many("extra", self.span),
        )
        return Practitioner(node.at("id").text(), *times, node.optional("rooms", _ids), _buffers(node))

    def room(self, node: Node) -> Room:
        times = (
            node.optional("hours", _weekly),
            node.many("absences", self.span),
            node.many("extra", self.span),
        )
        return Room(node.at("id").text(), *times, _buffers(node))

    def device(self, node: Node) -> Device:
        times = (
            node.optional("hours", _weekly),
            node.many("absences", self.span),
            node.many("extra", self.span),
        )
        return Device(node.at("id").text(), *times, node.optional("rooms", _ids), _buffers(node))

    def request(self, node: Node) -> Request:
        first = node.at("first_date")
        return built(
            node,
            lambda: Request(
                visits=tuple(_visit(item) for item in node.at("sessions").items()),
                gaps=node.many("gaps", _gap),
                earliest=a_date(first.at("earliest")),
                latest=first.optional("latest", a_date),
                finish_by=node.optional("finish_by", a_date),
                previous=node.optional("previous", self.previous),
                pins=node.many("pinned", self.pin),
                current=self.current(node),
                patient=self.patient(node.at("patient")) if node.has("patient") else PatientTimes(),
            ),
        )

    def previous(self, node: Node) -> Previous:
        return Previous(
            a_date(node.at("date")), _gap(node.at("gap")), node.optional("practitioner", Node.text)
        )

    def pin(self, node: Node) -> Pin:
        return Pin(
            node.at("index").whole(),
            node.optional("start", self.instant),
            node.optional("date", a_date),
            node.optional("practitioner", Node.text),
            node.optional("room", Node.text),
        )

    def current(self, node: Node) -> tuple[Booked | None, ...] | None:
        if not node.has("current"):
            return None
        return tuple(self.booked(item) for item in node.at("current").items())

    def booked(self, node: Node) -> Booked | None:
        if node.value is None:
            return None
        start = self.instant(node.at("start"))
        who, where = node.optional("practitioner", Node.text), node.optional("room", Node.text)
        return Booked(start, who, where, node.many("devices", Node.text))

    def patient(self, node: Node) -> PatientTimes:
        return PatientTimes(
            blackouts=node.many("blackouts", _date_range),
            hours=node.optional("hours", _weekly),
            busy=node.many("busy", self.span),
            preferred_weekdays=node.optional(
                "preferred_weekdays", lambda days: frozenset(a_weekday(item) for item in days.items())
            ),
            preferred_times=node.optional(
                "preferred_times", lambda wishes: tuple(_wish(item) for item in wishes.items())
            ),
            preferred_practitioners=node.optional("preferred_practitioners", _ids),
        )

    def weights(self, *others: str) -> Weights:
        """The weights; `others` are names that belong to somebody else."""
        node = self.root.at("weights")
        given = node.value if node.value is not None else {}
        if not isinstance(given, dict):
            raise node.fail("must be an object")
        given = {name: value for name, value in given.items() if name not in others}
        known = {item.name for item in fields(Weights)}
        for name in given:
            if name not in known:
                raise node.at(name).fail("is not a known weight")
        values: dict[str, Any] = {
            name: None if value is None and name == "time_of_day_cap" else node.at(name).whole()
            for name, value in given.items()
        }
        return built(node, lambda: Weights(**values))
