"""Every range and limit of the session record, row by row: what is taken, what asks why, what is refused.

Typed from section 5 of the clinical facts, independently of the code. Passes run to 12, a direction counting
as one; a treated area beyond the label of its numbing cream asks why.
"""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from clinic.models import Device, Lot, Product
from clinic.refusals import Refusal
from planner.models import TreatmentSession
from planner.queries.record import limits_passed
from planner.treatment import Needling
from tests.kept import kept
from tests.planner import treating
from tests.planner.treating import MINUTE, NEEDLING, entries, supplies, treat

TAKEN, WHY, REFUSED = "taken", "asks why", "refused"
AREAS = [  # field, value, what happens; millimetres, a cheek with 2.00 as its warning, a device of 2.50
    *(
        ("depth_mm", Decimal(mm), REFUSED)
        for mm in ("-1.5", "0", "0.05", "0.09", "3.01", "3.05", "15", "150")
    ),
    *(("depth_mm", Decimal(mm), REFUSED) for mm in ("0.12", "1.52", "1.999")),  # no step of 0.05
    *(("depth_mm", Decimal(mm), TAKEN) for mm in ("0.10", "0.15", "1.00", "1.50", "2.00")),
    *(("depth_mm", Decimal(mm), WHY) for mm in ("2.05", "2.50", "3.00")),
    *(("passes", number, TAKEN) for number in (1, 10, 12)),
    *(("passes", number, REFUSED) for number in (-1, 0, 13)),
    *(("technique", code, TAKEN) for code in ("glide", "stamp", "roll")),
    ("technique", "press", REFUSED),
    *(("endpoint", code, TAKEN) for code in ("none", "redness", "pinpoint", "more")),
    ("endpoint", "oozing", REFUSED),
]
USED = [
    *(("speed_hz", hertz, TAKEN) for hertz in (0, 90, 100, 150, 200)),
    *(("speed_hz", hertz, REFUSED) for hertz in (-1, 201)),
    *(("treated_cm2", cm2, REFUSED) for cm2 in (0, 2001)),
    *(("treated_cm2", cm2, TAKEN) for cm2 in (1, 200, 900)),
    *(("treated_cm2", cm2, WHY) for cm2 in (901, 2000)),
]
FINISH = [
    *(("pain", nrs, REFUSED) for nrs in (-1, 11)),
    *(("pain", nrs, TAKEN) for nrs in (0, 1, 6)),
    *(("pain", nrs, WHY) for nrs in (7, 10)),
    *((name, level, TAKEN) for name in ("redness", "swelling") for level in (0, 1, 2, 3)),
    *((name, level, REFUSED) for name in ("redness", "swelling") for level in (-1, 4)),
    *(("bleeding", code, TAKEN) for code in ("none", "pinpoint", "oozing", "pressure")),
    ("bleeding", "much", REFUSED),
]
MINUTES = [(0, WHY), (14, WHY), (15, TAKEN), (60, TAKEN), (61, WHY)]  # needling to finish
NEEDLES = [
    *(("needle_count", number, REFUSED) for number in (0, 541)),
    *(("needle_count", number, TAKEN) for number in (1, 6, 36, 540)),
    *(("needle_mm", Decimal(mm), REFUSED) for mm in ("0.09", "0.36")),
    *(("needle_mm", Decimal(mm), TAKEN) for mm in ("0.10", "0.35")),
]


@kept
def done(session, site, stock, priya):
    """Every step is saved, nothing asks why; the device goes to 2.50 mm."""
    Device.objects.update(label_max_mm="2.50")
    saved = treating.complete(session, site, stock, priya)
    assert limits_passed(saved) == []
    return saved


def came(save):
    """What became of a save: taken, refused, or a reason is asked."""
    try:
        with transaction.atomic():
            saved = save()
    except Refusal as refusal:
        assert refusal.code != "stale_record"
        return WHY if refusal.field == "depth_reason" else REFUSED
    except DatabaseError:
        return REFUSED
    return WHY if limits_passed(saved) else TAKEN


