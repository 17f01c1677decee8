"""What is booked, as the planner reads it: one value of packed integers instead of many rows of objects."""

import sys
from array import array

from django.db import connection

from planner.engine.claims import Claims
from planner.models.diary import LIVE

# who, from, until of each role of an appointment
ROLES = (
    ("practitioner_id", "practitioner_from", "practitioner_until"),
    ("room_id", "start", "room_until"),
    ("device_id", "device_from", "device_until"),
)
WIDTH = 3 * len(ROLES)
INTEGERS = [
    one
    for who, begin, end in ROLES
    for one in (
        f"coalesce({who}, 0)::int",
        f"coalesce(date_part('epoch', {begin})::bigint / 60, 0)::int",
        f"coalesce(date_part('epoch', {end})::bigint / 60, 0)::int",
    )
]
ROWS = """
    FROM planner_appointment
    WHERE status = ANY(%(live)s)
      AND start < %(until)s AND start > %(since)s::timestamptz - interval '1 day'
      AND NOT id = ANY(%(without)s)
      AND (practitioner_id = ANY(%(practitioners)s) OR room_id = ANY(%(rooms)s)
           OR device_id = ANY(%(devices)s))
"""
PACKED_SQL = f"SELECT string_agg({' || '.join(f'int4send({one})' for one in INTEGERS)}, ''){ROWS}"
PLAIN_SQL = f"SELECT {', '.join(INTEGERS)}{ROWS}"  # the same rows, one by one: what bin/bench compares with


def parameters(people, places, tools, since, until, without=()) -> dict:
    """What both statements ask for: keys of practitioners, rooms and devices, instants, keys left out."""
    return {
        "live": list(LIVE),
        "since": since,
        "until": until,
        "without": list(without),
        "practitioners": list(people),
        "rooms": list(places),
        "devices": list(tools),
    }


def read_claims(people: dict, places: dict, tools: dict, since, until, without=()) -> Claims:
    """Every live claim on these practitioners, rooms and devices between two instants, in one query.

    The three map a key to the planner's name. Claims of the appointments `without` are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(PACKED_SQL, parameters(people, places, tools, since, until, without))
        packed = cursor.fetchone()[0] or b""
    integers = array("i", bytes(packed))
    if sys.byteorder == "little":  # PostgreSQL sends the high byte first
        integers.byteswap()
    return Claims.of(
        (names, *(integers[role * 3 + part :: WIDTH] for part in range(3)))
        for role, names in enumerate((people, places, tools))
    )
