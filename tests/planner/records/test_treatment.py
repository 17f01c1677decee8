"""The treatment step: areas, depths, supplies, times; when needling may begin."""

import datetime as dt
from decimal import Decimal

import pytest

from clinic.models import Device
from patients import consents
from planner import records
from planner.treatment import AreaEntry, Needling
from tests import people
from tests.kept import kept
from tests.patients.screening.samples import yes
from tests.planner import making, treating
from tests.planner.treating import (
    CREAM_OFF,
    CREAM_ON,
    ENDED,
    FINISHED,
    MINUTE,
    NEEDLING,
    STARTED,
    entries,
    numb,
    refused,
    supplies,
    treat,
)


@kept
def numbed(session, stock, priya):
    """The cream is off and removed."""
    return numb(session, stock, priya)


def test_save_treatment_writes_areas_supplies_and_one_cartridge(session, site, stock, priya, cheeks, chin):
    saved = treat(numb(session, stock, priya), site, stock, priya, at=NEEDLING, started=True)
    saved.refresh_from_db()
    areas = saved.areas.values_list("area", "depth_mm", "passes", "technique", "endpoint")
    assert list(areas) == [
        (cheeks.pk, Decimal("1.50"), 4, "glide", "pinpoint"),
        (chin.pk, Decimal("1.50"), 4, "glide", "pinpoint"),
    ]
    assert [str(use.unit) for use in saved.cartridges.all()] == ["N0001"]
    assert (saved.device, saved.glide_lot, saved.finishing_lot, saved.skin_prep) == (
        site.devices[0],
        stock.gel,
        stock.balm,
        "Chlorhexidine wipe",
    )
    assert (saved.needling_started_at, saved.needling_ended_at) == (NEEDLING, None)


def test_save_treatment_stamps_each_time_once(session, site, stock, priya):
    saved = treat(numb(session, stock, priya), site, stock, priya, at=NEEDLING, started=True)
    saved = treat(saved, site, stock, priya, at=NEEDLING + MINUTE, started=True)
    saved = treat(saved, site, stock, priya, at=ENDED, ended=True)
    saved = treat(saved, site, stock, priya, at=FINISHED, ended=True)
    assert (saved.needling_started_at, saved.needling_ended_at) == (NEEDLING, ENDED)


def test_save_treatment_takes_an_area_out_again(session, site, stock, priya, chin):
    saved = treat(session, site, stock, priya)
    saved = treat(saved, site, stock, priya, areas=entries(site)[1:])
    assert list(saved.areas.values_list("area", flat=True)) == [chin.pk]


def test_save_treatment_keeps_what_is_not_known_yet_empty(session, site, stock, priya):
    unknown = [AreaEntry(area.pk) for area in site.areas]
    saved = treat(session, site, stock, priya, areas=unknown)
    assert set(saved.areas.values_list("depth_mm", "passes", "technique", "endpoint")) == {
        (None, None, "", "")
    }


@pytest.mark.parametrize("depth", ["0.05", "3.05", "1.52", "0.00"])
def test_save_treatment_refuses_a_depth_outside_its_range_or_steps(
    session, site, stock, priya, cheeks, depth
):
    no = refused(treat, session, site, stock, priya, areas=entries(site, depth))
    assert (no.sentence, no.field) == (
        "A depth runs from 0.10 to 3.00 mm in steps of 0.05.",
        f"depth-{cheeks.pk}",
    )


def test_save_treatment_asks_why_above_the_areas_warning(session, site, stock, priya):
    assert treat(session, site, stock, priya, areas=entries(site, "2.00")).pk
    session.refresh_from_db()
    no = refused(treat, session, site, stock, priya, areas=entries(site, "2.05"))
    assert (str(no), no.field) == (
        "Cheeks: 2.05 mm is deeper than usual (over 2.00 mm). Write why, or go less deep.",
        "depth_reason",
    )
    why = supplies(site, stock, depth_reason="Deep rolling scars, tolerated 2 mm well.")
    assert treat(session, site, stock, priya, areas=entries(site, "2.05"), used=why).depth_reason


def test_save_treatment_asks_why_above_the_devices_label(session, site, stock, priya):
    pen = site.devices[0]
    pen.label_max_mm = Decimal("1.00")
    pen.save()
    no = refused(treat, session, site, stock, priya, areas=entries(site, "1.05"))
    assert no.sentence == "Cheeks: 1.05 mm is deeper than usual (over 1.00 mm)."


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"passes": 0}, "passes_range"),
        ({"passes": 13}, "passes_range"),
        ({"technique": "hop"}, "unknown_choice"),
        ({"endpoint": "blood"}, "unknown_choice"),
    ],
)
def test_save_treatment_refuses_an_entry_that_cannot_be(session, site, stock, priya, changed, code):
    assert refused(treat, session, site, stock, priya, areas=entries(site, **changed)).code == code


def test_save_treatment_refuses_an_area_outside_the_visit(session, site, stock, priya):
    abdomen = people.make_area("abdomen", "Abdomen", 3)
    no = refused(treat, session, site, stock, priya, areas=[AreaEntry(abdomen.pk)])
    assert no.sentence == "Only the areas of this visit can be recorded."


