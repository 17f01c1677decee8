"""A crowd that does what it draws by lot. A second is a quarter of an hour of one Monday."""

import datetime as dt
import random
import threading
import time
import uuid
from collections import Counter

from django.db import connections

from clinic.refusals import Refusal
from patients import links
from planner.models import (
    Appointment,
    TreatmentCourse,
)
from planner.moving import Order, change_course
from tests.planner import making
from tests.planner.locking import watched

FAST = 900  # seconds of the clinic in one
OPENS = dt.datetime(2026, 9, 7, 8, 0, tzinfo=dt.UTC)


class Crowd:
    """Many at once: what each does is drawn by lot from the methods that begin with `do_`."""

    def __init__(self, site, stock, people, patients, seed=1):
        self.site, self.stock = site, stock
        self.rosa, self.priya = people
        self.patients = patients
        self.links = [links.create_link(one, purpose="plan", by=self.rosa, at=making.NOW) for one in patients]
        self.seed, self.began = seed, 0.0
        self.doings = [name for name in dir(self) if name.startswith("do_")]
        self.done, self.refused, self.broken, self.disorder = Counter(), Counter(), [], []

    def run(self, seconds, threads):
        """Let them all do what they want for so long."""
        self.began = time.monotonic()
        crowd = [threading.Thread(target=self._one, args=(number, seconds)) for number in range(threads)]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()

    def _one(self, number, seconds):
        draw = random.Random(self.seed * 1000 + number)  # noqa: S311 - not a secret
        while time.monotonic() - self.began < seconds:
            name = draw.choice(self.doings)
            try:
                with watched() as watch:
                    self.done[name] += bool(getattr(self, name)(draw) is not False)
            except Refusal as refusal:
                self.refused[name, refusal.code] += 1
            except Exception as error:  # whatever else comes out is a finding of the test
                self.broken.append((name, f"{type(error).__name__}: {error}".splitlines()[0], error))
            self.disorder += [(name, wrong) for wrong in watch.wrong]
        connections.close_all()

    @property
    def at(self):
        return OPENS + dt.timedelta(seconds=int((time.monotonic() - self.began) * FAST))

    # What is drawn

    def a_course(self, draw):
        rows = TreatmentCourse.objects.select_related("location", "patient", "indication", "protocol")
        return rows.get(pk=draw.choice(list(rows.values_list("pk", flat=True))))

    def a_visit(self, draw, **which):
        rows = Appointment.objects.filter(kind="treatment", **which)
        keys = list(rows.values_list("pk", flat=True)[:200])
        if not keys:
            raise Refusal("nothing_there", "")
        rows = Appointment.objects.select_related(
            "course__location", "course__patient", "location", "patient"
        )
        return rows.get(pk=draw.choice(keys))

    def some(self, draw, rows):
        keys = list(rows.values_list("pk", flat=True)[:200])
        if not keys:
            raise Refusal("nothing_there", "")
        return rows.model.objects.get(pk=draw.choice(keys))

    def a_slot(self, draw, day):
        return making.slots_at(
            self.site,
            [day],
            dt.time(draw.randrange(8, 17), draw.choice((0, 15, 30, 45))),
            practitioner=draw.randrange(len(self.site.practitioners)),
            room=draw.randrange(len(self.site.rooms)),
            device=draw.randrange(len(self.site.devices)),
        )[0]

    def change(self, draw, course, kind, **how):
        return change_course(
            Order(course.pk, kind, **how), key=uuid.UUID(int=draw.getrandbits(128)), by=self.rosa, at=self.at
        )
