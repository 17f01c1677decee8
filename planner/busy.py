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
# Slots held for a patient who is being asked count as taken until their time is over.
HOLDS = """
    FROM planner_slotoffer
    WHERE state = 'held' AND held_until > %(now)s
      AND start < %(until)s AND start > %(since)s::timestamptz - interval '1 day'
"""
PACK = f"string_agg({' || '.join(f'int4send({one})' for one in INTEGERS)}, '')"
PACKED_SQL = f"SELECT (SELECT {PACK}{ROWS}), (SELECT {PACK}{HOLDS})"
PLAIN_SQL = f"SELECT {', '.join(INTEGERS)}{ROWS}"  # the same rows, one by one: what bin/bench compares with


def parameters(people, places, tools, since, until, without=(), now=None) -> dict:
    """What both statements ask for: keys of practitioners, rooms and devices, instants, keys left out."""
    return {
        "live": list(LIVE),
        "since": since,
        "until": until,
        "without": list(without),
        "now": now,
        "practitioners": list(people),
        "rooms": list(places),
        "devices": list(tools),
    }


def read_claims(people: dict, places: dict, tools: dict, since, until, without=(), now=None) -> Claims:
    """Every live claim on these practitioners, rooms and devices between two instants, in one query.

    The three map a key to the planner's name. Claims of the appointments `without` are left out.
    Slots held at the instant `now` count as claims.
    """
    with connection.cursor() as cursor:
        cursor.execute(PACKED_SQL, parameters(people, places, tools, since, until, without, now))
        packed = b"".join(bytes(part) for part in cursor.fetchone() if part)
    integers = array("i", packed)
    if sys.byteorder == "little":  # PostgreSQL sends the high byte first
        integers.byteswap()
    return Claims.of(
        (names, *(integers[role * 3 + part :: WIDTH] for part in range(3)))
        for role, names in enumerate((people, places, tools))
    )
