"""Weeks of a clinic at once: visits move and are called off, mail servers fall silent, workers die.

After all of it nobody was reminded of a time that did not hold when the message left, everybody who was to be
reminded was, and whoever got the same message twice got it under the same name.
"""

import datetime as dt
import random
from collections import defaultdict

import pytest

from clinic.clock import local
from clinic.models import OutboxMessage
from clinic.refusals import Refusal
from planner import outbox
from planner.models import Appointment, AppointmentEvent
from planner.reminding import plan_messages
from tests.planner import making, moves
from tests.planner.making import NOW, book, every, make_patient, screen, slots_at

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
DAYS, PATIENTS = 60, 4
HOURS = (9, 11, 14, 18, 21)  # UTC, when workers look; the last one is at night


class Post:
    """Takes letters, and sometimes fails before or after it took one, or takes the worker with it."""

    def __init__(self, draw):
        self.draw, self.taken = draw, defaultdict(list)

    def __call__(self, letter, *, key):
        luck = self.draw.random()
        if luck < 0.1:
            raise TimeoutError
        self.taken[key].append(self.moment)
        if key.startswith("reminder"):  # it is true as it leaves
            _kind, subject, version, _again = key.split("-")
            visit = Appointment.objects.get(pk=subject)
            assert (visit.status, int(visit.start.timestamp()) // 60) == ("booked", int(version))
        if luck < 0.2:
            raise TimeoutError
        if luck < 0.25:
            raise SystemExit


def shake(course, rosa, draw, at):
    """Move or call off one visit that is ahead; the rules may refuse it."""
    ahead = list(course.appointments.filter(status="booked", start__gt=at + HOUR).order_by("start"))
    if not ahead:
        return
    visit = ahead[0]
    try:
        if draw.random() < 0.25:
            moves.confirm(
                moves.look(course, moves.Kind.CANCELLED, number=visit.number, reason="Away", at=at),
                rosa,
                at=at,
            )
        else:
            day = visit.on + draw.choice([-2, -1, 1, 2, 3]) * DAY
            moves.move(course, visit.number, day, rosa, dt.time(draw.choice([9, 10, 11])), at=at)
    except Refusal:
        pass


def work(post, at):
    post.moment = at
    plan_messages(at)
    for _ in range(100):
        try:
            if not outbox.send_next(at, post=post):
                return
        except SystemExit:
            continue  # another worker goes on


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [1, 2])
def test_through_all_of_it_each_reminder_is_true_and_none_is_missing(site, rosa, seed):
    draw = random.Random(seed)  # noqa: S311 - the same storm every time
    courses = []
    for number in range(PATIENTS):
        patient = make_patient(rosa)
        screen(patient, site, rosa)
        slots = slots_at(site, every(35, first=making.MONDAY + (2 + number) * DAY))
        courses.append(book(patient, site, rosa, slots=slots))
    post = Post(draw)
    for day in range(DAYS):
        for hour in HOURS:
            at = NOW.replace(hour=0) + day * DAY + hour * HOUR
            if draw.random() < 0.08:
                shake(draw.choice(courses), rosa, draw, at - HOUR / 2)
            work(post, at)
    reminders = {key: moments for key, moments in post.taken.items() if key.startswith("reminder")}
    assert missing(reminders, NOW.replace(hour=0) + DAYS * DAY) == []
    hours = {local(moment, site.location.time_zone).hour for one in reminders.values() for moment in one}
    assert hours <= set(range(9, 19))
    # it was a storm
    assert len(reminders) >= PATIENTS and any(len(moments) > 1 for moments in reminders.values())
    dropped = set(OutboxMessage.objects.values_list("dropped_because", flat=True))
    assert dropped & {"the visit was moved", "the visit was cancelled"}


def missing(reminders, over):
    """Visits that were there from three days before until they began, of which nobody was reminded."""
    found = []
    for visit in Appointment.objects.filter(status="booked", start__lt=over):
        events = AppointmentEvent.objects.filter(appointment=visit, kind__in=("booked", "moved"))
        key = f"reminder-{visit.pk}-{int(visit.start.timestamp()) // 60}-0"
        if events.latest("at").at < visit.start - 3 * DAY and key not in reminders:
            found.append((visit.pk, visit.start))
    return found
