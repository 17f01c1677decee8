"""Who went on with an open record that somebody else had begun; append-only."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import Practitioner, User
from planner.models.review import CourseReview
from planner.models.session import TreatmentSession


class RecordTakeover(models.Model):
    """From this moment on another practitioner keeps the record and signs it."""

    session = models.ForeignKey(
        TreatmentSession, on_delete=models.PROTECT, null=True, blank=True, related_name="takeovers"
    )
    review = models.ForeignKey(
        CourseReview, on_delete=models.PROTECT, null=True, blank=True, related_name="takeovers"
    )
    from_practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    to_practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content = models.JSONField(help_text="What the record said at that moment")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=False, review=None) | Q(session=None, review__isnull=False),
                name="a_takeover_is_of_one_record",
            ),
            models.CheckConstraint(
                condition=~Q(from_practitioner=models.F("to_practitioner")),
                name="a_record_is_taken_over_by_somebody_else",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="takeover_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.to_practitioner} took it over from {self.from_practitioner}"
