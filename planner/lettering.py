"""Writes the letter of a message from the rows as they are now, or says why there is none."""

import datetime as dt

from django.utils import translation

from clinic.letters import Letter
from clinic.letters import compose as write
from clinic.models import OutboxMessage
from patients.contact import way_to
from patients.link_mail import compose_link, link_ended
from planner.calendars import calendar_file, calendar_title, visits_for_calendar
from planner.models import Appointment, TreatmentCourse

Kind = OutboxMessage.Kind
LINKS = (Kind.PATIENT_LINK, Kind.SCREENING_LINK, Kind.AFTERCARE_LINK)


def compose(message: OutboxMessage, at: dt.datetime) -> tuple[Letter | None, str]:
    """The letter as it should leave now; or None, and why."""
    if message.kind in LINKS:
        return compose_link(message.subject_id, message.kind, at)
    return _dates(message, at)


def preview(message: OutboxMessage, at: dt.datetime) -> Letter | None:
    """A waiting message in the words it would leave in now; None for a link, whose address is made then."""
    return None if message.kind in LINKS else compose(message, at)[0]


def why_not(message: OutboxMessage, at: dt.datetime) -> str:
    """Why a message of this kind makes no sense now, the way to the patient apart; "" if it does."""
    if message.kind in LINKS:
        return link_ended(message.subject_id, at)
    booked = Appointment.objects.filter(course=message.subject_id, status="booked")
    if message.kind == Kind.COURSE_BOOKED and not booked.exists():
        return "no visit is booked any more"
    return ""


def _dates(message: OutboxMessage, at: dt.datetime) -> tuple[Letter | None, str]:
    """The dates of a course that are ahead, with a calendar file of all of them."""
    course = TreatmentCourse.objects.select_related("patient", "location").get(pk=message.subject_id)
    visits = course.appointments.filter(status="booked").order_by("start")
    starts = list(visits.values_list("start", flat=True))
    if reason := why_not(message, at):
        return None, reason
    patient, location = course.patient, course.location
    if not (way := way_to(patient)):
        return None, way.why_not
    with translation.override(patient.language):
        calendar = calendar_file(visits_for_calendar(course), title=calendar_title(location), at=at)
    letter = write(
        message.kind,
        channel=way.channel,
        to=way.address,
        language=patient.language,
        zone=location.time_zone,
        calendar=calendar,
        patient=patient,
        location=location,
        starts=starts,
    )
    return letter, ""
