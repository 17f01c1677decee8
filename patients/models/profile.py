"""The patient profile."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Upper
from phonenumber_field.modelfields import PhoneNumberField

from clinic.models import Location, User
from patients.models.name_word import FOLLOWING

MERGED_WITH_ITS_RECORD = """
    IF NOT EXISTS (
        SELECT 1 FROM patients_patientmerge merge
        WHERE merge.merged_id = NEW.id AND merge.kept_id = COALESCE(NEW.merged_into_id, OLD.merged_into_id)
        AND (merge.undone_at IS NULL) = (NEW.merged_into_id IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'a file is merged, or parted again, with its record only';
    END IF;
    RETURN NEW;
"""


# What staff write of a patient; the rest of the row follows from it.
DETAILS = (
    "given_name",
    "family_name",
    "preferred_name",
    "birth_date",
    "phone",
    "email",
    "language",
    "contact_by",
    "emergency_contact",
    "emergency_phone",
    "phototype",
    "allergies",
    "goals",
    "expectations_on",
    "notes",
)


class Patient(models.Model):
    """A person treated. `search_text` and `sort_name` are written by `patients.intake` only."""

    class Language(models.TextChoices):
        """Languages in which a patient can be written to."""

        ENGLISH = "en", "English"
        SPANISH = "es", "Español"

    class Contact(models.TextChoices):
        """How the patient agreed to be written to."""

        EMAIL = "email", "By e-mail"
        SMS = "sms", "By text message"
        NONE = "none", "Not at all"

    PHOTOTYPES = [(1, "I"), (2, "II"), (3, "III"), (4, "IV"), (5, "V"), (6, "VI")]

    record_number = models.CharField(max_length=12, unique=True)
    given_name = models.CharField("first name", max_length=60, blank=True)
    family_name = models.CharField("last name", max_length=60)
    preferred_name = models.CharField(max_length=60, blank=True)
    birth_date = models.DateField("date of birth")
    phone = PhoneNumberField("mobile phone", blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    contact_by = models.CharField("write to them", max_length=5, choices=Contact, default=Contact.EMAIL)
    contact_asked_on = models.DateField(
        "asked on", null=True, blank=True, help_text="Local day of the answer"
    )
    emergency_contact = models.CharField(max_length=80, blank=True)
    emergency_phone = PhoneNumberField(blank=True)
    phototype = models.PositiveSmallIntegerField(
        "skin type (Fitzpatrick)", choices=PHOTOTYPES, null=True, blank=True
    )
    allergies = models.CharField(max_length=200, blank=True)
    goals = models.TextField(max_length=1000, blank=True)
    expectations_on = models.DateField("expectations talked through on", null=True, blank=True)
    notes = models.TextField(max_length=2000, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="patients")
    sort_name = models.CharField(max_length=130, editable=False)
    search_text = models.TextField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="took_over"
    )
    joined_at = models.DateTimeField(
        null=True, editable=False, help_text="Another file came in: screens from before count no more"
    )
    joined_deferrals = models.JSONField(
        default=list, editable=False, help_text="Findings of either file whose date holds until it has come"
    )

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(phototype=None) | models.Q(phototype__range=(1, 6)),
                name="phototype_is_1_to_6",
                violation_error_message="Skin types run from I to VI.",
            ),
            models.CheckConstraint(
                condition=models.Q(birth_date__gte="1900-01-01"),
                name="birth_date_is_after_1900",
                violation_error_message="Check the year of birth.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_file_is_merged_with_its_record",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("merged_into"),
                func=MERGED_WITH_ITS_RECORD,
            ),
            FOLLOWING,
        ]
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="patient_search"),
            models.Index(fields=["sort_name", "id"], name="patient_by_name"),
            models.Index(fields=["birth_date"], name="patient_by_birth_date"),
            models.Index(fields=["phone"], name="patient_by_phone"),
            models.Index(Upper("email"), name="patient_by_email"),
            models.Index(fields=["location", "-created_at"], name="patient_newest_of_location"),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        """How the name is written on pages and paper."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def called(self) -> str:
        """How to address the person."""
        return self.preferred_name or self.given_name or self.family_name

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        return (self.given_name[:1] + self.family_name[:1]).upper()
