"""Which lists of Today may have anything at all: one question in place of a dozen empty answers."""

# ruff: noqa: S608 - the statement is put together from the constants of this file only

import datetime as dt

from django.db import connection

from clinic import clock
from clinic.models import Location
from planner.queries.decisions import REMEMBERED_DAYS

# Each is wider than its list, never narrower: what is left out here would not be told.
LISTS = {
    "told": "planner_patientnotice WHERE location_id = %(here)s AND done_at IS NULL AND withdrawn_at IS NULL",
    "ended": "planner_coursechange WHERE at >= %(day)s AND kind IN ('stopped', 'held') AND undone_at IS NULL",
    "on_hold": "planner_treatmentcourse WHERE location_id = %(here)s AND status = 'on_hold'",
    "unsent": "clinic_outboxmessage WHERE sent_at IS NULL AND dropped_because = '' AND failed_because = ''"
    " AND due_at <= %(now)s",
    "undelivered": "clinic_outboxmessage WHERE location_id = %(here)s AND failed_because <> ''"
    " AND closed_at IS NULL",
    "away": 'clinic_absence WHERE "end" > %(now)s',
    "closed": "clinic_closure WHERE location_id = %(here)s AND last_date >= %(day)s",
    "nobody": "clinic_practitioner WHERE NOT is_active",
    "no_room": "clinic_room WHERE NOT is_active",
    "no_device": "clinic_device WHERE NOT is_active",
    "reactions": "planner_adverseevent WHERE closed_at IS NULL",
    "rests": "planner_adverseevent WHERE not_before IS NOT NULL",
    "decided": "planner_treatmentsession WHERE signed_at >= %(since)s"
    " AND decision IN ('extend', 'stop', 'gap')",
    "unfinished": "patients_unfinishedscreening WHERE ended_at IS NULL",
    "taken": "planner_slotoffer WHERE location_id = %(here)s AND state = 'taken' AND start >= %(day)s",
    "twice": "patients_pairnote WHERE said = 'same'",
    "photos": "planner_photo WHERE delete_asked_at IS NOT NULL AND deleted_at IS NULL",
}
WAITING_SQL = "SELECT " + ", ".join(f"EXISTS (SELECT FROM {rows})" for rows in LISTS.values())


def lists_with_rows(location: Location, day: dt.date, now: dt.datetime) -> set[str]:
    """The names of `LISTS` that may have something on a local day."""
    first = min(day, clock.local_date(now, location.time_zone)) - dt.timedelta(days=2)
    values = {
        "here": location.pk,
        "now": now,
        "day": first,
        "since": first - dt.timedelta(days=REMEMBERED_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(WAITING_SQL, values)
        return {name for name, has_rows in zip(LISTS, cursor.fetchone(), strict=True) if has_rows}
