"""Whether a page that stays open is still true."""

import datetime as dt

from django.db import connection

from clinic.models import Location
from planner.queries.board import board_version

AHEAD_SQL = """
    SELECT left(md5(concat_ws(' ',
        (SELECT concat_ws(' ', count(*), max(id), min(start), max("end"))
         FROM clinic_absence WHERE "end" > %(at)s),
        (SELECT concat_ws(' ', count(*), max(id), min(first_date), max(last_date))
         FROM clinic_closure WHERE location_id = %(location)s AND last_date >= %(day)s)
    )), 8)
"""


def today_version(location: Location, day: dt.date, at: dt.datetime) -> str:
    """A short text that changes with the visits of the day, time off and closures ahead, and each minute.

    Two queries of few rows. What else Today names (answers by phone, a mail that came back) is there
    within the minute.
    """
    with connection.cursor() as cursor:
        cursor.execute(AHEAD_SQL, {"location": location.pk, "day": day, "at": at})
        (ahead,) = cursor.fetchone()
    return f'"{board_version(location, day, day)}.{ahead}.{at:%H%M}"'
