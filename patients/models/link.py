"""What lets a patient in without an account: links, their addresses, stays, wrong tries."""

import pgtrigger
from django.db import models

from clinic.models import User
from patients.models.belonging import belongs_to_a_patient
from patients.models.profile import Patient

WRONG_AT_MOST = 10  # wrong birth dates on one link, ever; it is closed then


class PatientLink(models.Model):
    """Leave for one patient to see or answer one kind of thing until a day; may be revoked at any time."""

    class Purpose(models.TextChoices):
        """What it opens."""

        PLAN = "plan", "Own page"
        SCREENING = "screening", "Questions before a visit"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: the patient",
    )
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "patient"], name="link_belongs_to_its_patient"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="a_link_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_by=None) | models.Q(revoked_at__isnull=False),
                name="a_revoked_link_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(wrong_tries__lte=WRONG_AT_MOST), name="a_link_takes_ten_wrong_birth_dates"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_link_changes_only_by_its_end",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["revoked_at", "revoked_by", "wrong_tries", "patient"]),
            ),
            pgtrigger.Protect(
                name="a_revoked_link_stays_revoked",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False, new__revoked_at__isnull=True),
            ),
            *belongs_to_a_patient("link"),
        ]

    def __str__(self):
        return f"Link {self.pk}"


class LinkToken(models.Model):
    """One address of a link, in a mail or on paper; only the hash of its 256 random bits is kept."""

    link = models.ForeignKey(PatientLink, on_delete=models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="a_token_is_kept_as_its_hash"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="token_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"Token {self.pk}"


class LinkVisit(models.Model):
    """One stay on the own pages, begun with the birth date; only the hash of the cookie is kept."""

    link = models.ForeignKey(PatientLink, on_delete=models.PROTECT, related_name="visits")
    digest = models.CharField(max_length=64, unique=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-began_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="a_visit_is_kept_as_its_hash"
            )
        ]

    def __str__(self):
        return f"Visit {self.pk}"


class WrongTry(models.Model):
    """A wrong birth date: on which link, from which network (a keyed hash, no address). Kept for a day."""

    link = models.ForeignKey(PatientLink, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["network", "at"], name="wrong_tries_of_a_network"),
            models.Index(fields=["link", "at"], name="wrong_tries_of_a_link"),
        ]

    def __str__(self):
        return f"Wrong try {self.pk}"
