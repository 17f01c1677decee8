"""One visit of a preview taken elsewhere: the neighbours of the preview count, not the old ones."""

import datetime as dt

import pytest

from clinic.refusals import Refusal
from planner.editing import options_for, taken
from tests.kept import kept
from tests.planner.making import MONDAY, NOW, every
from tests.planner.moves import Kind, at_clock, confirm, dates, look, order_of

DAY = dt.timedelta(days=1)
DAYS = every(35)


@kept
def preview(course):
    """Visit 2 goes ten days later; with it visit 3 and 4, at least four weeks apart."""
    return look(course, Kind.MOVED, number=2, start=at_clock(course, DAYS[1] + 10 * DAY, dt.time(10)))


def options(preview, number):
    return options_for(preview, number, earliest_on=MONDAY, at=NOW)


def placed(preview):
    return {line.number: line.on_after for line in preview.lines}


def test_the_other_places_keep_the_gaps_to_the_neighbours_of_the_preview(course, preview):
    moved = {move.number for move in preview.moves}
    assert 3 in moved
    days = placed(preview)
    found = options(preview, 3)
    assert found
    for option in found:
        assert option.gap_before == (option.on - days[2]).days >= 28
        assert option.gap_after == (days[4] - option.on).days >= 28
        assert option.slot != next(move.slot for move in preview.moves if move.number == 3)


def test_one_visit_is_taken_elsewhere_and_the_others_stay(course, preview, rosa):
    option = options(preview, 3)[0]
    changed = taken(preview, 3, option.slot, NOW)
    assert placed(changed) == placed(preview) | {3: option.on}
    assert changed.wanted == preview.wanted
    confirm(changed, rosa)
    assert dates(course) == placed(changed)


def test_the_visit_that_was_asked_for_may_be_changed_too(course, preview, rosa):
    option = options(preview, 2)[0]
    changed = taken(preview, 2, option.slot, NOW)
    assert (changed.wanted.start, changed.wanted.practitioner_id) == (
        option.slot.start,
        option.slot.practitioner_id,
    )
    assert order_of(changed).moves[0].slot == option.slot
    confirm(changed, rosa)
    assert dates(course)[2] == option.on


def test_a_new_date_of_a_cancelled_visit_is_changed(course, rosa):
    asked = look(course, Kind.CANCELLED, number=2, reason="Abroad", new_date=True)
    option = options(asked, 2)[-1]
    changed = taken(asked, 2, option.slot, NOW)
    confirm(changed, rosa)
    assert dates(course)[2] == option.on


def test_what_does_not_move_has_no_other_places(preview):
    with pytest.raises(Refusal) as refused:
        options(preview, 1)
    assert refused.value.code == "not_moving"
