"""Changing a running course: what is written, what is refused, what a second call and an undo do."""

import datetime as dt
import uuid

import pytest

from clinic.models import Absence, Closure, OutboxMessage
from clinic.refusals import Refusal
from planner.models import Appointment, AppointmentArea, AppointmentEvent, CourseChange, TreatmentCourse
from planner.moving import Order, batch_keys, change_course, change_courses
from planner.outbox import compose
from planner.undoing import undo_change
from tests.kept import kept
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import MONDAY, NOW, book, every, slots_at
from tests.planner.moves import Kind, at_clock, confirm, dates, look, move, order_of, visit
from tests.refusing import at_once, refusing

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
DAYS = every(35)


@kept
def course(site, ana, rosa):
    """Four visits on Mondays at ten, 35 days apart, booked the day before."""
    course = book(ana, site, rosa)
    OutboxMessage.objects.update(sent_at=NOW)  # the patient knows these dates
    return course


@kept
def bea(site, rosa):
    """Another screened patient."""
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    return patient


def diary():
    """Every row of the diary but versions and what was written down about it."""
    rows = Appointment.objects.order_by("pk").values()
    areas = AppointmentArea.objects.order_by("pk").values_list()
    return [{name: row[name] for name in row if name != "version"} for row in rows], list(areas)


refused = refusing(Appointment, AppointmentArea, TreatmentCourse, CourseChange, AppointmentEvent)


# What is written


def test_a_move_writes_the_place_the_areas_the_event_the_change_and_one_message(site, course, rosa):
    old = visit(course, 2)
    person, room = site.practitioners[1], site.rooms[1]
    change = move(course, 2, DAYS[1] + 2 * DAY, rosa, dt.time(11), practitioner_id=person.pk, room_id=room.pk)
    new = visit(course, 2)
    assert (new.pk, new.version) == (old.pk, 2)
    assert (new.start, new.practitioner_id, new.room_id) == (
        at_clock(course, DAYS[1] + 2 * DAY, dt.time(11)),
        person.pk,
        room.pk,
    )
    assert new.room_until - new.start == 65 * MINUTE
    assert set(new.areas.values_list("on", "next_earliest_on")) == {(DAYS[1] + 2 * DAY, DAYS[1] + 30 * DAY)}
    assert list(new.events.values_list("kind", "by", "at")) == [
        ("booked", rosa.pk, NOW),
        ("moved", rosa.pk, NOW),
    ]
    message = OutboxMessage.objects.get(kind="course_changed")
    assert (message.subject_id, message.version, message.due_at) == (course.pk, 2, NOW + 10 * MINUTE)
    assert (change.kind, change.by, change.at, change.message) == ("moved", rosa, NOW, message)
    assert change.before["visits"][0]["start"] == old.start.isoformat()
    assert change.after["visits"][0]["version"] == 2


def test_a_move_takes_later_visits_along_in_the_same_change(course, rosa):
    change = move(course, 2, DAYS[1] + 10 * DAY, rosa)
    assert dates(course) == {1: DAYS[0], 2: DAYS[1] + 10 * DAY, 3: DAYS[1] + 38 * DAY, 4: DAYS[3]}
    assert len(change.before["visits"]) == 2


def test_visits_may_trade_places_with_their_own_course(course, rosa):
    change = move(course, 1, DAYS[1], rosa)
    assert dates(course)[1] == DAYS[1]
    assert min(
        b - a for a, b in zip(*[sorted(dates(course).values())[i:] for i in (0, 1)], strict=False)
    ) >= (28 * DAY)
    assert change.kind == "moved"


def test_a_cancelled_visit_is_booked_anew_in_one_change(course, rosa):
    change = confirm(look(course, Kind.CANCELLED, number=2, new_date=True, reason="Ill"), rosa)
    rows = course.appointments.filter(number=2).order_by("pk")
    assert list(rows.values_list("status", "status_reason")) == [("cancelled", "Ill"), ("booked", "")]
    assert change.kind == "cancelled"
    assert rows.last().areas.count() == 2


def test_a_missed_visit_stays_in_the_history(course, rosa):
    later = at_clock(course, MONDAY, dt.time(11))
    preview = look(course, Kind.NO_SHOW, number=1, new_date=True, at=later)
    confirm(preview, rosa, at=later)
    rows = course.appointments.filter(number=1).order_by("pk")
    assert [row.status for row in rows] == ["noshow", "booked"]
    assert all(
        two - one >= 28 * DAY
        for one, two in zip(*[sorted(dates(course).values())[i:] for i in (0, 1)], strict=False)
    )


def test_what_the_patient_says_about_the_old_date_does_not_count_for_the_new(course, rosa):
    course.appointments.filter(number=2).update(confirmed_at=NOW)
    move(course, 2, DAYS[1] + DAY, rosa)
    assert visit(course, 2).confirmed_at is None


