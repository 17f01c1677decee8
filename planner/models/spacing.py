"""The areas of a visit: PostgreSQL keeps the spacing of one patient's area here, over all courses."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, Q

from clinic.models import TreatmentArea
from patients.models import Patient
from planner.models.diary import LIVE, Appointment, AppointmentStatus, days

# A visit that was held is a fact: of two files of one person both may hold one, too close together.
JOINED_FOR_A_MERGE = """
    IF TG_OP = 'INSERT' THEN
        RAISE EXCEPTION 'an area is held too close to another only by a merge of two files';
    END IF;
    IF (NEW.is_joined = 1) <> EXISTS (
        SELECT 1 FROM patients_patientmerge merge
        WHERE merge.undone_at IS NULL AND (merge.moved -> 'planner_appointmentarea') @> to_jsonb(OLD.id)
    ) THEN
        RAISE EXCEPTION 'an area is held too close to another only by a merge of two files';
    END IF;
    RETURN NEW;
"""


def area_keeps_its_gap(name: str, *more, condition: Q) -> ExclusionConstraint:
    """Refuse two live treatments of one area of a patient that are closer than the gap of the first."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            ("patient", RangeOperators.EQUAL),
            ("area", RangeOperators.EQUAL),
            *more,
            (days("on", "next_earliest_on"), RangeOperators.OVERLAPS),
        ],
        condition=condition,
        deferrable=Deferrable.IMMEDIATE,
        violation_error_code="area_too_soon",
        violation_error_message="This area has another treatment too close to this day.",
    )


class AppointmentArea(models.Model):
    """One area of one treatment; keeps the spacing per patient and area, over all courses.

    `is_joined` is 1 where two files that became one both hold a visit, too close together: between two such
    rows there is no spacing any more, between one of them and any other row there is.

    `patient_id`, `on`, `next_earliest_on` and `status` repeat the appointment's and follow it by a composite
    foreign key (ON UPDATE CASCADE, in the migration).
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="areas")
    area = models.ForeignKey(TreatmentArea, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    next_earliest_on = models.DateField()
    status = models.CharField(max_length=9, choices=AppointmentStatus)
    is_joined = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["appointment", "area"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "area"], name="an_area_is_listed_once_per_appointment"
            ),
            # Together: every pair but one of two joined rows.
            area_keeps_its_gap(
                "an_area_of_a_patient_keeps_its_gap", condition=Q(status__in=LIVE, is_joined=0)
            ),
            area_keeps_its_gap(
                "an_area_keeps_its_gap_from_joined_visits",
                ("is_joined", RangeOperators.NOT_EQUAL),
                condition=Q(status__in=LIVE),
            ),
            models.CheckConstraint(
                condition=Q(is_joined=0) | Q(is_joined=1, status="fulfilled"), name="joined_visits_were_held"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="area_of_a_visit_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="area_of_a_visit_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("appointment", "area"),
            ),
            pgtrigger.Trigger(
                name="an_area_is_joined_in_a_merge_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("is_joined"),
                func=JOINED_FOR_A_MERGE,
            ),
            pgtrigger.Trigger(
                name="no_area_begins_joined",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__is_joined=1),
                func=JOINED_FOR_A_MERGE,
            ),
        ]

    def __str__(self):
        return f"{self.appointment}: {self.area}"
