"""A code to scan, drawn from an address: one path for pages and for Typst."""

from dataclasses import asdict, dataclass
from typing import Any

import segno

QUIET = 4  # modules of white around the code, as its standard asks


@dataclass(frozen=True)
class Code:
    """A square code: the path of its dark modules in a box of `size` modules, and the words beside it."""

    path: str
    size: int
    alt: str
    words: str

    @property
    def svg(self) -> str:
        """The dark part as a picture of its own; the paper leaves the white around it."""
        side = self.size - 2 * QUIET
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{QUIET} {QUIET} {side} {side}">'
            f'<path d="{self.path}"/></svg>'
        )

    def as_data(self) -> dict[str, Any]:
        """What the papers read."""
        return asdict(self) | {"svg": self.svg}


def draw_code(address: str, *, alt: str, words: str) -> Code:
    """Draw an address with the error correction that survives a folded paper (level M, 15 %)."""
    made = segno.make(address, error="m", micro=False)
    rows = [[bool(module) for module in row] for row in made.matrix]
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                parts.append(f"M{x + QUIET} {y + QUIET}h{run - x}v1h-{run - x}z")
            x = max(run, x + 1)
    return Code("".join(parts), len(rows) + 2 * QUIET, alt, words)
