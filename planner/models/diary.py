"""The diary: appointments and what happened to them; their areas are in `spacing`.

PostgreSQL is the last word here: four exclusion constraints keep a practitioner, room, device and patient
in one place at a time, two more keep the spacing of a course and of one patient's area. Never write these
tables through a form; `planner.booking` is the only writer.
"""

import datetime as dt

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, ExpressionWrapper, F, Func, Q, Value

from clinic.models import Device, Location, Practitioner, Room, User
from patients.models import Patient
from patients.models.belonging import belongs_to_a_patient
from planner.models.busy import FOLLOWING, LIVE
from planner.models.course import TreatmentCourse


class AppointmentStatus(models.TextChoices):
    """Stored states; the words of the pages are in architecture terms (Planned, Confirmed, …)."""

    BOOKED = "booked", "Booked"
    ARRIVED = "arrived", "Arrived"
    FULFILLED = "fulfilled", "Completed"
    CANCELLED = "cancelled", "Cancelled"
    NO_SHOW = "noshow", "No-show"


__all__ = ["LIVE", "Appointment", "AppointmentEvent", "AppointmentStatus"]


def during(start: str, end: str) -> Func:
    """A half-open range of instants over two columns."""
    return Func(F(start), F(end), Value("[)"), function="tstzrange", output_field=DateTimeRangeField())


def days(first: str, following: str) -> Func:
    """A half-open range of local dates over two columns."""
    return Func(F(first), F(following), Value("[)"), function="daterange", output_field=DateRangeField())


def following(day: str, number: str) -> ExpressionWrapper:
    """The local date a number of days after another."""
    return ExpressionWrapper(F(day) + F(number), output_field=models.DateField())


def one_place_at_a_time(what: str, start: str, end: str) -> ExclusionConstraint:
    """Refuse two live appointments of one practitioner, room, device or patient at once."""
    return ExclusionConstraint(
        name=f"{what}_is_in_one_place_at_a_time",
        expressions=[(what, RangeOperators.EQUAL), (during(start, end), RangeOperators.OVERLAPS)],
        condition=Q(status__in=LIVE),
        deferrable=Deferrable.IMMEDIATE,
        violation_error_code=f"{what}_taken",
        violation_error_message=f"The {what} is taken at this time.",
    )


ON_ITS_LOCAL_DAY = """
    IF TG_OP = 'INSERT' OR (NEW.start, NEW."on", NEW.location_id) IS DISTINCT FROM
        (OLD.start, OLD."on", OLD.location_id)
    THEN
        IF NEW."on" <> (
            SELECT (NEW.start AT TIME ZONE time_zone)::date FROM clinic_location WHERE id = NEW.location_id
        ) THEN
            RAISE EXCEPTION 'a visit is on the local day of its start';
        END IF;
    END IF;
    RETURN NEW;
"""

# Visits that a hold keeps stay as they are; a new date asks for a running course.
IN_A_RUNNING_COURSE = """
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.status, NEW.start) = (OLD.status, OLD.start) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF NEW.status = 'booked' AND EXISTS (
        SELECT 1 FROM planner_treatmentcourse
        WHERE id = NEW.course_id AND status IN ('on_hold', 'stopped')
    ) THEN
        RAISE EXCEPTION 'a course on hold gets no visit';
    END IF;
    RETURN NEW;
"""

# The gap to the next visit is counted from a visit that was held: it is neither undone nor moved.
HELD_STAYS = """
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a visit is cancelled, never deleted';
    END IF;
    IF OLD.status = 'fulfilled' AND (
        NEW.status, NEW.start, NEW."end", NEW."on", NEW.next_earliest_on, NEW.course_id, NEW.number,
        NEW.practitioner_id, NEW.location_id
    ) IS DISTINCT FROM (
        OLD.status, OLD.start, OLD."end", OLD."on", OLD.next_earliest_on, OLD.course_id, OLD.number,
        OLD.practitioner_id, OLD.location_id
    ) THEN
        RAISE EXCEPTION 'a visit that was held stays so';
    END IF;
    RETURN NEW;
"""


