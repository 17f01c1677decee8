"""Moving, cancelling, missing: what is written, refusals, taking back."""

import datetime as dt
import uuid

import pytest

from clinic.models import Absence, Closure, OutboxMessage, Practitioner
from planner.lettering import compose
from planner.models import CourseChange
from planner.undoing import undo_change
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import MONDAY, NOW, book, every, slots_at
from tests.planner.moves import Kind, at_clock, confirm, dates, look, move, visit
from tests.planner.moving.diary import DAY, DAYS, MINUTE, diary, refused
from tests.planner.reading import words

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
    making.screen(ana, site, rosa, BLEEDING_DISORDER=yes())
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
    refusal = refused(confirm, preview, rosa)
    assert (refusal.code, refusal.status) == ("closed_since", 409)
    assert words(refusal.sentence) == "Larkmoor is closed on Tue 13 Oct 2026 now. Nothing was changed."


def test_a_person_away_meanwhile_is_refused(site, course, rosa):
    start = at_clock(course, DAYS[1] + DAY, dt.time(10))
    preview = look(course, Kind.MOVED, number=2, start=start)
    person = Practitioner.objects.get(pk=preview.moves[0].slot.practitioner_id)
    Absence.objects.create(practitioner=person, start=start - DAY, end=start + DAY, reason="Ill")
    refusal = refused(confirm, preview, rosa)
    assert (refusal.code, refusal.status) == ("away_since", 409)
    assert words(refusal.sentence) == (
        "Tue 13 Oct 2026, 10:00 is no longer free: a person is away, or a room or device out of use."
        " Nothing was changed."
    )


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
    letter, _ = compose(message, NOW + 6 * MINUTE)
    assert "Tue 13 Oct 2026, 10:00" in letter.text
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