# Refusals


def test_a_closed_account_moves_nothing(course, otto, rosa):
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + DAY, dt.time(10)))
    assert refused(confirm, preview, otto).code == "role"


def test_a_stop_forbids_new_dates_but_not_a_cancellation(site, course, ana, rosa):
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + DAY, dt.time(10)))
    making.screen(ana, site, rosa, PREGNANT=yes())
    assert refused(confirm, preview, rosa).code == "screening_stop"
    confirm(look_cancel(course, 2), rosa)
    assert 2 not in dates(course)


def look_cancel(course, number):
    """The preview of a cancellation needs no screening."""
    from planner.previews import Wanted, preview_of

    wanted = Wanted(Kind.CANCELLED, row=visit(course, number), reason="Pregnant")
    return preview_of(course, wanted, earliest_on=MONDAY, at=NOW)


def test_a_dated_deferral_is_the_earliest_day(site, course, ana, rosa):
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + DAY, dt.time(10)))
    last_dose = MONDAY - 30 * DAY
    making.screen(ana, site, rosa, ISOTRETINOIN_RECENT=yes(last_dose_on=last_dose))
    assert refused(confirm, preview, rosa).code in ("deferred", "screening_undecided")


def test_an_old_screen_alone_does_not_stop_a_move(course, rosa):
    later = NOW + 31 * DAY
    move(course, 2, DAYS[1] + DAY, rosa, at=later)
    assert dates(course)[2] == DAYS[1] + DAY


def test_a_slot_taken_meanwhile_is_refused_in_words(site, course, bea, rosa):
    day = DAYS[1] + DAY
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, day, dt.time(10)))
    later = making.asking(site, start_from=day)
    book(bea, site, rosa, slots=slots_at(site, every(35, first=day)), request=later)
    refusal = refused(confirm, preview, rosa)
    assert (refusal.code, refusal.status) == ("just_taken", 409)
    assert refusal.sentence == "Tue\u00a013\u00a0Oct\u00a02026, 10:00 was just taken. Nothing was changed."


def test_a_day_closed_meanwhile_is_refused(site, course, rosa):
    day = DAYS[1] + DAY
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, day, dt.time(10)))
    Closure.objects.create(location=site.location, first_date=day, last_date=day, reason="Flood")
    assert refused(confirm, preview, rosa).code == "just_taken"


def test_a_visit_changed_meanwhile_says_by_whom(course, rosa, mona):
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + DAY, dt.time(10)))
    move(course, 2, DAYS[1] + 2 * DAY, mona)
    refusal = refused(confirm, preview, rosa)
    assert (refusal.code, refusal.status) == ("visit_changed", 409)
    assert refusal.sentence == (
        "Mona Weiss changed visit 2 at 07:00. It is on Wed\u00a014\u00a0Oct\u00a02026, 10:00 now."
    )


def test_a_course_on_hold_is_not_moved(course, rosa):
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + DAY, dt.time(10)))
    course.status = "on_hold"
    course.save()
    assert refused(confirm, preview, rosa).sentence == "This course is on hold."


# The same call again


def test_the_same_call_twice_is_one_change(course, rosa):
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + DAY, dt.time(10)))
    key = uuid.uuid4()
    first = confirm(preview, rosa, key=key)
    before = diary()
    assert confirm(preview, rosa, key=key) == first
    assert (diary(), CourseChange.objects.count()) == (before, 1)


def test_a_key_used_for_something_else_is_refused(course, rosa):
    key = uuid.uuid4()
    move(course, 2, DAYS[1] + DAY, rosa, key=key)
    assert refused(move, course, 3, DAYS[2] + DAY, rosa, key=key).code == "change_key_reused"


# Taking back


@pytest.mark.parametrize("kind", [Kind.MOVED, Kind.CANCELLED, Kind.REPLANNED])
def test_undo_restores_exactly(course, rosa, kind):
    course.appointments.filter(number=2).update(confirmed_at=NOW + dt.timedelta(microseconds=7))
    before, _ = diary()
    how = {
        Kind.MOVED: {"number": 2, "start": at_clock(course, DAYS[1] + 10 * DAY, dt.time(10))},
        Kind.CANCELLED: {"number": 2, "reason": "Ill"},
        Kind.REPLANNED: {"not_before": DAYS[0] + 20 * DAY},
    }[kind]
    change = confirm(look(course, kind, **how), rosa)
    assert diary()[0] != before
    undone = undo_change(change, by=rosa, at=NOW + 9 * MINUTE)
    assert diary()[0] == before
    assert (undone.undone_by, undone.undone_at) == (rosa, NOW + 9 * MINUTE)
    message = OutboxMessage.objects.get(kind="course_changed")
    assert message.dropped_because == "the change was taken back"
    assert undo_change(change, by=rosa, at=NOW + 9 * MINUTE) == undone  # once is enough


