"""Reads what is scanned or typed from a pack: a GS1 code, or a lot number and perhaps a serial. Pure."""

import re
from dataclasses import dataclass

GROUP_END = "\x1d"  # what a scanner sends after a field of free length
_SIGNED = re.compile(r"\((\d{2})\)([^(]*)")
_SYMBOLOGY = re.compile(r"\][A-Za-z]\d")  # how scanners announce the kind of code
_FIXED = {"01": 14, "11": 6, "13": 6, "15": 6, "17": 6}  # digits of the GS1 fields of fixed length
_FREE = {"10", "21", "240"}
LOT, SERIAL = "10", "21"


@dataclass(frozen=True)
class Scan:
    """The lot and, if the pack says it, the serial of one unit."""

    lot: str
    serial: str = ""


def read_scan(text: str) -> Scan:
    """Read a typed or scanned code; a text that is no GS1 code is the lot as it stands."""
    code = _SYMBOLOGY.sub("", text.strip(), count=1)
    fields = dict(_SIGNED.findall(code)) or _raw_fields(code)
    if LOT in fields:
        return Scan(_tidy(fields[LOT]), _tidy(fields.get(SERIAL, "")))
    return Scan(_tidy(code))


def split_scan(scan: Scan) -> Scan:
    """Read the last word of a lot as the serial: `NC-1 S-9`."""
    lot, _, serial = scan.lot.rpartition(" ")
    return Scan(lot, serial) if lot else scan


def _raw_fields(code: str) -> dict[str, str]:
    """The fields of a GS1 code without brackets; empty when it is none."""
    found: dict[str, str] = {}
    rest = code
    if not rest.startswith("01") or not rest[2:16].isdigit() or len(rest) < 20:
        return {}
    while rest:
        name, length = rest[:2], _FIXED.get(rest[:2])
        if length is not None:
            found[name], rest = rest[2 : 2 + length], rest[2 + length :].lstrip(GROUP_END)
        elif name in _FREE:
            found[name], _, rest = rest[2:].partition(GROUP_END)
        else:
            return {}
    return found


def _tidy(text: str) -> str:
    return " ".join(text.split()).upper()
