"""Who can take a freed slot: every gap kept, ranked by cost, with a reason when not."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import assume, given, settings

from planner.engine.alternatives import alternatives
from planner.engine.check import check
from planner.engine.departures import Reason
from planner.engine.model import Booked, Device, Gap, Pin, Placement, Previous, Problem, Visit, Weights
from planner.engine.reflow import replanning
from planner.engine.series import solve
from planner.engine.waitlist import Freed, Match, NoMatch, Waiting, match
from tests.planner.engine.build import at, diary, iso, patient, request
from tests.planner.engine.test_reflow_properties import booked_course, picks, seeds

GAP = Gap(5, 7, 9)
SLOT = Freed(at("2027-01-18T10:00Z"), "ana", "one")


def booked(*starts):
    return tuple(start and Booked(at(f"2027-01-{start}Z"), "ana", "one") for start in starts)


def course(name, *starts, **changes):
    """A course of these starts in January."""
    count = len(starts)
    asked = request(count, gaps=(GAP,) * (count - 1), current=booked(*starts))
    return Waiting(name, replace(asked, **changes))


def answer(*courses, slot=SLOT, the_diary=None, others_may_move=False):
    return match(slot, the_diary or diary(), courses, others_may_move)


def test_match_ranks_courses_by_what_the_slot_costs_them():
    found = answer(
        course("two days sooner", "12T10:00", "20T10:00"),
        course("one day sooner", "11T10:00", "19T10:00"),
        course("not booked yet", "11T10:00", None),
    )
    assert [(one.id, one.visit, one.extra) for one in found.fitting] == [
        ("not booked yet", 1, 0),
        ("one day sooner", 1, 30 + 2 - 3),
        ("two days sooner", 1, 30 + 4),
    ]
    assert found.others == ()
    change = found.fitting[1].changes[0]
    assert (iso(change.before.start), iso(change.after.minute), change.after.room) == (
        "2027-01-19T10:00Z",
        "2027-01-18T10:00Z",
        "one",
    )


def test_match_says_why_a_course_cannot_take_the_slot():
    busy = ((at("2027-01-18T10:30Z"), at("2027-01-18T10:45Z")),)
    found = answer(
        course("done before", "11T10:00", "17T10:00"),
        course("too near to the one before", "14T10:00", "21T10:00"),
        course("too far from the one before", "11T10:00", "20T10:00", gaps=(Gap(2, 3, 6),)),
        course("too near to the one after", "20T10:00", "22T10:00", gaps=(Gap(5, 7, 9),)),
        course("too far from the one after", "20T10:00", "29T10:00"),
        course("patient busy", "11T10:00", "20T10:00", patient=patient(busy=busy)),
        course("pinned", "11T10:00", "20T10:00", pins=(Pin(1, start=at("2027-01-20T10:00Z")),)),
        course("not hers", "20T10:00", visits=(Visit(60, practitioners=frozenset({"ben"})),)),
        course("too late", "20T10:00", finish_by=date(2027, 1, 17)),
        course("deferred", "20T10:00", earliest=date(2027, 1, 19)),
        course("no device", "20T10:00", visits=(Visit(60, device_pools=(("pen",),)),)),
        the_diary=diary(
            devices=(Device("pen"),), busy=[("pen", at("2027-01-18T08:00Z"), at("2027-01-18T12:00Z"))]
        ),
    )
    assert found.fitting == ()
    assert {one.id: one.reason for one in found.others} == {
        "done before": None,
        "too near to the one before": Reason.TOO_EARLY,
        "too far from the one before": Reason.TOO_LATE,
        "too near to the one after": Reason.TOO_LATE,
        "too far from the one after": Reason.TOO_EARLY,
        "patient busy": Reason.PATIENT,
        "pinned": Reason.ASKED,
        "not hers": Reason.NOT_ALLOWED,
        "too late": Reason.TOO_LATE,
        "deferred": Reason.TOO_EARLY,
        "no device": Reason.DEVICE,
    }


def test_match_counts_the_last_visit_done_as_the_one_before():
    found = answer(
        course("far enough", "20T10:00", previous=Previous(date(2027, 1, 13), GAP)),
        course("too near", "20T10:00", previous=Previous(date(2027, 1, 14), GAP)),
    )
    assert ([one.id for one in found.fitting], [one.id for one in found.others]) == (
        ["far enough"],
        ["too near"],
    )


def test_match_needs_one_of_the_freed_devices():
    pen = Visit(60, device_pools=(("pen", "roller"),))
    tools = diary(devices=(Device("pen"), Device("roller")))
    slot = replace(SLOT, devices=("roller",))
    found = answer(course("one", "20T10:00", visits=(pen,)), slot=slot, the_diary=tools)
    assert found.fitting[0].changes[0].after.devices == ("roller",)


def test_match_moves_the_others_only_when_asked():
    one = course("one", "20T10:00", "29T10:00")  # 18 to 29 January is 11 days, the longest gap is 9
    assert answer(one).others == (NoMatch("one", 0, Reason.TOO_EARLY),)
    found = answer(one, others_may_move=True).fitting[0]
    assert [(c.index, iso(c.after.minute)) for c in found.changes] == [
        (0, "2027-01-18T10:00Z"),
        (1, "2027-01-25T10:00Z"),
    ]
    assert found.extra == (30 + 4) + (30 + 8) - 3 * 2  # the gap was 9 days, now it is 7


def test_match_leaves_the_own_rows_of_a_course_out():
    own = ("one", at("2027-01-18T10:30Z"), at("2027-01-18T11:30Z"))
    mine = replace(course("mine", "18T10:30"), claims=(own,))
    found = answer(mine, replace(mine, id="another's", claims=()), the_diary=diary(busy=[own]))
    assert ([one.id for one in found.fitting], found.others) == (
        ["mine"],
        (NoMatch("another's", 0, Reason.ROOM),),
    )


def placed_there(problem: Problem, index: int, slot: Freed):
    """Every way to put the visit into the slot, the others staying."""
    visits = [Placement(b.start, date.min, b.practitioner, b.room, (), {}) for b in problem.request.current]
    for devices in product(*problem.request.visits[index].device_pools):
        visits[index] = Placement(slot.start, date.min, slot.practitioner, slot.room, devices, {})
        yield list(visits)


def slot_of(made: Problem, pick: int) -> Freed:
    """Mostly a slot that some visit of the plan could take, else any."""
    index = pick % len(made.request.visits)
    here = made.request.current[index]
    options = alternatives(replace(made, weights=Weights()), solve(made), index, 200)
    sooner = [one.placement for one in options if one.placement.minute < here.start]
    if sooner and pick % 4:
        one = sooner[pick % len(sooner)]
        return Freed(one.minute, one.practitioner, one.room)
    return Freed(here.start - pick % 97 * 60, made.diary.practitioners[0].id, made.diary.rooms[0].id)


def judge(made: Problem, pick: int) -> bool:
    """Hold the answer beside the checker; whether the slot was taken."""
    slot = slot_of(made, pick)
    found = match(slot, made.diary, [Waiting("it", made.request)])
    judged = replanning(made)
    if found.fitting:
        one: Match = found.fitting[0]
        before = next(placed_there(judged, one.visit, Freed(**_booked(made, one.visit))))
        after = next(placed_there(judged, one.visit, slot))
        assert check(judged, after).violations == ()
        assert one.extra == check(judged, after).cost - check(judged, before).cost
    elif found.others[0].visit is not None:
        for visits in placed_there(judged, found.others[0].visit, slot):
            assert check(judged, visits).violations
    return bool(found.fitting)


def _booked(problem: Problem, index: int) -> dict:
    there = problem.request.current[index]
    return {"start": there.start, "practitioner": there.practitioner, "room": there.room}


@pytest.mark.sweep
@settings(max_examples=150)
@given(seed=seeds, pick=picks)
def test_match_agrees_with_the_checker(seed, pick):
    made = booked_course(seed)
    assume(made is not None and all(not visit.device_pools for visit in made.request.visits))
    judge(made, pick)


@pytest.mark.sweep
def test_match_agrees_with_the_checker_on_slots_that_fit():
    made = [one for one in map(booked_course, range(450)) if one is not None]
    plain = [one for one in made if all(not visit.device_pools for visit in one.request.visits)]
    assert sum(judge(one, 7 * at + 1) for at, one in enumerate(plain)) >= 45
