"""Which starts are free: buffers, offsets, rooms that are joint, pairings and device pools."""

from dataclasses import replace

import pytest

from planner.engine.cells import Searched
from planner.engine.model import Claim, Device, Practitioner, Room, Visit, WeeklyHours
from planner.engine.ticks import Ticks, erode, free_from
from tests.planner.engine.build import MONDAY, OFFICE, at, diary, iso, problem, request

NINE_TO_ELEVEN = (WeeklyHours(0, 9 * 60, 11 * 60),)


def free_starts(the_diary, visit, **request_changes):
    """The free starts on Monday 11 January, as HH:MM."""
    made = request(1, visits=(visit,), **request_changes)
    searched = Searched(problem(replace(the_diary, last_date=MONDAY), made))
    free = searched.availability
    mask = 0
    for practitioner in searched.practitioners(visit):
        mask |= searched.feasible(visit, practitioner)
    return [
        iso(free.ticks.minute(tick))[11:16]
        for day in searched.days_within(0)
        for tick in range(day.low, day.high)
        if mask >> tick & 1 and day.starts >> (tick - day.low) & 1
    ]


def morning(**changes):
    return diary(practitioners=(Practitioner("ana", NINE_TO_ELEVEN),), **changes)


@pytest.mark.parametrize(
    ("mask", "length", "expected"),
    [
        (0b111011, 1, 0b111011),
        (0b111011, 2, 0b011001),
        (0b111011, 3, 0b001000),
        (0b1111, 4, 1),
        (0b1111, 5, 0),
    ],
)
def test_erode_keeps_the_starts_of_whole_runs(mask, length, expected):
    assert erode(mask, length) == expected


def test_free_from_looks_before_the_start():
    assert free_from(0b0110, -1, 1) == 0b0100


def test_paint_crosses_the_chunks_and_is_cut_to_the_reach():
    ticks = Ticks(0, 5 * 1000, 5)
    spans = [(-25, 10), (5 * 250, 5 * 260), (5 * 200, 5 * 800), (5 * 990, 5 * 1100), (7000, 8000)]
    expected = sum(1 << tick for tick in {*range(2), *range(200, 800), *range(990, 1000)})
    assert ticks.paint(spans) == expected


def test_starts_end_with_the_hours():
    assert free_starts(morning(), Visit(60)) == ["09:00", "09:15", "09:30", "09:45", "10:00"]


def test_buffers_lie_inside_the_available_time():
    visit = Visit(60, practitioner=Claim(-5, 60), room=Claim(0, 70))
    assert free_starts(morning(), visit) == ["09:15", "09:30", "09:45", "10:00"]
    closing = morning(rooms=(Room("one", NINE_TO_ELEVEN),))
    assert free_starts(closing, visit) == ["09:15", "09:30", "09:45"]


def test_numbing_takes_the_room_but_not_the_practitioner():
    visit = Visit(70, room=Claim(0, 80), practitioner=Claim(40, 70), device=Claim(40, 70))
    busy = [("ana", at("2027-01-11T09:00Z"), at("2027-01-11T10:00Z"))]
    # treatment begins 40 minutes after arrival: 09:15 is too early for it, 09:30 is not
    assert free_starts(morning(busy=busy), visit) == ["09:30", "09:45"]


def test_busy_minutes_off_the_five_minute_tick_are_exact():
    busy = [("ana", at("2027-01-11T09:00Z"), at("2027-01-11T09:16Z"))]
    assert free_starts(morning(busy=busy), Visit(60)) == ["09:30", "09:45", "10:00"]
    assert free_starts(morning(busy=busy), Visit(60, practitioner=Claim(1, 60))) == [
        "09:15",
        "09:30",
        "09:45",
        "10:00",
    ]


def test_rooms_are_not_changed_half_way():
    rooms = (Room("one", (WeeklyHours(0, 540, 600),)), Room("two", (WeeklyHours(0, 600, 660),)))
    assert free_starts(morning(rooms=rooms), Visit(60)) == ["09:00", "10:00"]
    assert free_starts(morning(rooms=rooms), Visit(75)) == []


def test_practitioner_uses_only_rooms_paired_with_her():
    people = (
        Practitioner("ana", NINE_TO_ELEVEN, rooms=frozenset({"one"})),
        Practitioner("ben", NINE_TO_ELEVEN, rooms=frozenset({"two"})),
    )
    rooms = (Room("one", (WeeklyHours(0, 540, 600),)), Room("two", (WeeklyHours(0, 600, 660),)))
    the_diary = diary(practitioners=people, rooms=rooms)
    assert free_starts(the_diary, Visit(60, practitioners=frozenset({"ana"}))) == ["09:00"]
    assert free_starts(the_diary, Visit(60, rooms=frozenset({"two"}))) == ["10:00"]


def test_device_must_be_allowed_in_the_room_that_is_free():
    devices = (Device("pen", rooms=frozenset({"one"})), Device("roller", (WeeklyHours(0, 600, 660),)))
    rooms = (Room("one", (WeeklyHours(0, 540, 600),)), Room("two"))
    the_diary = morning(rooms=rooms, devices=devices)
    assert free_starts(the_diary, Visit(60, device_pools=(("pen",),))) == ["09:00"]
    assert free_starts(the_diary, Visit(60, device_pools=(("pen", "roller"),))) == ["09:00", "10:00"]


def test_devices_of_two_pools_are_different_ones():
    devices = (Device("pen"), Device("roller", (WeeklyHours(0, 600, 660),)))
    the_diary = morning(devices=devices)
    both = ("pen", "roller")
    assert free_starts(the_diary, Visit(60, device_pools=(both, both))) == ["10:00"]
    assert free_starts(the_diary, Visit(60, device_pools=(both, ("pen",)))) == ["10:00"]
    assert free_starts(the_diary, Visit(60, device_pools=(("pen",), ("pen",)))) == []
    assert free_starts(the_diary, Visit(60, device_pools=((),))) == []


def test_closures_absences_and_extra_time():
    day_off = morning(closures=((MONDAY, MONDAY),))
    assert free_starts(day_off, Visit(60)) == []
    eleven, noon = at("2027-01-11T11:00Z"), at("2027-01-11T12:00Z")
    extra = diary(
        practitioners=(Practitioner("ana", NINE_TO_ELEVEN, ((eleven - 60, eleven),), ((eleven, noon),)),)
    )
    assert free_starts(extra, Visit(60)) == ["09:00", "11:00"]
    opened = replace(extra, opening_hours=NINE_TO_ELEVEN)
    assert free_starts(opened, Visit(60)) == ["09:00"]


def test_no_start_before_now():
    assert free_starts(morning(not_before=at("2027-01-11T09:31Z")), Visit(60)) == ["09:45", "10:00"]


def test_availability_serves_only_its_own_diary_and_ticks():
    made = problem(diary(practitioners=(Practitioner("ana", OFFICE),)))
    free = Searched(made).availability
    other = replace(made, request=request(2, visits=(Visit(61),) * 2))
    assert [free.serves(made), free.serves(other), free.serves(problem())] == [True, False, False]
    assert Searched(other, free).availability is not free
