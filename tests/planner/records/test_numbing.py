"""The numbing step: cream on and off, limits, warnings, the patient's own cream."""

import datetime as dt
from decimal import Decimal

import pytest

from patients.screenings import decide_finding
from planner import records
from planner.queries.record import numbing_warnings
from planner.treatment import AreaEntry
from tests import people
from tests.patients.screening.samples import yes
from tests.planner import making, treating
from tests.planner.treating import (
    ARRIVAL,
    CREAM_OFF,
    CREAM_ON,
    FINISHED,
    MINUTE,
    NEEDLING,
    STARTED,
    numb,
    refused,
    start,
    supplies,
    treat,
)


def test_save_numbing_writes_the_step_and_the_next_version(session, stock, priya):
    saved = numb(session, stock, priya)
    saved.refresh_from_db()
    fields = (*records.NUMBING_FIELDS, "own_cream")
    written = treating.cream(stock) | {"numbing_prescriber": ""}
    assert {name: getattr(saved, name) for name in fields} == written
    assert (saved.version, saved.saved_at) == (2, CREAM_OFF)


OWN = {
    "own_cream": True,
    "own_cream_product": "EMLA",
    "own_cream_strength": "5 %",
    "own_cream_grams": Decimal("10.0"),
    "own_cream_covered": True,
    "own_cream_on_at": ARRIVAL - 50 * MINUTE,
    "own_cream_off_at": CREAM_ON,
}


def test_save_numbing_keeps_a_cream_put_on_at_home_before_the_visit(session, stock, priya):
    saved = numb(session, stock, priya, **OWN)
    saved.refresh_from_db()
    assert {name: getattr(saved, name) for name in records.OWN_FIELDS} == OWN
    assert [level for level, _ in numbing_warnings(saved, CREAM_OFF)] == ["red"]


def test_save_numbing_forgets_an_own_cream_that_was_none(session, stock, priya):
    saved = numb(session, stock, priya, **OWN | {"own_cream": False})
    assert (saved.own_cream_product, saved.own_cream_grams, saved.own_cream_off_at) == ("", None, None)


def test_numbing_warnings_count_both_creams_together(session, stock, priya):
    dose = {"numbing_lot": stock.prilocaine, "numbing_grams": Decimal("55.0")}
    saved = numb(session, stock, priya, **OWN | dose)
    assert (
        "red",
        "With the own cream it is 65.0 g in all; Lidocaine and prilocaine cream allows 60.0 g.",
    ) in numbing_warnings(saved, CREAM_OFF)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"own_cream_grams": Decimal("-0.1")}, "negative", "own_cream_grams"),
        ({"numbing_grams": Decimal("-1.0")}, "negative", "numbing_grams"),
        ({"numbing_area_cm2": -1}, "negative", "numbing_area_cm2"),
        ({"own_cream_off_at": ARRIVAL - 51 * MINUTE}, "times_reversed", "own_cream_off_at"),
        ({"own_cream_off_at": CREAM_OFF + 2 * MINUTE}, "time_ahead", "own_cream_off_at"),
    ],
)
def test_save_numbing_refuses_amounts_and_times_of_the_own_cream(session, stock, priya, changed, code, field):
    no = refused(numb, session, stock, priya, **OWN | changed)
    assert (no.code, no.field) == (code, field)


def test_needling_waits_for_the_own_cream_to_be_off(session, site, stock, priya):
    saved = numb(session, stock, priya, **OWN | {"own_cream_off_at": None})
    no = refused(treat, saved, site, stock, priya, at=NEEDLING, started=True)
    assert no.sentence == "Needling starts after the patient's own cream is off and removed."


def test_start_session_refuses_the_birth_date_of_somebody_else(ready, priya):
    no = refused(start, ready, priya, birth_date=ready.patient.birth_date + dt.timedelta(days=1))
    assert (no.code, no.field) == ("identity", "birth_date")
    assert no.sentence == f"This is not the birth date of {ready.patient}."


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("15", "Is 1.50 mm meant?"),
        ("150", "Is 1.50 mm meant?"),
        ("1500", "Is 1.50 mm meant?"),
        ("3.05", ""),
        ("0.05", ""),
    ],
)
def test_save_treatment_asks_about_a_lost_decimal_sign(session, site, stock, priya, typed, question):
    areas = [AreaEntry(site.areas[0].pk, depth_mm=Decimal(typed))]
    no = refused(treat, session, site, stock, priya, areas=areas)
    assert (no.code, no.next_step) == ("depth_range", question)


@pytest.mark.parametrize("speed", [0, 200])
def test_save_treatment_takes_a_speed_of_0_to_200_hz(session, site, stock, priya, speed):
    saved = treat(session, site, stock, priya, used=supplies(site, stock, speed_hz=speed))
    assert saved.speed_hz == speed


@pytest.mark.parametrize("speed", [-1, 201])
def test_save_treatment_refuses_another_speed(session, site, stock, priya, speed):
    no = refused(treat, session, site, stock, priya, used=supplies(site, stock, speed_hz=speed))
    assert (no.code, no.field) == ("speed_range", "speed_hz")


