"""Lists of spans against sets of minutes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.engine.spans import _merged, common, minus

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def minutes(spans):
    return {minute for begin, end in spans for minute in range(begin, end)}


def as_spans(found):
    """The one list, sorted and apart, that covers these minutes."""
    return [
        (begin, next(end for end in range(begin, 42) if end not in found))
        for begin in sorted(found)
        if begin - 1 not in found
    ]


@pytest.mark.sweep
@given(SPANS, SPANS)
def test_spans_agree_with_sets_of_minutes(some, others):
    mine, theirs = _merged(some), _merged(others)
    assert mine == as_spans(minutes(some))
    assert common(mine, theirs) == as_spans(minutes(some) & minutes(others))
    assert minus(mine, others) == as_spans(minutes(some) - minutes(others))
