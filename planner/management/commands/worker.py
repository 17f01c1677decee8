"""The background worker: sends due messages until it is told to stop."""

import signal
import threading

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from planner.outbox import send_next

PAUSE_SECONDS = 5


class Command(BaseCommand):
    help = "Sends due messages from the outbox. Several workers may run at once."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what is due now, then stop")

    def handle(self, *, once: bool, **options):
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            self._send_all(stop)
            if once:
                return
            stop.wait(PAUSE_SECONDS)

    def _send_all(self, stop: threading.Event) -> None:
        try:
            while not stop.is_set() and send_next():
                pass
        except OperationalError as error:
            # The database restarts: say so, drop the dead connection, try again after the pause.
            self.stderr.write(f"The database does not answer ({type(error).__name__}); trying again.")
            close_old_connections()
