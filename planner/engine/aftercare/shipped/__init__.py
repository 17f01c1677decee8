"""The texts the product comes with: drafts until a clinic's practitioner approves them."""

from types import ModuleType
from typing import Final

from planner.engine.aftercare.blocks import Block, Blocks
from planner.engine.aftercare.shipped import ar, en, es

VERSION: Final = 1


def _blocks(language: str, texts: ModuleType) -> Blocks:
    rows = (*texts.LABELS, *texts.SHEET, *texts.ITINERARY, *texts.PROBLEMS)
    return Blocks(
        language=language,
        name=texts.NAME,
        direction="rtl" if language == "ar" else "ltr",
        version=VERSION,
        weekdays=texts.WEEKDAYS,
        months=texts.MONTHS,
        texts={code: Block(code, text, source) for code, text, source in rows},
        reviewed_by_native_clinician=texts.REVIEWED_BY_NATIVE_CLINICIAN,
        notice=getattr(texts, "NOTICE", ""),
    )


SHIPPED: Final[dict[str, Blocks]] = {
    "en": _blocks("en", en),
    "es": _blocks("es", es),
    "ar": _blocks("ar", ar),
}
