"""One start or stop at a time for one project, across all its processes and threads."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .refusals import ClusterRefused

PATIENCE = 180.0  # seconds; longer than a start that has to replay its log


@contextmanager
def start_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; the kernel gives it back when the holder dies, so it is never stale."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _wait_for(handle, folder)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise ClusterRefused(
                    f"Another start or stop of the database in {folder} does not end."
                ) from None
            time.sleep(0.02)