def test_undo_of_a_new_date_takes_the_new_visit_away(course, rosa):
    change = confirm(look(course, Kind.CANCELLED, number=2, new_date=True, reason="Ill"), rosa)
    undo_change(change, by=rosa, at=NOW + MINUTE)
    rows = course.appointments.filter(number=2).order_by("pk")
    assert [(row.status, row.on) for row in rows][0] == ("booked", DAYS[1])
    assert rows.last().status == "cancelled"


def test_undo_ends_after_ten_minutes(course, rosa):
    change = move(course, 2, DAYS[1] + DAY, rosa)
    refusal = refused(undo_change, change, by=rosa, at=NOW + 10 * MINUTE + dt.timedelta(seconds=1))
    assert refusal.sentence == "The ten minutes are over."


def test_undo_says_when_the_old_time_is_gone(site, course, bea, rosa):
    change = move(course, 2, DAYS[1] + DAY, rosa)
    request = making.asking(site, start_from=DAYS[1])
    book(
        bea,
        site,
        rosa,
        slots=slots_at(
            site, every(35, first=DAYS[1], times=1) + every(35, first=DAYS[1] + 29 * DAY, times=3)
        ),
        request=request,
    )
    refusal = refused(undo_change, change, by=rosa, at=NOW + MINUTE)
    assert refusal.code == "just_taken"


def test_undo_of_an_older_change_is_refused_after_a_newer_one(course, rosa):
    first = move(course, 2, DAYS[1] + DAY, rosa)
    second = move(course, 2, DAYS[1] + 2 * DAY, rosa)
    assert refused(undo_change, first, by=rosa, at=NOW + MINUTE).code == "undo_changed_since"
    undo_change(second, by=rosa, at=NOW + MINUTE)
    assert dates(course)[2] == DAYS[1] + DAY


def test_one_message_tells_of_all_changes_of_ten_minutes(course, rosa):
    first = move(course, 2, DAYS[1] + DAY, rosa)
    second = move(course, 3, DAYS[2] + DAY, rosa, at=NOW + 5 * MINUTE)
    message = OutboxMessage.objects.get(kind="course_changed")
    assert message.due_at == NOW + 15 * MINUTE
    undo_change(second, by=rosa, at=NOW + 6 * MINUTE)
    message.refresh_from_db()
    assert message.dropped_because == ""  # it still tells of the first
    mail, _ = compose(message)
    assert "Tue 13 Oct 2026, 10:00" in mail.body
    undo_change(first, by=rosa, at=NOW + 7 * MINUTE)
    message.refresh_from_db()
    assert message.dropped_because == "the change was taken back"


def test_a_course_not_told_of_yet_is_told_of_once(site, ana, rosa):
    course = book(ana, site, rosa)
    change = move(course, 2, DAYS[1] + DAY, rosa, at=NOW + MINUTE)
    message = OutboxMessage.objects.get()
    assert (message.kind, message.due_at) == ("course_booked", NOW + 11 * MINUTE)
    undo_change(change, by=rosa, at=NOW + 2 * MINUTE)
    message.refresh_from_db()
    assert message.dropped_because == ""


# Hold, resume, extend, stop


def test_hold_frees_the_visits_ahead_and_resume_books_them_anew(course, rosa):
    confirm_state(course, Kind.HELD, rosa, reason="Travelling")
    course.refresh_from_db()
    assert (course.status, dates(course)) == ("on_hold", {})
    preview = look(course, Kind.RESUMED, not_before=DAYS[1])
    confirm(preview, rosa)
    course.refresh_from_db()
    assert course.status == "active"
    assert sorted(dates(course)) == [1, 2, 3, 4]
    assert min(dates(course).values()) >= DAYS[1]


def confirm_state(course, kind, by, *, at=NOW, **how):
    return change_course(Order(course.pk, kind, **how), key=uuid.uuid4(), by=by, at=at)


def test_hold_may_keep_the_visits(course, rosa):
    confirm_state(course, Kind.HELD, rosa, reason="Travelling", release=False)
    assert sorted(dates(course)) == [1, 2, 3, 4]


def test_hold_is_taken_back_whole(course, rosa):
    before = diary()[0]
    change = confirm_state(course, Kind.HELD, rosa, reason="Travelling")
    undo_change(change, by=rosa, at=NOW + MINUTE)
    course.refresh_from_db()
    assert (diary()[0], course.status) == (before, "active")


