"""What the desk does to courses and their places, as one of a crowd."""

import datetime as dt
import uuid

from clinic.models import Absence, Closure, Room, WorkingHours
from planner import (
    offers,
)
from planner.freed import freed_places
from planner.models import (
    CourseChange,
    SlotOffer,
    TreatmentCourse,
)
from planner.moving import Kind, change_course, change_courses, pin_visit
from planner.previews import Move
from planner.queries.affected import lost_visits
from planner.repairing import repair_of
from planner.undoing import undo_change
from tests.planner import making
from tests.planner.melee_crowd import Crowd
from tests.planner.moves import look, order_of

DAY = dt.timedelta(days=1)


class Desk(Crowd):
    """Booking, changing and taking back; absences and closures; short notice."""

    # Courses

    def do_book(self, draw):
        day = making.MONDAY + draw.randrange(45) * DAY
        areas = draw.choice([(0,), (1,), (0, 1)])
        request = making.asking(self.site, area_ids=tuple(self.site.areas[one].pk for one in areas))
        slots = []
        for _ in range(4):
            slots.append(self.a_slot(draw, day))
            day += draw.randrange(28, 43) * DAY
        making.book(
            draw.choice(self.patients), self.site, self.rosa, slots=slots, request=request, at=self.at
        )

    def do_move(self, draw):
        row = self.a_visit(draw, status="booked")
        day = row.on + draw.randrange(-7, 8) * DAY
        move = Move(row.number, self.a_slot(draw, day), row.pk, row.version)
        self.change(draw, row.course, Kind.MOVED, moves=(move,))

    def do_move_with_preview(self, draw):
        row = self.a_visit(draw, status="booked")
        slot = self.a_slot(draw, row.on + draw.randrange(-7, 8) * DAY)
        preview = look(row.course, Kind.MOVED, number=row.number, start=slot.start, at=self.at)
        change_course(order_of(preview), key=uuid.uuid4(), by=self.rosa, at=self.at)

    def do_cancel(self, draw):
        row = self.a_visit(draw, status__in=("booked", "arrived"))
        moves = ()
        if draw.random() < 0.5:
            moves = (Move(row.number, self.a_slot(draw, row.on + draw.randrange(1, 8) * DAY)),)
        kind = draw.choice((Kind.CANCELLED, Kind.NO_SHOW))
        how = {"about": row.pk, "about_version": row.version, "reason": "Cannot come", "moves": moves}
        self.change(draw, row.course, kind, **how)

    def do_undo(self, draw):
        newest = CourseChange.objects.order_by("-pk").values_list("pk", flat=True)[:6]
        undo_change(
            self.some(draw, CourseChange.objects.filter(pk__in=list(newest))), by=self.rosa, at=self.at
        )

    do_undo_too = do_undo_again = do_undo

    def do_hold(self, draw):
        self.change(draw, self.a_course(draw), Kind.HELD, reason="Away", release=draw.random() < 0.5)

    def do_stop(self, draw):
        if draw.random() < 0.05:
            self.change(draw, self.a_course(draw), Kind.STOPPED, reason="Moving away")

    def do_resume(self, draw):
        course = self.some(draw, TreatmentCourse.objects.filter(status="on_hold"))
        preview = look(course, Kind.RESUMED, at=self.at)
        change_course(order_of(preview), key=uuid.uuid4(), by=self.rosa, at=self.at)

    do_resume_too = do_resume

    def do_replan(self, draw):
        course = self.a_course(draw)
        preview = look(course, draw.choice((Kind.REPLANNED, Kind.EXTENDED)), sessions=6, at=self.at)
        change_course(order_of(preview), key=uuid.uuid4(), by=self.rosa, at=self.at)

    def do_pin(self, draw):
        pin_visit(self.a_visit(draw), pinned=draw.random() < 0.5, by=self.rosa, at=self.at)

    # Absences, closures, settings

    def do_absence(self, draw):
        day = self.at + draw.randrange(1, 60) * DAY
        person = draw.choice(self.site.practitioners)
        Absence.objects.create(practitioner_id=person.pk, start=day, end=day + 2 * DAY, reason="Course")
        self._repair()

    def do_closure(self, draw):
        day = making.MONDAY + draw.randrange(1, 60) * DAY
        Closure.objects.create(location=self.site.location, first_date=day, last_date=day, reason="Painters")
        self._repair()

    def _repair(self):
        lost = list(lost_visits(self.site.location, self.at)[:10])
        found = repair_of(self.site.location, lost, at=self.at, seconds_left=lambda: 0) if lost else []
        orders = [order_of(one.preview) for one in found if one.preview and one.preview.moves]
        if orders:
            batch = uuid.uuid4()
            keys = [uuid.uuid4() for _ in orders]
            change_courses(orders, keys=keys, by=self.rosa, at=self.at, batch=batch)

    def do_reopen(self, draw):
        Absence.objects.all().delete()
        Closure.objects.all().delete()

    def do_settings(self, draw):
        room = draw.choice(self.site.rooms)
        Room.objects.filter(pk=room.pk).update(turnover_minutes=draw.choice((5, 10, 15)))
        row = self.some(draw, WorkingHours.objects.all())
        row.closes = draw.choice((dt.time(17), dt.time(18)))
        row.save()

    # Short notice

    def do_earlier(self, draw):
        offers.mark_earlier(self.a_course(draw), welcome=True, note="", by=self.rosa, at=self.at)

    def do_offer(self, draw):
        row = self.a_visit(draw, status="booked")
        slot = self.a_slot(draw, row.on - draw.randrange(0, 7) * DAY)
        if freed := freed_places(self.site.location, self.at):
            slot = draw.choice([slot, *freed[:3]])
        offers.offer_slot(row, slot, minutes=15, key=uuid.uuid4(), by=self.rosa, at=self.at)

    do_offer_too = do_offer

    def do_take(self, draw):
        offers.take_offer(self.some(draw, SlotOffer.objects.all()), by=self.rosa, at=self.at)

    do_take_too = do_take

    def do_release(self, draw):
        offers.release_offer(
            self.some(draw, SlotOffer.objects.filter(state="held")), by=self.rosa, at=self.at
        )
