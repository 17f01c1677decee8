"""Starting, stopping and asking for the embedded cluster."""

import shutil
import subprocess
from pathlib import Path

import pytest

from clinic.postgres import processes, server
from clinic.postgres.refusals import ClusterRefused

from .conftest import command, connected, project_folder, result, value

pytestmark = pytest.mark.launcher


def test_cluster_keeps_its_data_from_one_start_to_the_next(project):
    server.ensure_running(project)
    with connected(project) as cursor:
        cursor.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")
    assert server.stop(project) is True
    assert server.running(project) is False
    assert server.stop(project) is False
    server.ensure_running(project)
    assert value(project, "SELECT word FROM kept") == "still here"


def test_command_line_starts_tells_and_stops(project):
    assert result(command(project, "status")) == (3, "not running\n", "")
    status, out, err = result(command(project, "start"))
    pid = processes.postmaster(project.home / "data")
    assert (status, err) == (0, "")
    assert f"process {pid}, data in {project.home / 'data'}" in out
    assert result(command(project, "status")) == (0, out, "")
    assert result(command(project, "stop")) == (0, "stopped\n", "")
    assert result(command(project, "stop")) == (0, "was not running\n", "")


def test_eight_first_starts_at_once_make_one_server(project):
    answers = [result(started) for started in [command(project, "start") for _ in range(8)]]
    assert {status for status, _, _ in answers} == {0}, answers
    assert len({out for _, out, _ in answers}) == 1
    postmasters = [pid for pid in processes.living(project.home / "data") if _is_parent(pid, project)]
    assert postmasters == [processes.postmaster(project.home / "data")]


def _is_parent(pid, project):
    command_line = (processes.PROC / str(pid) / "cmdline").read_bytes()
    return bytes(project.home / "data") in command_line.split(b"\0")


@pytest.mark.parametrize("name", ["my clinic's appé", '$(touch broken) "quoted" `x` 100% #1;'])
def test_any_path_is_a_good_path(name):
    with project_folder(name) as places:
        server.ensure_running(places)
        assert value(places, "SELECT 1") == 1
        assert sorted(path.name for path in places.project.iterdir()) == ["var"]


@pytest.mark.parametrize("language", [{}, {"LANG": "xx_XX.UTF-8", "LC_ALL": "tlh_KLINGON"}])
def test_text_is_compared_alike_whatever_the_language_of_the_machine(project, language):
    status, _, err = result(command(project, "start", environment=language))
    assert (status, err) == (0, "")
    assert value(project, "SELECT 'NGUYỄN' ILIKE 'nguyễn' AND lower('ÑANDÚ') = 'ñandú'") is True
    with connected(project) as cursor:
        cursor.execute("CREATE EXTENSION pg_trgm")
    assert value(project, "SELECT cardinality(show_trgm('محمد'))") == 5


def test_role_of_the_app_owns_its_database_but_is_no_superuser(cluster):
    sql = "SELECT rolsuper::text || rolcreatedb::text FROM pg_roles WHERE rolname = current_user"
    assert value(cluster, sql) == "falsetrue"
    assert value(cluster, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'needleplan'") == (
        "needleplan"
    )


def test_log_does_not_repeat_what_a_statement_said(cluster):
    wanted = {
        "max_connections": "200",
        "jit": "off",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "TimeZone": "UTC",
        "fsync": "on",
        "listen_addresses": "",
    }
    with connected(cluster) as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(wanted)])
        assert dict(cursor.fetchall()) == wanted


def test_data_of_another_major_version_is_refused_in_words(project):
    server.ensure_running(project)
    server.stop(project)
    (project.home / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(ClusterRefused) as refused:
        server.ensure_running(project)
    assert "was made by PostgreSQL 14, but this machine has PostgreSQL" in str(refused.value)
    assert "NEEDLEPLAN_PG_BIN" in str(refused.value)
    assert processes.living(project.home / "data") == []


def test_no_programs_are_refused_in_words(project, monkeypatch, tmp_path):
    monkeypatch.setenv("NEEDLEPLAN_PG_BIN", str(tmp_path))
    status, out, err = result(command(project, "start"))
    assert (status, out) == (1, "")
    assert err.startswith("No PostgreSQL 15 or newer was found.")


def test_half_made_cluster_is_made_anew(cluster):
    server.stop(cluster)
    shutil.move(cluster.home / "data", cluster.homes[0] / "data.new")
    assert cluster.home is None
    server.ensure_running(cluster)
    assert value(cluster, "SELECT 1") == 1


def test_dump_with_the_clusters_own_programs_restores_into_a_new_database(cluster, tmp_path):
    folder = Path(result(command(cluster, "programs"))[1].strip())
    url = result(command(cluster, "psql-url"))[1].strip()
    with connected(cluster) as cursor:
        cursor.execute("CREATE TABLE dumped AS SELECT 'Nguyễn' AS name")
        cursor.execute("CREATE DATABASE restored")
    dump = tmp_path / "clinic.dump"
    subprocess.run([folder / "pg_dump", "--format=custom", f"--file={dump}", url], check=True)
    target = url.replace("/needleplan?", "/restored?")
    subprocess.run([folder / "pg_restore", "--no-owner", f"--dbname={target}", dump], check=True)
    with connected(cluster, dbname="restored") as cursor:
        cursor.execute("SELECT name FROM dumped")
        assert cursor.fetchall() == [("Nguyễn",)]


def test_stop_leaves_a_server_that_somebody_uses(cluster):
    with connected(cluster):
        words = (0, "left running: others are connected\n", "")
        assert result(command(cluster, "stop", "--if-unused")) == words
    assert result(command(cluster, "stop", "--if-unused")) == (0, "stopped\n", "")