def test_stop_needs_a_reason_and_ends_the_course(course, rosa):
    assert refused(confirm_state, course, Kind.STOPPED, rosa).field == "reason"
    confirm_state(course, Kind.STOPPED, rosa, reason="Moving away")
    course.refresh_from_db()
    assert (course.status, course.status_reason, dates(course)) == ("stopped", "Moving away", {})


def test_extend_adds_visits_up_to_the_protocols_most(course, rosa):
    confirm(look(course, Kind.EXTENDED, sessions=6), rosa)
    course.refresh_from_db()
    assert course.sessions == 6
    assert dates(course)[6] == DAYS[3] + 70 * DAY
    assert refused(confirm_state, course, Kind.EXTENDED, rosa, sessions=7).code == "too_many_visits"


# Several courses together


def test_a_batch_is_all_or_nothing_and_is_taken_back_at_once(site, course, bea, rosa):
    request = making.asking(site)
    slots = slots_at(site, DAYS, dt.time(12), practitioner=1, room=1)
    other = book(bea, site, rosa, slots=slots, request=request)
    # the two trade their hours, which only works together
    first = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + DAY, dt.time(10)))
    second = look(other, Kind.MOVED, number=2, start=at_clock(other, DAYS[1] + DAY, dt.time(12)))
    orders, batch = [order_of(first), order_of(second)], uuid.uuid4()
    before = diary()[0]
    keys = batch_keys(batch, orders)
    made = change_courses(orders, keys=keys, by=rosa, at=NOW, batch=batch)
    assert change_courses(orders, keys=keys, by=rosa, at=NOW, batch=batch) == made
    undo_change(made[0], by=rosa, at=NOW + MINUTE)
    assert diary()[0] == before


# Clock changes


def test_moves_across_both_clock_changes_keep_the_wall_clock(course, rosa):
    autumn = dt.date(2026, 10, 26)  # the Monday after the clocks went back
    move(course, 2, autumn, rosa, dt.time(10))
    assert visit(course, 2).start == dt.datetime(2026, 10, 26, 10, tzinfo=dt.UTC)
    assert visit(course, 1).start == dt.datetime(2026, 9, 7, 9, tzinfo=dt.UTC)
    spring = dt.date(2027, 3, 29)
    move(course, 4, spring, rosa, dt.time(10))
    assert visit(course, 4).start == dt.datetime(2027, 3, 29, 9, tzinfo=dt.UTC)


# Races


@pytest.mark.django_db(transaction=True)
def test_two_desks_move_the_same_visit_at_once(course, rosa, mona):
    previews = [
        look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + days * DAY, dt.time(10)))
        for days in (1, 2)
    ]
    told = at_once(lambda: confirm(previews[0], rosa), lambda: confirm(previews[1], mona))
    refusals = [one for one in told if isinstance(one, Refusal)]
    assert [one.code for one in refusals] == ["visit_changed"]
    assert CourseChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_patients_want_the_same_slot_at_once(site, course, bea, rosa, mona):
    slots = slots_at(site, DAYS, dt.time(14), practitioner=1, room=1)
    other = book(bea, site, rosa, slots=slots)
    start = at_clock(course, DAYS[1] + DAY, dt.time(10))
    person = site.practitioners[0].pk
    previews = [
        look(one, Kind.MOVED, number=2, start=start, practitioner_id=person) for one in (course, other)
    ]
    told = at_once(lambda: confirm(previews[0], rosa), lambda: confirm(previews[1], mona))
    assert [one.code for one in told if isinstance(one, Refusal)] == ["just_taken"]
    assert Appointment.objects.filter(start=start, status="booked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_changes_once(course, rosa):
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + DAY, dt.time(10)))
    key = uuid.uuid4()
    told = at_once(*[lambda: confirm(preview, rosa, key=key)] * 2)
    assert told[0] == told[1]
    assert CourseChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_undo_and_a_new_change_at_once_leave_one_of_both(course, rosa, mona):
    change = move(course, 2, DAYS[1] + DAY, rosa)
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + 2 * DAY, dt.time(10)))
    told = at_once(lambda: undo_change(change, by=rosa, at=NOW + MINUTE), lambda: confirm(preview, mona))
    assert len([one for one in told if isinstance(one, Refusal)]) == 1
    assert dates(course)[2] in (DAYS[1], DAYS[1] + 2 * DAY)


def test_an_absence_between_change_and_undo_keeps_the_new_date(site, course, rosa):
    change = move(course, 2, DAYS[1] + DAY, rosa)
    Absence.objects.create(
        practitioner=site.practitioners[0],
        start=at_clock(course, DAYS[1], dt.time(0)),
        end=at_clock(course, DAYS[1], dt.time(23)),
        reason="Ill",
    )
    assert refused(undo_change, change, by=rosa, at=NOW + MINUTE).code == "just_taken"
