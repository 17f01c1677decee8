"""What needs attention at a location, most urgent first (the order of the interface guide)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from clinic import clock
from clinic.models import Location
from clinic.words import day_date, gap_words
from patients.contact import way_to
from patients.queries import unfinished_rows
from planner.models import Appointment, CourseChange, PatientNotice
from planner.queries.affected import lost_visits
from planner.queries.decisions import reviews_due, undone_decisions
from planner.queries.drifting import Late, Short, left_by_changes
from planner.queries.events import visits_too_early, waiting_events
from planner.queries.merging import proposed_pairs
from planner.queries.messages import stuck_since, undelivered
from planner.queries.midcourse import affected_of, ended_by_themselves, held_courses, waiting_patients
from planner.queries.notices import open_notices
from planner.queries.photos import asked_photos
from planner.queries.today import Row
from planner.queries.waiting import lists_with_rows

AT_MOST = 8
ENOUGH = 50  # messages counted
LOSING = {"away", "closed", "nobody", "no_room", "no_device"}
NAMES = ("patient__given_name", "patient__family_name")
TOLD = (
    *NAMES,
    "kind",
    "urgency",
    "told",
    "words",
    "at",
    "about_start",
    "appointment__number",
    "appointment__course",
)
NAMED = 3  # patients named in one item; the rest are counted
BLOCKED = {
    "decision": ("question-diamond", "needs a decision"),
    "unsuitable": ("slash-circle", "may not be treated"),
    "deferred": ("hourglass-split", "is deferred"),
}


@dataclass(frozen=True)
class Item:
    """One thing to do: what, why, and the one action. `url` is where the name leads, if it is a name."""

    state: str
    icon: str
    name: str
    url: str
    what: str
    why: str
    action: str
    action_url: str
    permission: str = ""


def attention_items(
    location: Location,
    rows: Sequence[Row],
    day: dt.date,
    now: dt.datetime | None = None,
    waits: set[str] | None = None,
) -> list[Item]:
    """What patients told, what blocks a visit today, courses without dates, missing screens, late gaps.

    `waits` are the lists that may have rows, if that was asked already.
    """
    open_rows = [row for row in rows if not row.is_done]
    now = now or clock.now()
    waits = lists_with_rows(location, day, now) if waits is None else waits
    told = list(_notices(location)) if "told" in waits else []
    called_off = {one.appointment.course_id for one in told if one.kind == PatientNotice.Kind.CANCELLED}
    short, late = left_by_changes(location, day, AT_MOST + len(called_off))
    rest = [
        *(_blocked(row) for state in BLOCKED for row in open_rows if row.safety == state),
        *(_ended(location, day) if "ended" in waits else ()),
        *_held_by_screen(location, rows),
        *(_unfinished(location) if "unfinished" in waits else ()),
        *(_may_go_on(location) if "on_hold" in waits else ()),
        *(_stuck(location, now) if "unsent" in waits else ()),
        *(_undelivered(location) if "undelivered" in waits else ()),
        *(_lost(_named_visits(lost_visits(location, now)), location) if waits & LOSING else ()),
        *(_undated(one) for one in short if one.course.pk not in called_off),
        *(_events(location, day) if "reactions" in waits else ()),
        *(_too_early(location) if "rests" in waits else ()),
        *(_decisions(location, day) if "decided" in waits else ()),
        *_reviews(location, day),
        *(_photos_to_delete(location) if "photos" in waits else ()),
        *(_said_twice() if "twice" in waits else ()),
        *_unscreened([row for row in open_rows if row.safety == "missing"], location),
        *(_drifting(one) for one in late if one.course.pk not in called_off),
    ]
    return [
        *(_told(one, location.time_zone) for one in told),
        *rest[: max(AT_MOST - len(told), 0)],
    ]  # what a patient told is never left out


def _notices(location: Location) -> QuerySet[PatientNotice]:
    rows = open_notices(location).select_related(None).select_related("patient", "appointment")
    return rows.only(*TOLD)


def _told(notice: PatientNotice, zone: str) -> Item:
    """Something a patient told; the words of a problem stay on its page."""
    visit = notice.appointment
    at = clock.local(notice.at, zone)
    since = f"{day_date(at.date(), year=False)}, {at:%H:%M}"
    if notice.kind == PatientNotice.Kind.PROBLEM:
        what = f"reports a problem: {notice.get_urgency_display()}"
        why, action = f"{since}. The page said: {notice.told[0]}", "Open report"
        state = "unsuitable" if notice.urgency in ("now", "today") else "deferred"
        icon = "exclamation-triangle"
    elif notice.kind == PatientNotice.Kind.CONSENT:
        what, why = "took the consent back", f"{since}. {consent_words(notice)}"
        action, state, icon = "Open", "unsuitable", "stop-circle"
    else:
        start = clock.local(notice.about_start, zone)
        named = f"Visit {visit.number}" if visit.number else "The review"
        about = f"{named}, {day_date(start.date(), year=False)}, {clock.said_of(start)}."
        words = f" “{shortened(notice.words)}”" if notice.words else ""
        why, action, state = f"{about}{words}", "Open", "hold"
        moves = notice.kind == PatientNotice.Kind.MOVE
        icon, what = (
            ("calendar2-range", "asks for another date") if moves else ("x-circle", "cancelled a visit")
        )
    url = reverse("patient_detail", args=[notice.patient_id])
    page = reverse("notice_detail", args=[notice.pk])
    return Item(state, icon, str(notice.patient), url, what, why, action, page, permission="notice_detail")


def consent_words(notice: PatientNotice) -> str:
    """Which consent a patient took back on the own page, and what that stopped."""
    indication, courses, visits = notice.told
    if not courses:
        return f"{indication}. No course was running."
    freed = f", {visits} booked visit{'' if visits == 1 else 's'} cancelled" if visits else ""
    return f"{indication}. {'The course is' if courses == 1 else f'{courses} courses are'} stopped{freed}."


def shortened(words: str, most: int = 120) -> str:
    """The beginning of what somebody wrote, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _held_by_screen(location: Location, rows: Sequence[Row]) -> Iterable[Item]:
    """Later visits that a screening does not allow as booked."""
    said = {row.appointment.patient_id for row in rows if row.safety in BLOCKED}
    for one in affected_of(waiting_patients(location) - said, location, clock.now()):
        patient, number = one.course.patient, len(one.visits)
        words = f"has {number} {'visit' if number == 1 else 'visits'} that cannot go ahead"
        url, hold = (reverse(name, args=[patient.pk]) for name in ("patient_detail", "patient_hold"))
        yield Item(
            "hold", "pause-circle", str(patient), url, words, one.reason + ".", "Hold the visits", hold
        )


