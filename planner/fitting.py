"""Whether slots are still to be had, judged under the locks by the independent checker."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from clinic import clock
from clinic.models import Device, Practitioner, Room
from clinic.refusals import Refusal
from clinic.words import day_date
from planner import diary
from planner.engine import model as engine
from planner.engine.check import Broken, Checker
from planner.models import TreatmentCourse
from planner.planning import Slot, narrowed, placements_of, visit_of
from planner.site import Site

JUST_TAKEN = Refusal(
    "just_taken",
    "A person, room or device of these dates is no longer to be had. Nothing was changed.",
    stale=True,
)

NOT_FREE = {Broken.PRACTITIONER_BUSY, Broken.ROOM_BUSY, Broken.DEVICE_BUSY}


class Places(NamedTuple):
    """Rows with all they bring to the diary."""

    people: Sequence[Practitioner] = ()
    rooms: Sequence[Room] = ()
    devices: Sequence[Device] = ()
    site: Site | None = None  # where they were read from

    def named(self) -> dict:
        """As a reading of the diary takes them."""
        named = {"practitioners": self.people, "rooms": self.rooms, "devices": self.devices}
        return named | {"site": self.site}


def people_and_places(course: TreatmentCourse, slots: Sequence[Slot]) -> Places:
    """The rows these slots name: practitioners, rooms and devices; refuses when one is no longer in use."""
    site = diary.site_of(course.location, course.indication_id)
    found = narrowed(site.people, site.rooms, site.devices, slots)
    if found is None:
        raise JUST_TAKEN.copy()
    return Places(*found, site)


def refuse_what_does_not_fit(
    course: TreatmentCourse,
    slots: Sequence[Slot],
    places: Places,
    *,
    earliest_on: dt.date | None,
    without: Iterable[int],
    at: dt.datetime,
) -> None:
    """Refuse slots that hours, time off, closures, other claims or the screening do not allow.

    `without` are the visits that leave their places in the same transaction. The gaps inside the course are
    the database's to refuse.
    """
    zone = course.location.time_zone
    slots = sorted(slots, key=lambda slot: slot.start)
    dates = [clock.local_date(slot.start, zone) for slot in slots]
    if earliest_on and dates[0] < earliest_on:
        raise Refusal("deferred", f"Visits may be from {day_date(earliest_on)} on.")
    busy, _ = diary.patient_times(
        course.patient_id, areas=[], gap_min_days=course.gap_min_days, since=at, without=without
    )
    visit = visit_of(places.people, places.devices, course.numbing_minutes, course.treatment_minutes)
    request = engine.Request(
        visits=(visit,) * len(slots),
        gaps=(engine.Gap(2, 2),) * (len(slots) - 1),
        earliest=dates[0],
        patient=engine.PatientTimes(busy=busy),
    )
    free = diary.read_diary(
        course.location,
        **places.named(),
        first_date=dates[0],
        last_date=dates[-1],
        not_before=at,
        without=without,
        judged=[slot.start for slot in slots],
    )
    _judge(course, engine.Problem(free, request), slots)


def _judge(course: TreatmentCourse, problem: engine.Problem, slots: Sequence[Slot]) -> None:
    checker = Checker(problem)
    for index, placement in enumerate(placements_of(slots, problem.diary.tz)):
        if broken := set(checker.broken_alone(index, placement)):
            # What stays broken in an empty diary was not taken by a visit: it is closed, away or out of use.
            empty = Checker(replace(problem, diary=replace(problem.diary, busy=())))
            away = broken & NOT_FREE & set(empty.broken_alone(index, placement))
            raise _refusal(course, problem.diary, placement, over=Broken.NOT_BEFORE in broken, away=away)


def _refusal(
    course: TreatmentCourse, free: engine.Diary, placement: engine.Placement, *, over: bool, away: set[Broken]
) -> Refusal:
    on, wall = placement.on, clock.local(placement.start, free.tz)
    when = f"{day_date(on)}, {clock.said_of(wall)}"
    if over:
        return _gone("too_late", f"{when} is over.")
    if not away:
        return _gone("just_taken", f"{when} was just taken.")
    if any(first <= on <= last for first, last in free.closures):
        return _gone("closed_since", f"{course.location} is closed on {day_date(on)} now.")
    return _gone("away_since", f"{when} is no longer free: a person is away, or a room or device out of use.")


def _gone(code: str, sentence: str) -> Refusal:
    return Refusal(code, f"{sentence} Nothing was changed.", stale=True)
