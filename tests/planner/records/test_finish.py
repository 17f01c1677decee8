"""The finish step, and what holds for every save of a record."""

from decimal import Decimal

import pytest

from planner import records
from planner.queries.record import last_time
from tests.planner import treating
from tests.planner.treating import (
    CREAM_OFF,
    FINISHED,
    entries,
    finish,
    numb,
    refused,
    supplies,
    treat,
)


def test_save_finish_writes_the_step(session, priya):
    said = {"reactions": ["bruise", "hives"], "reaction_note": "Left cheek.", "note": "Calm."}
    saved = finish(session, priya, patient_note="Cool it tonight.", **said)
    saved.refresh_from_db()
    assert {name: getattr(saved, name) for name in records.FINISH_FIELDS} == {
        "pain": 3,
        "redness": 1,
        "swelling": 0,
        "bleeding": "pinpoint",
        "pressure_minutes": None,
        "observed_until_at": FINISHED,
        "fit_to_leave_at": FINISHED,
        "sharps_disposed": True,
        "photos_missing_reason": "Not asked for.",
        "patient_note": "Cool it tonight.",
        "limits_reason": "",
        "decision": "",
        "decision_reason": "",
        **said,
    }


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"pain": 11}, "Pain runs from 0 to 10."),
        ({"redness": 4}, "Redness and swelling run from 0 to 3."),
        ({"swelling": 4}, "Redness and swelling run from 0 to 3."),
    ],
)
def test_save_finish_refuses_numbers_out_of_range(session, priya, changed, sentence):
    assert refused(finish, session, priya, **changed).sentence == sentence


def test_save_finish_refuses_an_unknown_reaction_and_a_long_note(session, priya):
    assert refused(finish, session, priya, reactions=["glow"]).field == "reactions"
    assert refused(finish, session, priya, patient_note="x" * 201).field == "patient_note"


def test_a_save_from_an_older_page_is_refused_and_says_when_it_was_saved(session, priya):
    finish(session, priya, pain=7, reactions=["bruise"], note="x" * 41)
    no = refused(finish, session, priya, pain=3, patient_note="Cool it.", note="")
    assert (no.code, no.status, str(no)) == (
        "stale_record",
        409,
        "This record was saved elsewhere at 11:02:00. It says: worst pain (0–10): 7; reactions: bruise; "
        "note for the patient's sheet: nothing; note for the record. "
        "Nothing of yours is saved yet. Load the record and compare.",
    )


def test_a_late_save_of_another_step_has_nothing_that_differs(session, stock, priya):
    saved = numb(session, stock, priya)
    numb(saved, stock, priya)
    no = refused(records.save_numbing, saved, version=1, by=priya, at=CREAM_OFF, **treating.cream(stock))
    assert no.sentence == "This record was saved elsewhere at 10:40:00."


def test_a_late_save_of_the_treatment_names_supplies_and_areas(session, site, stock, priya):
    treat(session, site, stock, priya, areas=entries(site)[:1])
    other = supplies(site, stock, skin_prep="Soap", stopped_early=True)
    no = refused(treat, session, site, stock, priya, areas=entries(site, "1.25"), used=other)
    assert no.sentence == (
        "This record was saved elsewhere at 11:00:00. It says: skin preparation: Chlorhexidine wipe; "
        "stopped early: no; cheeks: 1.50 mm, 4 passes, glide, pinpoint bleeding; chin: nothing."
    )


@pytest.mark.parametrize("who", ["rosa", "mona"])
def test_saves_are_for_practitioners(session, site, stock, who, request):
    by = request.getfixturevalue(who)
    assert refused(numb, session, stock, by).code == "role"
    assert refused(treat, session, site, stock, by).code == "role"
    assert refused(finish, session, by).code == "role"


def test_last_time_finds_the_newest_signed_settings_of_each_area(session, site, stock, priya, cheeks, chin):
    treating.approve_texts(priya.practitioner)
    areas = [cheeks.pk, chin.pk]
    assert last_time(session.patient, areas, FINISHED).session is None
    signed = treating.sign(treating.complete(session, site, stock, priya), priya)
    later = last_time(session.patient, areas, FINISHED)
    assert later.session == signed
    assert {pk: link.depth_mm for pk, link in later.areas.items()} == dict.fromkeys(areas, Decimal("1.50"))
    assert last_time(session.patient, areas, signed.started_at).areas == {}
