"""What the patient's page reads of the planner."""

from patients.models import Patient
from planner.models import AftercareSheet, TreatmentCourse
from planner.queries.courses import CourseView, courses_of

NEWEST = 6  # sheets on the card


def courses_of_patient(patient: Patient) -> list[CourseView]:
    """A patient's courses at every location, newest first."""
    return courses_of(TreatmentCourse.objects.filter(patient=patient).order_by("-created_at", "-pk"))


def documents_of(patient: Patient) -> list[AftercareSheet]:
    """The newest aftercare sheets, to open and print again."""
    sheets = AftercareSheet.objects.filter(patient=patient).defer("pdf", "content")
    rows = sheets.select_related("session__appointment__course__indication", "session__appointment__location")
    return list(rows.order_by("-pk")[:NEWEST])
