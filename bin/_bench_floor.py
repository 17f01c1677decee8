"""The floor of planning: psycopg2 alone fetching the busy rows of a problem's reach as integers."""

# ruff: noqa: S608 - the statement is put together from the constants of the models

import datetime as dt

from django.db import connection

from planner.models.busy import LIVE, ROLES, minute

INTEGERS = ", ".join(
    f"coalesce({who}, 0)::int, coalesce({minute(begin)}, 0), coalesce({minute(end)}, 0)"
    for _, who, begin, end in ROLES
)
ROWS_SQL = f"""
    SELECT {INTEGERS} FROM planner_appointment
    WHERE status = ANY(%(live)s) AND start < %(until)s AND start > %(since)s::timestamptz - interval '1 day'
        AND (practitioner_id = ANY(%(practitioners)s) OR room_id = ANY(%(rooms)s)
             OR device_id = ANY(%(devices)s))
"""


def asked(site, diary):
    """What to fetch: the rows of everybody and everything of the site in the reach of a diary."""
    return {
        "live": list(LIVE),
        "since": dt.datetime.combine(diary.first_date - dt.timedelta(days=1), dt.time(), dt.UTC),
        "until": dt.datetime.combine(diary.last_date + dt.timedelta(days=2), dt.time(), dt.UTC),
        "practitioners": [one.pk for one in site.practitioners],
        "rooms": [one.pk for one in site.rooms],
        "devices": [one.pk for one in site.devices],
    }


def fetch(values):
    """Send the query, fetch every row."""
    with connection.connection.cursor() as cursor:
        cursor.execute(ROWS_SQL, values)
        return cursor.fetchall()


def claims(values):
    """How many claims these rows are."""
    return sum(sum(1 for who in row[::3] if who) for row in fetch(values))
