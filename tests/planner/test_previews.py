"""What a change would do, before anybody confirms it: what moves, what stays, and why not."""

import datetime as dt

import pytest

from clinic.models import Absence, Closure
from clinic.refusals import Refusal
from planner.engine.departures import Reason
from tests.planner import making
from tests.planner.making import MONDAY, NOW, book, every, slots_at
from tests.planner.moves import Kind, at_clock, look, visit

DAY = dt.timedelta(days=1)


def shown(preview):
    """Number, old date, new date, gap before, late days of every visit."""
    return [
        (line.number, line.on_before, line.on_after, line.gap_after, line.late_days) for line in preview.lines
    ]


def test_a_small_move_leaves_every_other_visit(course):
    days = every(35)
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, days[1] + 2 * DAY, dt.time(11)))
    assert shown(preview) == [
        (1, days[0], days[0], None, 0),
        (2, days[1], days[1] + 2 * DAY, 37, 0),
        (3, days[2], days[2], 33, 0),
        (4, days[3], days[3], 35, 0),
    ]
    assert [move.number for move in preview.moves] == [2]
    assert preview.others == ()


def test_a_late_move_takes_along_only_what_must_follow(course):
    days = every(35)
    preview = look(course, Kind.MOVED, number=2, start=at_clock(course, days[1] + 10 * DAY, dt.time(10)))
    assert [line.number for line in preview.changed] == [2, 3]
    third = next(line for line in preview.lines if line.number == 3)
    assert (third.gap_after, third.reason) == (28, Reason.TOO_EARLY)
    assert [(line.number, line.late_days) for line in preview.lines if line.late_days] == [(2, 3)]


def test_later_visits_stay_when_asked_as_far_as_the_shortest_gap(course):
    days = every(35)
    late = at_clock(course, days[1] + 8 * DAY, dt.time(10))
    with pytest.raises(Refusal) as caught:
        look(course, Kind.MOVED, number=2, start=late, keep_later=True)
    assert caught.value.sentence == (
        "The next visit keeps its date, so this one may be on Mon\u00a019\u00a0Oct\u00a02026 at the latest."
    )
    near = at_clock(course, days[1] + 7 * DAY, dt.time(10))
    assert [m.number for m in look(course, Kind.MOVED, number=2, start=near, keep_later=True).moves] == [2]


def test_a_visit_with_a_pin_stays(course):
    course.appointments.filter(number=3).update(is_pinned=True)
    days = every(35)
    with pytest.raises(Refusal) as caught:
        look(course, Kind.MOVED, number=2, start=at_clock(course, days[1] + 10 * DAY, dt.time(10)))
    assert caught.value.code == "later_visits"


def why(course, number, start, **how):
    with pytest.raises(Refusal) as caught:
        look(course, Kind.MOVED, number=number, start=start, **how)
    return caught.value.sentence


def test_every_obstacle_has_its_sentence(site, course, rosa):
    days, zone = every(35), site.location
    day = days[1] + DAY
    priya, daniel = site.practitioners
    Closure.objects.create(location=zone, first_date=day, last_date=day, reason="Staff training")
    assert why(course, 2, at_clock(course, day, dt.time(10))) == (
        "Larkmoor is closed on Tue\u00a013\u00a0Oct\u00a02026: Staff training."
    )
    day += DAY
    assert why(course, 2, at_clock(course, day, dt.time(7))) == (
        "Larkmoor is not open long enough at 07:00 on Wed\u00a014\u00a0Oct\u00a02026."
    )
    assert why(course, 2, at_clock(course, day, dt.time(10, 7))) == "Visits start every 15 minutes."
    Absence.objects.create(
        practitioner=daniel,
        start=at_clock(course, day, dt.time(0)),
        end=at_clock(course, day + DAY, dt.time(0)),
        reason="Leave",
    )
    assert why(course, 2, at_clock(course, day, dt.time(10)), practitioner_id=daniel.pk) == (
        "Daniel Okafor does not work at 10:00 on Wed\u00a014\u00a0Oct\u00a02026."
    )
    bea = making.make_patient(rosa)
    making.screen(bea, site, rosa)
    later = making.asking(site, start_from=day)
    book(bea, site, rosa, slots=slots_at(site, every(35, first=day)), request=later)
    assert why(course, 2, at_clock(course, day, dt.time(10)), practitioner_id=priya.pk) == (
        "Priya Nair is taken at 10:00 on Wed\u00a014\u00a0Oct\u00a02026."
    )
    assert why(course, 2, at_clock(course, day, dt.time(10)), room_id=site.rooms[0].pk).startswith("N")
    assert why(course, 2, at_clock(course, days[0] + 20 * DAY, dt.time(10))) == (
        "Visit 1 is on Mon\u00a07\u00a0Sep\u00a02026. The next one may be on Mon\u00a05\u00a0Oct\u00a02026 "
        "or later (4\u00a0wk after it)."
    )
    assert why(course, 1, NOW - dt.timedelta(hours=1)) == "This time is over."


def test_a_cancelled_visit_may_get_a_new_date(course):
    days = every(35)
    preview = look(course, Kind.CANCELLED, number=2, new_date=True, reason="Ill")
    assert [(m.number, m.appointment_id) for m in preview.moves] == [(2, None)]
    on = preview.lines[1].on_after
    assert abs((on - days[1]).days) in (1, 2)


def test_without_a_new_date_the_others_keep_theirs(course):
    days = every(35)
    preview = look(course, Kind.CANCELLED, number=2, reason="Ill")
    assert preview.moves == ()
    assert shown(preview) == [
        (1, days[0], days[0], None, 0),
        (2, days[1], None, None, 0),
        (3, days[2], days[2], 70, 0),
        (4, days[3], days[3], 35, 0),
    ]


def test_a_deferral_moves_what_lies_before_it(course):
    first = MONDAY + 45 * DAY
    preview = look(course, Kind.REPLANNED, not_before=first)
    assert preview.lines[0].on_after == first
    assert all(line.gap_after is None or 28 <= line.gap_after <= 42 for line in preview.lines)


def test_nothing_moves_that_need_not(course):
    assert look(course, Kind.REPLANNED).moves == ()


def test_an_attended_visit_counts_as_the_one_before(course):
    course.appointments.filter(number=1).update(status="arrived")
    days = every(35)
    preview = look(course, Kind.REPLANNED, not_before=days[1] + 3 * DAY)
    assert preview.lines[0].on_after == days[0]
    assert preview.lines[1].on_after == days[1] + 3 * DAY
    assert visit(course, 1).status == "arrived"