def test_save_treatment_refuses_a_device_elsewhere_or_one_nobody_trained_for(session, site, stock, priya):
    far = make_pen(people.make_location("Far Street"), "Pen 9")
    new = make_pen(site.location, "Pen 2")
    assert refused(treat, session, site, stock, priya, used=supplies(site, stock, device=far)).code == (
        "device_elsewhere"
    )
    no = refused(treat, session, site, stock, priya, used=supplies(site, stock, device=new))
    assert str(no) == "Priya Nair is not trained on Pen 2. Pick another."


def make_pen(location, name):
    pen = Device.objects.create(location=location, name=name, model_name="Fine 3")
    pen.refresh_from_db()
    return pen


@pytest.mark.parametrize("field", ["cartridge_lot", "glide_lot", "finishing_lot"])
def test_save_treatment_refuses_expired_and_wrong_lots(session, site, stock, priya, field):
    assert refused(
        treat, session, site, stock, priya, used=supplies(site, stock, **{field: stock.cream})
    ).field == (field)
    lot = getattr(supplies(site, stock), field)
    lot.expires_on = making.MONDAY
    lot.save()
    session = treat(session, site, stock, priya)
    lot.expires_on -= dt.timedelta(days=1)
    lot.save()
    no = refused(treat, session, site, stock, priya)
    assert (no.code, no.field) == ("expired_lot", field)


def test_save_treatment_refuses_needling_under_the_cream(session, site, stock, priya):
    on = numb(session, stock, priya, at=CREAM_ON, numbing_off_at=None)
    no = refused(treat, on, site, stock, priya, at=NEEDLING, started=True)
    assert str(no) == "Needling starts after the cream is off and removed. Take it off first."


def test_save_treatment_refuses_needling_before_numbing_is_settled(session, site, stock, priya):
    no = refused(treat, session, site, stock, priya, at=NEEDLING, started=True)
    assert no.sentence == "Say first whether numbing cream was used."
    none = records.save_numbing(session, version=1, by=priya, at=CREAM_ON, numbing_used=False)
    assert treat(none, site, stock, priya, at=NEEDLING, started=True).needling_started_at == NEEDLING


def test_save_treatment_corrects_the_times_of_needling(session, site, stock, priya):
    saved = treat(numb(session, stock, priya), site, stock, priya, at=NEEDLING, started=True)
    typed = Needling(NEEDLING - MINUTE, ENDED - MINUTE)
    saved = treat(saved, site, stock, priya, needling=typed)
    assert (saved.needling_started_at, saved.needling_ended_at) == (NEEDLING - MINUTE, ENDED - MINUTE)
    saved = treat(saved, site, stock, priya, needling=Needling())
    assert (saved.needling_started_at, saved.needling_ended_at) == (None, None)
    assert numb(saved, stock, priya, numbing_off_at=CREAM_OFF - MINUTE).needling_started_at is None


@pytest.mark.parametrize(
    ("times", "code", "field", "sentence"),
    [
        ((None, ENDED), "start_missing", "needling_started_at", "Write when needling started."),
        ((ENDED + 2 * MINUTE, None), "time_ahead", "needling_started_at", "This time has not come yet."),
        ((NEEDLING, ENDED + 2 * MINUTE), "time_ahead", "needling_ended_at", "This time has not come yet."),
        (
            (STARTED - 2 * MINUTE, ENDED),
            "before_start",
            "needling_started_at",
            "Needling starts after the visit has started.",
        ),
        (
            (CREAM_OFF - MINUTE, ENDED),
            "cream_on",
            "needling_started_at",
            "Needling starts after the cream is off and removed.",
        ),
        (
            (NEEDLING, NEEDLING - MINUTE),
            "times_reversed",
            "needling_ended_at",
            "Needling ends after it starts.",
        ),
    ],
)
def test_save_treatment_refuses_times_of_needling_that_cannot_be(
    numbed, site, stock, priya, times, code, field, sentence
):
    no = refused(treat, numbed, site, stock, priya, at=ENDED, needling=Needling(*times))
    assert (no.code, no.field, no.sentence) == (code, field, sentence)


def test_needling_does_not_begin_once_the_gate_has_closed(numbed, site, stock, priya):
    treating.screen_today(numbed.appointment, priya, at=CREAM_ON, PREGNANT=yes())
    no = refused(treat, numbed, site, stock, priya, at=NEEDLING, started=True)
    assert no.code == "screening_stop"
    no = refused(treat, numbed, site, stock, priya, at=ENDED, needling=Needling(NEEDLING, ENDED))
    assert no.code == "screening_stop"


def test_needling_does_not_begin_once_the_consent_is_withdrawn(session, site, stock, priya):
    numbed = numb(session, stock, priya)
    consents.withdraw_consent(session.consent, by=priya, at=CREAM_ON)
    no = refused(treat, numbed, site, stock, priya, at=NEEDLING, started=True)
    assert no.code == "screening_consent_withdrawn"
