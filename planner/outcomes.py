"""Record outcome scores of a course. Their only writer."""

import datetime as dt
from collections.abc import Mapping

from clinic import clock
from clinic.constraints import in_words, sentences_of
from clinic.models import User
from clinic.permissions import may
from clinic.refusals import Refusal
from planner.engine.outcomes import SCALES, in_range
from planner.locks import lock_places
from planner.models import CourseReview, OutcomeScore, TreatmentCourse


@in_words(sentences_of(OutcomeScore))
def record_scores(
    course: TreatmentCourse,
    *,
    values: Mapping[str, int],
    scored_on: dt.date,
    review: CourseReview | None = None,
    by: User,
    at: dt.datetime | None = None,
) -> list[OutcomeScore]:
    """Keep one value per scale code, with the version and label of that scale, in an open review if given.

    Raises Refusal: the role, nothing scored, a day ahead, a value outside the scale, a signed review.
    """
    if not may(by, "course_outcomes"):
        raise Refusal("role", "Only practitioners score outcomes.", "Ask one of them.")
    at = at or clock.now()
    if scored_on > clock.local_date(at, course.location.time_zone):
        raise Refusal("day_ahead", "This day has not come yet.", field="scored_on")
    _refuse_values(values)
    lock_places(patients=[course.patient_id])
    if review and CourseReview.objects.filter(pk=review.pk, signed_at__isnull=False).exists():
        raise Refusal("signed", "This review is signed.", "Add a dated correction instead.", stale=True)
    rows = [
        OutcomeScore(
            course=course,
            review=review,
            scale=code,
            version=SCALES[code].version,
            value=value,
            label=SCALES[code].labels.get(value, ""),
            scored_on=scored_on,
            recorded_by=by,
            recorded_at=at,
        )
        for code, value in values.items()
    ]
    return OutcomeScore.objects.bulk_create(rows)


def _refuse_values(values: Mapping[str, int]) -> None:
    if not values:
        raise Refusal("nothing_scored", "Score at least one scale.")
    for code, value in values.items():
        scale = SCALES[code]
        if not in_range(scale, value):
            raise Refusal("score_range", f"{scale.name} runs from {scale.low} to {scale.high}.", field=code)
