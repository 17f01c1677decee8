"""After a crash: what is left over heals, and nobody else's process is touched."""

import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import suppress

import psycopg2
import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from clinic.postgres import database_settings, processes, server
from clinic.postgres.refusals import ClusterRefused

from .conftest import command, connected, project_folder, result, value

pytestmark = pytest.mark.launcher


def data(places):
    return places.home / "data"


@pytest.fixture
def django_connection(cluster, django_db_blocker):
    """The connection of a web worker that uses the embedded engine."""
    with django_db_blocker.unblock():
        connection = ConnectionHandler({"default": database_settings(cluster.project)})["default"]
        yield connection
        connection.close()


def answer(connection, sql="SELECT 1"):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_first_query_starts_a_stopped_server(cluster, django_connection):
    server.stop(cluster)
    assert answer(django_connection) == 1
    assert server.running(cluster)


def test_killed_server_is_back_for_the_next_request(cluster, django_connection):
    assert answer(django_connection) == 1
    killed = processes.postmaster(data(cluster))
    os.kill(killed, signal.SIGKILL)
    _wait_until_gone(killed)
    django_connection.close_if_unusable_or_obsolete()  # as Django does when a request begins
    assert answer(django_connection) == 1
    assert processes.postmaster(data(cluster)) not in (None, killed)


def test_unknown_database_is_the_callers_error(cluster, django_connection):
    django_connection.settings_dict["NAME"] = "nowhere"
    with pytest.raises(OperationalError, match='database "nowhere" does not exist'):
        answer(django_connection)


def test_busy_orphans_are_waited_for(cluster):
    worker = threading.Thread(target=_count_long, args=[cluster])
    worker.start()
    while not _counting(cluster):
        time.sleep(0.02)
    killed = processes.postmaster(data(cluster))
    os.kill(killed, signal.SIGKILL)
    _wait_until_gone(killed)
    assert processes.living(data(cluster)) != []
    server.ensure_running(cluster)
    assert value(cluster, "SELECT 1") == 1
    worker.join()


def _count_long(places):
    with suppress(psycopg2.OperationalError), connected(places) as cursor:
        cursor.execute("SELECT count(*) FROM generate_series(1, 4000000) a WHERE md5(a::text) < '1'")


def _counting(places):
    return (
        value(places, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM gen%'")
        > 0
    )


def _wait_until_gone(pid):
    while processes.alive(pid):
        time.sleep(0.01)


@pytest.mark.parametrize("content", ["", "1", "12\n/some", "garbage\n\n\n"])
def test_broken_lock_files_do_not_block_the_start(cluster, content):
    server.stop(cluster)
    _write_locks(cluster, content)
    server.ensure_running(cluster)
    assert value(cluster, "SELECT 1") == 1


def test_foreign_process_behind_a_stale_lock_survives(cluster):
    server.stop(cluster)
    with subprocess.Popen(["sleep", "60"]) as foreign:
        _write_locks(cluster, f"{foreign.pid}\n{data(cluster)}\n")
        assert server.stop(cluster) is False
        assert foreign.poll() is None
        server.ensure_running(cluster)
        assert value(cluster, "SELECT 1") == 1
        server.stop(cluster)
        assert foreign.poll() is None
        foreign.kill()


def test_server_of_another_project_behind_a_stale_lock_survives(cluster):
    server.stop(cluster)
    with project_folder() as other:
        server.ensure_running(other)
        neighbour = processes.postmaster(data(other))
        _write_locks(cluster, f"{neighbour}\n{data(cluster)}\n")
        assert server.stop(cluster) is False
        server.ensure_running(cluster)
        assert processes.postmaster(data(other)) == neighbour
        assert value(other, "SELECT 1") == value(cluster, "SELECT 1") == 1


def test_zombie_is_not_taken_for_a_server(cluster):
    server.stop(cluster)
    with subprocess.Popen(["true"]) as child:
        while processes.alive(child.pid):
            time.sleep(0.01)
        assert processes.exists(child.pid)
        _write_locks(cluster, f"{child.pid}\n{data(cluster)}\n")
        server.ensure_running(cluster)
        assert value(cluster, "SELECT 1") == 1


def _write_locks(places, content):
    socket_lock = places.sockets / f".s.PGSQL.{places.port}.lock"
    for lock in (data(places) / "postmaster.pid", socket_lock):
        lock.write_text(content)


def test_sockets_swept_from_tmp_come_back(cluster):
    shutil.rmtree(cluster.sockets)
    server.ensure_running(cluster)
    assert value(cluster, "SELECT 1") == 1


def test_socket_folder_of_somebody_else_is_refused(cluster):
    server.stop(cluster)
    shutil.rmtree(cluster.sockets)
    cluster.sockets.mkdir(mode=0o777)
    cluster.sockets.chmod(0o777)
    with pytest.raises(ClusterRefused, match="which nobody else may enter"):
        server.ensure_running(cluster)
    cluster.sockets.rmdir()


def test_folder_moved_under_a_running_server_starts_no_second_one(django_db_blocker):
    with project_folder() as places:
        server.ensure_running(places)
        first = processes.postmaster(data(places))
        moved = places.project.with_name("moved")
        places.project.rename(moved)
        with project_folder() as stranger:
            assert processes.postmaster(moved / "var/postgres/data") == first
            assert not server.running(stranger)
        status, out, _ = result(command(type(places)(moved), "stop"))
        assert (status, out) == (0, "stopped\n")
        moved.rename(places.project)
