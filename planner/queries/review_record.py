"""Reads for the record of a review: its steps, what it lacks, its scores, the seal of what it holds."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from clinic import clock
from planner.engine.outcomes import NEEDS_A_START, Scale, label_of, scales_for
from planner.models import AdverseEvent, Appointment, CourseReview, OutcomeScore, Photo
from planner.queries.photos import photos_of, views_for
from planner.queries.record import plain, seal_of, signed_in
from planner.queries.sessions import RailStep

STEPS = (
    ("start", "person-check", "Identity"),
    ("photos", "camera", "Photos"),
    ("scores", "clipboard-data", "Scores"),
    ("finish", "pen", "Finish"),
)


@dataclass(frozen=True)
class ScoreRow:
    """One scale at a review: the oldest score of the course, and the newest of this review."""

    scale: Scale
    first: OutcomeScore | None
    now: OutcomeScore | None

    @property
    def before(self) -> str:
        """The score at the start, in words; nothing for a scale that compares with the start itself."""
        if self.first is None or self.compares:
            return ""
        return label_of(self.scale, self.first.value)

    @property
    def compares(self) -> bool:
        """Whether the scale itself says how it is against the start."""
        return self.scale.code in NEEDS_A_START

    @property
    def said(self) -> str:
        """The score of this review, in words."""
        return label_of(self.scale, self.now.value) if self.now else ""


class ReviewPage:
    """What the pages of one review show."""

    conditions = ()

    def __init__(self, visit: Appointment, step: str, at: dt.datetime):
        self.visit, self.step, self.at = visit, step, at
        self.course, self.zone = visit.reviewed, visit.location.time_zone
        self.review: CourseReview | None = getattr(visit, "review", None)

    @property
    def is_here(self) -> bool:
        """Whether the patient is checked in today."""
        return self.visit.status == "arrived" and self.visit.on == clock.local_date(self.at, self.zone)

    @property
    def rail(self) -> list[RailStep]:
        """The steps with where they lead and how far they are."""
        return [
            RailStep(key, icon, label, self._url(key), key == self.step, self._state(key))
            for key, icon, label in STEPS
        ]

    @cached_property
    def scores(self) -> list[ScoreRow]:
        """The scales that belong at this review."""
        return score_rows(self.review)

    def _url(self, key: str) -> str:
        if (self.review is None) == (key == "start"):
            return reverse(f"review_{key}", args=[self.visit.pk])
        return ""

    def _state(self, key: str) -> str:
        if self.review is None:
            return ""
        if key == "start":
            return "done"
        if key == "photos":
            return "" if missing_views_of(self.review) else "done"
        if key == "scores":
            return "" if any(row.now is None for row in self.scores) else "done"
        return "" if gaps_of_review(self.review) else "done"


def score_rows(review: CourseReview) -> list[ScoreRow]:
    """Each scale that belongs at the review of this course, in the order of the table."""
    course = review.appointment.reviewed
    first, now = {}, {}
    for score in OutcomeScore.objects.filter(course=course):  # the oldest first
        if score.review_id == review.pk:
            now[score.scale] = score
        elif score.recorded_at < review.started_at:
            first.setdefault(score.scale, score)
    scales = scales_for(course.indication.code, {*first, *now})
    return [ScoreRow(scale, first.get(scale.code), now.get(scale.code)) for scale in scales]


def missing_views_of(review: CourseReview) -> list[str]:
    """The standard views of the course's areas without a photo of this review."""
    taken = set(review.appointment.photos.filter(delete_asked_at=None).values_list("view", flat=True))
    areas = review.appointment.reviewed.areas.all()
    return [view.label for view in views_for(areas) if view not in taken]


def left_out_of(review: CourseReview) -> list[str]:
    """Photos and scores that belong to a review and are not there, in words."""
    views = [f"photo: {label[:1].lower()}{label[1:]}" for label in missing_views_of(review)]
    return views + [f"score: {row.scale.name}" for row in score_rows(review) if row.now is None]


def gaps_of_review(review: CourseReview) -> list[str]:
    """What must be there before the review can be signed."""
    events = AdverseEvent.objects.filter(patient=review.patient_id)
    told = events.filter(closed_at=None) | events.filter(recorded_at__gte=review.started_at)
    checks = (
        (review.has_reaction is None, "Say whether there is a reaction."),
        (bool(review.has_reaction) and not told.exists(), "Record the reaction."),
        (not review.note.strip(), "Write what was found."),
        (
            not review.left_out_reason.strip() and bool(left_out_of(review)),
            "Why photos or scores are missing.",
        ),
    )
    return [words for lacks, words in checks if lacks]


def hash_of_review(review: CourseReview) -> str:
    """The SHA-256 of everything that the record of a review holds."""
    return seal_of(content_of_review(review))


def content_of_review(review: CourseReview) -> dict:
    """Everything that the record of a review holds, as its seal counts it."""
    skipped = {"id", "signed_at", "signed_by", "content_hash", "saved_at"}
    fields = [field for field in review._meta.concrete_fields if field.name not in skipped]
    photos = review.appointment.photos.filter(delete_asked_at=None)
    return {
        "record": {field.name: plain(getattr(review, field.attname)) for field in fields}
        | {"patient": signed_in(review)},
        "photos": sorted([photo.view, photo.file_id or ""] for photo in photos),
        "scores": sorted(
            [row.scale.code, row.now.version, row.now.value] for row in score_rows(review) if row.now
        ),
    }


def review_live(review: CourseReview) -> dict:
    """The values that change with every save of the last step."""
    zone = review.appointment.location.time_zone
    return {
        "session": review,
        "visit": review.appointment,
        "saved": f"{clock.local(review.saved_at, zone):%H:%M:%S}",
        "gaps": gaps_of_review(review),
        "left_out": left_out_of(review),
    }


def pairs_of(review: CourseReview) -> list[tuple[Photo | None, Photo]]:
    """Each photo of a review beside the first calm one of the course from the same view."""
    earlier = Photo.objects.filter(
        appointment__course=review.appointment.reviewed,
        moment=Photo.Moment.BEFORE,
        deleted_at=None,
        delete_asked_at=None,
    ).order_by("-taken_at", "-pk")
    first = {photo.view: photo for photo in earlier}
    return [(first.get(photo.view), photo) for photo in photos_of(review.appointment)]
