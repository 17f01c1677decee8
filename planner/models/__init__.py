"""Tables of courses, the diary, session records and aftercare."""

from planner.models.aftercare import AftercareSheet, AftercareText
from planner.models.course import Protocol, TreatmentCourse
from planner.models.diary import Appointment, AppointmentArea, AppointmentEvent
from planner.models.session import SessionAmendment, SessionArea, SessionCartridge, TreatmentSession

__all__ = [
    "AftercareSheet",
    "AftercareText",
    "Appointment",
    "AppointmentArea",
    "AppointmentEvent",
    "Protocol",
    "SessionAmendment",
    "SessionArea",
    "SessionCartridge",
    "TreatmentCourse",
    "TreatmentSession",
]
