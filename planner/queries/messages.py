"""Messages to patients as the staff's pages list them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, F, Q, QuerySet, When, Window

from clinic import clock
from clinic.models import Channel, Location, OutboxMessage
from clinic.models.outbox import NOT_REACHED, WAITING
from clinic.words import day_date
from patients.contact import Way, masked, way_to
from patients.models import Patient
from planner.engine.message_versions import day_of_day, day_of_start
from planner.models import TreatmentCourse

LATE = dt.timedelta(minutes=15)  # a worker looks every few seconds
STUCK, LATELY = dt.timedelta(hours=1), dt.timedelta(days=7)
MOST = 100  # listed
ON_CARD = 6  # on the patient's page; the others have a page of their own
OF_COURSE = (OutboxMessage.Kind.COURSE_BOOKED, OutboxMessage.Kind.COURSE_CHANGED)
OF_VISIT = (OutboxMessage.Kind.PREPARATION, OutboxMessage.Kind.REMINDER)
LOOKS = {
    "waiting": ("planned", "hourglass"),
    "sent": ("cleared", "check-lg"),
    "failed": ("unsuitable", "exclamation-triangle"),
    "dropped": ("missing", "slash-circle"),
}


@dataclass(frozen=True)
class Row:
    """One message: `state` is waiting, sent, failed or dropped, `words` says it with its time and reason."""

    message: OutboxMessage
    state: str
    words: str
    by: str
    about: str = ""

    @property
    def title(self) -> str:
        """What it is, and of which visit: those of one patient look alike."""
        name = self.message.get_kind_display()
        return f"{name} for {self.about}" if self.about else name

    @property
    def look(self) -> str:
        """The colours."""
        return LOOKS[self.state][0]

    @property
    def icon(self) -> str:
        """The sign."""
        return LOOKS[self.state][1]


@dataclass(frozen=True)
class News:
    """What becomes of telling the patient about a change: a message that leaves, or a call to make."""

    is_sent: bool
    title: str
    why: str


def news_for(patient: Patient) -> News:
    """How a patient hears of a change of dates: by the way they chose, or by a call from the desk."""
    if way := way_to(patient):
        by = Channel(way.channel).label.lower()
        leaves = "It leaves after ten minutes and lists the dates as they are then."
        return News(True, f"{patient.called} gets one {by}", leaves)
    return News(False, f"Call {patient.called}", f"{way.why_not[:1].upper()}{way.why_not[1:]}.")


def message_rows() -> QuerySet[OutboxMessage]:
    """Messages with what their pages show."""
    return OutboxMessage.objects.select_related("location", "asked_by", "closed_by")


def messages_of(patient: Patient, most: int | None = None) -> list[Row]:
    """What waits, the next one first; then what is over, the newest first. Each knows the `total`."""
    way = way_to(patient)
    waits = Case(When(WAITING, then=F("due_at")))
    rows = message_rows().filter(patient_id=patient.pk).annotate(total=Window(Count("*")))
    ordered = rows.order_by(waits.asc(nulls_last=True), "-due_at", "-pk")[:most]
    return [row_of(message, way) for message in ordered]


def messages_of_course(course: TreatmentCourse) -> list[OutboxMessage]:
    """What was written about a course and its visits; one query."""
    visits = course.appointments.values("pk")
    about = Q(kind__in=OF_COURSE, subject_id=course.pk) | Q(kind__in=OF_VISIT, subject_id__in=visits)
    return list(message_rows().filter(about, patient_id=course.patient_id))


def course_rows(found: list[OutboxMessage], still: list[OutboxMessage], way: Way) -> dict[str, list[Row]]:
    """Messages of a course: `ahead` the next first, also those not written yet; `over` the newest first."""
    rows = [row_of(message, way) for message in found]
    waits = [row for row in rows if row.state == "waiting"] + [row_of(message, way) for message in still]
    over = [row for row in rows if row.state != "waiting"]
    return {
        "ahead": sorted(waits, key=lambda row: row.message.due_at),
        "over": sorted(over, key=lambda row: row.message.sent_at or row.message.due_at, reverse=True),
    }


def row_of(message: OutboxMessage, way: Way) -> Row:
    """One message in words; `way` is how the patient is written to now."""
    state, zone = state_of(message), message.location.time_zone
    by = " to ".join(part for part in (message.get_channel_display(), masked(message.address)) if part)
    if state == "waiting":
        words = _leaves(message, clock.now())
        by = f"{Channel(way.channel).label} to {way.masked}" if way else f"Cannot leave: {way.why_not}"
    elif state == "sent":
        words = f"Sent {_when(message.sent_at, zone)}"
    elif state == "failed":
        words = f"Could not be delivered {_when(message.failed_at, zone)}: {message.failed_because}"
        words += f". Seen to by {message.closed_by}" if message.closed_by else ""
    else:
        words = f"Not sent: {message.dropped_because}"
        words += f" by {message.closed_by}" if message.closed_by else ""
    return Row(message, state, words, by, _about(message))


def overdue(location: Location, at: dt.datetime) -> list[tuple[Row, Patient]]:
    """Messages that wait though they should have left, the oldest first."""
    rows = message_rows().filter(WAITING, location=location, due_at__lte=at - LATE)
    found = list(rows.order_by("due_at", "pk")[:MOST])
    patients = Patient.objects.in_bulk({message.patient_id for message in found})
    return [(row_of(one, way_to(patients[one.patient_id])), patients[one.patient_id]) for one in found]


def stuck_since(location: Location, at: dt.datetime) -> dt.datetime | None:
    """Since when messages wait that should have left, at a location that sent some lately.

    None where all is well, or where nothing is ever sent.
    """
    here = OutboxMessage.objects.filter(location=location)
    waits = here.filter(WAITING, due_at__lte=at - STUCK)
    since = waits.order_by("due_at").values_list("due_at", flat=True).first()
    if since is None or not here.filter(sent_at__gte=at - LATELY).exists():
        return None
    return since


def _about(message: OutboxMessage) -> str:
    """The day of the visit, for a message about one."""
    if message.kind == OutboxMessage.Kind.PREPARATION:
        return day_date(day_of_day(message.version), year=False)
    if message.kind == OutboxMessage.Kind.REMINDER:
        return day_date(day_of_start(message.version, message.location.time_zone), year=False)
    return ""


def state_of(message: OutboxMessage) -> str:
    """Say waiting, sent, failed or dropped."""
    if message.sent_at:
        return "sent"
    if message.failed_because:
        return "failed"
    return "dropped" if message.dropped_because else "waiting"


def undelivered(location: Location, most: int | None = None) -> list[tuple[OutboxMessage, Patient]]:
    """What could not be delivered and nobody has seen to, the oldest first, with its patient."""
    rows = OutboxMessage.objects.filter(location=location, closed_at=None).exclude(failed_because="")
    found = list(rows.select_related("location").order_by("failed_at", "pk")[:most])
    patients = Patient.objects.in_bulk({message.patient_id for message in found})
    return [(message, patients[message.patient_id]) for message in found]


def _leaves(message: OutboxMessage, at: dt.datetime) -> str:
    """When a waiting message leaves and why it did not yet; one that is late says that nobody sends."""
    due = _when(message.due_at, message.location.time_zone)
    if at - message.due_at > LATE:
        return f"Waits since {due}: nothing is being sent at the moment"
    words = "Leaves within a minute" if message.due_at <= at else f"Leaves {due}"
    if not message.tries:
        return words
    why = f": {NOT_REACHED[message.channel]}" if message.channel else ""
    return f"{words}, try {message.tries + 1}{why}"


def _when(instant: dt.datetime, zone: str) -> str:
    local = clock.local(instant, zone)
    return f"{day_date(local.date())}, {clock.said_of(local)}"
