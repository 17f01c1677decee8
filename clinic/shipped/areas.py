"""Where we treat, from head to foot: usual depth and the depth above which a reason is asked for, in mm.

Numbers: clinical facts 2.3. Sided areas take their row; an area of the body map without a row takes the
stricter of the rows next to it and is marked D (derived). The Spanish names are not reviewed by a native
clinician.
"""

from collections.abc import Iterator
from typing import NamedTuple


class DepthRow(NamedTuple):
    """One row of the table: usual depth, depth that asks for a reason, source, confidence and check."""

    start_mm: str
    warn_mm: str
    source: str
    confidence: str


class ShippedArea(NamedTuple):
    """One place on the body."""

    code: str
    name: str
    name_es: str
    region: str
    row: DepthRow


FOREHEAD = DepthRow(
    "0.50", "0.75", "2.3 forehead: Dr.Pen chart 0.25-0.75; other charts 0.25-0.5", "uncertain, V"
)
PERIORBITAL = DepthRow(
    "0.25",
    "0.50",
    "2.3 periorbital, outside the orbital rim only: Dr.Pen chart 0.25-0.5; Bellus protocol page",
    "uncertain, V",
)
NOSE = DepthRow(
    "0.25",
    "0.50",
    "2.3 nose: Dr.Pen chart; microneedlingbeforeafter chart (other chart 0.75)",
    "uncertain, V",
)
UPPER_LIP = DepthRow("0.25", "0.75", "2.3 upper lip: Dr.Pen chart", "uncertain, V")
CHEEK_CHIN = DepthRow(
    "1.00",
    "2.00",
    "2.3 cheek, chin: Dr.Pen chart 0.5-2.0; scar use 1.5-2.0 (Clark 2021)",
    "uncertain, V",
)
NECK = DepthRow("0.50", "1.00", "2.3 neck: background knowledge", "uncertain, B")
CHEST_BREAST = DepthRow(
    "1.00",
    "1.50",
    "2.3 chest, breast (not areola or nipple): background; thin skin named in Alster & Li 2020",
    "uncertain, B",
)
ABDOMEN = DepthRow(
    "1.50", "2.50", "2.3 abdomen: K200044 needles up to 2.5; Dr.Pen stretch mark 1.5-2.0", "expert, V"
)
HIPS_THIGHS = DepthRow(
    "1.50", "2.00", "2.3 hips, buttocks, thighs: Dr.Pen stretch mark 1.5-2.0; 2.5 with reason", "uncertain, V"
)
BACK = DepthRow(
    "1.00", "2.00", "2.3 arms, calves, back: NCT02646917 used 0.25-2.0 on face and back", "trial, V"
)
ARMS_CALVES = DepthRow("1.00", "2.00", "2.3 arms, calves, back: background for arms, calves", "uncertain, B")
TEMPLE = PERIORBITAL._replace(
    source="2.3 has no row for the temple: periorbital row, the strictest beside it",
    confidence="uncertain, D",
)
JAW = NECK._replace(
    source="2.3 has no row for the jaw: neck row, the strictest beside it", confidence="uncertain, D"
)


def _sides(
    code: str, name: str, right_es: str, left_es: str, region: str, row: DepthRow
) -> Iterator[ShippedArea]:
    yield ShippedArea(f"right_{code}", f"Right {name}", right_es, region, row)
    yield ShippedArea(f"left_{code}", f"Left {name}", left_es, region, row)


AREAS = (
    ShippedArea("forehead", "Forehead", "Frente", "face_neck", FOREHEAD),
    *_sides("temple", "temple", "Sien derecha", "Sien izquierda", "face_neck", TEMPLE),
    *_sides(
        "periorbital",
        "eye area, outside the rim",
        "Contorno del ojo derecho",
        "Contorno del ojo izquierdo",
        "face_neck",
        PERIORBITAL,
    ),
    ShippedArea("nose", "Nose", "Nariz", "face_neck", NOSE),
    *_sides("cheek", "cheek", "Mejilla derecha", "Mejilla izquierda", "face_neck", CHEEK_CHIN),
    ShippedArea("upper_lip", "Upper lip", "Labio superior", "face_neck", UPPER_LIP),
    *_sides("jaw", "jaw", "Mandíbula derecha", "Mandíbula izquierda", "face_neck", JAW),
    ShippedArea("chin", "Chin", "Mentón", "face_neck", CHEEK_CHIN),
    ShippedArea("neck", "Neck", "Cuello", "face_neck", NECK),
    ShippedArea("chest", "Chest", "Escote", "trunk_limbs", CHEST_BREAST),
    *_sides("breast", "breast", "Pecho derecho", "Pecho izquierdo", "breast", CHEST_BREAST),
    ShippedArea("abdomen", "Abdomen", "Abdomen", "abdomen", ABDOMEN),
    ShippedArea("back", "Back", "Espalda", "trunk_limbs", BACK),
    *_sides("arm", "arm", "Brazo derecho", "Brazo izquierdo", "trunk_limbs", ARMS_CALVES),
    *_sides("hip", "hip", "Cadera derecha", "Cadera izquierda", "hips_thighs", HIPS_THIGHS),
    *_sides("buttock", "buttock", "Glúteo derecho", "Glúteo izquierdo", "hips_thighs", HIPS_THIGHS),
    *_sides("thigh", "thigh", "Muslo derecho", "Muslo izquierdo", "hips_thighs", HIPS_THIGHS),
    *_sides("calf", "calf", "Pantorrilla derecha", "Pantorrilla izquierda", "trunk_limbs", ARMS_CALVES),
)