def _may_go_on(location: Location) -> Iterable[Item]:
    """Courses on hold that the newest screening allows again."""
    for course in held_courses(None, location, clock.now()):
        url, resume = reverse("course_detail", args=[course.pk]), reverse("course_resume", args=[course.pk])
        why = f"{course.status_reason}. The newest screening allows it again."
        yield Item("cleared", "play-circle", str(course.patient), url, "may go on", why, "Resume", resume)


def _ended(location: Location, day: dt.date) -> Iterable[Item]:
    """Courses that stopped or wait since yesterday without anybody's press: the patient has to be told."""
    yesterday = clock.instant(day - dt.timedelta(days=1), dt.time(), location.time_zone)
    for change in ended_by_themselves(location, yesterday):
        if change.by_id is None and change.kind == CourseChange.Kind.STOPPED:
            continue  # the patient did it on the own page, which is told by its notice
        course, freed = change.course, len(change.after["visits"])
        stopped = change.kind == CourseChange.Kind.STOPPED
        what = "withdrew the consent: the course is stopped" if stopped else "has a course on hold"
        visits = f" {freed} booked visit{' is' if freed == 1 else 's are'} cancelled." if freed else ""
        tell = "A message tells them." if way_to(course.patient) else "No message goes to them: call them."
        after = "" if stopped else " Offer a new consultation when the screening allows it again."
        url = reverse("course_detail", args=[course.pk])
        why = f"{change.reason}.{visits} {tell}{after}"
        state, icon = ("unsuitable", "stop-circle") if stopped else ("hold", "pause-circle")
        yield Item(state, icon, str(course.patient), url, what, why, "Open course", url)


