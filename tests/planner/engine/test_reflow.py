"""Re-flow: what stays, what moves, and why, event by event."""

from dataclasses import replace
from datetime import date

import pytest

from planner.engine import events
from planner.engine.check import check
from planner.engine.departures import Reason
from planner.engine.model import (
    Booked,
    Gap,
    Infeasible,
    Pin,
    Practitioner,
    PreferredTime,
    Previous,
    Room,
    Visit,
)
from planner.engine.reflow import REPLANNING, reflow, replanning
from planner.engine.reflow_words import change_sentences, headline
from tests.planner.engine.build import OFFICE, at, diary, iso, patient, problem, request

GAP = Gap(5, 7, 9)
BOOKED = (
    Booked(at("2027-01-12T10:00Z"), "ana", "one"),
    Booked(at("2027-01-19T10:00Z"), "ana", "one"),
    Booked(at("2027-01-26T10:00Z"), "ana", "one"),
)
BEN = Practitioner("ben", OFFICE)
NAMES = {"ana": "Ana", "ben": "Ben", "two": "Room 2"}


def course(**changes):
    """Three visits booked on Tuesdays at 10:00 with Ana, a week apart, 5 to 9 days allowed."""
    asked = request(3, gaps=(GAP, GAP), current=BOOKED)
    return problem(diary(last_date=date(2027, 2, 14)), replace(asked, **changes))


def told(found):
    """Start, practitioner and reason of each visit."""
    return [(iso(one.after.minute), one.after.practitioner, one.reason) for one in found.changes]


def words(found):
    return [one.replace("\u00a0", " ") for one in (headline(found), *change_sentences(found, NAMES))]


STAYS = [
    ("2027-01-12T10:00Z", "ana", None),
    ("2027-01-19T10:00Z", "ana", None),
    ("2027-01-26T10:00Z", "ana", None),
]


def away(who, begin, end, **changes):
    """A practitioner away."""
    people = tuple(
        replace(one, absences=((at(begin), at(end)),)) if one.id == who else one
        for one in (Practitioner("ana", OFFICE), *changes.get("others", ()))
    )
    made = course()
    return replace(made, diary=replace(made.diary, practitioners=people))


def test_reflow_without_a_reason_moves_nothing():
    found = reflow(course())
    assert (told(found), found.nothing_changes, found.moved) == (STAYS, True, ())
    assert words(found) == ["Nothing has to move."]


def test_reflow_leaves_visits_no_wish_would_have_chosen():
    wishes = patient(
        preferred_weekdays=frozenset({3}),
        preferred_times=(PreferredTime(16 * 60, 17 * 60),),
        preferred_practitioners=frozenset({"ben"}),
    )
    made = course(patient=wishes)
    made = replace(made, diary=replace(made.diary, practitioners=(*made.diary.practitioners, BEN)))
    assert told(reflow(made)) == STAYS


def test_practitioner_away_moves_only_the_visit_it_touches():
    found = reflow(away("ana", "2027-01-19T08:00Z", "2027-01-19T18:00Z"))
    assert told(found) == [STAYS[0], ("2027-01-18T10:00Z", "ana", Reason.PRACTITIONER), STAYS[2]]
    assert (found.plan.cost, dict(found.plan.breakdown)) == (38, {"gap": 6, "move": 32})
    assert words(found) == [
        "1 visit moves, 2 visits stay.",
        "Visit 2 moves from Tue 19 Jan 10:00 with Ana to Mon 18 Jan 10:00 with Ana: Ana is not free then.",
    ]


def test_another_practitioner_takes_over_when_that_is_the_smaller_change():
    found = reflow(away("ana", "2027-01-15T08:00Z", "2027-01-23T18:00Z", others=[BEN]))
    assert told(found) == [STAYS[0], ("2027-01-19T10:00Z", "ben", Reason.PRACTITIONER), STAYS[2]]
    assert found.plan.breakdown == {"move": 15}


def test_a_visit_asked_elsewhere_takes_along_only_what_the_gaps_ask():
    asked = events.moved(course(), 1, Booked(at("2027-01-21T15:00Z")))
    found = reflow(asked)
    assert told(found) == [STAYS[0], ("2027-01-21T15:00Z", "ana", Reason.ASKED), STAYS[2]]
    asked = events.moved(course(), 0, Booked(at("2027-01-15T15:00Z")))
    found = reflow(asked)
    assert told(found) == [
        ("2027-01-15T15:00Z", "ana", Reason.ASKED),
        ("2027-01-20T10:00Z", "ana", Reason.GAP),
        STAYS[2],
    ]
    assert words(found)[-1] == (
        "Visit 2 moves from Tue 19 Jan 10:00 with Ana to Wed 20 Jan 10:00 with Ana: "
        "its old date no longer keeps the gaps."
    )


def test_a_cancelled_visit_gets_a_date_between_those_that_stay():
    found = reflow(events.given_up(course(), 1))
    assert told(found) == STAYS
    assert (found.nothing_changes, found.moved) == (False, ())
    assert words(found)[0] == "1 visit gets a date, 2 visits stay."


