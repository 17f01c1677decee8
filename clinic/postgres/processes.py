"""Which processes are this cluster's own: read from /proc, proved by owner, program and data folder."""

import os
import select
import signal
from pathlib import Path

PROC = Path("/proc")


def belongs(pid: int, data: Path) -> bool:
    """Say whether a living process is a PostgreSQL process of this very data folder."""
    process = PROC / str(pid)
    try:
        if process.stat().st_uid != data.stat().st_uid or _is_zombie(process):
            return False
        command = (process / "cmdline").read_bytes()
    except OSError:
        return False
    program, folder = _link(process / "exe"), _link(process / "cwd")
    if program is None or folder is None:  # root without the right to trace, as in a container
        return _names(command, data)
    return Path(program.removesuffix(" (deleted)")).name == "postgres" and _same(folder, data)


def postmaster(data: Path) -> int | None:
    """Return the process id of the running server, only if it is proved to be ours."""
    pid = locked_by(data / "postmaster.pid")
    return pid if pid and belongs(pid, data) else None


def living(data: Path) -> list[int]:
    """Return every process of this cluster, such as those that outlive a killed postmaster for a moment."""
    return [
        int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit() and belongs(int(entry.name), data)
    ]


def locked_by(lock: Path) -> int | None:
    """Return the process id in a lock file; None where the file is missing, empty or cut short."""
    try:
        first = lock.read_text(errors="replace").partition("\n")[0].strip()
    except OSError:
        return None
    return int(first) if first.isdigit() else None


def exists(pid: int) -> bool:
    """Say whether this process id is taken by anything at all, a zombie included."""
    return (PROC / str(pid)).exists()


def alive(pid: int) -> bool:
    """Say whether this process still runs; a zombie does not."""
    try:
        return not _is_zombie(PROC / str(pid))
    except OSError:
        return False


def interrupt(pid: int, data: Path, seconds: float) -> bool:
    """Ask our postmaster for a fast shutdown and wait; say whether it ended. Others are never signalled."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        # Proved after opening: the handle cannot come to mean another process, as a bare number could.
        if not belongs(pid, data):
            return False
        signal.pidfd_send_signal(handle, signal.SIGINT)
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def _is_zombie(process: Path) -> bool:
    state = (process / "stat").read_text(errors="replace").rpartition(")")[2].split()
    return state[0] in "ZX"


def _link(path: Path) -> str | None:
    try:
        return str(path.readlink())
    except OSError:
        return None


def _same(folder: str, data: Path) -> bool:
    try:
        return Path(folder).samefile(data)
    except OSError:
        return False


def _names(command: bytes, data: Path) -> bool:
    words = command.split(b"\0")
    return Path(os.fsdecode(words[0])).name == "postgres" and bytes(data) in words
