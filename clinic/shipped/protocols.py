"""Templates of courses: visits (fewest, usual, most) and gaps in days, clinical facts 2.1 and 2.2.

No protocol is shipped where 2.2 gives no gap of 28 days or more, or marks it uncertain.
"""

from typing import NamedTuple

# 15 minutes for the first area, 10 for each further, 60 at most (1.20: S1, 15 to 60 minutes by areas).
FIRST_AREA_MINUTES, FURTHER_AREA_MINUTES, MOST_MINUTES = 15, 10, 60
# 4.1: LMX4 works after 30 minutes.
NUMBING_MINUTES = 30
# 6.5 and 10.22: judge 90 days after the last visit or later (Minutilli 2024; K200044).
REVIEW_AFTER_DAYS = 90


class ShippedProtocol(NamedTuple):
    """One template; each triple is lowest, usual, highest."""

    indication: str
    sessions: tuple[int, int, int]
    gap_days: tuple[int, int, int]
    source: str


SEED = "2.1: S3 (4-6 visits), S1 (4-6 weeks); midpoints derived"

PROTOCOLS = (
    ShippedProtocol("ACNE_MIXED", (4, 5, 6), (28, 35, 42), SEED),
    ShippedProtocol("ACNE_ROLLING", (4, 5, 6), (28, 35, 42), SEED),
    ShippedProtocol("ACNE_BOXCAR", (4, 5, 6), (28, 35, 42), SEED),
    ShippedProtocol("ACNE_ICEPICK", (4, 5, 6), (28, 35, 42), SEED),
    ShippedProtocol(
        "SCAR_SURG_TRAUMA",
        (4, 5, 6),
        (28, 42, 42),
        "2.2 SCAR_SURG_TRAUMA: seed and NHS leaflet, whose shortest gap is 42 days (10.2)",
    ),
    ShippedProtocol("STRIAE_RUBRAE", (4, 5, 6), (28, 35, 42), SEED),
    ShippedProtocol("STRIAE_ALBAE", (4, 5, 6), (28, 35, 42), SEED),
    ShippedProtocol(
        "FINE_LINES_TEXTURE",
        (4, 4, 6),
        (28, 30, 42),
        "2.2 FINE_LINES_TEXTURE: seed floor 4; Ablon 2018, 4 x 30 d",
    ),
    ShippedProtocol(
        "NECK_LINES",
        (4, 4, 6),
        (28, 30, 42),
        "2.2 NECK_LINES: Aesthet Surg J 2021, 4 monthly; limits from 2.1 (derived)",
    ),
)
