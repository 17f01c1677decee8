"""Free stretches: together, long enough, on the grid, and no room given away twice."""

import datetime as dt
from dataclasses import replace

from planner.engine.model import Diary, Practitioner, Room, WeeklyHours, epoch_minute
from planner.engine.openings import Opening, openings

DAY = dt.date(2026, 9, 7)
HOURS = (WeeklyHours(0, 9 * 60, 13 * 60),)


def at(hour, minute=0):
    return epoch_minute(dt.datetime(2026, 9, 7, hour, minute, tzinfo=dt.UTC))


WITHIN = (at(0), at(23))


def diary(*busy, people=("p1",), rooms=("r1",), **more):
    return Diary(
        tz="Etc/UTC",
        first_date=DAY,
        last_date=DAY,
        practitioners=tuple(Practitioner(one, hours=HOURS) for one in people),
        rooms=tuple(Room(one) for one in rooms),
        busy=[(who, at(*begin), at(*end)) for who, begin, end in busy],
        **more,
    )


def found(problem, least=60):
    return [(one.practitioner, one.room, one.begin, one.end) for one in openings(problem, WITHIN, least)]


def test_openings_are_where_person_and_room_are_free_together():
    problem = diary(("p1", (10,), (11,)), ("r1", (12, 30), (14,)))
    assert openings(problem, WITHIN, 60) == (
        Opening("p1", "r1", at(9), at(10)),
        Opening("p1", "r1", at(11), at(12, 30)),
    )


def test_openings_are_as_long_as_asked_for():
    problem = diary(("p1", (10,), (11,)), ("r1", (12, 30), (14,)))
    assert found(problem, 61) == [("p1", "r1", at(11), at(12, 30))]


def test_openings_begin_on_the_grid_and_not_in_the_past():
    problem = diary(not_before=at(9, 52))
    assert found(problem) == [("p1", "r1", at(10), at(13))]
    assert found(replace(problem, grid_minutes=60, not_before=at(10, 5))) == [("p1", "r1", at(11), at(13))]


def test_openings_need_a_room_each():
    assert found(diary(people=("p1", "p2"))) == [("p1", "r1", at(9), at(13))]
    two = diary(people=("p1", "p2"), rooms=("r1", "r2"))
    assert found(two) == [("p1", "r1", at(9), at(13)), ("p2", "r2", at(9), at(13))]


def test_a_room_is_free_for_others_once_its_person_has_gone():
    short = diary(("p1", (11,), (13,)), people=("p1", "p2"))
    assert found(short) == [("p2", "r1", at(9), at(13))]
    late = diary(("p2", (9,), (11,)), ("p1", (11,), (13,)), people=("p1", "p2"))
    assert found(late) == [("p1", "r1", at(9), at(11)), ("p2", "r1", at(11), at(13))]


def test_openings_keep_to_the_rooms_of_a_person():
    person = Practitioner("p1", hours=HOURS, rooms=frozenset({"r2"}))
    problem = replace(diary(rooms=("r1", "r2")), practitioners=(person,))
    assert found(problem) == [("p1", "r2", at(9), at(13))]
