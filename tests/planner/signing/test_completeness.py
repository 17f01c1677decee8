"""What a record still lacks, and which limits it passes."""

import datetime as dt
from dataclasses import replace

import pytest

from planner import records
from planner.models import TreatmentSession
from planner.queries.record import gaps_of, limits_passed
from planner.treatment import Needling
from tests.kept import kept
from tests.planner import treating
from tests.planner.treating import MINUTE, treat


def test_gaps_of_an_empty_record_name_every_step(session):
    assert [(gap.step, gap.words) for gap in gaps_of(session)] == [
        ("numbing", "Say whether numbing cream was used."),
        ("numbing", "Say whether the patient put on a cream of their own."),
        ("treatment", "Skin preparation."),
        ("treatment", "Device."),
        ("treatment", "Cartridge."),
        ("treatment", "Glide gel."),
        ("treatment", "At least one treated area."),
        ("treatment", "When needling ended."),
        ("treatment", "Finishing cream."),
        ("finish", "Worst pain."),
        ("finish", "Redness and swelling."),
        ("finish", "Observed until when."),
        ("finish", "Fit to leave."),
        ("finish", "Sharps disposed of."),
        ("finish", "Why photos are missing."),
    ]


def test_gaps_of_a_numbed_record_ask_for_dose_area_and_times(session, priya):
    session = records.save_numbing(session, version=1, by=priya, numbing_used=True, at=treating.CREAM_ON)
    assert [gap.words for gap in gaps_of(session) if gap.step == "numbing"] == [
        "Numbing cream: product and lot.",
        "Numbing cream: amount and covered area.",
        "Numbing cream: on how many sites.",
        "Numbing cream: on and off times.",
        "Numbing cream: who put it on.",
        "Say whether the patient put on a cream of their own.",
    ]


@pytest.mark.parametrize(
    "left_out", [{"depth_mm": None}, {"passes": None}, {"technique": ""}, {"endpoint": ""}]
)
def test_gaps_of_a_record_name_an_area_that_is_half_recorded(done, site, stock, priya, left_out):
    whole, half = treating.entries(site)
    saved = treat(done, site, stock, priya, areas=[whole, replace(half, **left_out)])
    assert [gap.words for gap in gaps_of(saved)] == ["Depth, passes, technique and endpoint of every area."]


@pytest.mark.parametrize(
    ("pain", "minutes", "said"),
    [
        (6, 15, []),
        (7, 15, ["Worst pain was 7 of 10."]),
        (3, 14, ["Needling to finish took 14 min; usual are 15 to 60."]),
        (3, 60, []),
        (3, 61, ["Needling to finish took 61 min; usual are 15 to 60."]),
    ],
)
def test_limits_passed_ask_for_one_reason(done, site, stock, priya, pain, minutes, said):
    fit = treating.NEEDLING + minutes * MINUTE
    short = Needling(treating.NEEDLING, treating.NEEDLING + 10 * MINUTE)
    saved = treat(done, site, stock, priya, needling=short)
    saved = treating.finish(saved, priya, at=fit, pain=pain)
    assert limits_passed(saved) == said
    assert [gap.words for gap in gaps_of(saved)] == (["Why outside the usual limits."] if said else [])
    explained = treating.finish(saved, priya, at=fit, pain=pain, limits_reason="Paused on request.")
    assert gaps_of(explained) == []


@kept
def screened(signed, priya):
    """The second visit and its screening of the day."""
    visit = signed.appointment.course.appointments.get(number=2)
    return visit, treating.screen_today(visit, priya, at=visit.start)


@pytest.mark.parametrize(("days", "warns"), [(27, True), (28, False), (84, False), (85, True)])
def test_limits_passed_name_the_days_since_an_area_was_treated(signed, screened, site, priya, days, warns):
    visit, screening = screened
    visit.on = signed.appointment.on + dt.timedelta(days=days)
    at = signed.started_at + days * 1440 * MINUTE
    following = TreatmentSession.objects.create(
        appointment=visit,
        patient=visit.patient,
        practitioner=priya.practitioner,
        screening=screening,
        consent=signed.consent,
        identity_checked_at=at,
        consent_read_at=at,
        started_at=at,
        saved_at=at,
    )
    assert limits_passed(following) == []  # nothing is recorded yet
    following.areas.create(area=site.areas[0], depth_mm="1.00")
    name = site.areas[0].name.lower()
    said = [f"Last treatment of {name} was {days} days ago; usual are 28 to 84."]
    assert limits_passed(following) == (said if warns else [])


def test_limits_passed_name_a_seventh_visit(done):
    done.appointment.number = 7
    assert limits_passed(done)[0] == "This is visit 7; a series has 6 at most."
