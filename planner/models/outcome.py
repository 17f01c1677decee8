"""Outcome scores of a course: scale with its version, value with its label; append-only."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import User
from planner.engine.outcomes import SCALES
from planner.models.course import TreatmentCourse
from planner.models.review import CourseReview
from planner.models.session_guards import takes_no_score_once_signed


class OutcomeScore(models.Model):
    """One score; of several of one scale and day the newest counts."""

    course = models.ForeignKey(TreatmentCourse, on_delete=models.PROTECT, related_name="scores")
    review = models.ForeignKey(
        CourseReview, on_delete=models.PROTECT, null=True, blank=True, related_name="scores"
    )
    scale = models.CharField(max_length=12)
    version = models.CharField(max_length=60)
    value = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=60, blank=True)
    scored_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["scored_on", "recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(Q(scale=scale.code, value__range=(scale.low, scale.high)) for scale in SCALES.values()),
                    _connector=Q.OR,
                ),
                name="a_score_is_in_the_range_of_its_scale",
                violation_error_message="This scale does not have this value.",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="score_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            takes_no_score_once_signed(),
        ]

    def __str__(self):
        return f"{self.scale} {self.value}"
