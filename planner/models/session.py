"""Treatment sessions: what was done at one attendance. Signed, they are frozen with all their rows."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from clinic.models import CartridgeUnit, Device, Lot, Practitioner, TreatmentArea, User
from clinic.models.conditions import Frozen
from clinic.models.stock import needle_words
from patients.models import Consent, Patient, Screening
from patients.models.belonging import belongs_to_a_patient
from planner.models.diary import Appointment
from planner.models.session_guards import (
    frozen_with_session,
    held_by_event,
    kept_by_who_took_it_over,
    rests_on_its_papers,
    rests_on_what_allows_it,
    still_agreed,
)


class TreatmentSession(models.Model):
    """The record of one attendance (clinical-facts 5). It exists from "numbing on" or "treatment started"."""

    class Reaction(models.TextChoices):
        """Immediate reactions beside redness and swelling."""

        BRUISE = "bruise", "Bruise"
        HIVES = "hives", "Hives"
        FAINT = "faint", "Felt faint"
        OTHER = "other", "Other"

    class AppliedBy(models.TextChoices):
        """Who put the numbing cream on (clinical-facts 4.2)."""

        CLINIC = "clinic", "The clinic"
        PATIENT = "patient", "The patient, here"

    class Bleeding(models.TextChoices):
        """How much it bled (clinical-facts 5)."""

        NONE = "none", "None"
        PINPOINT = "pinpoint", "Pinpoint"
        OOZING = "oozing", "Oozing"
        PRESSURE = "pressure", "Needed pressure"

    class Decision(models.TextChoices):
        """How the course goes on after this visit; the desk carries it out."""

        CONTINUE = "continue", "Go on as planned"
        EXTEND = "extend", "Extend the course"
        STOP = "stop", "Stop after this visit"
        GAP = "gap", "Change the gap"

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="session")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sessions")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="sessions")
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    identity_checked_at = models.DateTimeField(help_text="Two identifiers read back")
    consent_read_at = models.DateTimeField(help_text="Consent read again with the patient today")
    started_at = models.DateTimeField()
    phototype = models.PositiveSmallIntegerField(
        "skin type (Fitzpatrick)", choices=Patient.PHOTOTYPES, null=True, blank=True
    )

    # Numbing (clinical-facts 4.2)
    numbing_used = models.BooleanField(null=True, blank=True)
    numbing_lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    numbing_grams = models.DecimalField("amount (g)", max_digits=5, decimal_places=1, null=True, blank=True)
    numbing_area_cm2 = models.PositiveSmallIntegerField("covered area (cm²)", null=True, blank=True)
    numbing_sites = models.PositiveSmallIntegerField("number of sites", null=True, blank=True)
    numbing_prescriber = models.CharField("prescribed by", max_length=80, blank=True)
    numbing_covered = models.BooleanField("under a dressing", default=False)
    numbing_on_at = models.DateTimeField(null=True, blank=True)
    numbing_off_at = models.DateTimeField("off and fully removed", null=True, blank=True)

    numbing_applied_by = models.CharField("put on by", max_length=8, choices=AppliedBy, blank=True)
    own_cream = models.BooleanField("own cream, put on at home", null=True, blank=True)
    own_cream_product = models.CharField("own cream: product", max_length=80, blank=True)
    own_cream_strength = models.CharField("own cream: strength", max_length=40, blank=True)
    own_cream_grams = models.DecimalField(
        "own cream: amount (g)", max_digits=5, decimal_places=1, null=True, blank=True
    )
    own_cream_covered = models.BooleanField("own cream: wrapped", default=False)
    own_cream_on_at = models.DateTimeField("own cream: put on", null=True, blank=True)
    own_cream_off_at = models.DateTimeField("own cream: off and fully removed", null=True, blank=True)

    other_anaesthetic = models.CharField("other local anaesthetic today", max_length=120, blank=True)

    # Treatment
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outside_label = models.CharField("outside the label of the device", max_length=300, blank=True)
    skin_prep = models.CharField("skin preparation", max_length=80, blank=True)
    allergies_checked = models.BooleanField("products compared with the allergies", default=False)
    treated_cm2 = models.PositiveSmallIntegerField("treated area (cm²)", null=True, blank=True)
    glide_lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    finishing_lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    needling_started_at = models.DateTimeField(null=True, blank=True)
    needling_ended_at = models.DateTimeField(null=True, blank=True)
    stopped_early = models.BooleanField(default=False)
    depth_reason = models.CharField("why deeper than usual", max_length=300, blank=True)
    speed_hz = models.PositiveSmallIntegerField("speed (Hz)", null=True, blank=True)

    # Finish
    pain = models.PositiveSmallIntegerField("worst pain (0–10)", null=True, blank=True)
    redness = models.PositiveSmallIntegerField("redness (0–3)", null=True, blank=True)
    swelling = models.PositiveSmallIntegerField("swelling (0–3)", null=True, blank=True)
    bleeding = models.CharField(max_length=8, choices=Bleeding, blank=True)
    pressure_minutes = models.PositiveSmallIntegerField("minutes of pressure", null=True, blank=True)
    reactions = ArrayField(models.CharField(max_length=10, choices=Reaction), default=list, blank=True)
    reaction_note = models.CharField(max_length=300, blank=True)
    observed_until_at = models.DateTimeField("observed until", null=True, blank=True)
    fit_to_leave_at = models.DateTimeField(null=True, blank=True)
    sharps_disposed = models.BooleanField(default=False)
    note = models.TextField("note for the record", max_length=2000, blank=True)
    patient_note = models.CharField("note for the patient's sheet", max_length=200, blank=True)
    limits_reason = models.CharField("why outside the usual limits", max_length=300, blank=True)

    photos_missing_reason = models.CharField("why photos are missing", max_length=300, blank=True)

    decision = models.CharField("the course", max_length=8, choices=Decision, blank=True)
    decision_reason = models.CharField("why the course changes", max_length=300, blank=True)

    not_treated_reason = models.CharField("why nothing was done", max_length=300, blank=True)

    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(
                fields=["signed_at"],
                condition=models.Q(decision__in=["extend", "stop", "gap"]),
                name="decisions_that_change_a_course",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "patient"], name="session_belongs_to_its_patient"),
            models.CheckConstraint(
                condition=Q(pain=None) | Q(pain__range=(0, 10)),
                name="pain_is_0_to_10",
                violation_error_message="Pain runs from 0 to 10.",
            ),
            models.CheckConstraint(
                condition=(Q(redness=None) | Q(redness__range=(0, 3)))
                & (Q(swelling=None) | Q(swelling__range=(0, 3))),
                name="redness_and_swelling_are_0_to_3",
                violation_error_message="Redness and swelling run from 0 to 3.",
            ),
            models.CheckConstraint(
                condition=Q(numbing_off_at=None)
                | Q(numbing_on_at__isnull=False, numbing_off_at__gte=F("numbing_on_at")),
                name="numbing_comes_off_after_it_went_on",
                violation_error_message="The cream came off after it went on.",
            ),
            models.CheckConstraint(
                condition=Q(needling_started_at=None)
                | Q(numbing_on_at=None)
                | Q(numbing_off_at__isnull=False, needling_started_at__gte=F("numbing_off_at")),
                name="needling_starts_after_the_cream_is_off",
                violation_error_message="Needling starts after the cream is off and removed.",
            ),
            models.CheckConstraint(
                condition=Q(needling_ended_at=None)
                | Q(needling_started_at__isnull=False, needling_ended_at__gte=F("needling_started_at")),
                name="needling_ends_after_it_starts",
                violation_error_message="Needling ends after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None)
                | Q(decision__in=["", "continue"])
                | Q(decision_reason__regex=r"\S"),
                name="a_signed_change_of_the_course_has_its_reason",
                violation_error_message="Write why the course changes.",
            ),
            models.CheckConstraint(
                condition=(Q(numbing_grams=None) | Q(numbing_grams__gte=0))
                & (Q(own_cream_grams=None) | Q(own_cream_grams__gte=0)),
                name="grams_of_cream_are_not_negative",
                violation_error_message="An amount of cream is 0 g or more.",
            ),
            models.CheckConstraint(
                condition=Q(own_cream_off_at=None)
                | Q(own_cream_on_at=None)
                | Q(own_cream_off_at__gte=F("own_cream_on_at")),
                name="own_cream_comes_off_after_it_went_on",
                violation_error_message="The own cream came off after it went on.",
            ),
            models.CheckConstraint(
                condition=Q(needling_started_at=None)
                | (Q(own_cream=None) | Q(own_cream=False))
                | Q(own_cream_off_at__isnull=False, needling_started_at__gte=F("own_cream_off_at")),
                name="needling_starts_after_the_own_cream_is_off",
                violation_error_message="Needling starts after the patient's own cream is off and removed.",
            ),
            models.CheckConstraint(
                condition=Q(phototype=None) | Q(phototype__range=(1, 6)),
                name="skin_type_of_a_session_is_1_to_6",
                violation_error_message="A skin type is I to VI.",
            ),
            models.CheckConstraint(
                condition=(Q(numbing_area_cm2=None) | Q(numbing_area_cm2__lte=2000))
                & (Q(treated_cm2=None) | Q(treated_cm2__range=(1, 2000))),
                name="areas_of_skin_are_1_to_2000_cm2",
                violation_error_message="An area of skin runs from 1 to 2000 cm².",
            ),
            models.CheckConstraint(
                condition=Q(pressure_minutes=None)
                | Q(bleeding="pressure", pressure_minutes__isnull=False, pressure_minutes__gte=1),
                name="minutes_of_pressure_belong_to_bleeding_that_needed_it",
                violation_error_message="Minutes of pressure belong to bleeding that needed pressure.",
            ),
            models.CheckConstraint(
                condition=Q(observed_until_at=None)
                | Q(needling_ended_at=None)
                | Q(observed_until_at__gte=F("needling_ended_at")),
                name="observation_ends_after_needling",
                violation_error_message="Observation ends after needling ends.",
            ),
            models.CheckConstraint(
                condition=Q(speed_hz=None) | Q(speed_hz__lte=200),
                name="speed_is_0_to_200_hz",
                violation_error_message="A speed runs from 0 to 200 Hz.",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None, content_hash="")
                | (
                    Q(signed_at__isnull=False, signed_by__isnull=False, content_hash__regex=r"^[0-9a-f]{64}$")
                    & Q(needling_ended_at__isnull=False, pain__isnull=False, redness__isnull=False)
                    & Q(swelling__isnull=False, fit_to_leave_at__isnull=False, sharps_disposed=True)
                    & Q(device__isnull=False, glide_lot__isnull=False, finishing_lot__isnull=False)
                    & Q(not_treated_reason="")
                )
                | (
                    Q(signed_at__isnull=False, signed_by__isnull=False, content_hash__regex=r"^[0-9a-f]{64}$")
                    & Q(needling_started_at=None, not_treated_reason__regex=r"\S")
                ),
                name="a_signed_session_is_complete",
                violation_error_message="Complete the record before you sign it.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_session_is_frozen",
                operation=pgtrigger.Update,
                condition=Frozen(pgtrigger.Q(old__signed_at__isnull=False)),
            ),
            pgtrigger.Protect(
                name="signed_session_is_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__signed_at__isnull=False),
            ),
            *belongs_to_a_patient("session"),
            held_by_event(),
            rests_on_what_allows_it(),
            kept_by_who_took_it_over("session_id"),
            rests_on_its_papers(),
            still_agreed(),
            pgtrigger.Protect(name="record_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"Session {self.pk}"


class SessionArea(models.Model):
    """Depth, passes, technique and endpoint of one area; depth in millimetres, steps of 0.05.

    Empty until recorded; `planner.records` signs only what is complete.
    """

    class Technique(models.TextChoices):
        """How the device was moved (clinical-facts 5)."""

        GLIDE = "glide", "Glide"
        STAMP = "stamp", "Stamp"
        ROLL = "roll", "Roll"

    class Endpoint(models.TextChoices):
        """What was seen before moving on (ruling 21)."""

        NONE = "none", "None"
        REDNESS = "redness", "Even redness"
        PINPOINT = "pinpoint", "Pinpoint bleeding"
        MORE = "more", "More than pinpoint"

    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="areas")
    area = models.ForeignKey(TreatmentArea, on_delete=models.PROTECT, related_name="+")
    depth_mm = models.DecimalField("depth (mm)", max_digits=3, decimal_places=2, null=True)
    passes = models.PositiveSmallIntegerField(null=True)
    technique = models.CharField(max_length=5, choices=Technique, blank=True)
    endpoint = models.CharField(max_length=8, choices=Endpoint, blank=True)

    class Meta:
        ordering = ["session", "area__position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "area"], name="an_area_is_recorded_once_per_session"),
            models.CheckConstraint(
                condition=Q(depth_mm=None) | Q(depth_mm__gte="0.10", depth_mm__lte="3.00"),
                name="depth_is_between_0_10_and_3_mm",
                violation_error_message="A depth runs from 0.10 to 3.00 mm.",
            ),
            models.CheckConstraint(
                condition=Q(passes=None) | Q(passes__range=(1, 12)),
                name="passes_are_1_to_12",
                violation_error_message="Passes run from 1 to 12.",
            ),
        ]
        triggers = [frozen_with_session("areas_of_a_signed_session_are_frozen")]

    def __str__(self):
        return f"{self.area} {self.depth_mm} mm"


class SessionCartridge(models.Model):
    """One cartridge used in one session: the unit is unique over all sessions."""

    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="cartridges")
    unit = models.OneToOneField(
        CartridgeUnit,
        on_delete=models.PROTECT,
        related_name="use",
        error_messages={"unique": "This cartridge was already used. Open a new one."},
    )
    opened_today = models.BooleanField("sterile, opened today", default=False)
    needle_count = models.PositiveSmallIntegerField("needles", null=True, blank=True)
    needle_mm = models.DecimalField(
        "needle thickness (mm)", max_digits=4, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ["session", "pk"]
        triggers = [frozen_with_session("cartridges_of_a_signed_session_are_frozen")]

    def __str__(self):
        return str(self.unit)

    @property
    def needles(self) -> str:
        """How many needles and how thick, as its product said when it was opened."""
        return needle_words(self.needle_count, self.needle_mm)


class SessionAmendment(models.Model):
    """A dated correction beside a signed record; append-only."""

    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="amendments")
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        triggers = [
            pgtrigger.Protect(name="amendment_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"Amendment {self.pk}"
