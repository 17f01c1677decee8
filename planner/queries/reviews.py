"""The review after a course: from which day it is due, free times for it, and the one that is booked."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from clinic import clock
from clinic.models import Location
from planner.models import Appointment, TreatmentCourse
from planner.models.diary import LIVE, AppointmentStatus
from planner.queries.gaps import OpenGap, free_stretches
from planner.site import Site, read_site

OVER = (TreatmentCourse.Status.COMPLETED, TreatmentCourse.Status.STOPPED)
MINUTES = 30  # a talk, photos and scores; nothing is treated
LOOKED_AT_DAYS = 28
OF_A_DAY, AT_MOST = 3, 12
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class ReviewTime:
    """A free time for a review, with all that it claims."""

    start: dt.datetime
    gap: OpenGap

    @property
    def end(self) -> dt.datetime:
        """When the patient leaves."""
        return self.start + MINUTES * MINUTE

    @property
    def key(self) -> str:
        """Its value in a form."""
        return f"{self.start.isoformat()}|{self.gap.person.pk}|{self.gap.room.pk}"


def due_on(course: TreatmentCourse) -> dt.date | None:
    """The first day for the review, 90 days after the last visit (clinical-facts 6.5); None without one."""
    held = course.appointments.filter(status=AppointmentStatus.FULFILLED).order_by("-on").first()
    return held.on + dt.timedelta(days=course.protocol.review_after_days) if held else None


def review_of(course: TreatmentCourse) -> Appointment | None:
    """The review of a course that is booked or was held."""
    rows = course.reviews.filter(status__in=LIVE).select_related("practitioner", "room", "location", "review")
    return rows.order_by("-start").first()


def review_rows(location: Location) -> QuerySet[Appointment]:
    """Reviews at one location."""
    rows = Appointment.objects.filter(location=location, kind=Appointment.Kind.REVIEW)
    return rows.select_related(
        "patient", "location", "practitioner", "room", "reviewed__indication", "review__practitioner"
    )


def review_times(course: TreatmentCourse, at: dt.datetime, since: dt.date | None = None) -> list[ReviewTime]:
    """Free times for the review, a few of each day, from the day it is due or `since` on."""
    first = due_on(course)
    if first is None:
        return []
    zone = course.location.time_zone
    day = max(first, clock.local_date(at, zone), since or first)
    site, _ = read_site(course.location, course.indication_id, first_date=day)
    found: list[ReviewTime] = []
    for ahead in range(LOOKED_AT_DAYS):
        found += list(times_of_day(course, site, day + dt.timedelta(days=ahead), at))[:OF_A_DAY]
        if len(found) >= AT_MOST:
            break
    return found[:AT_MOST]


def times_of_day(course: TreatmentCourse, site: Site, day: dt.date, at: dt.datetime) -> Iterator[ReviewTime]:
    """The free times of one local day on which the patient is not elsewhere."""
    location: Location = course.location
    busy = Appointment.objects.filter(patient=course.patient_id, on=day, status__in=LIVE)
    taken = list(busy.values_list("start", "end"))
    for gap in free_stretches(location, site, day, at, MINUTES):
        start = _on_grid(gap.start + gap.person.before_minutes * MINUTE, location.grid_minutes)
        after = max(gap.person.after_minutes, gap.room.turnover_minutes)
        while start + (MINUTES + after) * MINUTE <= gap.end:
            end = start + MINUTES * MINUTE
            if not any(begin < end and start < until for begin, until in taken):
                yield ReviewTime(start, gap)
            start += MINUTES * MINUTE


def _on_grid(moment: dt.datetime, minutes: int) -> dt.datetime:
    return moment + (-moment.minute % minutes) * MINUTE
