"""Visits as an iCalendar file (RFC 5545): the clinic's zone, stable names, rising versions, cancellations."""

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from clinic.models import Location
from planner.models import Appointment, TreatmentCourse
from planner.models.diary import LIVE

AROUND = dt.timedelta(days=200)  # how much of a zone's clock changes the file tells, before and after


def visits_for_calendar(course: TreatmentCourse) -> list[tuple[Appointment, int]]:
    """One row per visit number that ever had a date, and the review: the one that counts, with its version.

    The version is the sum over all rows of the number: it rises with every change, also when a cancelled
    visit gets a new row. A number without a live row counts as cancelled at its last date.
    """
    newest: dict[int, Appointment] = {}
    versions: dict[int, int] = {}
    rows = course.appointments.filter(kind="treatment").select_related("location", "course__location")
    for row in rows.order_by("pk"):
        versions[row.number] = versions.get(row.number, -1) + row.version
        known = newest.get(row.number)
        if known is None or row.status in LIVE or known.status not in LIVE:
            newest[row.number] = row
    return [(newest[number], versions[number]) for number in sorted(newest)] + _review_for_calendar(course)


def _review_for_calendar(course: TreatmentCourse) -> list[tuple[Appointment, int]]:
    """The newest review of a course, by the same rule."""
    rows = list(course.reviews.select_related("location", "reviewed").order_by("pk"))
    if not rows:
        return []
    live = [row for row in rows if row.status in LIVE]
    return [((live or rows)[-1], sum(row.version for row in rows) + len(rows) - 1)]


def calendar_file(visits: Sequence[tuple[Appointment, int]], *, title: str, at: dt.datetime) -> bytes:
    """One event per visit. `title` is all that a calendar shows of it, {n} its number: no treatment is named.

    The UID of a visit number stays for ever and SEQUENCE rises with each change, so that a second import
    corrects the first; a visit called off is in the file as cancelled.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Needleplan//Visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for zone in sorted({visit.location.time_zone for visit, _version in visits}):
        starts = [visit.start for visit, _version in visits if visit.location.time_zone == zone]
        calendar.add_component(time_zone(zone, min(starts) - AROUND, max(starts) + AROUND))
    for visit, version in visits:
        words = title.format(n=visit.number) if visit.number else _review_title(visit.location)
        calendar.add_component(_event(visit, version, words, at))
    return calendar.to_ical()


def calendar_title(location: Location) -> str:
    """What a calendar shows of a visit, in the language of now: its number ({n}) and the clinic's name."""
    name = location.name.replace("{", "(").replace("}", ")")
    return _("Visit %(number)s, %(clinic)s") % {"number": "{n}", "clinic": name}


def _review_title(location: Location) -> str:
    return _("Review, %(clinic)s") % {"clinic": location.name}


def time_zone(name: str, first: dt.datetime, last: dt.datetime) -> Timezone:
    """The clock changes of a zone between two instants, each as an observance of its own.

    The library's own lists all changes of an observance as dates (RDATE), which some programs misread.
    """
    found, zone = Timezone(), ZoneInfo(name)
    found.add("tzid", name)
    offset = first.astimezone(zone).utcoffset()
    found.add_component(_observance(first, offset, zone))
    for change in _changes(zone, first, last):
        found.add_component(_observance(change, offset, zone))
        offset = change.astimezone(zone).utcoffset()
    return found


def _changes(zone: ZoneInfo, first: dt.datetime, last: dt.datetime) -> Iterable[dt.datetime]:
    """The instants in UTC from which another offset holds, to the minute."""
    day, minute = dt.timedelta(days=1), dt.timedelta(minutes=1)
    moment = first.astimezone(dt.UTC).replace(second=0, microsecond=0)
    while moment < last:
        low, high = moment, moment + day
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            before = low.astimezone(zone).utcoffset()
            while high - low > minute:
                middle = low + (high - low) / 2
                middle = middle.replace(second=0, microsecond=0)
                middle = max(middle, low + minute) if middle <= low else middle
                if middle.astimezone(zone).utcoffset() == before:
                    low = middle
                else:
                    high = middle
            yield high
        moment += day


def _observance(start: dt.datetime, before: dt.timedelta | None, zone: ZoneInfo):
    local = start.astimezone(zone)
    found = TimezoneDaylight() if local.dst() else TimezoneStandard()
    wall = (start.astimezone(dt.UTC) + (before or dt.timedelta())).replace(tzinfo=None, microsecond=0)
    found.add("dtstart", wall)
    found.add("rrule", {"freq": "yearly", "count": 1})
    found.add("tzoffsetfrom", before)
    found.add("tzoffsetto", local.utcoffset())
    found.add("tzname", local.tzname())
    return found


def _event(visit: Appointment, version: int, title: str, at: dt.datetime) -> Event:
    event, course = Event(), visit.course or visit.reviewed
    start, end = _moments(visit)
    event.add("uid", f"{course.booking_key}-{visit.number or 'review'}@needleplan")
    event.add("sequence", version)
    event.add("dtstamp", at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", title)
    event.add("location", _place(visit.location))
    event.add("status", "CONFIRMED" if visit.status in LIVE else "CANCELLED")
    event.add("transp", "OPAQUE" if visit.status in LIVE else "TRANSPARENT")
    event.add("class", "PRIVATE")
    if visit.location.phone:
        event.add("contact", visit.location.phone)
    return event


def _moments(visit: Appointment) -> tuple[dt.datetime, dt.datetime]:
    """Start and end by the wall clock of the place; in UTC in the hour that comes twice.

    A wall-clock time of that hour names the first (RFC 5545, 3.3.5), and some programs read the second.
    """
    zone = ZoneInfo(visit.location.time_zone)
    start, end = visit.start.astimezone(zone), visit.end.astimezone(zone)
    if _comes_twice(start) or _comes_twice(end):
        return start.astimezone(dt.UTC), end.astimezone(dt.UTC)
    return start, end


def _comes_twice(wall: dt.datetime) -> bool:
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def _place(location: Location) -> str:
    return ", ".join(part for part in (location.name, *location.address.splitlines()) if part.strip())
