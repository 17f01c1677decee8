"""What PostgreSQL refused, in words: database errors become refusals here and nowhere else."""

import functools
import random
import time
from collections.abc import Iterable

from django.db import DatabaseError, connection, models, transaction

from clinic.refusals import Refusal

LOCK_NOT_AVAILABLE, QUERY_CANCELED = "55P03", "57014"
DEADLOCK, SERIALIZATION = "40P01", "40001"
TRIES = 3

BUSY = Refusal(
    "diary_busy",
    "Someone else is changing the same part of the diary.",
    "Wait a moment and try again.",
    stale=True,
)

# What any write to a patient may meet, whatever its command knows of.
MERGED = Refusal(
    "file_merged",
    "This file was merged into another one meanwhile. Nothing was saved.",
    "Open the patient again: the page leads to the file that was kept.",
    stale=True,
)
EVERYWHERE = {"a_merged_file_takes_nothing": MERGED}


def violated(error: BaseException) -> str:
    """Name the constraint that a database error broke, or return an empty text."""
    diag = getattr(error.__cause__, "diag", None)
    return (diag.constraint_name or "") if diag else ""


def sqlstate(error: BaseException) -> str:
    """Return the SQLSTATE of a database error, or an empty text."""
    diag = getattr(error.__cause__, "diag", None)
    return (diag.sqlstate or getattr(error.__cause__, "pgcode", "") or "") if diag else ""


def busy(error: BaseException) -> Refusal | None:
    """BUSY for a wait that was given up because somebody else holds the rows, for anything else None."""
    waited = isinstance(error, DatabaseError) and sqlstate(error) in (LOCK_NOT_AVAILABLE, DEADLOCK)
    return BUSY.copy() if waited else None


def sentences_of(*tables: type[models.Model]) -> dict[str, Refusal]:
    """The refusal of each constraint of these tables that has a sentence of its own, by constraint name."""
    return {
        rule.name: Refusal(rule.name, str(rule.violation_error_message))
        for table in tables
        for rule in table._meta.constraints
        if rule.violation_error_message != rule.default_violation_error_message
    }


def check_values(row: models.Model, *, exclude: Iterable[str] = ()) -> None:
    """Check the values of a row without a query: its keys and constraints are PostgreSQL's to refuse.

    Raises ValidationError by field.
    """
    keys = [field.name for field in row._meta.concrete_fields if field.is_relation]
    row.full_clean(exclude=[*keys, *exclude], validate_unique=False, validate_constraints=False)


def in_words(sentences: dict[str, Refusal]):
    """Decorate a command: a broken constraint of the table becomes its refusal, a long wait becomes BUSY.

    Deadlocks and serialization failures are tried again, three times at most with jitter, unless the command
    runs inside somebody else's transaction. The refusal never carries the database's DETAIL (it holds rows).
    """

    def decorate(command):
        @functools.wraps(command)
        def wrapped(*args, **kwargs):
            tries = 1 if connection.in_atomic_block else TRIES
            for left in reversed(range(tries)):
                try:
                    with transaction.atomic():
                        return command(*args, **kwargs)
                except DatabaseError as error:
                    refusal = (EVERYWHERE | sentences).get(violated(error))
                    if refusal:
                        raise refusal.copy() from None
                    state = sqlstate(error)
                    if state in (LOCK_NOT_AVAILABLE, QUERY_CANCELED):
                        raise BUSY.copy() from None
                    if state not in (DEADLOCK, SERIALIZATION) or not left:
                        raise
                    time.sleep(random.uniform(0.01, 0.1))  # noqa: S311 - jitter, not a secret
            raise AssertionError("unreachable")

        return wrapped

    return decorate
