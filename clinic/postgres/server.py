"""Starts and stops the embedded server and says how it is; safe to call from many processes at once."""

import contextlib
import socket
import stat
import sys
import time
from pathlib import Path

from . import binaries as programs
from . import cluster, processes
from .account import Account, refuse_stranger, server_account
from .lock import start_lock
from .places import Places
from .refusals import ClusterRefused

START_SECONDS = 120.0  # replaying the log after a crash may take its time
STOP_SECONDS = 60.0
ORPHAN_SECONDS = 20.0
ATTEMPTS = 5

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A log beside the project must not repeat what a statement said about a patient.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


def proof(places: Places) -> dict[str, str]:
    """Return the connection parameter by which libpq checks that the server runs as the data's owner."""
    home = places.home
    return {} if home is None else {"requirepeer": server_account(places).name}


def ensure_running(places: Places) -> None:
    """Return once the server accepts connections, making and starting the cluster as needed."""
    if running(places):
        return
    _only_linux()
    account = server_account(places)
    cluster.prepare_var(places, account)
    with start_lock(places.var):
        if running(places):
            return
        home = places.home or cluster.initialise(places, account)
        _prepare_sockets(places, account)
        _start(places, home, account)


def running(places: Places) -> bool:
    """Say whether our own server accepts connections now."""
    home = places.home
    return home is not None and processes.postmaster(home / "data") is not None and _answers(places)


def stop(places: Places) -> bool:
    """Stop the server if it runs; return whether there was one. Refuses when it does not end."""
    refuse_stranger(places)
    home = places.home
    if home is None:
        return False
    with start_lock(places.var):
        return _stop(home / "data")


def _stop(data: Path) -> bool:
    pid = processes.postmaster(data)
    if pid is None:
        return False
    if not processes.interrupt(pid, data, STOP_SECONDS):
        raise ClusterRefused(f"PostgreSQL (process {pid}) did not stop within {STOP_SECONDS:.0f} seconds.")
    return True


def _only_linux() -> None:
    if sys.platform != "linux":
        raise ClusterRefused(
            "The embedded database runs on Linux only. Set DATABASE_URL to a PostgreSQL 15 or newer."
        )


def _prepare_sockets(places: Places, account: Account) -> None:
    folder = places.sockets
    account.succeeds("mkdir", "-m", "700", folder)
    found = folder.lstat() if folder.exists() or folder.is_symlink() else None
    if (
        found is None
        or not stat.S_ISDIR(found.st_mode)
        or found.st_uid != account.uid
        or found.st_mode & 0o077
    ):
        raise ClusterRefused(
            f"{folder} must be a folder of {account.name} which nobody else may enter. "
            "Remove it, then start again."
        )


def _start(places: Places, home: Path, account: Account) -> None:
    data = home / "data"
    found = programs.find(account, data)
    deadline, attempts, launched = time.monotonic() + START_SECONDS, 0, None
    while time.monotonic() < deadline:
        if processes.postmaster(data):
            if _answers(places):
                return
            _restart_without_socket(places, data)
        elif launched is None or not processes.alive(launched):
            attempts += 1
            if attempts > ATTEMPTS:
                break
            _wait_for_orphans(data)
            _clear_locks(places, data)
            launched = _launch(places, home, account, found)
        time.sleep(0.02 if attempts < 2 else 0.3)
    raise ClusterRefused(f"PostgreSQL did not start. Its log, {home / 'server.log'}, ends:\n{_tail(home)}")


def _restart_without_socket(places: Places, data: Path) -> None:
    """A ready server whose socket was swept away from /tmp is deaf: only a new start makes a new socket."""
    if _is_ready(data) and not (places.sockets / f".s.PGSQL.{places.port}").exists():
        _stop(data)


def _is_ready(data: Path) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text(errors="replace").splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def _wait_for_orphans(data: Path) -> None:
    deadline = time.monotonic() + ORPHAN_SECONDS
    while orphans := processes.living(data):
        if time.monotonic() > deadline:
            raise ClusterRefused(
                f"The processes {', '.join(map(str, orphans))} of an earlier PostgreSQL still use {data}. "
                "End them, then start again."
            )
        time.sleep(0.05)


def _clear_locks(places: Places, data: Path) -> None:
    """Remove lock files that PostgreSQL would believe although nobody uses the folder (checked just before).

    A lock with a dead process id stays: PostgreSQL removes it itself after its own, stricter checks.
    """
    for lock in (data / "postmaster.pid", places.sockets / f".s.PGSQL.{places.port}.lock"):
        pid = processes.locked_by(lock)
        if pid is None or processes.exists(pid):
            lock.unlink(missing_ok=True)


# The log of the run before is kept, but only its end. What runs behind "&" is handed to process 1.
LAUNCH = """
log=$1; shift
tail -c 1000000 "$log" > "$log.old" 2>/dev/null
"$@" < /dev/null > "$log" 2>&1 &
echo $!
"""


def _launch(places: Places, home: Path, account: Account, found: programs.Binaries) -> int:
    """Start postgres as a child of nobody here, so that it outlives us and never becomes our zombie."""
    settings = SETTINGS | {
        "unix_socket_directories": str(places.sockets),
        "cluster_name": f"needleplan-{places.key}",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    done = account.run(
        "setsid",
        "sh",
        "-c",
        LAUNCH,
        "sh",
        home / "server.log",
        found / "postgres",
        "-D",
        home / "data",
        *options,
    )
    return int(done.stdout)


def _answers(places: Places) -> bool:
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as probe:
        try:
            probe.connect(str(places.sockets / f".s.PGSQL.{places.port}"))
        except OSError:
            return False
    home = places.home
    return home is not None and _is_ready(home / "data")


def _tail(home: Path) -> str:
    try:
        return "\n".join((home / "server.log").read_text(errors="replace").splitlines()[-12:])
    except OSError:
        return "(no log)"