def test_a_missed_visit_is_planned_after_the_last_one_attended():
    # the first was missed on 12 January; the one attended on 5 January counts
    missed = events.given_up(course(previous=Previous(date(2027, 1, 5), GAP, "ana")), 0)
    missed = replace(missed, diary=replace(missed.diary, not_before=at("2027-01-12T18:00Z")))
    found = reflow(missed)
    assert [one.on for one in found.plan.visits] == [
        date(2027, 1, 13),
        date(2027, 1, 19),
        date(2027, 1, 26),
    ]


def test_an_early_visit_counts_as_the_previous_one():
    early = replace(events.attended(course(), date(2027, 1, 8), "ana"), weights=REPLANNING)
    found = reflow(early)
    assert early.request.previous == Previous(date(2027, 1, 8), GAP, "ana")
    # 19 January is 11 days after the 8th, the longest gap is 9
    assert [(one.after.on, one.reason) for one in found.changes] == [
        (date(2027, 1, 15), Reason.TOO_LATE),
        (date(2027, 1, 22), Reason.GAP),
    ]


def test_a_deferral_moves_what_lies_before_its_date():
    found = reflow(events.deferred(course(), date(2027, 1, 16)))
    assert [(one.after.on, one.reason) for one in found.changes] == [
        (date(2027, 1, 18), Reason.TOO_EARLY),
        (date(2027, 1, 25), Reason.TOO_EARLY),
        (date(2027, 2, 1), Reason.GAP),
    ]


def test_a_closure_moves_what_it_covers():
    found = reflow(events.closed(course(), (date(2027, 1, 26), date(2027, 1, 26))))
    assert told(found) == [*STAYS[:2], ("2027-01-25T10:00Z", "ana", Reason.CLOSED)]


def test_a_protocol_with_longer_gaps_moves_what_is_too_near():
    found = reflow(events.with_gaps(course(), Gap(9, 10, 12)))
    assert [(one.after.on, one.moves) for one in found.changes] == [
        (date(2027, 1, 12), False),
        (date(2027, 1, 22), True),
        (date(2027, 2, 1), True),
    ]


def test_longer_visits_move_where_the_room_is_taken_afterwards():
    made = events.with_visits(course(), (Visit(90),) * 3)
    taken = [("one", at("2027-01-19T11:00Z"), at("2027-01-19T17:00Z"))]
    made = replace(made, diary=replace(made.diary, busy=taken))
    found = reflow(made)
    assert told(found) == [STAYS[0], ("2027-01-19T09:30Z", "ana", Reason.ROOM), STAYS[2]]


def test_more_visits_are_placed_and_fewer_are_dropped():
    more = reflow(events.with_visits(course(), (Visit(60),) * 4))
    assert [one.stays for one in more.changes] == [True, True, True, False]
    assert more.plan.visits[3].on == date(2027, 2, 2)
    fewer = events.dropped(course(), 1)
    assert (len(fewer.request.gaps), fewer.request.current) == (1, (BOOKED[0], BOOKED[2]))


def test_a_room_taken_costs_a_visit_its_room_and_not_its_time():
    made = course()
    taken = [("one", at("2027-01-19T09:00Z"), at("2027-01-19T17:00Z"))]
    rooms = (Room("one"), Room("two"))
    found = reflow(replace(made, diary=replace(made.diary, rooms=rooms, busy=taken)))
    assert told(found) == [STAYS[0], ("2027-01-19T10:00Z", "ana", Reason.ROOM), STAYS[2]]
    assert words(found)[1:] == ["Visit 2 keeps its time and goes to Room 2."]


def test_the_longest_gap_is_exceeded_only_where_nothing_inside_is_free():
    made = away("ana", "2027-01-13T08:00Z", "2027-01-24T18:00Z")
    found = reflow(replace(made, request=replace(made.request, latest=date(2027, 1, 12))))
    assert [(one.after.on, one.late_days) for one in found.changes] == [
        (date(2027, 1, 12), 0),
        (date(2027, 1, 25), 4),
        (date(2027, 2, 1), 0),
    ]
    assert words(found)[1].endswith(
        "Ana is not free then. "
        "That is 4 days later than the protocol's longest gap: nothing is free inside it."
    )
    assert check(found.problem, found.plan).cost == found.plan.cost


def test_the_shortest_gap_never_gives_way():
    pinned = (Pin(0, start=BOOKED[0].start), Pin(1, on=date(2027, 1, 15)))
    assert isinstance(reflow(course(pins=pinned)), Infeasible)


def test_pinned_visits_stay_although_the_others_would_be_cheaper():
    made = events.moved(course(pins=(Pin(1, start=BOOKED[1].start),)), 0, Booked(at("2027-01-13T10:00Z")))
    assert [one.moves for one in reflow(made).changes] == [True, False, False]


@pytest.mark.parametrize("weights", [{}, {"gap_abs": 50, "move": 0}])
def test_replanning_has_its_own_weights(weights):
    made = replanning(replace(course(), weights=problem(**weights).weights))
    assert made.weights == REPLANNING
    assert made.request.patient.preferred_times == (PreferredTime(10 * 60, 11 * 60),)
