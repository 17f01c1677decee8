"""Protocols (templates of a course, versioned) and treatment courses."""

import pgtrigger
from django.db import models

from clinic.models import Indication, Location, TreatmentArea, User
from clinic.models.approved import Approved, approval_names_who_and_when, frozen_once_approved
from patients.models import Patient, Screening
from patients.models.belonging import belongs_to_a_patient


class Protocol(Approved):
    """A template of a course for one indication: sessions, gaps in days, minutes (clinical-facts 2.1)."""

    indication = models.ForeignKey(Indication, on_delete=models.PROTECT, related_name="protocols")
    number = models.PositiveIntegerField("version")
    sessions_min = models.PositiveSmallIntegerField("fewest visits", default=4)
    sessions_target = models.PositiveSmallIntegerField("usual visits", default=5)
    sessions_max = models.PositiveSmallIntegerField("most visits", default=6)
    gap_min_days = models.PositiveSmallIntegerField("shortest gap (days)", default=28)
    gap_target_days = models.PositiveSmallIntegerField("usual gap (days)", default=35)
    gap_max_days = models.PositiveSmallIntegerField("longest gap (days)", default=42)
    first_area_minutes = models.PositiveSmallIntegerField("minutes for the first area", default=15)
    further_area_minutes = models.PositiveSmallIntegerField("minutes for each further area", default=10)
    most_minutes = models.PositiveSmallIntegerField("treatment takes at most (min)", default=60)
    numbing_minutes = models.PositiveSmallIntegerField("usual numbing (min)", default=30)
    review_after_days = models.PositiveSmallIntegerField("review after the last visit (days)", default=90)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["indication", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["indication", "number"], name="protocol_version_is_unique"),
            approval_names_who_and_when("protocol_approval_names_who_and_when"),
            models.CheckConstraint(
                condition=models.Q(
                    sessions_min__gte=1,
                    sessions_min__lte=models.F("sessions_target"),
                    sessions_target__lte=models.F("sessions_max"),
                    sessions_max__lte=12,
                ),
                name="protocol_sessions_are_in_order",
                violation_error_message="Visits: fewest, usual and most, in that order.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    gap_min_days__gte=28,
                    gap_min_days__lte=models.F("gap_target_days"),
                    gap_target_days__lte=models.F("gap_max_days"),
                    gap_max_days__lte=90,
                ),
                name="protocol_gaps_are_in_order_and_at_least_28_days",
                violation_error_message="Gaps: shortest (28 days or more), usual and longest, in that order.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    first_area_minutes__gte=5,
                    most_minutes__gte=models.F("first_area_minutes"),
                    most_minutes__lte=120,
                )
                & models.Q(numbing_minutes__lte=120, review_after_days__gte=90),
                name="protocol_minutes_are_plausible",
                violation_error_message="Treatment takes 5 to 120 minutes, numbing 120 at most; "
                "review after 90 days or later.",
            ),
        ]
        triggers = [frozen_once_approved("approved_protocol_is_frozen")]

    def __str__(self):
        return f"{self.indication}, version {self.number}"

    def treatment_minutes(self, areas: int) -> int:
        """Minutes of treatment for a number of areas (numbing apart)."""
        return min(self.first_area_minutes + self.further_area_minutes * max(areas - 1, 0), self.most_minutes)


# The newest consent counts, as in `patients.gates.newest_consent`.
NO_WITHDRAWN_CONSENT = """
    IF NEW.status NOT IN ('active', 'on_hold') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.status IN ('active', 'on_hold') THEN
            RETURN NEW;
        END IF;
    END IF;
    IF (
        SELECT withdrawn_at FROM patients_consent
        WHERE patient_id = NEW.patient_id AND indication_id = NEW.indication_id
        ORDER BY signed_at DESC, id DESC LIMIT 1
    ) IS NOT NULL THEN
        RAISE EXCEPTION 'no course runs on a withdrawn consent';
    END IF;
    RETURN NEW;
"""


class TreatmentCourse(models.Model):
    """One patient's series at one location, pinned to its protocol version."""

    class Status(models.TextChoices):
        """Course states (FHIR CarePlan)."""

        ACTIVE = "active", "Active"
        ON_HOLD = "on_hold", "On hold"
        COMPLETED = "completed", "Completed"
        STOPPED = "stopped", "Stopped"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="courses")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="courses")
    indication = models.ForeignKey(Indication, on_delete=models.PROTECT, related_name="+")
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="courses")
    areas = models.ManyToManyField(TreatmentArea, related_name="+")
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="+")
    sessions = models.PositiveSmallIntegerField("visits")
    gap_min_days = models.PositiveSmallIntegerField()
    gap_target_days = models.PositiveSmallIntegerField()
    gap_max_days = models.PositiveSmallIntegerField()
    treatment_minutes = models.PositiveSmallIntegerField()
    numbing_minutes = models.PositiveSmallIntegerField()
    wishes = models.JSONField(default=dict, blank=True)
    proposal = models.CharField(max_length=20, blank=True, help_text="Which proposal was confirmed")
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    status_reason = models.CharField(max_length=200, blank=True)
    booking_key = models.UUIDField(unique=True, help_text="The same key never books twice")
    booking_hash = models.CharField(max_length=64, help_text="What was asked for under that key")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    earlier_since = models.DateTimeField(null=True, blank=True, help_text="On the short-notice list since")
    earlier_note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["id", "patient"], name="course_belongs_to_its_patient"),
            models.CheckConstraint(
                condition=models.Q(
                    gap_min_days__gte=28,
                    gap_min_days__lte=models.F("gap_target_days"),
                    gap_target_days__lte=models.F("gap_max_days"),
                ),
                name="course_gaps_are_in_order_and_at_least_28_days",
                violation_error_message="Gaps: shortest (28 days or more), usual and longest, in that order.",
            ),
            models.CheckConstraint(
                condition=models.Q(sessions__range=(1, 12)),
                name="course_has_1_to_12_visits",
                violation_error_message="A course has 4 to 6 visits.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["location"],
                condition=models.Q(status="active", earlier_since__isnull=False),
                name="short_notice_list",
            ),
            models.Index(
                fields=["location", "status"],
                condition=models.Q(status__in=["active", "on_hold"]),
                name="courses_under_way",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_course_runs_on_a_withdrawn_consent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
                func=NO_WITHDRAWN_CONSENT,
            ),
            *belongs_to_a_patient("course"),
        ]

    def __str__(self):
        return f"Course {self.pk}"
