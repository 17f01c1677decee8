"""Clusters of their own for the launcher's tests, in folders that every user may enter."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest

from clinic.postgres import server
from clinic.postgres.places import Places
from clinic.postgres.refusals import ClusterRefused

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch):
    """The launcher's tests are about the embedded cluster, whatever database the other tests use."""
    for name in ("DATABASE_URL", "DATABASE_NAME", "NEEDLEPLAN_PG_BIN", "NEEDLEPLAN_PG_USER"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def project_folder(name="project"):
    """A new project folder; afterwards its server, its data and its sockets are gone."""
    top = Path(tempfile.mkdtemp(prefix="needleplan-test-"))
    top.chmod(0o755)
    places = Places(top / name)
    places.project.mkdir(parents=True)
    places.project.chmod(0o755)
    try:
        yield places
    finally:
        with suppress(ClusterRefused):
            server.stop(places)
        for folder in (top, places.sockets, places.homes[1]):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def project():
    """A project folder without a cluster."""
    with project_folder() as places:
        yield places


@pytest.fixture(scope="module")
def made_cluster():
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NEEDLEPLAN_PG_BIN", "NEEDLEPLAN_PG_USER"):
            patch.delenv(name, raising=False)
        with project_folder() as places:
            server.ensure_running(places)
            yield places


@pytest.fixture
def cluster(made_cluster):
    """A running cluster, shared by the tests of one file."""
    server.ensure_running(made_cluster)
    return made_cluster


def command(places, *words, environment=None, **more):
    """Run the launcher's command line as its own process."""
    env = dict(os.environ) if environment is None else environment
    return subprocess.Popen(
        [sys.executable, "-m", "clinic.postgres", *words, "--project", str(places.project)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def result(process):
    """Wait for a process; return its exit status, output and errors."""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@contextmanager
def connected(places, **changes):
    """A plain psycopg2 connection to the cluster's database."""
    parameters = {"host": str(places.sockets), "port": places.port, "user": places.role}
    connection = psycopg2.connect(**parameters | {"dbname": places.database} | changes)
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def value(places, sql):
    """Run one statement and return its only value."""
    with connected(places) as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
