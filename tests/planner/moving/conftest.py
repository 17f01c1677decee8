"""A booked course, and another screened patient."""

from clinic.models import OutboxMessage
from tests.kept import kept
from tests.planner import making
from tests.planner.making import NOW, book


@kept
def course(site, ana, rosa):
    """Four visits on Mondays at ten, 35 days apart, booked the day before."""
    course = book(ana, site, rosa)
    OutboxMessage.objects.update(sent_at=NOW)  # the patient knows these dates
    return course


@kept
def bea(site, rosa):
    """Another screened patient."""
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    return patient
