"""Photos of a visit or review: pixels only, in the database under their content hash; two people delete."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from clinic.models import User
from patients.models import Patient
from patients.models.belonging import belongs_to_a_patient
from planner.models.diary import Appointment
from planner.models.session_guards import takes_no_photo_once_signed


class PhotoFile(models.Model):
    """The bytes of one picture and of its small copy, under the SHA-256 of the first."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    data = models.BinaryField()
    thumb = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(width__gte=1, height__gte=1, width__lte=2400, height__lte=2400),
                name="a_kept_photo_is_at_most_2400_pixels_wide_and_high",
            )
        ]
        triggers = [pgtrigger.Protect(name="kept_photo_is_never_changed", operation=pgtrigger.Update)]

    def __str__(self):
        return self.sha256[:12]


class Photo(models.Model):
    """One standard view of one visit; uses beside the record are said per photo."""

    class Moment(models.TextChoices):
        """When it was taken: around needling (ruling 11), or at the review after the course."""

        BEFORE = "before", "Before"
        AFTER = "after", "After"
        REVIEW = "review", "At the review"

    class View(models.TextChoices):
        """Standard views: the same light, distance and pose each time."""

        FACE = "face", "Face, front"
        FACE_RIGHT = "face_right", "Face, their right"
        FACE_LEFT = "face_left", "Face, their left"
        FRONT = "front", "Body, front"
        RIGHT = "right", "Body, their right"
        LEFT = "left", "Body, their left"
        BACK = "back", "Body, back"

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="photos")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    moment = models.CharField(max_length=6, choices=Moment)
    view = models.CharField(max_length=10, choices=View)
    file = models.ForeignKey(
        PhotoFile, on_delete=models.PROTECT, null=True, related_name="photos", db_column="sha256"
    )
    for_teaching = models.BooleanField("may be used for teaching", default=False)
    for_marketing = models.BooleanField("may be used for marketing", default=False)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    delete_reason = models.CharField(max_length=200, blank=True)
    delete_asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    delete_asked_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["appointment", "moment", "view", "pk"]
        indexes = [
            models.Index(
                fields=["delete_asked_at"],
                condition=Q(delete_asked_at__isnull=False, deleted_at=None),
                name="photos_to_delete",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(delete_asked_at=None, delete_asked_by=None, delete_reason="")
                | Q(
                    delete_asked_at__isnull=False,
                    delete_asked_by__isnull=False,
                    delete_reason__regex=r"\S",
                ),
                name="deleting_a_photo_has_a_reason",
                violation_error_message="Write why the photo is deleted.",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None, deleted_by=None, file__isnull=False)
                | (
                    Q(deleted_at__isnull=False, deleted_by__isnull=False, file=None)
                    & Q(delete_asked_by__isnull=False)
                    & ~Q(deleted_by=F("delete_asked_by"))
                ),
                name="a_photo_is_deleted_by_a_second_person",
                violation_error_message="A second person confirms that a photo is deleted.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="photo_row_is_never_deleted", operation=pgtrigger.Delete),
            takes_no_photo_once_signed(),
            pgtrigger.ReadOnly(
                name="photo_stays_with_its_visit",
                fields=["appointment", "moment", "view", "taken_at", "taken_by"],
            ),
            *belongs_to_a_patient("photo"),
        ]

    def __str__(self):
        return f"{self.get_moment_display()}, {self.get_view_display().lower()}"


class PhotoReason(models.Model):
    """Why a practitioner who does not treat a patient looks at the photos; append-only."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"(\S\s*){10,}"),
                name="a_look_at_photos_has_its_reason",
                violation_error_message="Write why in 10 characters or more.",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="reason_for_photos_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return self.reason


class PhotoView(models.Model):
    """Somebody was shown a picture, or its small copy; append-only."""

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="views")
    is_small = models.BooleanField(default=False)
    because = models.ForeignKey(PhotoReason, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(
                name="view_of_a_photo_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self.by}: {self.photo}"
