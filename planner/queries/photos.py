"""Reads about photos: the views of a visit with what is there, and pairs to compare."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from clinic.models import Location, TreatmentArea
from patients.models import Patient
from planner.models import Photo, PhotoFile, TreatmentSession

View = Photo.View
FACE = (View.FACE, View.FACE_RIGHT, View.FACE_LEFT)
FRONT = (View.FRONT, View.RIGHT, View.LEFT)
BEHIND = ("back", "buttock", "calf")


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
    return (
        Photo.objects.filter(session__appointment__location=location, deleted_at=None)
        .select_related("session__appointment__location", "patient", "delete_asked_by")
        .defer("session__note")
    )


def shown_photos(patient: Patient | int, location: Location) -> QuerySet[Photo]:
    """What a location shows of a patient: nothing deleted, nothing that somebody asked to delete."""
    rows = photo_rows(location).filter(patient=patient, delete_asked_at=None)
    return rows.select_related("session__appointment__location").order_by("taken_at", "pk")


def bytes_of(photo: Photo, part: str) -> bytes:
    """The picture (`data`) or its small copy (`thumb`)."""
    return bytes(PhotoFile.objects.values_list(part, flat=True).get(pk=photo.file_id))


def photos_of(session: TreatmentSession) -> list[Photo]:
    """The photos of one record as its print shows them: view by view, before and after."""
    shown = session.photos.filter(deleted_at=None, delete_asked_at=None)
    return sorted(shown, key=lambda photo: (list(View).index(View(photo.view)), photo.taken_at))


@dataclass(frozen=True)
class Tile:
    """One view of one moment: what was taken, newest last, and the one of the visit before to match."""

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
    mine = [photo for photo in photos if photo.session_id == session.pk]
    before = [photo for photo in photos if photo.taken_at < session.started_at]
    views = views_for(areas)
    views += [View(view) for view in {photo.view for photo in mine} - set(views)]
    return [
        Tile(
            moment.value,
            moment.label,
            view,
            tuple(photo for photo in mine if (photo.moment, photo.view) == (moment, view)),
            next((photo for photo in reversed(before) if photo.view == view), None),
        )
        for moment in Photo.Moment
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


def comparison_of(
    patient: Patient, location: Location, *, view: str, first: int | None, second: int | None
) -> Comparison | None:
    """The chosen pair, or the oldest and the newest of the view; None where nothing can be compared."""
    photos = list(shown_photos(patient, location))
    views = [one for one in View if sum(photo.view == one for photo in photos) > 1]
    if not views:
        return None
    chosen = View(view) if view in views else views[0]
    choices = [photo for photo in photos if photo.view == chosen]
    by_key = {photo.pk: photo for photo in choices}
    calm = [photo for photo in choices if photo.moment == Photo.Moment.BEFORE]  # not red from the needles
    ends = calm if len(calm) > 1 else choices
    pair = by_key.get(first or 0, ends[0]), by_key.get(second or 0, ends[-1])
    earlier, later = sorted(pair, key=lambda photo: (photo.taken_at, photo.pk))
    return Comparison(chosen, tuple(views), tuple(choices), earlier, later)
