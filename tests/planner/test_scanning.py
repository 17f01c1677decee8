"""A scanned pack is found in stock, or refused in words."""

import datetime as dt

import pytest

from clinic.models import Location
from clinic.refusals import Refusal
from planner.scanning import find_lot
from tests.kept import kept
from tests.planner import treating

ON = dt.date(2026, 9, 7)


@kept
def stock(location):
    return treating.make_stock(location)


def refused(location, text, kinds=("cartridge",), on=ON):
    with pytest.raises(Refusal) as caught:
        find_lot(location, text, kinds=kinds, on=on)
    assert caught.value.field == "scan"
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "serial"), [("nc-1", ""), ("NC-1 s-9", "S-9"), ("(01)04012345678901(10)NC-1(21)77", "77")]
)
def test_find_lot_knows_the_lot_and_its_serial(location, stock, text, serial):
    assert find_lot(location, text, kinds=["cartridge", "glide"], on=ON) == (stock.cartridges, serial)


def test_find_lot_says_what_a_lot_of_another_product_is(location, stock):
    stock.gel.number = "GG-9"
    stock.gel.save()
    assert refused(location, "GG-9") == (
        "Lot GG-9 is Sterile glide gel, a glide gel, not a needle cartridge."
    )
    assert refused(location, "NC-1", ["numbing"]) == (
        "Lot NC-1 is Cartridge, 14 needles, a needle cartridge, not a numbing cream."
    )


def test_find_lot_sends_a_numbing_cream_to_its_step(location, stock):
    stock.cream.number = "NU-9"
    stock.cream.save()
    assert refused(location, "NU-9", ["glide", "finishing"]) == (
        "Lot NU-9 is Lidocaine 4% cream, a numbing cream, not a finishing cream or glide gel. "
        "Use it in the numbing step."
    )


def test_find_lot_refuses_an_expired_lot_from_the_day_after(location, stock):
    last = stock.cartridges.expires_on
    assert find_lot(location, "NC-1", kinds=["cartridge"], on=last)[0] == stock.cartridges
    said = refused(location, "NC-1", on=last + dt.timedelta(days=1))
    assert said == "Lot NC-1 was to be used by 30\xa0Sep\xa02027. Take another one."


def test_find_lot_refuses_what_is_unknown_elsewhere_out_of_use_or_empty(location, stock):
    assert refused(location, "NC-2").startswith("Lot NC-2 is not in stock here.")
    assert refused(location, " ") == "Scan or type the code of a pack."
    other = Location.objects.create(name="Elsewhere", time_zone="Europe/London")
    assert refused(other, "NC-1").startswith("Lot NC-1 is not in stock here.")
    stock.cartridges.is_active = False
    stock.cartridges.save()
    assert refused(location, "NC-1") == "Lot NC-1 is out of use. Take another one."


def test_find_lot_asks_where_two_products_share_a_number(location, stock):
    treating.make_lot(location, "Another gel", "glide", "A-1")
    said = refused(location, "A-1", ["glide"])
    assert said == "Several products have a lot A-1. Pick it from the list."
