"""Ana on the day of her first visit, up to an open record."""

from tests.kept import kept
from tests.planner.treating import start


@kept
def session(ready, priya):
    """The record is open."""
    return start(ready, priya)
