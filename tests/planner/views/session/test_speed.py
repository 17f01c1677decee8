"""A change is answered with a fixed number of queries, however much the record holds."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import Lot
from planner.models import SessionArea, SessionCartridge, TreatmentSession
from tests.planner.treating import CREAM_OFF
from tests.planner.views.session.typed import JSON, typed_finish, typed_numbing, typed_treatment, url

MOST = {"numbing": 14, "treatment": 22, "finish": 22}  # 4 of them ask who is asking


def queries_of(room, step, session, typed):
    """How many queries the second of two equal saves takes."""
    for _ in range(2):
        typed["version"] = TreatmentSession.objects.get(pk=session.pk).version
        with CaptureQueriesContext(connection) as caught:
            answer = room.post(url(step, session), typed, headers=JSON)
        assert answer.status_code == 200, answer.content
    return len(caught)


@pytest.mark.parametrize("step", MOST)
def test_a_change_takes_few_queries(room, session, site, stock, step, now):
    now.move_to(CREAM_OFF)
    typed = {
        "numbing": lambda: typed_numbing(session, stock),
        "treatment": lambda: typed_treatment(session, site, stock),
        "finish": lambda: typed_finish(session),
    }[step]()
    assert queries_of(room, step, session, typed) <= MOST[step]


def test_a_change_of_one_area_takes_as_many_as_of_two(room, session, site, stock):
    typed = typed_treatment(session, site, stock)
    first, second = site.areas
    one = typed | {f"{part}-{second.pk}": "" for part in ("depth", "passes", "technique", "endpoint")}
    with_one = queries_of(room, "treatment", session, one)
    assert queries_of(room, "treatment", session, typed) == with_one
    assert SessionArea.objects.count() == 2
    deeper = typed | {f"depth-{area.pk}": "1,25" for area in site.areas}
    deeper["version"] = TreatmentSession.objects.get().version
    with CaptureQueriesContext(connection) as caught:
        room.post(url("treatment", session), deeper, headers=JSON)
    assert len(caught) == with_one + 1  # both areas in one write
    assert {link.depth_mm for link in SessionArea.objects.all()} == {Decimal("1.25")}
    assert f"depth-{first.pk}" in deeper


def test_a_record_with_three_cartridges_takes_as_many_as_with_one(room, session, site, stock):
    typed = typed_treatment(session, site, stock)
    with_one = queries_of(room, "treatment", session, typed)
    more = {f"cartridge_lot_{number}": stock.cartridges.pk for number in (2, 3)}
    more |= {f"serial_{number}": f"S-{number}" for number in (2, 3)}
    assert queries_of(room, "treatment", session, typed | more) == with_one
    assert SessionCartridge.objects.count() == 3


def test_a_full_stock_takes_as_many_as_a_small_one(room, session, site, stock):
    typed = typed_treatment(session, site, stock)
    before = queries_of(room, "treatment", session, typed)
    for number in range(5):
        Lot.objects.create(
            product=stock.gel.product,
            location=site.location,
            number=f"G-{number}",
            expires_on=stock.gel.expires_on,
        )
    assert queries_of(room, "treatment", session, typed) == before
