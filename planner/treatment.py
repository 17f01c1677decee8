"""The treatment step: areas with their depth, device, cartridge, gel and cream, each checked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from clinic import clock
from clinic.models import CartridgeUnit, Device, Lot, Product
from clinic.refusals import Refusal
from planner.models import SessionArea, SessionCartridge, TreatmentSession
from planner.scanning import refuse_recalled

DEPTH_STEP = Decimal("0.05")  # mm; ruling 21
DEPTHS = (Decimal("0.10"), Decimal("3.00"))  # mm, hard (clinical-facts 5)
PASSES = range(1, 13)  # ruling 21: a direction counts as one
SPEEDS = range(201)  # Hz, hard (clinical-facts 5)
SKIN_CM2 = range(1, 2001)  # cm², hard (clinical-facts 5)
SERIAL_MOST = 40
SETTINGS = ("depth_mm", "passes", "technique", "endpoint")  # of one area


@dataclass(frozen=True)
class AreaEntry:
    """One treated area as typed; None and empty are not recorded yet."""

    area_id: int
    depth_mm: Decimal | None = None
    passes: int | None = None
    technique: str = ""
    endpoint: str = ""


@dataclass(frozen=True)
class Supplies:
    """What was used; a cartridge is its lot and serial, an empty serial gives our own running number.

    `further` are the cartridges after the first (ruling 20: several per visit are allowed).
    """

    device: Device | None = None
    cartridge_lot: Lot | None = None
    serial: str = ""
    glide_lot: Lot | None = None
    finishing_lot: Lot | None = None
    skin_prep: str = ""
    allergies_checked: bool = False
    opened_today: bool = False
    treated_cm2: int | None = None
    depth_reason: str = ""
    stopped_early: bool = False
    speed_hz: int | None = None
    further: tuple[tuple[Lot, str], ...] = ()

    @property
    def cartridges(self) -> list[tuple[Lot, str]]:
        """Lot and serial of every cartridge."""
        first = [(self.cartridge_lot, self.serial)] if self.cartridge_lot else []
        return [(lot, serial.strip().upper()) for lot, serial in (*first, *self.further)]


@dataclass(frozen=True)
class Needling:
    """When needling started and ended, as typed; None is not known yet."""

    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None


def write_areas(session: TreatmentSession, entries: Sequence[AreaEntry], supplies: Supplies) -> None:
    """Make the recorded areas exactly these."""
    planned = {link.area_id: link.area for link in session.appointment.areas.select_related("area")}
    for entry in entries:
        if entry.area_id not in planned:
            raise Refusal("other_area", "Only the areas of this visit can be recorded.", field="areas")
        _refuse_entry(planned[entry.area_id], entry)
        _refuse_depth(planned[entry.area_id], entry, supplies)
    held = {row.area_id: row for row in session.areas.all()}
    wanted = {entry.area_id: _values_of(entry) for entry in entries}
    if gone := held.keys() - wanted.keys():
        session.areas.filter(area__in=gone).delete()
    new = [pk for pk in wanted if pk not in held]
    if new:
        SessionArea.objects.bulk_create(SessionArea(session=session, area_id=pk, **wanted[pk]) for pk in new)
    changed = [row for pk, row in held.items() if pk in wanted and _values_of(row) != wanted[pk]]
    for row in changed:
        for name, value in wanted[row.area_id].items():
            setattr(row, name, value)
    if changed:
        SessionArea.objects.bulk_update(changed, SETTINGS)


def _values_of(area: AreaEntry | SessionArea) -> dict:
    return {name: getattr(area, name) for name in SETTINGS}


def write_supplies(session: TreatmentSession, supplies: Supplies, at: dt.datetime) -> None:
    """Write device, lots and cartridge to the session, each checked."""
    today = clock.local_date(at, session.appointment.location.time_zone)
    _refuse_device(session, supplies.device)
    if supplies.device is None or supplies.device.pk != session.device_id:
        session.outside_label = outside_label(session, supplies.device) if supplies.device else ""
    kinds = (
        *((lot, Product.Kind.CARTRIDGE, "cartridge_lot") for lot, _ in supplies.cartridges),
        (supplies.glide_lot, Product.Kind.GLIDE, "glide_lot"),
        (supplies.finishing_lot, Product.Kind.FINISHING, "finishing_lot"),
    )
    for lot, kind, field in kinds:
        _refuse_lot(session, lot, kind, field, today)
    session.device = supplies.device
    session.glide_lot = supplies.glide_lot
    session.finishing_lot = supplies.finishing_lot
    session.skin_prep = supplies.skin_prep.strip()
    session.allergies_checked = supplies.allergies_checked
    if supplies.treated_cm2 is not None and supplies.treated_cm2 not in SKIN_CM2:
        raise Refusal("skin_range", "An area of skin runs from 1 to 2000 cm².", field="treated_cm2")
    session.treated_cm2 = supplies.treated_cm2
    session.depth_reason = supplies.depth_reason.strip()
    session.stopped_early = supplies.stopped_early
    if supplies.speed_hz is not None and supplies.speed_hz not in SPEEDS:
        raise Refusal("speed_range", "A speed runs from 0 to 200 Hz.", field="speed_hz")
    session.speed_hz = supplies.speed_hz
    _write_cartridges(session, supplies.cartridges, supplies.opened_today)


def outside_label(session: TreatmentSession, device: Device) -> str:
    """What of this treatment lies outside the label of the device: flagged only (clinical-facts 2.4)."""
    uses = {use.indication_id: use for use in device.label_uses.all()}
    said, visit = [], session.appointment
    use = uses.get(visit.course.indication_id)
    if uses and use is None:
        said.append(visit.course.indication.name)
    first, last = device.label_phototype_from, device.label_phototype_to
    if use and use.phototype_from:
        first, last = use.phototype_from, use.phototype_to
    if first and last and session.phototype and not first <= session.phototype <= last:
        said.append(f"skin type {session.get_phototype_display()}")
    born, youngest = session.patient.birth_date, device.label_age_from
    age = visit.on.year - born.year - ((visit.on.month, visit.on.day) < (born.month, born.day))
    if youngest and age < youngest:
        said.append(f"age {age}")
    return "; ".join(said)[:300]


def needs_reason(area, entry: AreaEntry, device: Device | None) -> bool:
    """Whether this depth lies above the area's or the device label's limit (clinical-facts 2.3, 5)."""
    if entry.depth_mm is None:
        return False
    return entry.depth_mm > area.warn_mm or (device is not None and entry.depth_mm > device.label_max_mm)


def _refuse_entry(area, entry: AreaEntry) -> None:
    if entry.passes is not None and entry.passes not in PASSES:
        raise Refusal("passes_range", f"{area.name}: passes run from 1 to 12.", field=f"passes-{area.pk}")
    known = (*SessionArea.Technique.values, ""), (*SessionArea.Endpoint.values, "")
    if entry.technique not in known[0] or entry.endpoint not in known[1]:
        raise Refusal("unknown_choice", f"{area.name}: pick technique and endpoint from the list.")


def _refuse_depth(area, entry: AreaEntry, supplies: Supplies) -> None:
    depth = entry.depth_mm
    if depth is None:
        return
    if not DEPTHS[0] <= depth <= DEPTHS[1] or depth % DEPTH_STEP:
        raise Refusal(
            "depth_range",
            "A depth runs from 0.10 to 3.00 mm in steps of 0.05.",
            _meant(depth),
            field=f"depth-{area.pk}",
        )
    if needs_reason(area, entry, supplies.device) and not supplies.depth_reason.strip():
        raise Refusal(
            "depth_reason",
            f"{area.name}: {depth} mm is deeper than usual (over {_limit(area, supplies.device)} mm).",
            "Write why, or go less deep.",
            field="depth_reason",
        )


def _meant(depth: Decimal) -> str:
    """A question about a lost decimal sign: 15 for 1.5; nothing is corrected."""
    for smaller in (depth / 10, depth / 100, depth / 1000):  # the last reads micrometres
        if DEPTHS[0] <= smaller <= DEPTHS[1] < depth and not smaller % DEPTH_STEP:
            return f"Is {smaller:.2f} mm meant?"
    return ""


def _limit(area, device: Device | None) -> Decimal:
    return min(area.warn_mm, device.label_max_mm) if device else area.warn_mm


def _refuse_device(session: TreatmentSession, device: Device | None) -> None:
    if device is None or device.pk == session.device_id:  # judged when it was picked
        return
    if device.location_id != session.appointment.location_id or not device.is_active:
        raise Refusal("device_elsewhere", "Pick a device that is in use here.", field="device")
    if not session.practitioner.devices.filter(pk=device.pk).exists():
        raise Refusal(
            "device_untrained",
            f"{session.practitioner} is not trained on {device}.",
            "Pick another.",
            field="device",
        )


def _refuse_lot(session, lot: Lot | None, kind: str, field: str, today: dt.date) -> None:
    if lot is None:
        return
    if lot.product.kind != kind or lot.location_id != session.appointment.location_id:
        raise Refusal("wrong_lot", "Pick a lot in stock here.", field=field)
    if not session.needling_started_at:  # what was used stays in the record
        refuse_recalled(lot, field)
    if lot.expires_on < today:
        raise Refusal("expired_lot", f"Lot {lot.number} has expired.", "Take another one.", field=field)


def _write_cartridges(session: TreatmentSession, wanted: list[tuple[Lot, str]], opened_today: bool) -> None:
    """Make the cartridges of the session these; who was there stays, one used elsewhere is refused."""
    held = list(session.cartridges.select_related("unit__lot").order_by("pk"))
    missing = []
    for lot, serial in wanted:
        kept = next(
            (use for use in held if use.unit.lot_id == lot.pk and serial in ("", use.unit.serial)), None
        )
        if kept:
            held.remove(kept)
            if kept.opened_today != opened_today:
                kept.opened_today = opened_today
                kept.save(update_fields=["opened_today"])
        else:
            missing.append((lot, serial))
    for use in held:
        use.delete()
        use.unit.delete()
    for lot, serial in missing:
        _open_cartridge(session, lot, serial, opened_today)


def _open_cartridge(session: TreatmentSession, lot: Lot, serial: str, opened_today: bool) -> None:
    if len(serial) > SERIAL_MOST:
        raise Refusal("serial_long", "A serial has 40 characters at most.", field="serial")
    lot = Lot.objects.select_for_update(of=("self",)).select_related("product").get(pk=lot.pk)
    unit, made = CartridgeUnit.objects.get_or_create(lot=lot, serial=serial or _running_number(lot))
    if not made and hasattr(unit, "use"):
        raise Refusal(
            "cartridge_used",
            f"Cartridge {unit.serial} was already used.",
            "One cartridge is for one patient and one visit: open a new one.",
            field="serial",
        )
    needles = {name: getattr(lot.product, name) for name in ("needle_count", "needle_mm")}
    SessionCartridge.objects.create(session=session, unit=unit, opened_today=opened_today, **needles)


def _running_number(lot: Lot) -> str:
    taken = set(lot.units.values_list("serial", flat=True))
    return next(f"N{number:04d}" for number in range(1, 10_000) if f"N{number:04d}" not in taken)
