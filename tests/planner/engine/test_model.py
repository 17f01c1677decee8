"""What a planning problem refuses to be."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from planner.engine.model import (
    Booked,
    Claim,
    Gap,
    Pin,
    Placement,
    Practitioner,
    Role,
    Room,
    Visit,
    Weights,
    epoch_minute,
)
from tests.planner.engine.build import diary, request


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (lambda: Weights(gap_abs=-1), "the weight gap_abs must not be negative"),
        (lambda: Weights(time_of_day_cap=-1), "the weight time_of_day_cap must not be negative"),
        (lambda: Gap(1, 28), "a gap must be at least 2 days"),
        (lambda: Gap(28, 35, 27), "the longest gap must not be under the shortest"),
        (lambda: Visit(0), "a visit must last at least a minute"),
        (lambda: Visit(30, room=Claim(30, 30)), "every claim must begin before it ends"),
        (lambda: Visit(600, room=Claim(-60, 661)), "a visit may claim at most 720 minutes, buffers included"),
        (lambda: request(0, gaps=()), "a course has at least one visit"),
        (lambda: request(3, gaps=(Gap(7, 7),)), "there must be one gap fewer than visits"),
        (lambda: request(2, current=(Booked(0),)), "current must have one entry per visit"),
        (lambda: request(2, pins=(Pin(2),)), "a pin must name one of the visits"),
        (lambda: diary(grid_minutes=7), "grid_minutes must divide 1440"),
        (lambda: diary(last_date=date(2027, 1, 1)), "first_date must not be after last_date"),
        (lambda: diary(rooms=(Room("ana"),)), "ids must be unique over practitioners, rooms and devices"),
    ],
)
def test_model_refuses(build, reason):
    with pytest.raises(ValueError, match=f"^{reason}$"):
        build()


def test_unknown_weight_is_an_error():
    with pytest.raises(TypeError):
        Weights(gap=3)


def test_claim_is_the_whole_stay_where_none_is_given():
    visit = Visit(70, room=Claim(0, 80))
    assert [visit.claim(role) for role in Role] == [Claim(0, 70), Claim(0, 70), Claim(0, 80), Claim(0, 70)]


def test_placement_starts_in_utc():
    start = datetime(2027, 1, 11, 9, 15, tzinfo=UTC)
    placed = Placement(epoch_minute(start), start.date(), "ana", "one", (), {})
    assert (placed.start, placed.cost) == (start, 0)


def test_values_are_frozen():
    with pytest.raises(AttributeError):
        Practitioner("ana").id = "ben"
    assert replace(Practitioner("ana"), id="ben").id == "ben"
