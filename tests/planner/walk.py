"""One clinic over months: whatever desk, room and patients do, drawn by lot, one after the other."""

import datetime as dt
import random

import time_machine

from clinic import clock
from clinic.models import Closure
from clinic.refusals import Refusal
from patients.models import Consent, Patient
from planner import booking, reviewing, reviews
from planner.models import Appointment, CourseReview, TreatmentCourse
from planner.queries.reviews import due_on, review_times
from tests.planner import making, treating
from tests.planner.melee import Melee
from tests.planner.melee_crowd import OPENS

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


class Walk(Melee):
    """The melee's crowd as one person with a clock of its own; `story` is what was done, to be read."""

    def __init__(self, site, stock, people, patients, seed):
        super().__init__(site, stock, people, patients, seed)
        self.now, self.story = OPENS, []
        self.draw = random.Random(seed)  # noqa: S311 - not a secret

    @property
    def at(self):
        return self.now

    @property
    def today(self):
        return clock.local_date(self.now, self.site.location.time_zone)

    def step(self):
        """Let time pass, then do one thing; return its name, or the refusal's code behind it."""
        name = self.draw.choice([*self.doings, *["do_whole_visit", "do_check_in"] * 6])
        self.now += self._pause()
        with time_machine.travel(self.now, tick=False):
            try:
                getattr(self, name)(self.draw)
            except Refusal as refusal:
                name = f"{name}: {refusal.code}"
        self.story.append(f"{self.now:%d %b %H:%M} {name}")
        return name

    def _pause(self):
        """Minutes, until the next visit, days, or weeks."""
        kind = self.draw.random()
        if kind < 0.35:
            return self.draw.randrange(1, 40) * MINUTE
        if kind < 0.75:
            ahead = Appointment.objects.filter(status="booked", start__gt=self.now).order_by("start")
            start = ahead.values_list("start", flat=True).first()
            return start - self.now if start else DAY
        if kind < 0.98:
            return self.draw.randrange(1, 5) * DAY + self.draw.randrange(600) * MINUTE
        return self.draw.randrange(5, 22) * DAY

    def slot_near(self, draw, least, most):
        return self.a_slot(draw, self.today + draw.randrange(least, most) * DAY)

    # As in the melee, but of this day

    def do_check_in(self, draw):
        visit = self.a_visit(draw, status="booked", on=self.today)
        booking.check_in(visit, by=self.rosa, at=self.now)

    def do_book(self, draw):
        day = self.today + draw.randrange(30) * DAY
        areas = draw.choice([(0,), (1,), (0, 1)])
        keys = tuple(self.site.areas[one].pk for one in areas)
        request = making.asking(self.site, area_ids=keys, start_from=self.today)
        slots = []
        for _ in range(4):
            slots.append(self.a_slot(draw, day))
            day += draw.randrange(28, 43) * DAY
        making.book(self.a_patient(draw), self.site, self.rosa, slots=slots, request=request, at=self.now)

    def do_closure(self, draw):
        day = self.today + draw.randrange(1, 60) * DAY
        Closure.objects.create(location=self.site.location, first_date=day, last_date=day, reason="Painters")
        self._repair()

    def do_screen_and_book(self, draw):
        """Most courses need a fresh screen, and a consent where one was taken back."""
        patient = self.a_patient(draw)
        making.screen(patient, self.site, self.rosa, at=self.now)
        if not Consent.objects.filter(patient=patient, withdrawn_at=None).exists():
            treating.consent(patient, self.site, self.rosa, at=self.now)
        self.do_book(draw)

    do_screen_and_book_too = do_screen_and_book

    def do_whole_visit(self, draw):
        """A visit of today as far as it goes; now and then it is left half done."""
        visit = self.a_visit(draw, status__in=("booked", "arrived"), on=self.today)
        if visit.status == "booked":
            booking.check_in(visit, by=self.rosa, at=self.now)
        for one in (self._prepare, self._open, self._numb, self._treat, self._finish, self._sign):
            if draw.random() < 0.08:
                return
            one(visit)
            self.now += 5 * MINUTE

    def _prepare(self, visit):
        booking.send_to_room(visit, by=self.rosa, at=self.now)
        treating.screen_today(visit, self.priya, at=self.now)

    def _open(self, visit):
        treating.start(visit, self.priya, at=self.now)

    def _record(self, visit):
        visit = Appointment.objects.select_related("session").get(pk=visit.pk)
        if not hasattr(visit, "session"):
            raise Refusal("nothing_there", "")
        return visit.session

    def _numb(self, visit):
        on, self.now = self.now, self.now + 35 * MINUTE
        how = {"numbing_on_at": on, "numbing_off_at": self.now}
        treating.numb(self._record(visit), self.stock, self.priya, at=self.now, **how)

    def _treat(self, visit):
        for stamp in ("started", "ended"):
            session = self._record(visit)
            keys = set(visit.areas.values_list("area", flat=True))
            areas = [one for one in treating.entries(self.site) if one.area_id in keys]
            how = {"at": self.now, "areas": areas, stamp: True}
            treating.treat(session, self.site, self.stock, self.priya, **how)
            self.now += 10 * MINUTE

    def _finish(self, visit):
        treating.finish(self._record(visit), self.priya, at=self.now)

    def _sign(self, visit):
        treating.sign(self._record(visit), self.priya, at=self.now)

    # Reviews of courses that are over

    def do_review(self, draw):
        courses = [one for one in TreatmentCourse.objects.select_related("location") if due_on(one)]
        if not courses:
            raise Refusal("nothing_there", "")
        course = draw.choice(courses)
        if not (times := review_times(course, self.now)):
            raise Refusal("nothing_there", "")
        time = draw.choice(times)
        where = {"practitioner_id": time.gap.person.pk, "room_id": time.gap.room.pk}
        reviews.book_review(course, start=time.start, **where, by=self.rosa, at=self.now)

    do_review_too = do_review

    def do_whole_review(self, draw):
        visit = self.some(
            draw, Appointment.objects.filter(kind="review", status__in=("booked", "arrived"), on=self.today)
        )
        if visit.status == "booked":
            booking.check_in(visit, by=self.rosa, at=self.now)
        said = {"identity_checked": True, "birth_date": visit.patient.birth_date}
        record = reviewing.start_review(visit, **said, by=self.priya, at=self.now)
        how = {"has_reaction": False, "note": "Flat", "left_out_reason": "Not asked for"}
        record = reviewing.save_review(record, version=record.version, **how, by=self.priya, at=self.now)
        reviewing.sign_review(record, version=record.version, fresh=True, by=self.priya, at=self.now)

    def do_amend_review(self, draw):
        record = self.some(draw, CourseReview.objects.exclude(signed_at=None))
        reviewing.amend_review(record, text="Better", fresh=True, by=self.priya, at=self.now)

    # Pages

    def pages(self):
        """Addresses that show what is there now: the day, one patient, one course."""
        patient = self.draw.choice(
            list(Patient.objects.filter(merged_into=None).values_list("pk", flat=True))
        )
        course = self.draw.choice(list(TreatmentCourse.objects.values_list("pk", flat=True)))
        day = self.today + self.draw.randrange(-3, 30) * DAY
        return [
            "/",
            f"/board/?day={day}",
            f"/patients/{patient}/",
            f"/courses/{course}/",
        ]
