"""How to prepare for a visit, in the approved texts of a language, as messages say it."""

import datetime as dt

from clinic.refusals import Refusal
from planner.aftercare_texts import blocks_of
from planner.engine.aftercare.preparing import preparation
from planner.engine.aftercare.timing import prepare_on
from planner.queries.itinerary import approved_text


def preparation_facts(visit_on: dt.date, language: str, today: dt.date) -> dict | None:
    """The lists for a treatment on a local day; `late` if the first day of them is over.

    None where the language has no approved texts, or those lack a block.
    """
    try:
        found = preparation(visit_on, blocks_of(approved_text(language)))
    except Refusal:
        return None
    if found is None:
        return None
    return {
        "before": [line.text for line in found.before],
        "tell_heading": found.tell.heading,
        "tell": [line.text for line in found.tell.items],
        "late": today > prepare_on(visit_on),
    }
