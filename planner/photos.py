"""Photos of a visit or review: add, say what for, delete with a second person. Their only writer."""

import datetime as dt

from clinic import clock
from clinic.constraints import in_words, sentences_of
from clinic.models import User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.models import Patient
from planner.imaging import read_picture
from planner.locks import lock_places
from planner.models import CourseReview, Photo, PhotoFile, PhotoReason, PhotoView, TreatmentSession
from planner.queries.photos import access_to, moments_of

SENTENCES = sentences_of(Photo)


def add_photo(
    record: TreatmentSession | CourseReview,
    *,
    moment: str,
    view: str,
    data: bytes,
    for_teaching: bool = False,
    for_marketing: bool = False,
    by: User,
    at: dt.datetime | None = None,
) -> Photo:
    """Keep the pixels of an uploaded picture with an open record; the file itself is not kept.

    Raises Refusal: the role, a signed record, an unknown view, whatever `read_picture` refuses.
    """
    _need(by, "session_photos")
    if moment not in moments_of(record) or view not in Photo.View.values:
        raise Refusal("unknown_view", "Pick one of the views.", field="file")
    picture = read_picture(data)  # outside the transaction: decoding takes longer than writing
    return _add(record, moment, view, picture, for_teaching, for_marketing, by, at or clock.now())


@in_words(SENTENCES)
def _add(record, moment, view, picture, for_teaching, for_marketing, by, at) -> Photo:
    lock_places(patients=[record.patient_id])
    if type(record).objects.get(pk=record.pk).signed_at:
        raise Refusal("signed", "This record is signed.", "Photos belong to an open record.", stale=True)
    kept, _ = PhotoFile.objects.get_or_create(
        sha256=picture.sha256,
        defaults={
            "data": picture.data,
            "thumb": picture.thumb,
            "width": picture.width,
            "height": picture.height,
        },
    )
    return Photo.objects.create(
        appointment_id=record.appointment_id,
        patient_id=record.patient_id,
        moment=moment,
        view=view,
        file=kept,
        for_teaching=for_teaching,
        for_marketing=for_marketing,
        taken_at=at,
        taken_by=by,
    )


@in_words(sentences_of(PhotoReason))
def open_photos(patient: Patient, *, reason: str, by: User, at: dt.datetime | None = None) -> PhotoReason:
    """Keep why somebody who does not treat a patient looks at the photos (10 to 200 characters)."""
    _need(by, "photo_open")
    return PhotoReason.objects.create(patient=patient, by=by, at=at or clock.now(), reason=reason.strip())


@in_words({})
def show_photo(photo: Photo, *, is_small: bool, by: User, at: dt.datetime | None = None) -> bytes:
    """The pixels of a photo, or of its small copy; who saw it, when and why is written down first.

    Raises Refusal: the role, no reason from somebody who does not treat the patient.
    """
    _need(by, "photo_image")
    at = at or clock.now()
    access = access_to(photo.patient_id, by, at)
    if not access.is_open:
        raise Refusal("photo_reason", "You do not treat this patient.", "Say first why you look.")
    part = "thumb" if is_small else "data"
    pixels = PhotoFile.objects.values_list(part, flat=True).get(pk=photo.file_id)
    PhotoView.objects.create(photo=photo, is_small=is_small, by=by, at=at, because=access.reason)
    return bytes(pixels)


@in_words(SENTENCES)
def allow_photo(photo: Photo, *, for_teaching: bool, for_marketing: bool, by: User) -> Photo:
    """Say anew what the patient lets a photo be used for beside the record."""
    _need(by, "photo_change")
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    photo.for_teaching, photo.for_marketing = for_teaching, for_marketing
    photo.save(update_fields=["for_teaching", "for_marketing"])
    return photo


@in_words(SENTENCES)
def ask_to_delete(photo: Photo, *, reason: str, by: User, at: dt.datetime | None = None) -> Photo:
    """Hide a photo and ask a second person to delete it; asking twice keeps the first.

    Raises Refusal: the role, no reason.
    """
    _need(by, "photo_change")
    if not reason.strip():
        raise Refusal("reason_missing", "Write why the photo is deleted.", field="reason")
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    if photo.delete_asked_at:
        return photo
    photo.delete_reason, photo.delete_asked_by = reason.strip()[:200], by
    photo.delete_asked_at = at or clock.now()
    photo.save()
    return photo


@in_words(SENTENCES)
def delete_photo(photo: Photo, *, fresh: bool, by: User, at: dt.datetime | None = None) -> Photo:
    """Erase the bytes of a photo that somebody else asked to delete; the row stays with its reason.

    A practitioner or the manager confirms; `fresh` says that the password was just checked.
    Raises Refusal: the role, not fresh, nobody asked, the same person.
    """
    _need(by, "photo_delete")
    if not fresh:
        raise Refusal("not_fresh", "Type your password to delete the photo.", field="password")
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    if photo.deleted_at:
        return photo
    if not photo.delete_asked_at:
        raise Refusal("not_asked", "Nobody asked to delete this photo.")
    if photo.delete_asked_by_id == by.pk:
        raise Refusal("same_person", "A second person confirms that a photo is deleted.", "Ask a colleague.")
    sha256, photo.file = photo.file_id, None
    photo.deleted_by, photo.deleted_at = by, at or clock.now()
    photo.save()
    if not Photo.objects.filter(file_id=sha256).exists():
        PhotoFile.objects.filter(pk=sha256).delete()
    return photo


def _need(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("role", "Only practitioners keep photos.", "Ask one of them.")
