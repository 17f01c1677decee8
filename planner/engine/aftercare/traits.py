"""What about a session changes the choice of texts: regions, depth band, skin, reaction."""

from dataclasses import dataclass
from enum import StrEnum

from planner.engine.aftercare.model import RegionGroup, SessionFacts
from planner.engine.aftercare.timing import SPF_BODY, SPF_FACE_OR_BROWN


class DepthBand(StrEnum):
    """How long redness lasts by depth (6.3). Depths between the table's bands count as the deeper band."""

    SHALLOW = "shallow"
    MEDIUM = "medium"
    DEEP = "deep"


# 6.3: "<= 0.5 mm", "0.8-1.5 mm", ">= 2 mm".
SHALLOW_TO_MM = 0.5
MEDIUM_TO_MM = 1.5
# 6.3: phototypes IV to VI get the wording and days for brown and black skin.
FIRST_BROWN_PHOTOTYPE = 4


def depth_band(max_depth_mm: float) -> DepthBand:
    """The band of the deepest setting, in mm."""
    if max_depth_mm <= SHALLOW_TO_MM:
        return DepthBand.SHALLOW
    return DepthBand.MEDIUM if max_depth_mm <= MEDIUM_TO_MM else DepthBand.DEEP


@dataclass(frozen=True)
class Traits:
    """A phototype not recorded counts as brown: that wording fits all skin and its days are longer."""

    regions: frozenset[RegionGroup]
    depth: DepthBand
    brown: bool
    swollen: bool
    last: bool

    @classmethod
    def of(cls, facts: SessionFacts) -> "Traits":
        """The traits of one session."""
        return cls(
            regions=frozenset(area.group for area in facts.areas),
            depth=depth_band(facts.max_depth_mm),
            brown=facts.phototype is None or facts.phototype >= FIRST_BROWN_PHOTOTYPE,
            swollen=facts.reaction.swelling >= 2,  # 1, slight, is expected (6.1)
            last=facts.is_last,
        )

    @property
    def face(self) -> bool:
        """Whether the face or neck was treated."""
        return RegionGroup.FACE_NECK in self.regions

    @property
    def body(self) -> frozenset[RegionGroup]:
        """The treated regions below the neck."""
        return self.regions - {RegionGroup.FACE_NECK}

    @property
    def skin(self) -> str:
        """The suffix of the block codes that differ by skin."""
        return "brown" if self.brown else "white"

    @property
    def spf(self) -> int:
        """SPF 50 on the face and for brown and black skin, else 30 (6.2 Sun)."""
        return SPF_FACE_OR_BROWN if self.face or self.brown else SPF_BODY

    @property
    def actives(self) -> str:
        """The row of TIMINGS for the return of retinoids and acids: day 7, brown and black skin day 10."""
        return "actives_brown" if self.brown else "actives"
