"""The background worker: plans reminders, sends due messages, compares files at night."""

import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from clinic.sms import gateway, sms_is_on
from patients.pairs import compare_files
from planner.outbox import send_next
from planner.reminding import plan_messages

PAUSE_SECONDS = 5
PLAN_SECONDS = 60  # between two looks at the visits ahead


class Command(BaseCommand):
    help = "Plans reminders and sends due messages from the outbox. Several workers may run at once."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what is due now, then stop")

    def handle(self, *, once: bool, **options):
        if sms_is_on():
            gateway()  # a wrong name is said now, not at the first message
        self.plan_again, stop = 0.0, threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            self._send_all(stop)
            if once:
                return
            stop.wait(PAUSE_SECONDS)

    def _send_all(self, stop: threading.Event) -> None:
        try:
            if time.monotonic() >= self.plan_again:
                plan_messages()
                compare_files()
                self.plan_again = time.monotonic() + PLAN_SECONDS
            while not stop.is_set() and send_next():
                pass
        except OperationalError as error:
            # The database restarts: say so, drop the dead connection, try again after the pause.
            self.stderr.write(f"The database does not answer ({type(error).__name__}); trying again.")
            close_old_connections()
