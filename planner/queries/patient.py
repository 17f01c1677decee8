"""What the patient's page reads of the planner."""

from patients.models import Patient
from planner.models import TreatmentCourse
from planner.queries.courses import CourseView, courses_of


def courses_of_patient(patient: Patient) -> list[CourseView]:
    """A patient's courses at every location, newest first."""
    return courses_of(TreatmentCourse.objects.filter(patient=patient).order_by("-created_at", "-pk"))
