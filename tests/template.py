"""The test database migrated once: every worker, and every later run, begins with a copy of it.

`python -m tests.template` makes it before the tests ask for it and compiles the tests, as each worker would.
"""

import gc
import hashlib
import os
from contextlib import contextmanager
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

LOCK = 5_105_026  # any number that nothing else locks


def template(name: str) -> str:
    """The database to copy the test database `name` from; made unless it is there as the migrations say."""
    made, wanted = f"{name}_template", _fingerprint()
    with connection._nodb_cursor() as cursor, _alone(cursor):
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [made]
        )
        if cursor.fetchone() != (wanted,):
            quoted = connection.ops.quote_name(made)
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")
            cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0")
            _migrate(made)
            cursor.execute(f"COMMENT ON DATABASE {quoted} IS %s", [wanted])
    return made


def _fingerprint() -> str:
    """Of the migrations of the project and the versions of those that packages bring."""
    packages = settings.BASE_DIR / "requirements.txt"
    ours = sorted(settings.BASE_DIR.glob("*/migrations/*.py"))
    found = [hashlib.sha256(path.read_bytes()).hexdigest() for path in [Path(__file__), packages, *ours]]
    return hashlib.sha256("".join(found).encode()).hexdigest()


@contextmanager
def _alone(cursor):
    cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _migrate(name: str) -> None:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    gc.disable()  # states of all models, made and dropped by the hundred: looking through them takes longest
    try:
        call_command("migrate", verbosity=0, interactive=False)
        _count_from_1001()
    finally:
        gc.enable()
        connection.close()
        connection.settings_dict["NAME"] = usual


def _count_from_1001() -> None:
    """Keys of four digits in every test: the engine knows people by their keys as texts, and "10" < "9"."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public'")
        for (sequence,) in cursor.fetchall():
            cursor.execute(f"ALTER SEQUENCE {sequence} RESTART WITH 1001")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    template(connection.settings_dict["TEST"]["NAME"])
    pytest.main(["--collect-only", "-qq"])
