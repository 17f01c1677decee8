"""Which characters our fonts can print, and what stands in for the others."""

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
# Where a character has no glyph and no plainer form. Inter has it.
STAND_IN = "□"
ARABIC = frozenset(range(0x0600, 0x0700))
# Set around values by the engine in a text from right to left; they print nothing.
ISOLATES = frozenset("\u2068\u2069")
_WINDOWS, _BMP, _FULL = 3, 1, 10


def printable(data: Any) -> tuple[Any, str]:
    """The same data with every character our fonts lack replaced, and those characters ("" if none)."""
    lost: dict[str, None] = {}
    return _replace(data, lost), "".join(lost)


def _replace(data: Any, lost: dict[str, None]) -> Any:
    if isinstance(data, str):
        return "".join(_character(one, lost) for one in unicodedata.normalize("NFC", data))
    if isinstance(data, dict):
        return {key: _replace(value, lost) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_replace(value, lost) for value in data]
    return data


def _character(one: str, lost: dict[str, None]) -> str:
    if one.isspace():
        return one if one == "\u00a0" else " "
    kind = unicodedata.category(one)
    if one in ISOLATES:
        return one
    # Controls and direction marks are nothing to print, and could reorder what stands around them.
    if ord(one) in covered() and kind not in {"Cc", "Cf"}:
        return one
    lost[one] = None
    if kind in {"Cc", "Cf", "Mn", "Me"}:
        return ""
    plainer = "".join(part for part in unicodedata.normalize("NFKD", one) if ord(part) in covered())
    return plainer or STAND_IN


@cache
def covered() -> frozenset[int]:
    """The code points we can print in every weight: all of Inter's, and Arabic letters."""
    return _family("Inter") | (_family("Vazirmatn") & ARABIC)


def _family(name: str) -> frozenset[int]:
    return frozenset.intersection(
        *(_code_points(path.read_bytes()) for path in sorted(FONTS.glob(f"{name}-*.ttf")))
    )


def _code_points(font: bytes) -> frozenset[int]:
    """The code points of a TrueType font's character map (formats 4 and 12)."""
    table = _table(font, b"cmap")
    count = struct.unpack_from(">H", font, table + 2)[0]
    best = -1
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", font, table + 4 + 8 * index)
        if platform == _WINDOWS and encoding in (_BMP, _FULL):
            best = max(best, table + offset, key=lambda at: -1 if at < 0 else _format(font, at))
    if best < 0:
        raise ValueError("the font has no Unicode character map")
    return _format_12(font, best) if _format(font, best) == 12 else _format_4(font, best)  # noqa: PLR2004


def _table(font: bytes, wanted: bytes) -> int:
    for index in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if tag == wanted:
            return int(offset)
    raise ValueError(f"the font has no {wanted.decode()} table")


def _format(font: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", font, at)[0])


def _format_12(font: bytes, at: int) -> frozenset[int]:
    found: set[int] = set()
    for index in range(struct.unpack_from(">L", font, at + 12)[0]):
        first, last, _ = struct.unpack_from(">LLL", font, at + 16 + 12 * index)
        found.update(range(first, last + 1))
    return frozenset(found)


def _format_4(font: bytes, at: int) -> frozenset[int]:
    segments = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends, starts, deltas, ranges = (
        at + 14,
        at + 16 + 2 * segments,
        at + 16 + 4 * segments,
        at + 16 + 6 * segments,
    )
    found: set[int] = set()
    for index in range(segments):
        last, first, delta, shift = (
            struct.unpack_from(">H", font, table + 2 * index)[0] for table in (ends, starts, deltas, ranges)
        )
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if shift:
                glyph = struct.unpack_from(">H", font, ranges + 2 * index + shift + 2 * (code - first))[0]
            if glyph and (glyph + delta) % 65536:
                found.add(code)
    return frozenset(found)
