"""Busy time kept beside the appointments, so that planning need not read them one by one.

Statement triggers on the appointments work it out anew from the live rows (`planner_keep_busy`, migration
0020). Nothing else writes here, and nothing is booked by what stands here: a booking is judged by the rows.
"""

# ruff: noqa: S608 - the statements are put together from the constants of this file only

import pgtrigger
from django.db import models

LIVE = ("booked", "arrived", "fulfilled")
CHUNK_DAYS = 16
CHUNK_MINUTES = CHUNK_DAYS * 1440
# letter of the role, who, from, until of each role of an appointment
ROLES = (
    ("p", "practitioner_id", "practitioner_from", "practitioner_until"),
    ("r", "room_id", "start", "room_until"),
    ("d", "device_id", "device_from", "device_until"),
)


class BusyChunk(models.Model):
    """When one practitioner (role p), room (r) or device (d) is taken in 16 days, by live appointments.

    Chunk n begins n * 16 days after 1970-01-01T00:00Z. `taken` has a bit for every `tick` minutes (5, or 1
    where a claim needs it), the last tick first; a chunk without a row is free.
    """

    pk = models.CompositePrimaryKey("role", "resource", "chunk")
    role = models.CharField(max_length=1)
    resource = models.BigIntegerField()
    chunk = models.IntegerField()
    tick = models.SmallIntegerField()
    taken = models.BinaryField()

    class Meta:
        ordering = ["role", "resource", "chunk"]

    def __str__(self):
        return f"{self.role}{self.resource} {self.chunk}"


def minute(instant: str, up: int = 0) -> str:
    """The epoch minute of a column; `up` 59 counts a started minute as a whole one."""
    return f"((date_part('epoch', {instant})::bigint + {up}) / 60)::int"


def claims_in(rows: str) -> str:
    """Live claims of these rows: role, resource, begins, ends (epoch minutes)."""
    roles = ", ".join(
        f"('{role}', {who}, {minute(begin)}, {minute(end, 59)})" for role, who, begin, end in ROLES
    )
    return f"""SELECT claim.* FROM {rows} AS visit,
        LATERAL (VALUES {roles}) AS claim (role, resource, begins, ends)
        WHERE status IN {LIVE} AND resource IS NOT NULL"""


def kept_after(changed: str) -> str:
    """The body of a trigger that works out anew the chunks of changed claims."""
    return f"""
    PERFORM planner_keep_busy(array_agg(role), array_agg(resource), array_agg(chunk))
    FROM (
        SELECT DISTINCT role, resource, chunk FROM ({changed}) AS changed,
        LATERAL generate_series(begins / {CHUNK_MINUTES}, (ends - 1) / {CHUNK_MINUTES}) AS chunk
    ) AS touched;
    RETURN NULL;
"""


GONE, CAME = claims_in("gone"), claims_in("came")
MOVED = f"(({GONE}) EXCEPT ({CAME})) UNION (({CAME}) EXCEPT ({GONE}))"
EVERYTHING_GONE = """
    DELETE FROM planner_busychunk;
    RETURN NULL;
"""


def _following(name: str, operation, body: str, **referencing) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"busy_time_follows_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**referencing) if referencing else None,
        func=body,
    )


FOLLOWING = (
    _following("new_visits", pgtrigger.Insert, kept_after(CAME), new="came"),
    _following("changed_visits", pgtrigger.Update, kept_after(MOVED), old="gone", new="came"),
    _following("deleted_visits", pgtrigger.Delete, kept_after(GONE), old="gone"),
    _following("an_empty_table", pgtrigger.Truncate, EVERYTHING_GONE),
)