def _unfinished(location: Location) -> Iterable[Item]:
    """Screens that staff began and did not finish; they count as none."""
    for row in unfinished_rows().filter(patient__location=location).order_by("saved_at"):
        url = reverse("patient_detail", args=[row.patient_id])
        at = clock.local(row.saved_at, location.time_zone)
        since = f"{row.saved_by}, {day_date(row.saved_on, year=False)}, {at:%H:%M}"
        why = f"{since}: {row.answered} of {row.total} answered."
        what = "has a screen that is not finished"
        yield Item("hold", "hourglass-split", str(row.patient), url, what, why, "Go on", f"{url}#screens")


def _said_twice() -> Iterable[Item]:
    """Pairs of files of which a colleague said that they are one person's; who may merge sees them."""
    for note in proposed_pairs():
        page = f"{reverse('patient_merge', args=[note.first_id])}?with={note.second_id}"
        yield Item(
            "hold",
            "people",
            str(note.first),
            reverse("patient_detail", args=[note.first_id]),
            f"has a second file, {note.second.record_number}",
            f"{note.by} says that {note.second} is the same person. Nothing is merged yet.",
            "Compare",
            page,
            permission="patient_merge",
        )


def _decisions(location: Location, day: dt.date) -> Iterable[Item]:
    """What was decided at a signature and is not done yet."""
    pages = {"extend": "course_extend", "stop": "course_stop", "gap": "course_replan"}
    for session in undone_decisions(location, day):
        course_id = session.appointment.course_id
        url = reverse("course_detail", args=[course_id])
        said = session.get_decision_display().lower()
        why = f"{session.practitioner}, visit {session.appointment.number}: {said}."
        action = ("Open the change", reverse(pages[session.decision], args=[course_id]))
        yield Item(
            "hold", "signpost-split", str(session.patient), url, "has a course to change", why, *action
        )


def _reviews(location: Location, day: dt.date) -> Iterable[Item]:
    """Reviews that are due."""
    for course, last_on in reviews_due(location, day):
        url = reverse("course_detail", args=[course.pk])
        why = f"Last visit {day_date(last_on)}. No review is booked."
        action = ("Plan the review", reverse("course_review", args=[course.pk]), "course_review")
        yield Item("hold", "clipboard-data", str(course.patient), url, "is due for the review", why, *action)


def _events(location: Location, day: dt.date) -> Iterable[Item]:
    """Reactions to assess or to look at again."""
    for event in waiting_events(location, day):
        url = reverse("patient_detail", args=[event.patient_id])
        since = day_date(event.onset_on, year=False, weekday=False)
        if not event.code:
            what, why = (
                "has a reaction to assess",
                f"Reported since {since}. The area is not treated until then.",
            )
        elif event.kind.window_days and event.holds_from <= day:
            what, why = "has a reaction past its window", f"Since {since}."
        else:
            what, why = "has a reaction to look at", f"Since {since}."
        action = ("Open reaction", reverse("event_detail", args=[event.pk]), "event_detail")
        yield Item("unsuitable", "bandaid", str(event.patient), url, what, why, *action)


def _too_early(location: Location) -> Iterable[Item]:
    """Visits before the rest that a reaction asks for."""
    for visit, until in visits_too_early(location):
        url = reverse("course_detail", args=[visit.course_id])
        what = "has a visit before the end of a rest"
        why = f"Visit {visit.number} on {day_date(visit.on, year=False)}; not before {day_date(until)}."
        yield Item("hold", "bandaid", str(visit.patient), url, what, why, "Open course", url)


def _photos_to_delete(location: Location) -> Iterable[Item]:
    """Photos that a second person has to delete; only people who may are told."""
    for photo in asked_photos(location).select_related(None).select_related("patient", "delete_asked_by"):
        url = reverse("patient_detail", args=[photo.patient_id])
        why = f"{photo.delete_asked_by} asks; a second person deletes it."
        action = ("Photos to delete", reverse("photo_removals"), "photo_removals")
        yield Item("hold", "trash3", str(photo.patient), url, "has a photo to delete", why, *action)


def _blocked(row: Row) -> Item:
    patient, (icon, what) = row.appointment.patient, BLOCKED[row.safety]
    url = reverse("patient_detail", args=[patient.pk])
    result = reverse("screening_detail", args=[row.screening_id])
    return Item(row.safety, icon, str(patient), url, what, row.safety_words, "See the screening", result)


