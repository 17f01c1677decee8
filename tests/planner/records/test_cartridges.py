"""One cartridge is for one patient and one visit."""

import datetime as dt

from clinic.models import CartridgeUnit
from tests.planner import making, treating
from tests.planner.treating import (
    MINUTE,
    refused,
    start,
    supplies,
    treat,
)


def test_a_cartridge_keeps_its_number_when_the_step_is_saved_again(session, site, stock, priya):
    saved = treat(session, site, stock, priya)
    again = treat(saved, site, stock, priya, used=supplies(site, stock, serial="n0001"))
    assert [str(use.unit) for use in again.cartridges.all()] == ["N0001"]
    assert CartridgeUnit.objects.count() == 1


def test_several_cartridges_of_one_visit_are_all_recorded(session, site, stock, priya):
    more = supplies(site, stock, serial="S-7", further=((stock.cartridges, ""), (stock.cartridges, "S-8")))
    saved = treat(session, site, stock, priya, used=more)
    assert sorted(str(use.unit) for use in saved.cartridges.all()) == ["N0001", "S-7", "S-8"]


def test_another_cartridge_takes_the_place_of_a_mistyped_one(session, site, stock, priya):
    saved = treat(session, site, stock, priya, used=supplies(site, stock, serial="S-1"))
    saved = treat(saved, site, stock, priya, used=supplies(site, stock, serial="S-2"))
    assert [str(use.unit) for use in saved.cartridges.all()] == ["S-2"]
    assert list(CartridgeUnit.objects.values_list("serial", flat=True)) == ["S-2"]


def test_a_cartridge_used_on_another_patient_is_refused(session, site, stock, priya, rosa):
    treat(session, site, stock, priya, used=supplies(site, stock, serial="S-1"))
    other = other_session(site, priya, rosa)
    no = refused(treat, other, site, stock, priya, used=supplies(site, stock, serial="s-1"))
    assert (str(no), no.field) == (
        "Cartridge S-1 was already used. One cartridge is for one patient and one visit: open a new one.",
        "serial",
    )
    assert [str(use.unit) for use in treat(other, site, stock, priya).cartridges.all()] == ["N0001"]


def test_a_serial_of_more_than_40_characters_is_refused(session, site, stock, priya):
    no = refused(treat, session, site, stock, priya, used=supplies(site, stock, serial="9" * 41))
    assert no.sentence == "A serial has 40 characters at most."


def other_session(site, priya, rosa):
    """A second patient's record, open beside the first in the other room."""
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    slots = making.slots_at(site, making.every(35), dt.time(14))
    visit = treating.arrive(patient, site, rosa, slots=slots)
    treating.consent(patient, site, rosa)
    treating.screen_today(visit, priya, at=visit.start)
    return start(visit, priya, at=visit.start + MINUTE)
