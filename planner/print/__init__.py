"""Paper: aftercare sheets and itineraries as tagged PDF."""

from planner.print.paper import (
    PAPER_SIZES,
    TEXT_SIZES,
    Paper,
    itinerary_paper,
    itinerary_pdf,
    sheet_paper,
    sheet_pdf,
)

__all__ = [
    "PAPER_SIZES",
    "TEXT_SIZES",
    "Paper",
    "itinerary_paper",
    "itinerary_pdf",
    "sheet_paper",
    "sheet_pdf",
]
