"""Plain writes around every command, and their refusal."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, transaction

from clinic.constraints import violated

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


@contextmanager
def refused(name):
    """The database refuses this write, and names the guard."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    assert violated(caught.value) == name or name in str(caught.value)


def change(row, **values):
    """Write around every command."""
    type(row).objects.filter(pk=row.pk).update(**values)