def test_save_treatment_takes_more_than_three_cartridges(session, site, stock, priya):
    further = tuple((stock.cartridges, f"S-{number}") for number in range(2, 6))
    saved = treat(session, site, stock, priya, used=supplies(site, stock, serial="S-1", further=further))
    serials = [use.unit.serial for use in saved.cartridges.order_by("pk")]
    assert serials == ["S-1", "S-2", "S-3", "S-4", "S-5"]


def test_save_numbing_without_cream_forgets_what_was_typed(session, stock, priya):
    saved = numb(session, stock, priya)
    saved = numb(saved, stock, priya, numbing_used=False)
    saved.refresh_from_db()
    empty = dict.fromkeys(records.NUMBING_FIELDS)
    empty |= {"numbing_used": False, "numbing_covered": False, "numbing_applied_by": ""}
    empty |= {"numbing_prescriber": ""}
    assert {name: getattr(saved, name) for name in records.NUMBING_FIELDS} == empty


@pytest.mark.parametrize(
    ("changed", "code", "sentence"),
    [
        (
            {"numbing_grams": Decimal("60.1")},
            "too_many_grams",
            "Lidocaine and prilocaine cream allows 60.0 g per visit. Use less.",
        ),
        (
            {"numbing_area_cm2": 601},
            "too_large_area",
            "Lidocaine and prilocaine cream allows 600 cm² per visit. Treat part of it at another visit.",
        ),
        (
            {"numbing_off_at": CREAM_ON - MINUTE},
            "times_reversed",
            "The cream came off after it went on.",
        ),
        ({"numbing_on_at": None}, "on_missing", "Write when the cream went on."),
        ({"numbing_off_at": CREAM_OFF + 2 * MINUTE}, "time_ahead", "This time has not come yet."),
        (
            {"numbing_on_at": STARTED - 2 * MINUTE},
            "before_start",
            "The cream goes on after the visit has started.",
        ),
    ],
)
def test_save_numbing_refuses(session, stock, priya, changed, code, sentence):
    no = refused(numb, session, stock, priya, **{"numbing_lot": stock.prilocaine} | changed)
    assert (no.code, str(no)) == (code, sentence)


def test_save_numbing_allows_the_very_limit(session, stock, priya):
    limits = {"numbing_grams": Decimal("60.0"), "numbing_area_cm2": 600}
    assert numb(session, stock, priya, numbing_lot=stock.prilocaine, **limits).numbing_area_cm2 == 600


def test_save_numbing_refuses_an_expired_lot_from_the_day_after(session, stock, priya):
    last_day = treating.make_lot(session.appointment.location, "Lidocaine 4% cream", "numbing", "OLD")
    last_day.expires_on = making.MONDAY
    last_day.save()
    assert numb(session, stock, priya, numbing_lot=last_day).numbing_lot == last_day
    last_day.expires_on -= dt.timedelta(days=1)
    last_day.save()
    session.refresh_from_db()
    no = refused(numb, session, stock, priya, numbing_lot=last_day)
    assert (str(no), no.field) == ("Lot OLD has expired. Take another one.", "numbing_lot")


def test_save_numbing_refuses_a_lot_of_another_kind_or_location(session, stock, priya):
    far = people.make_location("Far Street")
    elsewhere = treating.make_lot(far, "Lidocaine 4% cream", "numbing", "FAR")
    for lot in (stock.gel, elsewhere):
        assert refused(numb, session, stock, priya, numbing_lot=lot).code == "wrong_lot"


def test_save_numbing_refuses_an_agent_that_the_screening_rules_out(visit, site, stock, priya, rosa):
    treating.consent(visit.patient, site, rosa)
    screening = treating.screen_today(visit, priya, METHAEMOGLOBIN_G6PD=yes())
    for finding in screening.findings.filter(outcome="review"):
        decide_finding(finding, choice="accept", reason="No prilocaine.", by=priya, at=STARTED)
    session = start(visit, priya, at=STARTED + MINUTE)
    no = refused(numb, session, stock, priya, numbing_lot=stock.prilocaine)
    assert str(no) == "The screening rules out prilocaine for this patient. Pick another cream, or none."
    assert numb(session, stock, priya).numbing_lot == stock.cream


def test_save_numbing_is_closed_once_needling_has_begun(session, site, stock, priya):
    saved = treat(numb(session, stock, priya), site, stock, priya, at=NEEDLING, started=True)
    no = refused(numb, saved, stock, priya, at=NEEDLING + MINUTE, numbing_area_cm2=201)
    assert str(no) == "Numbing cannot change once needling has begun."
    assert numb(saved, stock, priya, at=NEEDLING + MINUTE).numbing_area_cm2 == 200


def test_numbing_warnings_are_amber_below_the_minimum_and_red_above_the_maximum(session, stock, priya):
    on = numb(session, stock, priya, at=CREAM_ON, numbing_off_at=None)
    assert numbing_warnings(on, CREAM_ON + 5 * MINUTE) == []
    assert numbing_warnings(on, CREAM_ON + 60 * MINUTE) == []
    assert numbing_warnings(on, CREAM_ON + 61 * MINUTE) == [
        ("red", "On for 61 min: Lidocaine 4% cream comes off after 60 min at most.")
    ]
    off = numb(on, stock, priya, numbing_off_at=CREAM_ON + 29 * MINUTE)
    assert numbing_warnings(off, FINISHED) == [
        ("amber", "Off after 29 min: Lidocaine 4% cream works after 30 min.")
    ]
