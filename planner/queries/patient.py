"""What the patient's page reads of the planner."""

from dataclasses import replace

from django.db.models import OuterRef, Subquery

from patients.models import Patient
from planner.models import AftercareSheet, Appointment, TreatmentCourse
from planner.models.diary import LIVE
from planner.queries.courses import CourseView, SeenReview, courses_of

NEWEST = 6  # sheets on the card
REVIEWS = Appointment.objects.filter(reviewed=OuterRef("pk"), status__in=LIVE).order_by("-start")
SEEN = {"pk": "review_pk", "start": "review_start", "status": "review_status"}
SEEN["review__signed_at"] = "review_signed_at"


def courses_of_patient(patient: Patient) -> list[CourseView]:
    """A patient's courses at every location with their reviews, newest first."""
    seen = {name: Subquery(REVIEWS.values(field)[:1]) for field, name in SEEN.items()}
    courses = TreatmentCourse.objects.filter(patient=patient).annotate(**seen)
    views = courses_of(courses.order_by("-created_at", "-pk"))
    return [replace(view, review=_review_of(view.course)) for view in views]


def _review_of(course: TreatmentCourse) -> SeenReview | None:
    """The newest review of a course, as its row says."""
    values = [getattr(course, name) for name in SEEN.values()]
    return None if values[0] is None else SeenReview(*values)


def documents_of(patient: Patient) -> list[AftercareSheet]:
    """The newest aftercare sheets, to open and print again."""
    sheets = AftercareSheet.objects.filter(patient=patient).defer("pdf", "content")
    rows = sheets.select_related("session__appointment__course__indication", "session__appointment__location")
    return list(rows.order_by("-pk")[:NEWEST])
