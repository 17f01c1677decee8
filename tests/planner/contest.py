"""Many people book at once: whole courses on contested slots, from several processes of many threads.

Used by the race test and by bin/bench. Every thread calls the commands themselves, on its own connection.
"""

import datetime as dt
import multiprocessing
import os
import queue
import random
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import django
from django.apps import apps
from django.db import connections

if not apps.ready:  # a new process imports this module before anything else of ours
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

from clinic.models import Location, User  # noqa: E402
from clinic.refusals import Refusal  # noqa: E402
from patients.models import Patient  # noqa: E402
from planner import booking  # noqa: E402
from planner.moving import Kind, Order, change_course  # noqa: E402
from tests.planner import making  # noqa: E402

THREADS, PROCESSES = 64, 2
CANCELS = 0.25  # the share of booked courses of which one visit is cancelled at once
TWICE = 0.1  # the share of requests that are sent twice at the same time, with the same key


@dataclass(frozen=True)
class Wish:
    """One request: who wants which slots, under which key."""

    patient_id: int
    slots: tuple
    key: uuid.UUID
    cancels: bool


@dataclass
class Outcome:
    """What the callers were told. `booked` holds (key, course), `waits` milliseconds per call."""

    booked: list = field(default_factory=list)
    cancelled: list = field(default_factory=list)
    refused: Counter = field(default_factory=Counter)
    broken: list = field(default_factory=list)
    waits: list = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Outcome") -> None:
        """Add what others were told at the same time."""
        self.booked += other.booked
        self.cancelled += other.cancelled
        self.refused += other.refused
        self.broken += other.broken
        self.waits += other.waits
        self.seconds = max(self.seconds, other.seconds)


def make_wishes(site, patient_ids, number, days=14, seed=1):
    """Overlapping wishes: first visits within `days`, gaps of 28 to 42 days, starts on the quarter hour."""
    draw = random.Random(seed)  # noqa: S311 - not a secret
    wishes = []
    while len(wishes) < number:
        wish = Wish(
            draw.choice(patient_ids),
            tuple(_slots(site, draw, days)),
            uuid.UUID(int=draw.getrandbits(128)),
            draw.random() < CANCELS,
        )
        wishes += [wish] * (2 if draw.random() < TWICE else 1)
    return wishes[:number]


def _slots(site, draw, days):
    day = making.MONDAY + dt.timedelta(days=draw.randrange(days))
    for _ in range(4):
        yield from making.slots_at(
            site,
            [day],
            dt.time(draw.randrange(8, 16), draw.choice((0, 15, 30, 45))),
            practitioner=draw.randrange(len(site.practitioners)),
            room=draw.randrange(len(site.rooms)),
            device=draw.randrange(len(site.devices)),
        )
        day += dt.timedelta(days=draw.randrange(28, 43))


def run_contest(database, site, user, wishes, *, locked=True):
    """Send every wish as fast as the threads can; without `locked` the commands skip their locks."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([__name__])  # imported once, for every contest of a run
    gate, results = server.Barrier(PROCESSES), server.Queue()
    desk = (database, site.location.pk, user.pk, making.asking(site), locked)
    children = [
        # Neighbours go to different processes, so that requests sent twice meet.
        server.Process(target=_child, args=(gate, results, desk, wishes[number::PROCESSES]))
        for number in range(PROCESSES)
    ]
    for child in children:
        child.start()
    outcome = Outcome()
    for _ in children:
        outcome.add(_next_of(results, children))
    for child in children:
        child.join()
    return outcome


def _next_of(results, children):
    while True:
        try:
            return results.get(timeout=1)
        except queue.Empty:
            if any(child.exitcode for child in children):
                raise RuntimeError("a process of the contest died") from None


def _child(gate, results, desk, wishes):
    send = _sender(*desk)
    gate.wait(timeout=120)
    began = time.perf_counter()
    outcome = Outcome()
    with ThreadPoolExecutor(THREADS // PROCESSES) as threads:
        for told in threads.map(send, wishes):
            outcome.add(told)
    outcome.seconds = time.perf_counter() - began
    results.put(outcome)


def _sender(database, location_id, user_id, request, locked):
    """A function that sends one wish and returns what it was told."""
    connections.settings["default"]["NAME"] = database
    if not locked:
        booking.lock_places = lambda **places: None
    location, user = Location.objects.get(pk=location_id), User.objects.get(pk=user_id)
    site = (location, request, user)

    def send(wish):
        told, began = Outcome(), time.perf_counter()
        try:
            _book(wish, site, told)
        except Refusal as refusal:
            told.refused[refusal.code] += 1
        except Exception as error:  # whatever else comes out is a finding of the test
            told.broken.append(f"{type(error).__name__}: {error}".splitlines()[0])
        told.waits.append((time.perf_counter() - began) * 1000)
        return told

    return send


def _book(wish, site, told):
    location, request, user = site
    course = booking.book_course(
        Patient(pk=wish.patient_id),
        location=location,
        request=request,
        slots=wish.slots,
        proposal="best_fit",
        booking_key=wish.key,
        by=user,
        at=making.NOW,
    )
    told.booked.append((wish.key, course.pk))
    if wish.cancels:
        visit = course.appointments.get(number=1 + wish.key.int % 4)
        order = Order(course.pk, Kind.CANCELLED, about=visit.pk, about_version=1, reason="Cannot come")
        change_course(order, key=uuid.uuid5(wish.key, "cancelled"), by=user, at=making.NOW)
        told.cancelled.append(visit.pk)
