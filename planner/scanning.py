"""Finds a scanned or typed pack in stock, or says in words why it may not be used. Writes nothing."""

import datetime as dt
from collections.abc import Collection

from clinic.models import Location, Lot, Product
from clinic.refusals import Refusal
from clinic.words import day_date
from planner.engine.scan import Scan, read_scan, split_scan

KINDS = Product.Kind


def find_lot(location: Location, text: str, *, kinds: Collection[str], on: dt.date) -> tuple[Lot, str]:
    """The lot in stock that a code names, and the serial on the pack if it says one.

    Raises Refusal: nothing typed, not in stock here, of another product, out of use, past its date.
    """
    text = text.replace("\x00", "")  # PostgreSQL takes no NUL
    if not text.strip():
        raise Refusal("scan_empty", "Scan or type the code of a pack.", field="scan")
    first = read_scan(text)
    for scan in (first, split_scan(first)):
        if found := _lots(location, scan):
            return _usable(found, kinds, on), scan.serial
    raise Refusal(
        "scan_unknown",
        f"Lot {first.lot[:40]} is not in stock here.",
        "Compare it with the pack, or pick from the list.",
        field="scan",
    )


def _lots(location: Location, scan: Scan) -> list[Lot]:
    lots = Lot.objects.filter(location=location, number__iexact=scan.lot)
    return list(lots.select_related("product").order_by("pk"))


def _usable(found: list[Lot], kinds: Collection[str], on: dt.date) -> Lot:
    fitting = [lot for lot in found if lot.product.kind in kinds]
    if not fitting:
        raise _another_product(found[0], kinds)
    if len(fitting) > 1:
        raise Refusal(
            "scan_several",
            f"Several products have a lot {fitting[0].number}.",
            "Pick it from the list.",
            field="scan",
        )
    lot = fitting[0]
    if lot.expires_on < on:
        since = day_date(lot.expires_on, weekday=False)
        raise Refusal(
            "expired_lot", f"Lot {lot.number} was to be used by {since}.", "Take another one.", field="scan"
        )
    refuse_recalled(lot, "scan")
    if not lot.is_active or not lot.product.is_active:
        raise Refusal("out_of_use", f"Lot {lot.number} is out of use.", "Take another one.", field="scan")
    return lot


def refuse_recalled(lot: Lot, field: str) -> None:
    """Refuse a lot that was recalled (H24)."""
    if lot.recalled_at:
        raise Refusal(
            "recalled_lot",
            f"Lot {lot.number} is recalled.",
            "Put it aside and take another one.",
            field=field,
        )


def _another_product(lot: Lot, kinds: Collection[str]) -> Refusal:
    kind = KINDS(lot.product.kind).label.lower()
    wanted = " or ".join(KINDS(name).label.lower() for name in sorted(kinds))
    next_step = "Use it in the numbing step." if lot.product.kind == KINDS.NUMBING else ""
    return Refusal(
        "other_product",
        f"Lot {lot.number} is {lot.product}, a {kind}, not a {wanted}.",
        next_step,
        field="scan",
    )
