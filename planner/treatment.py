"""The treatment step: areas with their depth, device, cartridge, gel and cream, each checked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from clinic import clock
from clinic.models import CartridgeUnit, Device, Lot, Product
from clinic.refusals import Refusal
from planner.models import SessionArea, SessionCartridge, TreatmentSession

DEPTH_STEP = Decimal("0.05")  # mm; ruling 21
DEPTHS = (Decimal("0.10"), Decimal("3.00"))  # mm, hard (clinical-facts 5)


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
    """What was used; `serial` empty gives the cartridge our own running number."""

    device: Device | None = None
    cartridge_lot: Lot | None = None
    serial: str = ""
    glide_lot: Lot | None = None
    finishing_lot: Lot | None = None
    skin_prep: str = ""
    depth_reason: str = ""
    stopped_early: bool = False


def write_areas(session: TreatmentSession, entries: Sequence[AreaEntry], supplies: Supplies) -> None:
    """Make the recorded areas exactly these."""
    planned = {link.area_id: link.area for link in session.appointment.areas.select_related("area")}
    for entry in entries:
        if entry.area_id not in planned:
            raise Refusal("other_area", "Only the areas of this visit can be recorded.", field="areas")
        _refuse_depth(planned[entry.area_id], entry, supplies)
    session.areas.exclude(area__in=[entry.area_id for entry in entries]).delete()
    for entry in entries:
        SessionArea.objects.update_or_create(
            session=session,
            area_id=entry.area_id,
            defaults={
                "depth_mm": entry.depth_mm,
                "passes": entry.passes,
                "technique": entry.technique,
                "endpoint": entry.endpoint,
            },
        )


def write_supplies(session: TreatmentSession, supplies: Supplies, at: dt.datetime) -> None:
    """Write device, lots and cartridge to the session, each checked."""
    today = clock.local_date(at, session.appointment.location.time_zone)
    _refuse_device(session, supplies.device)
    kinds = (
        (supplies.cartridge_lot, Product.Kind.CARTRIDGE, "cartridge_lot"),
        (supplies.glide_lot, Product.Kind.GLIDE, "glide_lot"),
        (supplies.finishing_lot, Product.Kind.FINISHING, "finishing_lot"),
    )
    for lot, kind, field in kinds:
        _refuse_lot(session, lot, kind, field, today)
    session.device = supplies.device
    session.glide_lot = supplies.glide_lot
    session.finishing_lot = supplies.finishing_lot
    session.skin_prep = supplies.skin_prep.strip()
    session.depth_reason = supplies.depth_reason.strip()
    session.stopped_early = supplies.stopped_early
    _write_cartridge(session, supplies)


def needs_reason(area, entry: AreaEntry, device: Device | None) -> bool:
    """Whether this depth lies above the area's or the device label's limit (clinical-facts 2.3, 5)."""
    if entry.depth_mm is None:
        return False
    return entry.depth_mm > area.warn_mm or (device is not None and entry.depth_mm > device.label_max_mm)


def _refuse_depth(area, entry: AreaEntry, supplies: Supplies) -> None:
    depth = entry.depth_mm
    if depth is None:
        return
    if not DEPTHS[0] <= depth <= DEPTHS[1] or depth % DEPTH_STEP:
        raise Refusal(
            "depth_range", "A depth runs from 0.10 to 3.00 mm in steps of 0.05.", field=f"depth-{area.pk}"
        )
    if needs_reason(area, entry, supplies.device) and not supplies.depth_reason.strip():
        raise Refusal(
            "depth_reason",
            f"{area.name}: {depth} mm is deeper than usual (over {_limit(area, supplies.device)} mm).",
            "Write why, or go less deep.",
            field="depth_reason",
        )


def _limit(area, device: Device | None) -> Decimal:
    return min(area.warn_mm, device.label_max_mm) if device else area.warn_mm


def _refuse_device(session: TreatmentSession, device: Device | None) -> None:
    if device is None:
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
    if lot.expires_on < today:
        raise Refusal("expired_lot", f"Lot {lot.number} has expired.", "Take another one.", field=field)


def _write_cartridge(session: TreatmentSession, supplies: Supplies) -> None:
    """One unit for this visit: kept if it is the same, else replaced; used elsewhere is refused."""
    lot, serial = supplies.cartridge_lot, supplies.serial.strip().upper()
    held = session.cartridges.select_related("unit").first()
    if held and lot and held.unit.lot_id == lot.pk and serial in ("", held.unit.serial):
        return
    if held:
        held.delete()
        held.unit.delete()
    if lot is None:
        return
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    unit, made = CartridgeUnit.objects.get_or_create(lot=lot, serial=serial or _running_number(lot))
    if not made and hasattr(unit, "use"):
        raise Refusal(
            "cartridge_used",
            f"Cartridge {unit.serial} was already used.",
            "One cartridge is for one patient and one visit: open a new one.",
            field="serial",
        )
    SessionCartridge.objects.create(session=session, unit=unit)


def _running_number(lot: Lot) -> str:
    taken = set(lot.units.values_list("serial", flat=True))
    return next(f"N{number:04d}" for number in range(1, 10_000) if f"N{number:04d}" not in taken)
