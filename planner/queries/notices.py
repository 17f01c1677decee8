"""What patients told on their own pages, as the staff's pages read it."""

import datetime as dt

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from clinic.models import Location
from patients.models import Patient
from planner.models import PatientNotice

PROBLEM = PatientNotice.Kind.PROBLEM
SHOWN_FOR = dt.timedelta(days=60)  # longer than the longest usual gap: until the visit after it
# A wish for another date is answered when the visit has moved, is called off or is over.
WAITS = Q(done_at=None, withdrawn_at=None) & (
    ~Q(kind="move") | Q(appointment__status="booked", appointment__start=F("about_start"))
)
FASTEST_FIRST = Case(
    *(When(urgency=urgency, then=Value(rank)) for rank, urgency in enumerate(PatientNotice.Urgency.values)),
    default=Value(9),
    output_field=IntegerField(),
)


def notice_rows(location: Location) -> QuerySet[PatientNotice]:
    """Notices for one location."""
    return PatientNotice.objects.filter(location=location).select_related(
        "patient", "location", "appointment__practitioner", "appointment__location", "done_by", "change"
    )


def open_notices(location: Location) -> QuerySet[PatientNotice]:
    """What nobody has dealt with yet: problems by urgency, then the rest, the oldest first."""
    return notice_rows(location).filter(WAITS).order_by(FASTEST_FIRST, "at", "pk")


def is_open(notice: PatientNotice) -> bool:
    """Whether a notice still waits for the desk."""
    return PatientNotice.objects.filter(WAITS, pk=notice.pk).exists()


def reports_of(patient: Patient, at: dt.datetime) -> list[PatientNotice]:
    """Problems a patient reported: the open ones and those of the last 60 days, the newest first."""
    lately = Q(done_at=None) | Q(at__gt=at - SHOWN_FOR)
    found = PatientNotice.objects.filter(lately, patient=patient, kind=PROBLEM)
    return list(found.select_related("done_by", "location"))