def _stuck(location: Location, at: dt.datetime) -> list[Item]:
    """Nothing leaves any more: patients are told nothing until somebody looks after the server."""
    since = stuck_since(location, at)
    if since is None:
        return []
    local = clock.local(since, location.time_zone)
    why = f"Since {day_date(local.date(), year=False)}, {local:%H:%M}. Tell whoever looks after the server."
    words = ("are not being sent", why, "Show them", reverse("message_failures"))
    return [Item("unsuitable", "envelope-slash", "Messages", "", *words)]


def _undelivered(location: Location) -> list[Item]:
    """Messages that reached nobody: each by its patient's name, many in one item."""
    found = undelivered(location, most=ENOUGH)
    if len(found) > NAMED:
        names = ", ".join(dict.fromkeys(str(patient) for _message, patient in found[:NAMED]))
        many = f"{ENOUGH - 1} or more" if len(found) == ENOUGH else len(found)
        words = ("could not be delivered", f"{names} and others.", "Show them", reverse("message_failures"))
        return [Item("unsuitable", "envelope-exclamation", f"{many} messages", "", *words)]
    items = []
    for message, patient in found:
        what = f"did not get a message: {message.get_kind_display().lower()}"
        why = f"{message.failed_because[:1].upper()}{message.failed_because[1:]}."
        url, page = reverse("patient_detail", args=[patient.pk]), reverse("message_detail", args=[message.pk])
        action = ("Open message", page, "message_detail")
        items.append(Item("unsuitable", "envelope-exclamation", str(patient), url, what, why, *action))
    return items


def _named_visits(visits: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Their day and whose they are: all that an item says."""
    return visits.select_related(None).select_related("patient").only("on", "start", *NAMES)


def _lost(lost: Iterable[Appointment], location: Location) -> list[Item]:
    """Visits that cannot be where they are booked: nobody there, or a closed day."""
    lost = list(lost)
    if not lost:
        return []
    names = list(dict.fromkeys(str(visit.patient) for visit in lost))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    why = f"{', '.join(names[:NAMED])}{more}, from {day_date(lost[0].on, year=False)} on."
    name = "1 visit" if len(lost) == 1 else f"{len(lost)} visits"
    words = ("lost its place" if len(lost) == 1 else "lost their places", why, "See the repair")
    return [Item("hold", "tools", name, "", *words, reverse("diary_repair"))]


def _undated(short: Short) -> Item:
    course = short.course
    url = reverse("course_detail", args=[course.pk])
    why = undated_words(course.sessions - short.held, course.sessions)
    words = ("needs new dates", why, "Find new dates", _replan(course.pk))
    return Item("hold", "calendar-x", str(course.patient), url, *words)


def _replan(course_id: int) -> str:
    return reverse("course_replan", args=[course_id])


def undated_words(missing: int, sessions: int) -> str:
    """Say how many visits of a course have no date."""
    return f"{missing} of {sessions} visits {'has' if missing == 1 else 'have'} no date."


def _unscreened(rows: Sequence[Row], location: Location) -> list[Item]:
    """Nobody, one visit by name, or all of them in one item."""
    if not rows:
        return []
    if len(rows) == 1:
        patient = rows[0].appointment.patient
        url = reverse("patient_detail", args=[patient.pk])
        screen = reverse("screening_create", args=[patient.pk])
        words = ("is not screened yet", rows[0].safety_words, "Screen now", screen)
        return [Item("missing", "clipboard", str(patient), url, *words, permission="screening_create")]
    show = f"{reverse('today')}?show=unscreened"
    words = ("are not screened yet", _named(rows, location.time_zone), "Show them", show)
    return [Item("missing", "clipboard", f"{len(rows)} visits", "", *words)]


def _named(rows: Sequence[Row], zone: str) -> str:
    named = [f"{row.appointment.patient} {clock.said(row.appointment.start, zone)}" for row in rows[:NAMED]]
    more = len(rows) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _drifting(late: Late) -> Item:
    course, visit = late.course, late.visit
    url = reverse("course_detail", args=[course.pk])
    gap = gap_words((visit.on - late.before_on).days)
    why = (
        f"Visit {visit.number} on {day_date(visit.on, year=False)} is {gap} after the one before. "
        f"The window ends at {gap_words(course.gap_max_days)}."
    )
    words = ("is drifting out of window", why, "Find new dates", _replan(course.pk))
    return Item("hold", "arrows-expand-vertical", str(course.patient), url, *words)
