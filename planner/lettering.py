"""Writes the letter of a message from the rows as they are now, or says why there is none."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import translation

from clinic import clock
from clinic.letters import Letter
from clinic.letters import compose as write
from clinic.models import Location, OutboxMessage
from patients import links
from patients.contact import Way, way_to
from patients.link_mail import compose_link, link_ended
from patients.models import Patient
from planner import reminding
from planner.calendars import calendar_file, calendar_title, visits_for_calendar
from planner.models import Appointment, TreatmentCourse
from planner.queries.preparing import preparation_facts

Kind = OutboxMessage.Kind
LINKS = (Kind.PATIENT_LINK, Kind.SCREENING_LINK, Kind.AFTERCARE_LINK)


def compose(message: OutboxMessage, at: dt.datetime) -> tuple[Letter | None, str]:
    """The letter as it should leave now; or None, and why."""
    if message.kind in LINKS:
        return compose_link(message.subject_id, message.kind, at)
    if message.kind in reminding.KINDS:
        return _visit(message, at)
    return _dates(message, at)


def preview(message: OutboxMessage, at: dt.datetime) -> Letter | None:
    """A waiting message in the words it would leave in now; None for a link, whose address is made then."""
    return None if message.kind in LINKS else compose(message, at)[0]


def why_not(message: OutboxMessage, at: dt.datetime) -> str:
    """Why a message of this kind makes no sense now, the way to the patient apart; "" if it does."""
    if message.kind in LINKS:
        return link_ended(message.subject_id, at)
    if message.kind in reminding.KINDS:
        visit = reminding.visits_to_tell().get(pk=message.subject_id)
        return reminding.pointless(message, visit, at, reminding.approved_languages())
    if message.kind == Kind.COURSE_BOOKED and not visits_ahead(message.subject_id, at).exists():
        return "no visit is booked any more"
    return ""


def visits_ahead(course_id: int, at: dt.datetime) -> QuerySet[Appointment]:
    """The booked visits of a course that are still to come, its review with them."""
    of_course = Q(course=course_id) | Q(reviewed=course_id)
    return Appointment.objects.filter(of_course, status="booked", start__gt=at).order_by("start")


def _dates(message: OutboxMessage, at: dt.datetime) -> tuple[Letter | None, str]:
    """The dates of a course that are ahead, with a calendar file of all of them."""
    course = TreatmentCourse.objects.select_related("patient", "location").get(pk=message.subject_id)
    visits = list(visits_ahead(course.pk, at))
    if reason := why_not(message, at):
        return None, reason
    patient, location = course.patient, course.location
    if not (way := way_to(patient)):
        return None, way.why_not
    with translation.override(patient.language):
        calendar = calendar_file(visits_for_calendar(course), title=calendar_title(location), at=at)
    letter = write(
        message.kind,
        calendar=calendar,
        **_envelope(way, patient, location),
        starts=[visit.start for visit in visits],
        reviews=[visit.start for visit in visits if visit.reviewed_id],
    )
    return letter, ""


def _envelope(way: Way, patient: Patient, location: Location) -> dict:
    """Whom a letter goes to, how, and whose time and language it speaks."""
    return {
        "channel": way.channel,
        "to": way.address,
        "language": patient.language,
        "zone": location.time_zone,
        "patient": patient,
        "location": location,
    }


def _visit(message: OutboxMessage, at: dt.datetime) -> tuple[Letter | None, str]:
    """A reminder, or how to prepare; both lead to the own page if the patient has an address of it."""
    visit = reminding.visits_to_tell().get(pk=message.subject_id)
    if reason := reminding.pointless(message, visit, at, reminding.approved_languages()):
        return None, reason
    patient, location = visit.patient, visit.location
    if not (way := way_to(patient)):
        return None, way.why_not
    facts = {}
    if message.kind == Kind.PREPARATION:
        today = clock.local_date(at, location.time_zone)
        facts = preparation_facts(visit.on, patient.language, today)
    if facts is None:
        return None, "the approved texts lack a part"
    token = links.code_of(patient, at=at)
    letter = write(
        message.kind,
        secret=token,
        address=links.address_of(token) if token else "",
        **_envelope(way, patient, location),
        start=visit.start,
        **facts,
    )
    return letter, ""