class Appointment(models.Model):
    """A booked visit. `start` is the patient's arrival; numbing comes first and needs the room only.

    Claims, all half-open: patient [start, end), room [start, room_until), practitioner
    [practitioner_from, practitioner_until), device [device_from, device_until).
    """

    class Kind(models.TextChoices):
        """Only a treatment belongs to a visit number of a course."""

        CONSULTATION = "consultation", "Consultation"
        TREATMENT = "treatment", "Treatment"
        REVIEW = "review", "Review"
        TEST_PATCH = "test_patch", "Test patch"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.TREATMENT)
    course = models.ForeignKey(
        TreatmentCourse, on_delete=models.PROTECT, null=True, related_name="appointments"
    )
    number = models.PositiveSmallIntegerField("visit", null=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="appointments")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="appointments")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="appointments")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="appointments")
    status = models.CharField(max_length=9, choices=AppointmentStatus, default=AppointmentStatus.BOOKED)
    start = models.DateTimeField()
    treatment_start = models.DateTimeField()
    end = models.DateTimeField()
    room_until = models.DateTimeField()
    practitioner_from = models.DateTimeField()
    practitioner_until = models.DateTimeField()
    device_from = models.DateTimeField(null=True)
    device_until = models.DateTimeField(null=True)
    on = models.DateField(help_text="Local date of the start")
    gap_days = models.PositiveSmallIntegerField(null=True, help_text="Days before the next visit may be")
    next_earliest_on = models.DateField(null=True, help_text="on + gap_days")
    course_gap_days = models.PositiveSmallIntegerField(null=True, help_text="The course's shortest gap")
    short_gap_reason = models.CharField(max_length=300, blank=True)
    reviewed = models.ForeignKey(
        TreatmentCourse,
        on_delete=models.PROTECT,
        null=True,
        related_name="reviews",
        help_text="The course that a review looks back on",
    )
    is_pinned = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    roomed_at = models.DateTimeField(null=True, blank=True, help_text="The desk sent the patient to the room")
    status_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["start"]
        constraints = [
            one_place_at_a_time("practitioner", "practitioner_from", "practitioner_until"),
            one_place_at_a_time("room", "start", "room_until"),
            one_place_at_a_time("device", "device_from", "device_until"),
            one_place_at_a_time("patient", "start", "end"),
            ExclusionConstraint(
                name="visits_of_a_course_keep_their_gap",
                expressions=[
                    ("course", RangeOperators.EQUAL),
                    (days("on", "next_earliest_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=LIVE, kind="treatment"),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_code="gap_too_short",
                violation_error_message="This is too soon after, or before, another visit of the course.",
            ),
            models.UniqueConstraint(
                fields=["course", "number"],
                condition=Q(status__in=LIVE),
                name="one_live_appointment_per_visit_number",
                violation_error_message="This visit of the course is already booked.",
            ),
            models.UniqueConstraint(
                fields=["id", "patient", "on", "next_earliest_on", "status"],
                name="appointment_key_for_its_areas",
            ),
            models.UniqueConstraint(fields=["id", "patient"], name="appointment_belongs_to_its_patient"),
            models.CheckConstraint(
                condition=Q(
                    start__lte=F("treatment_start"), treatment_start__lt=F("end"), end__lte=F("room_until")
                ),
                name="appointment_times_are_in_order",
                violation_error_message="A visit starts before it ends.",
            ),
            models.CheckConstraint(
                condition=Q(roomed_at=None) | Q(arrived_at__isnull=False, arrived_at__lte=F("roomed_at")),
                name="who_is_sent_to_the_room_has_arrived",
            ),
            models.CheckConstraint(
                condition=Q(end__lte=F("start") + Value(dt.timedelta(hours=4))),
                name="a_visit_lasts_four_hours_at_most",
                violation_error_message="A visit lasts four hours at most.",
            ),
            models.CheckConstraint(
                condition=Q(practitioner_from__lte=F("treatment_start"), practitioner_until__gte=F("end")),
                name="practitioner_is_there_for_the_whole_treatment",
            ),
            models.CheckConstraint(
                condition=Q(device=None, device_from=None, device_until=None)
                | Q(device__isnull=False, device_from__isnull=False, device_until__isnull=False)
                & Q(device_from__lte=F("treatment_start"), device_until__gte=F("end")),
                name="device_is_there_for_the_whole_treatment",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="treatment",
                    course__isnull=False,
                    number__isnull=False,
                    gap_days__isnull=False,
                    next_earliest_on__isnull=False,
                    course_gap_days__isnull=False,
                )
                | (~Q(kind="treatment") & Q(course=None, number=None, gap_days=None, next_earliest_on=None)),
                name="a_treatment_and_only_a_treatment_is_a_visit_of_a_course",
            ),
            models.CheckConstraint(
                condition=Q(kind="review", reviewed__isnull=False) | (~Q(kind="review") & Q(reviewed=None)),
                name="a_review_and_only_a_review_looks_back_on_a_course",
            ),
            models.UniqueConstraint(
                fields=["reviewed"],
                condition=Q(status__in=("booked", "arrived")),
                name="a_course_has_one_review_ahead",
                violation_error_message="The review of this course is already booked.",
            ),
            models.CheckConstraint(
                condition=Q(next_earliest_on=following("on", "gap_days")) | Q(next_earliest_on=None),
                name="next_earliest_day_is_the_day_plus_the_gap",
            ),
            models.CheckConstraint(
                condition=Q(gap_days=None)
                | Q(gap_days__gte=F("course_gap_days"), course_gap_days__gte=28)
                | (Q(gap_days__gte=1, course_gap_days__gte=28) & Q(short_gap_reason__regex=r"(\S\s*){20,}")),
                name="a_shorter_gap_has_its_reason_in_20_characters",
                violation_error_message="Write why this gap may be shorter (20 characters or more).",
            ),
        ]
        indexes = [
            models.Index(fields=["location", "start"], name="diary_of_a_location"),
            models.Index(fields=["start"], name="diary_by_time"),
            models.Index(
                fields=["course", "on"],
                condition=Q(status="fulfilled"),
                name="visits_held_of_a_course",
            ),
            models.Index(
                fields=["location", "on", "course"],
                condition=Q(status="fulfilled"),
                name="visits_held_at_a_location",
            ),
            models.Index(fields=["patient"], condition=Q(kind="review"), name="reviews_of_a_patient"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_visit_is_on_the_local_day_of_its_start",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=ON_ITS_LOCAL_DAY,
            ),
            pgtrigger.Trigger(
                name="a_course_on_hold_gets_no_visit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=IN_A_RUNNING_COURSE,
            ),
            pgtrigger.Trigger(
                name="a_visit_that_was_held_stays_so",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=HELD_STAYS,
            ),
            *belongs_to_a_patient("appointment"),
            *FOLLOWING,
        ]

    def __str__(self):
        return f"Appointment {self.pk}"


class AppointmentEvent(models.Model):
    """What happened to an appointment, when and by whom; append-only."""

    class Kind(models.TextChoices):
        """What happened."""

        BOOKED = "booked", "Booked"
        CONFIRMED = "confirmed", "Confirmed by the patient"
        ARRIVED = "arrived", "Checked in"
        UNARRIVED = "unarrived", "Check-in undone"
        ROOMED = "roomed", "Sent to the room"
        UNROOMED = "unroomed", "Sent to the room, taken back"
        STARTED = "started", "Numbing or treatment started"
        FULFILLED = "fulfilled", "Completed"
        CANCELLED = "cancelled", "Cancelled"
        NO_SHOW = "noshow", "Did not come"
        MOVED = "moved", "Moved"
        RESTORED = "restored", "Change taken back"
        PINNED = "pinned", "Held where it is"
        UNPINNED = "unpinned", "May move again"

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: the patient"
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(
                name="appointment_event_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self.appointment} {self.kind}"
