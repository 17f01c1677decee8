"""Tables of courses, the diary, session records and aftercare."""

from planner.models.aftercare import AftercareSheet, AftercareText, SheetHandover
from planner.models.busy import BusyChunk
from planner.models.change import CourseChange
from planner.models.course import Protocol, TreatmentCourse
from planner.models.diary import Appointment, AppointmentArea, AppointmentEvent
from planner.models.event import AdverseEvent, EventEntry
from planner.models.notice import PatientNotice
from planner.models.offer import SlotOffer
from planner.models.outcome import OutcomeScore
from planner.models.photo import Photo, PhotoFile, PhotoView
from planner.models.session import SessionAmendment, SessionArea, SessionCartridge, TreatmentSession

__all__ = [
    "AdverseEvent",
    "AftercareSheet",
    "AftercareText",
    "Appointment",
    "AppointmentArea",
    "AppointmentEvent",
    "BusyChunk",
    "EventEntry",
    "CourseChange",
    "PatientNotice",
    "OutcomeScore",
    "Photo",
    "PhotoFile",
    "PhotoView",
    "Protocol",
    "SessionAmendment",
    "SessionArea",
    "SessionCartridge",
    "SheetHandover",
    "SlotOffer",
    "TreatmentCourse",
    "TreatmentSession",
]
