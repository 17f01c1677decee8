"""From a request at the desk to the planner's problem: windows, claims, wishes, pools."""

import dataclasses
import datetime as dt
import json

import pytest

from clinic.refusals import Refusal
from planner import planning
from planner.engine import model as engine
from planner.engine.check import check
from planner.engine.departures import departures
from planner.engine.proposals import proposals
from planner.planning import CourseRequest, Slot
from planner.replanning import read_replanning, timeline_of
from tests import people
from tests.planner import making
from tests.planner.making import MONDAY, NOW, asking, book, every, slots_at

DAY = dt.timedelta(days=1)
ANYBODY = 0  # no patient of that key: nothing on file


def read(site, *, patient=ANYBODY, earliest_on=None, at=NOW, slots=(), **changed):
    """State the problem of a request."""
    return planning.read_planning(
        patient, site.location, asking(site, **changed), earliest_on=earliest_on, at=at, only_for=slots
    )


def test_read_planning_states_the_request(site):
    site.practitioners[0].before_minutes, site.practitioners[1].after_minutes = 5, 10
    for one in site.practitioners:
        one.save()
    found = read(site, sessions=5, finish_by=MONDAY + 200 * DAY)
    visit = engine.Visit(
        minutes=55,
        patient=engine.Claim(0, 55),
        room=engine.Claim(0, 55),
        practitioner=engine.Claim(30, 55),
        device=engine.Claim(30, 55),
        device_pools=((f"d{site.devices[0].pk}",),),
    )
    assert found.problem.request == engine.Request(
        visits=(visit,) * 5,
        gaps=(engine.Gap(28, 35, 42),) * 4,
        earliest=MONDAY,
        latest=MONDAY + 28 * DAY,
        finish_by=MONDAY + 200 * DAY,
        patient=engine.PatientTimes(),
    )
    assert found.problem.weights == engine.Weights()
    first, second = site.practitioners
    own = {f"p{first.pk}": (5, 0), f"p{second.pk}": (0, 10)} | {f"r{room.pk}": (0, 10) for room in site.rooms}
    assert found.problem.diary.buffers == own
    assert (found.problem.diary.first_date, found.problem.diary.last_date) == (
        MONDAY,
        MONDAY + (28 + 4 * 42) * DAY,
    )


@pytest.mark.parametrize(
    ("wished", "allowed", "today", "first"),
    [
        (MONDAY + 3 * DAY, None, NOW, MONDAY + 3 * DAY),
        (MONDAY, MONDAY + 9 * DAY, NOW, MONDAY + 9 * DAY),
        (MONDAY - 9 * DAY, None, NOW, MONDAY),
        (MONDAY, MONDAY - 5 * DAY, NOW + 2 * DAY, MONDAY + 2 * DAY),
    ],
    ids=["the wish", "the screening", "today", "today after both"],
)
def test_read_planning_starts_on_the_latest_of_wish_screening_and_today(site, wished, allowed, today, first):
    found = read(site, start_from=wished, earliest_on=allowed, at=today)
    assert found.problem.request.earliest == found.problem.diary.first_date == first


def test_read_planning_counts_minutes_by_areas(site):
    assert read(site).treatment_minutes == 25
    assert read(site, area_ids=(site.areas[0].pk,)).treatment_minutes == 15


def test_read_planning_keeps_wishes_soft_unless_they_must_be(site):
    person = site.practitioners[0]
    wishes = {"weekdays": (0, 2), "after_minute": 600, "before_minute": 720, "practitioner_id": person.pk}
    soft = read(site, **wishes).problem.request
    assert soft.patient == engine.PatientTimes(
        preferred_weekdays=frozenset({0, 2}),
        preferred_times=(engine.PreferredTime(600, 720),),
        preferred_practitioners=frozenset({f"p{person.pk}"}),
    )
    assert soft.visits[0].practitioners is None
    hard = read(site, weekdays_must=True, hours_must=True, practitioner_must=True, **wishes).problem.request
    assert hard.patient.hours == (engine.WeeklyHours(0, 600, 720), engine.WeeklyHours(2, 600, 720))
    assert hard.visits[0].practitioners == frozenset({f"p{person.pk}"})


def test_read_planning_takes_hours_that_must_be_on_every_day(site):
    found = read(site, after_minute=600, hours_must=True).problem.request.patient
    assert found.hours == tuple(engine.WeeklyHours(day, 600, 1440) for day in range(7))


def test_read_planning_takes_only_pens_that_everybody_is_trained_on(site):
    pen = site.location.devices.create(name="Pen 2", model_name="Fine 3")
    site.practitioners[0].devices.add(pen)
    assert read(site).problem.request.visits[0].device_pools == ((f"d{site.devices[0].pk}",),)
    site.practitioners[1].devices.clear()
    assert read(site).problem.request.visits[0].device_pools == ()


