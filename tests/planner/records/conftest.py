"""Ana on the day of her first visit, up to an open record."""

from tests.kept import kept
from tests.planner import treating
from tests.planner.treating import (
    start,
)


@kept
def stock(site):
    return treating.make_stock(site.location)


@kept
def visit(ana, site, rosa):
    """Ana is here, not screened today, no consent."""
    return treating.arrive(ana, site, rosa)


@kept
def ready(visit, site, priya, rosa):
    """Ana is here, screened today, consent signed."""
    treating.consent(visit.patient, site, rosa)
    treating.screen_today(visit, priya)
    return visit


@kept
def session(ready, priya):
    """The record is open."""
    return start(ready, priya)
