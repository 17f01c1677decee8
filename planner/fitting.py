"""Whether slots are still to be had, judged under the locks by the independent checker."""

import datetime as dt
from collections.abc import Iterable, Sequence
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
    _judge(engine.Problem(free, request), slots)


def _judge(problem: engine.Problem, slots: Sequence[Slot]) -> None:
    checker = Checker(problem)
    for index, placement in enumerate(placements_of(slots, problem.diary.tz)):
        broken = set(checker.broken_alone(index, placement))
        if broken:
            raise _refusal(broken, placement.on, clock.local(placement.start, problem.diary.tz))


def _refusal(broken: set[Broken], on: dt.date, wall: dt.datetime) -> Refusal:
    when = f"{day_date(on)}, {wall:%H:%M}"
    if Broken.NOT_BEFORE in broken:
        return Refusal("too_late", f"{when} is over. Nothing was changed.", stale=True)
    return Refusal("just_taken", f"{when} was just taken. Nothing was changed.", stale=True)
