"""What patients of the demo told on their own pages; where one of these pages opens."""

import datetime as dt
import uuid

from clinic import clock
from patients import links
from patients.models import Patient
from planner import own
from planner.codes import keep_code
from planner.demo.place import Place
from planner.models import Appointment

SHOWN = "Amara Osei"  # her own page is named when the demo is loaded


def tell_from_home(place: Place, patients: dict[str, Patient]) -> None:
    """One asks for another date, one reports a problem, one says that she comes."""
    minute = dt.timedelta(minutes=1)
    samuel, nia, amara = (patients[name] for name in ("Samuel Okoye", "Nia Farrow", SHOWN))
    if visit := _next(samuel, place.now):
        own.ask_to_move(
            keep_code(samuel, by=place.rosa, at=place.now),
            visit,
            words="Any Tuesday after 4 pm would be easier for me.",
            key=uuid.uuid5(uuid.NAMESPACE_URL, "demo/samuel"),
            at=place.now - 50 * minute,
        )
    own.report_problem(
        keep_code(nia, by=place.rosa, at=place.now),
        signs=["rash"],
        words="It began yesterday evening.",
        language=nia.language,
        key=uuid.uuid5(uuid.NAMESPACE_URL, "demo/nia"),
        at=place.now - 25 * minute,
    )
    if visit := _next(amara, place.now):
        own.confirm_visit(keep_code(amara, by=place.rosa, at=place.now), visit, at=place.now)


def own_page_of_the_demo() -> tuple[str, Patient] | None:
    """The address of one patient's own page, and whose it is; None where it has ended."""
    given, _, family = SHOWN.partition(" ")
    patient = Patient.objects.filter(given_name=given, family_name=family).first()
    token = links.code_of(patient, at=clock.now()) if patient else ""
    return (links.address_of(token), patient) if token else None


def _next(patient: Patient, at: dt.datetime) -> Appointment | None:
    ahead = Appointment.objects.filter(patient=patient, status="booked", start__gt=at)
    return ahead.order_by("start").first()
