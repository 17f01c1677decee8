"""What to do before the next visit: what to stop and when, how to come, what to tell us first."""

from dataclasses import dataclass
from datetime import date

from planner.engine.aftercare.blocks import Blocks
from planner.engine.aftercare.checks import unfit
from planner.engine.aftercare.itinerary import before_visits, tell_us
from planner.engine.aftercare.model import Line, Section
from planner.engine.aftercare.timing import stop_actives_on
from planner.engine.aftercare.words import Words


@dataclass(frozen=True)
class Preparation:
    """The two lists of one visit; each line names its block and source."""

    before: tuple[Line, ...]
    tell: Section


def preparation(visit_on: date, blocks: Blocks) -> Preparation | None:
    """The lists for a treatment on a local day (6.2, 3.3, 4.2); None where these texts lack a block."""
    if unfit(blocks):
        return None
    words = Words(blocks)
    stop = words.line("next.stop", day=words.day(stop_actives_on(visit_on)))
    return Preparation((stop, *before_visits(words).items), tell_us(words))
