"""Reads about stock: lots with what is left of them, and who had something of one lot."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from clinic import clock
from clinic.models import Location, Lot, Product
from clinic.words import day_date
from patients.models import Patient
from planner.models import Appointment, SessionCartridge, TreatmentSession
from planner.models.diary import AppointmentStatus

SOON_DAYS = 60  # a lot that ends within these days is shown first (docs/decisions.md)
USES = {"numbing_lot": "Numbing cream", "glide_lot": "Glide gel", "finishing_lot": "Finishing cream"}


@dataclass(frozen=True)
class LotRow:
    """One lot with its state on a day: recalled, expired, soon, out or fine."""

    lot: Lot
    used: int
    state: str

    @property
    def left(self) -> int | None:
        """Pieces left, where they are counted one by one."""
        if self.lot.received is None or self.lot.product.kind != Product.Kind.CARTRIDGE:
            return None
        return max(self.lot.received - self.used, 0)


def lot_rows(location: Location) -> QuerySet[Lot]:
    """Lots of a location."""
    return Lot.objects.filter(location=location).select_related("product", "location", "recalled_by")


def stock_of(location: Location, on: dt.date, *, typed: str = "") -> list[LotRow]:
    """Every lot of a location on a day, what needs a hand first; `typed` is part of a number or name."""
    lots = lot_rows(location)
    if typed.strip():
        lots = lots.filter(Q(number__icontains=typed.strip()) | Q(product__name__icontains=typed.strip()))
    rows = [LotRow(lot, lot.used, _state(lot, on)) for lot in lots.annotate(used=_used())]
    order = ("expired", "soon", "fine", "recalled", "out")
    return sorted(rows, key=lambda row: (order.index(row.state), row.lot.expires_on, row.lot.number))


def _state(lot: Lot, on: dt.date) -> str:
    if lot.recalled_at:
        return "recalled"
    if not lot.is_active:
        return "out"
    if lot.expires_on < on:
        return "expired"
    return "soon" if lot.expires_on <= on + dt.timedelta(days=SOON_DAYS) else "fine"


def _used() -> Case:
    """How often a lot was used: cartridges one by one, everything else by visit."""
    counted = [
        When(product__kind=kind, then=Subquery(_count(TreatmentSession, field)))
        for field, kind in (
            ("numbing_lot", Product.Kind.NUMBING),
            ("glide_lot", Product.Kind.GLIDE),
            ("finishing_lot", Product.Kind.FINISHING),
        )
    ]
    cartridges = Subquery(_count(SessionCartridge, "unit__lot"))
    return Coalesce(Case(*counted, default=cartridges, output_field=IntegerField()), 0)


def _count(model, field: str) -> QuerySet:
    rows = model.objects.filter(**{field: OuterRef("pk")}).order_by().values(field)
    return rows.annotate(number=Count("pk")).values("number")


@dataclass(frozen=True)
class Use:
    """One visit in which something of a lot was used, and the patient's visits still to come."""

    session: TreatmentSession
    patient: Patient
    what: str
    start: dt.datetime
    ahead: tuple[Appointment, ...]

    @property
    def ahead_words(self) -> str:
        """The visits still to come."""
        zone = self.session.appointment.location.time_zone
        local = [clock.local(visit.start, zone) for visit in self.ahead]
        return ", ".join(f"{day_date(start.date())} {clock.said_of(start)}" for start in local)


def uses_of(lot: Lot, at: dt.datetime) -> list[Use]:
    """Everybody on whom something of a lot was used, oldest first; four queries for any number."""
    sessions = (
        TreatmentSession.objects.filter(
            Q(numbing_lot=lot) | Q(glide_lot=lot) | Q(finishing_lot=lot) | Q(cartridges__unit__lot=lot)
        )
        .distinct()
        .select_related("patient", "practitioner", "appointment__location", "appointment__room")
        .prefetch_related("cartridges__unit")
        .order_by("started_at", "pk")
    )
    found = list(sessions)
    ahead: dict[int, list[Appointment]] = {}
    booked = Appointment.objects.filter(
        patient__in={session.patient_id for session in found}, status=AppointmentStatus.BOOKED, start__gt=at
    )
    for visit in booked.order_by("start"):
        ahead.setdefault(visit.patient_id, []).append(visit)
    return [_use(session, lot, tuple(ahead.get(session.patient_id, ()))) for session in found]


def _use(session: TreatmentSession, lot: Lot, ahead: tuple[Appointment, ...]) -> Use:
    what = [name for field, name in USES.items() if getattr(session, f"{field}_id") == lot.pk]
    serials = [use.unit.serial for use in session.cartridges.all() if use.unit.lot_id == lot.pk]
    what += [f"Cartridge {serial}" for serial in serials]
    return Use(session, session.patient, ", ".join(what), session.started_at, ahead)


HEADINGS = ("Record", "Name", "Born", "Phone", "Treated", "Room", "Practitioner", "Used", "Visits ahead")


def recall_table(uses: list[Use]) -> Iterator[tuple[str, ...]]:
    """The recall as rows of text, the headings first."""
    yield HEADINGS
    for use in uses:
        visit, patient = use.session.appointment, use.patient
        start = clock.local(use.start, visit.location.time_zone)
        yield (
            patient.record_number,
            str(patient),
            patient.birth_date.isoformat(),
            str(patient.phone or ""),
            f"{start:%Y-%m-%d %H:%M}",
            str(visit.room),
            str(use.session.practitioner),
            use.what,
            use.ahead_words,
        )
