"""Who keeps a record, and who kept it before."""

from django.db.models import QuerySet

from clinic.models import User
from planner.models import CourseReview, RecordTakeover, TreatmentSession


def keeps_another(record: TreatmentSession | CourseReview, user: User) -> bool:
    """Whether a colleague of this person keeps the record."""
    own = getattr(user, "practitioner", None)
    return own is None or record.practitioner_id != own.pk


def takeovers_of(record: TreatmentSession | CourseReview) -> QuerySet[RecordTakeover]:
    """Every change of hands, the first one first."""
    return record.takeovers.select_related("from_practitioner", "to_practitioner")
