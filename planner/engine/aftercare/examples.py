"""Invented visits on which a text can be read as patients will read it: in a whole sheet."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from planner.engine.aftercare.blocks import Blocks
from planner.engine.aftercare.model import (
    Clinic,
    Line,
    NextKind,
    NextVisit,
    Reaction,
    RegionGroup,
    SessionFacts,
    SheetContent,
    TreatedArea,
)
from planner.engine.aftercare.select import compose

_NEXT: Final = NextVisit(datetime(2027, 1, 7, 16, 30, tzinfo=UTC), "Kerry Walsh", "Room 3", 90)
_FACE: Final = SessionFacts(
    language="en",
    text_version=1,
    zone="Europe/London",
    needling_ended_at=datetime(2026, 12, 3, 12, 15, tzinfo=UTC),
    areas=(
        TreatedArea("cheek_right", "right cheek", RegionGroup.FACE_NECK),
        TreatedArea("cheek_left", "left cheek", RegionGroup.FACE_NECK),
    ),
    max_depth_mm=1.5,
    phototype=2,
    anaesthetic="Lidocaine 4% cream",
    products=("Sterile glide gel",),
    reaction=Reaction(redness=2, swelling=1),
    note="",
    practitioner="Kerry Walsh",
    is_last=False,
    next_visit=_NEXT,
    clinic=Clinic(
        "Larkmoor Skin Clinic",
        ("14 Fennel Row", "Larkmoor LM2 4QT"),
        "020 7946 0138",
        "Every day, 08:00 to 20:00",
        "999",
    ),
    patient="Example Patient",
    record_number="EXAMPLE",
    visit=5,
    visits=6,
)
_CHEST: Final = TreatedArea("breast", "breast", RegionGroup.BREAST)
_BELLY: Final = TreatedArea("abdomen", "abdomen", RegionGroup.ABDOMEN)
_THIGHS: Final = TreatedArea("thighs", "thighs", RegionGroup.HIPS_THIGHS)
_BACK: Final = TreatedArea("back", "back", RegionGroup.TRUNK_LIMBS)

# What the clinic's own rows would say in the other languages.
_SAID: Final = {
    "es": {
        "right cheek": "mejilla derecha",
        "left cheek": "mejilla izquierda",
        "breast": "pecho",
        "abdomen": "abdomen",
        "thighs": "muslos",
        "back": "espalda",
        _FACE.clinic.hours: "Todos los días, 08:00 a 20:00",
    },
    "ar": {
        "right cheek": "الخد الأيمن",
        "left cheek": "الخد الأيسر",
        "breast": "الثدي",
        "abdomen": "البطن",
        "thighs": "الفخذان",
        "back": "الظهر",
        _FACE.clinic.hours: "كل يوم، 08:00 إلى 20:00",
    },
}

# Name → the visit and what is special about it; together they use every text of a sheet.
EXAMPLES: Final = {
    "Face, white skin": _FACE,
    "Face, brown or black skin, deep": replace(_FACE, phototype=5, max_depth_mm=2.5),
    "Face, white skin, shallow, no numbing": replace(_FACE, max_depth_mm=0.5, anaesthetic=None),
    "Face, brown or black skin, shallow": replace(_FACE, phototype=5, max_depth_mm=0.5),
    "Face, brown or black skin, swollen": replace(_FACE, phototype=5, reaction=Reaction(2, 2)),
    "Breast, next visit not booked": replace(_FACE, areas=(_CHEST,), next_visit=None),
    "Abdomen and thighs, deep": replace(_FACE, areas=(_BELLY, _THIGHS), max_depth_mm=2.5),
    "Back": replace(_FACE, areas=(_BACK,), note="Cool your back tonight."),
    "Face and back": replace(_FACE, areas=(*_FACE.areas, _BACK)),
    "Last visit": replace(_FACE, is_last=True, next_visit=None, visit=6),
    "Last visit, review booked": replace(
        _FACE, is_last=True, visit=6, next_visit=replace(_NEXT, kind=NextKind.REVIEW)
    ),
}


def example_sheet(blocks: Blocks, name: str) -> SheetContent | None:
    """The sheet of one example in these texts, approved or not; None where they lack a block.

    KeyError: there is no such example.
    """
    content = compose(_in_language(EXAMPLES[name], blocks), blocks)
    return content if isinstance(content, SheetContent) else None


def _in_language(facts: SessionFacts, blocks: Blocks) -> SessionFacts:
    said = _SAID.get(blocks.language, {})
    return replace(
        facts,
        language=blocks.language,
        text_version=blocks.version,
        areas=tuple(replace(area, label=said.get(area.label, area.label)) for area in facts.areas),
        clinic=replace(facts.clinic, hours=said.get(facts.clinic.hours, facts.clinic.hours)),
    )


def example_with(blocks: Blocks, code: str) -> str:
    """The name of the first example whose sheet prints this block; "" where none does."""
    for name in EXAMPLES:
        content = example_sheet(blocks, name)
        if content and any(line.code == code for line in lines_of(content)):
            return name
    return ""


def lines_of(content: SheetContent) -> tuple[Line, ...]:
    """Every printed sentence of a sheet, in its order."""
    rows = [line for row in content.timeline.rows for line in (*row.normal, *row.todo)]
    remark = (content.timeline.remark,) if content.timeline.remark else ()
    warning = content.warning
    return (
        *rows,
        *remark,
        *content.do.items,
        *content.do_not.items,
        *warning.items,
        *warning.later,
        *warning.emergency,
        *content.next_visit.items,
    )
