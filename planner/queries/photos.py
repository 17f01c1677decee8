"""Reads about photos: the views of a visit or review with what is there, and pairs to compare."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, QuerySet, TextChoices
from django.db.models.functions import TruncDate

from clinic.models import Location, Practitioner, TreatmentArea, User
from patients.models import Patient
from planner.models import (
    Appointment,
    CourseReview,
    Photo,
    PhotoReason,
    PhotoView,
    TreatmentCourse,
    TreatmentSession,
)
from planner.models.diary import LIVE

View = Photo.View
FACE = (View.FACE, View.FACE_RIGHT, View.FACE_LEFT)
FRONT = (View.FRONT, View.RIGHT, View.LEFT)
LOOKERS_MOST = 20  # people and days that the page lists
REASON_LASTS = dt.timedelta(hours=1)
RECORDS = (TreatmentSession, CourseReview)
BEHIND = ("back", "buttock", "calf")


class Purpose(TextChoices):
    """What photos are looked at for: beside the record only what the patient allows."""

    RECORD = "record", "The record"
    TEACHING = "teaching", "Teaching"
    MARKETING = "marketing", "Marketing"


def views_for(areas: Sequence[TreatmentArea]) -> list[View]:
    """The standard views of these areas, in the order of the list."""
    wanted: set[View] = set()
    for area in areas:
        if area.region == TreatmentArea.Region.FACE_NECK:
            wanted |= set(FACE)
        elif area.code.rpartition("_")[2] in BEHIND:
            wanted.add(View.BACK)
        else:
            wanted |= set(FRONT)
    return [view for view in View if view in wanted]


def photo_rows(location: Location) -> QuerySet[Photo]:
    """Photos taken at a location that are not deleted; their bytes are read when asked for."""
    return Photo.objects.filter(appointment__location=location, deleted_at=None).select_related(
        "appointment__location", "patient", "delete_asked_by"
    )


def asked_photos(location: Location) -> QuerySet[Photo]:
    """Photos that somebody asked to delete and nobody has deleted yet, the longest waiting first."""
    rows = photo_rows(location).filter(delete_asked_at__isnull=False)
    return rows.order_by("delete_asked_at", "pk")


def shown_photos(
    patient: Patient | int, location: Location, purpose: str = Purpose.RECORD
) -> QuerySet[Photo]:
    """What a location shows of a patient: nothing deleted, nothing that somebody asked to delete.

    For teaching and marketing only what the patient allows it for, photo by photo.
    """
    rows = photo_rows(location).filter(patient=patient, delete_asked_at=None)
    if purpose != Purpose.RECORD:
        rows = rows.filter(**{f"for_{purpose}": True})
    return rows.order_by("taken_at", "pk")


def moments_of(record: TreatmentSession | CourseReview) -> list[Photo.Moment]:
    """When photos of such a record are taken."""
    review = Photo.Moment.REVIEW
    return [review] if isinstance(record, CourseReview) else [one for one in Photo.Moment if one != review]


def photos_of(appointment: Appointment) -> list[Photo]:
    """The photos of one record as its print shows them: view by view, before and after."""
    shown = appointment.photos.filter(deleted_at=None, delete_asked_at=None)
    return sorted(shown, key=lambda photo: (list(View).index(View(photo.view)), photo.taken_at))


@dataclass(frozen=True)
class Access:
    """Whether somebody may look at the photos of a patient now, and the reason where one is needed."""

    treats: bool
    reason: PhotoReason | None = None

    @property
    def is_open(self) -> bool:
        """Whether pictures are shown."""
        return self.treats or self.reason is not None


def access_to(patient: Patient | int, user: User, at: dt.datetime) -> Access:
    """Those who treat a patient look at the photos freely, other practitioners for an hour with a reason."""
    person = getattr(user, "practitioner", None)
    if person and _treats(person, patient):
        return Access(True)
    given = PhotoReason.objects.filter(patient=patient, by=user, at__gt=at - REASON_LASTS, at__lte=at)
    return Access(False, given.first())


def _treats(person: Practitioner, patient: Patient | int) -> bool:
    """Whether the person keeps a record of the patient, or has a visit with the patient."""
    booked = Appointment.objects.filter(patient=patient, practitioner=person, status__in=LIVE)
    tables = (booked, *(table.objects.filter(patient=patient, practitioner=person) for table in RECORDS))
    return any(rows.exists() for rows in tables)


@dataclass(frozen=True)
class Tile:
    """One view of one moment: what was taken, newest last, and an earlier one to match."""

    moment: str
    moment_word: str
    view: View
    photos: tuple[Photo, ...]
    last_time: Photo | None

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.moment}-{self.view}"


def tiles_of(session: TreatmentSession, areas: Sequence[TreatmentArea]) -> list[Tile]:
    """Every standard view of a visit, before and after."""
    photos = list(shown_photos(session.patient_id, session.appointment.location))
    before = [photo for photo in photos if photo.taken_at < session.started_at]
    return _tiles(session, areas, photos, {photo.view: photo for photo in before})


def review_tiles(review: CourseReview, course: TreatmentCourse) -> list[Tile]:
    """Every standard view of a review, each with the first picture of the course to compare with."""
    photos = list(shown_photos(review.patient_id, review.appointment.location))
    calm = [
        photo
        for photo in reversed(photos)
        if photo.appointment.course_id == course.pk and photo.moment == Photo.Moment.BEFORE
    ]
    return _tiles(review, course.areas.all(), photos, {photo.view: photo for photo in calm})


def _tiles(
    record: TreatmentSession | CourseReview,
    areas: Sequence[TreatmentArea],
    photos: list[Photo],
    to_match: dict[str, Photo],
) -> list[Tile]:
    mine = [photo for photo in photos if photo.appointment_id == record.appointment_id]
    views = views_for(areas)
    views += [View(view) for view in {photo.view for photo in mine} - set(views)]
    return [
        Tile(
            moment.value,
            moment.label,
            view,
            tuple(photo for photo in mine if (photo.moment, photo.view) == (moment, view)),
            to_match.get(view),
        )
        for moment in moments_of(record)
        for view in views
    ]


@dataclass(frozen=True)
class Comparison:
    """Two photos of one view, the earlier first, and what else may be picked."""

    view: View
    views: tuple[View, ...]
    choices: tuple[Photo, ...]
    first: Photo
    second: Photo
    purpose: Purpose


def comparison_of(
    patient: Patient,
    location: Location,
    *,
    view: str,
    first: int | None,
    second: int | None,
    purpose: Purpose = Purpose.RECORD,
) -> Comparison | None:
    """The chosen pair, or the oldest and the newest of the view; None where nothing can be compared.

    For teaching and marketing every picture of it is allowed for that.
    """
    photos = list(shown_photos(patient, location, purpose))
    views = [one for one in View if sum(photo.view == one for photo in photos) > 1]
    if not views:
        return None
    chosen = View(view) if view in views else views[0]
    choices = [photo for photo in photos if photo.view == chosen]
    by_key = {photo.pk: photo for photo in choices}
    calm = [photo for photo in choices if photo.moment != Photo.Moment.AFTER]  # not red from the needles
    ends = calm if len(calm) > 1 else choices
    pair = by_key.get(first or 0, ends[0]), by_key.get(second or 0, ends[-1])
    earlier, later = sorted(pair, key=lambda photo: (photo.taken_at, photo.pk))
    return Comparison(chosen, tuple(views), tuple(choices), earlier, later, purpose)


def lookers_of(patient: Patient, location: Location) -> list[dict]:
    """Who was shown photos of a patient: person, reason, local day, how many, last time; newest first."""
    views = PhotoView.objects.filter(photo__patient=patient, photo__appointment__location=location)
    day = TruncDate("at", tzinfo=ZoneInfo(location.time_zone))
    shown = views.order_by().values("by__name", "because__reason", day=day)
    people = shown.annotate(many=Count("pk"), last=Max("at"))
    return list(people.order_by("-last")[:LOOKERS_MOST])
