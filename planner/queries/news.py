"""Whether a page that stays open is still true."""

import datetime as dt

from django.db.models import Count, Max, Min

from clinic.models import Absence, Closure, Location
from planner.queries.board import board_version


def today_version(location: Location, day: dt.date, at: dt.datetime) -> str:
    """A short text that changes with the visits of the day, time off and closures ahead, and each minute.

    Three queries of few rows. What else Today names (answers by phone, a mail that came back) is there
    within the minute.
    """
    away = Absence.objects.filter(end__gt=at)
    shut = Closure.objects.filter(location=location, last_date__gte=day)
    ahead = [
        *away.aggregate(Count("pk"), Max("pk"), Min("start"), Max("end")).values(),
        *shut.aggregate(Count("pk"), Max("pk"), Min("first_date"), Max("last_date")).values(),
    ]
    seen = "-".join(f"{one:%m%d%H%M}" if isinstance(one, dt.date) else str(one or 0) for one in ahead)
    return f'"{board_version(location, day, day)}.{seen}.{at:%H%M}"'