def test_read_planning_reads_no_more_than_the_slots_need(site):
    found = read(site, slots=slots_at(site, every(35), practitioner=1, room=1))
    diary = found.problem.diary
    assert [one.id for one in diary.practitioners] == [f"p{site.practitioners[1].pk}"]
    assert [one.id for one in diary.rooms] == [f"r{site.rooms[1].pk}"]


def test_a_proposal_asks_the_database_three_times(site, ana, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert proposals(read(site, patient=ana.pk).problem).best_fit.plan


@pytest.mark.parametrize("kind", ["best_fit", "soonest_finish", "same_day_and_person"])
def test_every_proposal_holds_when_it_is_judged_on_its_own_slots(site, ana, rosa, kind):
    """What the planner proposes on the whole diary, the booking accepts on its part of it."""
    site.practitioners[0].before_minutes, site.practitioners[1].after_minutes = 15, 10
    for one in site.practitioners:
        one.save()
    plan = getattr(proposals(read(site, patient=ana.pk).problem), kind).plan
    slots = [Slot.of(placement) for placement in plan.visits]
    assert check(read(site, patient=ana.pk, slots=slots).problem, plan).ok
    assert book(ana, site, rosa, slots=slots).appointments.count() == 4


def test_the_time_somebody_needs_afterwards_binds_nobody_else(site, ana, rosa):
    """Visits close together hold in a re-flow, however long a colleague needs after each treatment."""
    slow = site.practitioners[1]
    slow.after_minutes = 60
    slow.save()
    mine = book(ana, site, rosa, slots=slots_at(site, every(35), dt.time(10)))
    bo = making.make_patient(rosa, given_name="Bo")
    making.screen(bo, site, rosa)
    book(bo, site, rosa, slots=slots_at(site, every(35), dt.time(10, 45), room=1))
    timeline = timeline_of(mine, NOW)
    reading = read_replanning(mine, timeline.items(()), None, earliest_on=MONDAY, at=NOW)
    assert departures(reading.problem) == (None,) * 4
    found = read(site, practitioner_id=slow.pk, practitioner_must=True).problem
    assert found.diary.claim(f"p{slow.pk}", found.request.visits[0].claim(engine.Role.PRACTITIONER)) == (
        30,
        115,
    )


def test_proposals_keep_clear_of_another_course_of_the_same_areas(site, ana, rosa):
    course = book(ana, site, rosa, request=asking(site))
    plan = proposals(read(site, patient=ana.pk).problem).best_fit.plan
    taken = list(course.appointments.values_list("on", flat=True))
    assert plan is None or min(abs((visit.on - on).days) for visit in plan.visits for on in taken) >= 28


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"sessions": 3}, "sessions_outside_protocol", "sessions"),
        ({"sessions": 7}, "sessions_outside_protocol", "sessions"),
        ({"gap_target_days": 27}, "gap_outside_protocol", "gap_target_days"),
        ({"gap_target_days": 43}, "gap_outside_protocol", "gap_target_days"),
        ({"area_ids": ()}, "areas_missing", "areas"),
        ({"area_ids": (NOW.year * 1000,)}, "areas_missing", "areas"),
    ],
)
def test_read_planning_refuses_what_lies_outside_the_protocol(site, changed, code, field):
    with pytest.raises(Refusal) as caught:
        read(site, **changed)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_read_planning_counts_an_area_named_twice_once(site):
    assert read(site, area_ids=(site.areas[0].pk,) * 2).treatment_minutes == 15


def test_read_planning_refuses_when_nobody_is_trained_or_no_room_is_in_use(site):
    site.location.rooms.update(is_active=False)
    with pytest.raises(Refusal) as caught:
        read(site)
    assert (caught.value.code, str(caught.value)) == (
        "nobody_treats_here",
        "Nobody at Larkmoor is trained for this indication, or no room is in use. "
        "A manager can change that under Settings.",
    )


def test_approved_protocol_is_the_newest_that_is_approved(site):
    draft = making.make_protocol(site.indication, 2)
    assert planning.approved_protocol(site.indication) == site.protocol
    making.approve_protocol(draft, site.practitioners[0])
    assert planning.approved_protocol(site.indication) == draft
    with pytest.raises(Refusal) as caught:
        planning.approved_protocol(people.make_indication("melasma", "Melasma"))
    assert caught.value.code == "protocol_missing"


def test_wishes_and_slots_come_back_from_json(site):
    request = asking(site, finish_by=MONDAY + 200 * DAY, weekdays=(0, 2), after_minute=600)
    assert CourseRequest.from_wishes(json.loads(json.dumps(request.wishes()))) == request
    assert CourseRequest.from_wishes(json.loads(json.dumps(asking(site).wishes()))) == asking(site)
    (slot,) = slots_at(site, [MONDAY])
    written = dataclasses.asdict(slot) | {"start": slot.start.isoformat()}
    assert Slot.from_json(json.loads(json.dumps(written))) == slot
