"""What many tests of commands ask: that a refusal writes nothing, what calls give at once, and who waits."""

import threading
import time

import pytest
from django.db import connection, connections

from clinic.refusals import Refusal


def rows(*tables):
    """Every row of these tables."""
    return [list(model.objects.order_by("pk").values_list()) for model in tables]


def refusing(*tables):
    """A function that calls a command which must refuse, and sees that these tables stay as they were."""

    def refused(command, *args, **how):
        before = rows(*tables)
        with pytest.raises(Refusal) as caught:
            command(*args, **how)
        assert rows(*tables) == before
        return caught.value

    return refused


def at_once(*calls):
    """Run calls at the same time, each on a connection of its own; results or refusals, in their order."""
    start, told = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        try:
            start.wait()
            told[place] = call()
        except Exception as error:  # every other error is the test's finding: it is raised below
            told[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in told:
        if isinstance(one, Exception) and not isinstance(one, Refusal):
            raise one
    return told


def waits_for_us(over):
    """Whether another session comes to wait for a lock of this one, before `over()` says that it is done."""
    while not over():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.rowcount:
                return True
        time.sleep(0.005)
    return False
