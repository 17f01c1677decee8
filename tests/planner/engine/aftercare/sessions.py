"""One signed session, one course and approved texts, for the tests to vary."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from planner.engine.aftercare.blocks import Blocks
from planner.engine.aftercare.examples import lines_of as lines
from planner.engine.aftercare.itinerary import compose_itinerary
from planner.engine.aftercare.model import (
    Clinic,
    Itinerary,
    ItineraryFacts,
    NextVisit,
    Reaction,
    RegionGroup,
    SessionFacts,
    SheetContent,
    TreatedArea,
    VisitFacts,
)
from planner.engine.aftercare.select import compose
from planner.engine.aftercare.shipped import SHIPPED

LARKMOOR = Clinic(
    "Larkmoor Skin Clinic",
    ("14 Fennel Row", "Larkmoor LM2 4QT"),
    "020 7946 0138",
    "Every day, 08:00 to 20:00",
    "999",
)
RIGHT_CHEEK = TreatedArea("cheek_right", "right cheek", RegionGroup.FACE_NECK)
LEFT_CHEEK = TreatedArea("cheek_left", "left cheek", RegionGroup.FACE_NECK)
BREAST = TreatedArea("breast", "breast", RegionGroup.BREAST)
ABDOMEN = TreatedArea("abdomen", "abdomen", RegionGroup.ABDOMEN)
THIGHS = TreatedArea("thighs", "thighs", RegionGroup.HIPS_THIGHS)
BACK = TreatedArea("back", "back", RegionGroup.TRUNK_LIMBS)

AMARA = SessionFacts(
    language="en",
    text_version=1,
    zone="Europe/London",
    needling_ended_at=datetime(2026, 12, 3, 12, 15, tzinfo=UTC),
    areas=(RIGHT_CHEEK, LEFT_CHEEK),
    max_depth_mm=1.5,
    phototype=2,
    anaesthetic="Lidocaine 4% cream",
    products=("hyaluronic gel", "healing cream"),
    reaction=Reaction(redness=2, swelling=1),
    note="",
    practitioner="Kerry Walsh",
    is_last=False,
    next_visit=NextVisit(datetime(2027, 1, 7, 16, 30, tzinfo=UTC), "Kerry Walsh", "Room 3", 90),
    clinic=LARKMOOR,
    patient="Amara Osei",
    record_number="LM-20418",
    visit=5,
    visits=6,
)

_START = datetime(2026, 12, 8, 16, 30, tzinfo=UTC)
NADINE = ItineraryFacts(
    language="en",
    zone="Europe/London",
    patient="Nadine Ferrer",
    record_number="LM-20977",
    course="Acne scars, cheeks and chin",
    clinic=LARKMOOR,
    visits=tuple(
        VisitFacts(
            n=n,
            start=_START + timedelta(days=days),
            end=_START + timedelta(days=days, minutes=80),
            practitioner="Kerry Walsh",
            room="Room 3",
            earliest_on=earliest,
            latest_on=latest,
        )
        for n, days, earliest, latest in (
            (1, 0, None, None),
            (2, 37, date(2027, 1, 5), date(2027, 1, 19)),
            (3, 71, date(2027, 2, 11), date(2027, 2, 25)),
        )
    ),
    gap_min_days=28,
    gap_max_days=42,
    numbing_minutes=40,
    printed_on=date(2026, 12, 3),
)


def approved(language: str = "en", **changes: Any) -> Blocks:
    """The shipped texts as Dr Rahman approved them."""
    return replace(SHIPPED[language], approved_by="Dr N Rahman", approved_on=date(2026, 9, 1), **changes)


def sheet(**changes: Any) -> SheetContent:
    """Amara's sheet with some facts changed."""
    facts = replace(AMARA, **changes)
    content = compose(facts, approved(facts.language))
    assert isinstance(content, SheetContent)
    return content


def itinerary(**changes: Any) -> Itinerary:
    """Nadine's itinerary with some facts changed."""
    facts = replace(NADINE, **changes)
    content = compose_itinerary(facts, approved(facts.language))
    assert isinstance(content, Itinerary)
    return content


def plain(text: str) -> str:
    """A text with ordinary spaces."""
    return text.replace("\u00a0", " ")


def said(content: SheetContent) -> dict[str, str]:
    """Block code to printed text."""
    return {line.code: plain(line.text) for line in lines(content)}