@pytest.mark.parametrize(("name", "value", "expected"), AREAS)
def test_a_row_about_an_area(done, site, stock, priya, name, value, expected):
    assert came(lambda: treat(done, site, stock, priya, areas=entries(site, **{name: value}))) == expected


def test_a_depth_above_its_warning_is_taken_with_a_reason_up_to_the_hard_limit(done, site, stock, priya):
    used = supplies(site, stock, depth_reason="Thick scar.")
    assert came(lambda: treat(done, site, stock, priya, areas=entries(site, "3.00"), used=used)) == TAKEN
    done.refresh_from_db(fields=["version"])
    assert came(lambda: treat(done, site, stock, priya, areas=entries(site, "3.05"), used=used)) == REFUSED


def test_a_depth_above_the_label_of_the_device_asks_why_below_the_warning_of_the_area(
    done, site, stock, priya
):
    Device.objects.update(label_max_mm="1.50")
    assert came(lambda: treat(done, site, stock, priya, areas=entries(site, "1.50"))) == TAKEN
    done.refresh_from_db(fields=["version"])
    assert came(lambda: treat(done, site, stock, priya, areas=entries(site, "1.55"))) == WHY


@pytest.mark.parametrize(("name", "value", "expected"), USED)
def test_a_row_about_what_was_used(done, site, stock, priya, name, value, expected):
    used = supplies(site, stock, **{name: value})
    assert came(lambda: treat(done, site, stock, priya, used=used)) == expected


@pytest.mark.parametrize(("name", "value", "expected"), FINISH)
def test_a_row_about_the_end(done, priya, name, value, expected):
    more = {"pressure_minutes": 3} if value == "pressure" else {}
    assert came(lambda: treating.finish(done, priya, **{name: value} | more)) == expected


@pytest.mark.parametrize(("minutes", "expected"), MINUTES)
def test_the_minutes_from_needling_to_finish(done, site, stock, priya, minutes, expected):
    saved = treat(done, site, stock, priya, needling=Needling(NEEDLING, NEEDLING))
    at = NEEDLING + minutes * MINUTE
    assert came(lambda: treating.finish(saved, priya, at=at)) == expected


@pytest.mark.parametrize(("days", "expected"), [(-1, REFUSED), (0, TAKEN), (400, TAKEN)])
@pytest.mark.parametrize("name", ["cartridge_lot", "glide_lot", "finishing_lot"])
def test_an_expiry_is_today_or_later(done, site, stock, priya, name, days, expected):
    lot = getattr(supplies(site, stock), name)
    expires_on = NEEDLING.date() + dt.timedelta(days=days)
    Lot.objects.filter(pk=lot.pk).update(expires_on=expires_on)
    used = supplies(site, stock, **{name: Lot.objects.select_related("product").get(pk=lot.pk)})
    assert came(lambda: treat(done, site, stock, priya, used=used)) == expected


@pytest.mark.parametrize(("name", "value", "expected"), NEEDLES)
def test_the_needles_of_a_cartridge(db, name, value, expected):
    try:
        with transaction.atomic():
            Product.objects.create(name="Cartridge", kind="cartridge", **{name: value})
        assert expected == TAKEN
    except IntegrityError:
        assert expected == REFUSED


@pytest.mark.parametrize(("skin", "expected"), [(0, REFUSED), (1, TAKEN), (6, TAKEN), (7, REFUSED)])
def test_a_skin_type_is_one_of_six(done, skin, expected):
    try:
        with transaction.atomic():
            TreatmentSession.objects.filter(pk=done.pk).update(phototype=skin)
        assert expected == TAKEN
    except IntegrityError:
        assert expected == REFUSED


@pytest.mark.parametrize(("number", "expected"), [(1, TAKEN), (6, TAKEN), (7, WHY)])
def test_a_series_has_six_visits_and_asks_why_beyond(done, number, expected):
    done.appointment.number = number
    assert (WHY if limits_passed(done) else TAKEN) == expected
