"""Two web servers that start at once: one migrates, the other waits for it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from clinic.management.commands.migrate_once import LOCK

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db(transaction=True)
def test_migrate_once_waits_for_the_one_that_came_first():
    name = connection.settings_dict["NAME"]
    url = os.environ.get("DATABASE_URL")
    environment = os.environ | {"NEEDLEPLAN_DEBUG": "1", "DATABASE_NAME": name}
    if url:
        environment["DATABASE_URL"] = url.rpartition("/")[0] + f"/{name}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    second = subprocess.Popen(
        [sys.executable, "manage.py", "migrate_once", "--verbosity", "0"], cwd=ROOT, env=environment
    )
    try:
        while not _waiting() and second.poll() is None:
            time.sleep(0.05)
        assert second.poll() is None
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        status = second.wait(timeout=60)
    assert status == 0


def _waiting():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return cursor.fetchone()[0]
