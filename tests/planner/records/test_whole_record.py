"""Fields of a record beside those of its main steps: each with its range (clinical-facts 4.2 and 5)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from clinic.constraints import violated
from clinic.models import Device, Product
from planner import photos
from planner.models import SessionCartridge, TreatmentSession
from planner.queries.record import gaps_of, limits_passed, missing_views, numbing_warnings
from tests import people
from tests.planner import treating
from tests.planner.pictures import picture
from tests.planner.treating import (
    CREAM_OFF,
    ENDED,
    FINISHED,
    MINUTE,
    finish,
    make_lot,
    numb,
    refused,
    supplies,
    treat,
)


def use(session, site, stock, by, **changed):
    """Save the treatment step with other supplies."""
    return treat(session, site, stock, by, used=supplies(site, stock, **changed))


def words(session, step):
    return [gap.words for gap in gaps_of(session) if gap.step == step]


def test_a_record_keeps_the_skin_type_of_its_day(session):
    assert session.phototype == session.patient.phototype


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ({}, ""),
        ({"label_phototype_from": 1, "label_phototype_to": 4, "label_age_from": 22}, ""),
        ({"label_phototype_from": 3, "label_phototype_to": 6}, "skin type II"),
        ({"label_age_from": 40}, "age 39"),
        ({"label_phototype_from": 1, "label_phototype_to": 1, "label_age_from": 60}, "skin type II; age 39"),
    ],
)
def test_what_lies_outside_the_label_of_the_device_is_flagged(session, site, stock, priya, label, said):
    Device.objects.update(**label)
    saved = use(session, site, stock, priya)
    assert (saved.outside_label, saved.device) == (said, site.devices[0])


def test_another_indication_than_on_the_label_is_flagged_and_stays_as_it_was(session, site, stock, priya):
    device, named = Device.objects.get(), people.make_indication("neck_lines", "Neck lines")
    device.label_indications.add(named)
    saved = use(session, site, stock, priya)
    assert saved.outside_label == "Acne scars"
    device.label_indications.clear()
    saved = use(saved, site, stock, priya)
    assert saved.outside_label == "Acne scars"
    saved = use(saved, site, stock, priya, device=None)
    assert saved.outside_label == ""
    assert use(saved, site, stock, priya).outside_label == ""


@pytest.mark.parametrize("cm2", [0, 2001])
def test_a_treated_area_runs_from_1_to_2000_cm2(session, site, stock, priya, cm2):
    no = refused(use, session, site, stock, priya, treated_cm2=cm2)
    assert (no.field, no.sentence) == ("treated_cm2", "An area of skin runs from 1 to 2000 cm².")


@pytest.mark.parametrize("cm2", [1, 2000, None])
def test_a_treated_area_in_its_range_is_kept(session, site, stock, priya, cm2):
    assert use(session, site, stock, priya, treated_cm2=cm2).treated_cm2 == cm2


def test_a_treated_area_over_that_of_the_cream_asks_for_the_reason(session, site, stock, priya):
    saved = use(numb(session, stock, priya), site, stock, priya, treated_cm2=900)
    assert limits_passed(saved) == []
    saved = use(saved, site, stock, priya, treated_cm2=901)
    assert limits_passed(saved) == ["901 cm² were treated; Lidocaine 4% cream allows 900 cm² per visit."]


def test_a_covered_area_has_2000_cm2_at_most(session, stock, priya):
    lot = make_lot(session.appointment.location, "Other cream", "numbing", agent="lidocaine")
    no = refused(numb, session, stock, priya, numbing_lot=lot, numbing_area_cm2=2001)
    assert (no.field, no.sentence) == ("numbing_area_cm2", "An area of skin runs from 1 to 2000 cm².")


def test_cream_lies_on_one_site_or_more(session, stock, priya):
    assert refused(numb, session, stock, priya, numbing_sites=0).field == "numbing_sites"
    saved = numb(session, stock, priya, numbing_sites=None)
    assert words(saved, "numbing") == ["Numbing cream: on how many sites."]


def test_a_cream_that_needs_a_prescriber_asks_who(session, stock, priya):
    Product.objects.filter(pk=stock.cream.product_id).update(needs_prescriber=True)
    stock.cream.refresh_from_db()
    assert numb(session, stock, priya, numbing_on_at=None, numbing_off_at=None).numbing_prescriber == ""
    session.refresh_from_db()
    no = refused(numb, session, stock, priya)
    assert str(no) == (
        "Lidocaine 4% cream is used only where somebody prescribed it. Write who, or take another cream."
    )
    assert numb(session, stock, priya, numbing_prescriber="Dr Ode").numbing_prescriber == "Dr Ode"


def test_another_anaesthetic_warns_with_or_without_cream(session, stock, priya):
    saved = numb(session, stock, priya, numbing_used=False, other_anaesthetic="Lidocaine 1%, 2 ml")
    said = "Also given: Lidocaine 1%, 2 ml. Add the doses of all local anaesthetics."
    assert numbing_warnings(saved, CREAM_OFF) == [("red", said)]


def test_a_cartridge_keeps_the_needles_of_its_product(session, site, stock, priya):
    Product.objects.filter(kind="cartridge").update(needle_mm=Decimal("0.25"))
    use(session, site, stock, priya)
    Product.objects.filter(kind="cartridge").update(needle_count=36, needle_mm=None)
    assert SessionCartridge.objects.get().needles == "14 needles, 0.25 mm thick"


def test_a_cartridge_is_said_to_be_sterile_and_opened_that_day(session, site, stock, priya):
    saved = use(session, site, stock, priya, opened_today=False)
    assert "Cartridge sterile and opened today." in words(saved, "treatment")
    saved = use(saved, site, stock, priya)
    assert SessionCartridge.objects.get().opened_today
    assert "Cartridge sterile and opened today." not in words(saved, "treatment")


def test_products_are_compared_with_the_allergies_of_the_patient(session, site, stock, priya):
    type(session.patient).objects.update(allergies="latex")
    saved = use(session, site, stock, priya)
    assert words(saved, "treatment")[0] == "Products compared with the allergies."
    saved = use(saved, site, stock, priya, allergies_checked=True)
    assert words(saved, "treatment") == ["When needling ended."]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"is_cosmetic": True}, ["Sterile glide gel is a cosmetic or holds vitamin C."]),
        ({"is_sterile": False}, ["Sterile glide gel is not sterile."]),
        ({"is_sterile": None}, []),
    ],
)
def test_what_goes_on_needled_skin_asks_for_the_reason(session, site, stock, priya, changed, said):
    Product.objects.filter(kind="glide").update(**changed)
    use(session, site, stock, priya)
    assert limits_passed(TreatmentSession.objects.get()) == said


@pytest.mark.parametrize(("bleeding", "minutes"), [("oozing", 5), ("", 1), ("pressure", 0)])
def test_minutes_of_pressure_belong_to_bleeding_that_needed_it(session, priya, bleeding, minutes):
    no = refused(finish, session, priya, bleeding=bleeding, pressure_minutes=minutes)
    assert no.field == "pressure_minutes"


def test_bleeding_is_one_of_four_steps(session, priya):
    assert refused(finish, session, priya, bleeding="much").field == "bleeding"
    saved = finish(session, priya, bleeding="pressure", pressure_minutes=10)
    assert (saved.bleeding, saved.pressure_minutes) == ("pressure", 10)


def test_observation_ends_after_needling_and_not_ahead_of_now(session, site, stock, priya):
    saved = numb(session, stock, priya)
    saved = treat(saved, site, stock, priya, at=treating.NEEDLING, started=True)
    saved = treat(saved, site, stock, priya, ended=True)
    no = refused(finish, saved, priya, observed_until_at=ENDED - MINUTE)
    assert (no.field, no.sentence) == ("observed_until_at", "Observation ends after needling ends.")
    ahead = refused(finish, saved, priya, observed_until_at=FINISHED + 2 * MINUTE)
    assert (ahead.field, ahead.sentence) == ("observed_until_at", "This time has not come yet.")
    assert finish(saved, priya, observed_until_at=ENDED).observed_until_at == ENDED
    unsaid = finish(TreatmentSession.objects.get(), priya, observed_until_at=None)
    assert words(unsaid, "finish") == ["Observed until when."]


def test_missing_photos_ask_for_a_reason(session, priya):
    views = ["Face, front", "Face, their right", "Face, their left"]
    assert missing_views(session) == {"Before": views, "After": views}
    photos.add_photo(session, moment="before", view="face", data=picture(), by=priya)
    assert missing_views(session)["Before"] == views[1:]
    saved = finish(session, priya, photos_missing_reason="")
    assert "Why photos are missing." in words(saved, "finish")
    for moment in ("before", "after"):
        for view in ("face", "face_right", "face_left"):
            photos.add_photo(session, moment=moment, view=view, data=picture(), by=priya)
    assert missing_views(saved) == {}
    assert "Why photos are missing." not in words(saved, "finish")


@pytest.mark.parametrize(
    ("guard", "values"),
    [
        ("skin_type_of_a_session_is_1_to_6", {"phototype": 7}),
        ("areas_of_skin_are_1_to_2000_cm2", {"treated_cm2": 0}),
        ("areas_of_skin_are_1_to_2000_cm2", {"numbing_area_cm2": 2001}),
        ("minutes_of_pressure_belong_to_bleeding_that_needed_it", {"pressure_minutes": 5}),
        (
            "observation_ends_after_needling",
            {
                "needling_started_at": CREAM_OFF,
                "needling_ended_at": ENDED,
                "observed_until_at": ENDED - dt.timedelta(seconds=1),
            },
        ),
    ],
)
def test_the_database_refuses_a_record_that_makes_no_sense(session, guard, values):
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        TreatmentSession.objects.filter(pk=session.pk).update(**values)
    assert violated(caught.value) == guard


@pytest.mark.parametrize(("skin", "said"), [((2, 4), ""), ((3, 4), "skin type II"), ((None, None), "")])
def test_a_use_on_the_label_may_name_skin_types_of_its_own(session, site, stock, priya, skin, said):
    device = Device.objects.get()
    device.label_indications.set([site.indication])
    device.label_uses.update(phototype_from=skin[0], phototype_to=skin[1])
    assert use(session, site, stock, priya).outside_label == said


def test_the_skin_types_of_a_use_go_before_those_of_the_device(session, site, stock, priya):
    Device.objects.update(label_phototype_from=3, label_phototype_to=6)
    device = Device.objects.get()
    device.label_indications.set([site.indication])
    device.label_uses.update(phototype_from=1, phototype_to=6)
    assert use(session, site, stock, priya).outside_label == ""


@pytest.mark.parametrize(("first", "last"), [(4, 2), (0, 3), (3, 7), (2, None)])
def test_the_skin_types_of_a_use_are_in_order(site, first, last):
    device = Device.objects.get()
    device.label_indications.set([site.indication])
    with pytest.raises(IntegrityError), transaction.atomic():
        device.label_uses.update(phototype_from=first, phototype_to=last)
