"""What many tests of commands ask: that a refusal writes nothing, and what calls give that run at once."""

import threading

import pytest
from django.db import connections

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
