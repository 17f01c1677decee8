"""Search from everywhere: patients by any part of what is known of them, lots by number for those who may."""

from dataclasses import dataclass

from django.urls import reverse

from clinic.models import Lot, User
from clinic.permissions import may
from clinic.words import day_date
from patients.models import Patient
from patients.queries import LIMIT, find_patients

LOTS_MOST = 5
LOT_FROM = 3  # letters from which a search is tried as part of a lot number


@dataclass(frozen=True)
class Hit:
    """One result: what it is called, what tells it from its namesakes, where it leads."""

    kind: str  # patient, lot
    title: str
    detail: str
    code: str
    url: str
    near: bool = False  # a patient who is called nearly so; nobody is called so


def hits_for(text: str, user: User) -> list[Hit]:
    """At most 20 hits: lots of the person's location if the person may open them, then patients."""
    found = find_patients(text, LIMIT)
    patients = [_patient_hit(one, found.near) for one in found.patients]
    lots = [_lot_hit(one) for one in _lots(text, user)] if may(user, "lot_detail") else []
    return [*lots, *patients][:LIMIT]


def _patient_hit(patient: Patient, near: bool) -> Hit:
    known = [f"Born {day_date(patient.birth_date, weekday=False)}"]
    if patient.phone:
        known.append(patient.phone.as_national)
    url = reverse("patient_detail", args=[patient.pk])
    return Hit("patient", str(patient), " · ".join(known), patient.record_number, url, near)


def _lots(text: str, user: User) -> list[Lot]:
    number = "".join(text.replace("\x00", "").split())
    if len(number) < LOT_FROM:
        return []
    known = Lot.objects.filter(location=user.location_id, number__icontains=number).select_related("product")
    return list(known.order_by("-expires_on", "pk")[:LOTS_MOST])


def _lot_hit(lot: Lot) -> Hit:
    detail = f"{lot.product} · to {day_date(lot.expires_on, weekday=False)}"
    return Hit("lot", f"Lot {lot.number}", detail, "", reverse("lot_detail", args=[lot.pk]))
