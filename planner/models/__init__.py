"""Tables of courses, the diary, session records and aftercare."""

from planner.models.aftercare import AftercareSheet, AftercareText, SheetHandover
from planner.models.busy import BusyChunk
from planner.models.change import CourseChange
from planner.models.course import Protocol, TreatmentCourse
from planner.models.diary import Appointment, AppointmentEvent
from planner.models.event import AdverseEvent, EventEntry
from planner.models.notice import PatientNotice
from planner.models.offer import SlotOffer
from planner.models.outcome import OutcomeScore
from planner.models.photo import Photo, PhotoFile, PhotoReason, PhotoView
from planner.models.review import CourseReview, ReviewAmendment
from planner.models.session import SessionAmendment, SessionArea, SessionCartridge, TreatmentSession
from planner.models.spacing import AppointmentArea
from planner.models.takeover import RecordTakeover

__all__ = [
    "AdverseEvent",
    "AftercareSheet",
    "AftercareText",
    "Appointment",
    "AppointmentArea",
    "AppointmentEvent",
    "BusyChunk",
    "CourseChange",
    "CourseReview",
    "EventEntry",
    "PatientNotice",
    "OutcomeScore",
    "Photo",
    "PhotoFile",
    "PhotoReason",
    "PhotoView",
    "Protocol",
    "RecordTakeover",
    "ReviewAmendment",
    "SessionAmendment",
    "SessionArea",
    "SessionCartridge",
    "SheetHandover",
    "SlotOffer",
    "TreatmentCourse",
    "TreatmentSession",
]
