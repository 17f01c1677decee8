"""Patients, answers and screens that the tests of this app share."""

import datetime as dt

import pytest

from patients import intake, screenings
from patients.models import ConsentText
from patients.screening.evaluate import questions
from patients.screening.model import Answer
from patients.screening.table import SHIPPED
from patients.screening.terms import BOOKING_STAGES, START_STAGES, Reply
from tests import people
from tests.kept import kept

NO, NOT_SURE = Answer(Reply.NO), Answer(Reply.NOT_SURE)
AMARA = {
    "given_name": "Amara",
    "family_name": "Osei",
    "birth_date": dt.date(1992, 3, 14),
    "phone": "+442079460911",
    "phototype": 2,
}


def yes(areas=(), **details):
    """A yes with its follow-ups."""
    return Answer(Reply.YES, details, tuple(areas))


def answers(stage="booking", **given):
    """No to every question of the stage, but for those given by rule code."""
    stages = START_STAGES if stage == "visit" else BOOKING_STAGES
    return {rule.code: NO for rule in questions(SHIPPED, stages)} | given


@kept
def amara(rosa):
    """A patient without any finding from the profile."""
    return intake.register_patient(details=AMARA, by=rosa)


@kept
def joanna(rosa):
    """Another patient."""
    details = {
        "given_name": "Joanna",
        "family_name": "Petrenko",
        "birth_date": dt.date(1987, 1, 21),
        "phototype": 3,
    }
    return intake.register_patient(details=details, by=rosa)


@pytest.fixture
def today(location):
    """Today at Larkmoor."""
    return people.local_today(location)


@pytest.fixture
def screen(rosa, priya, rule_set, acne_scars, cheeks, chin):
    """Screen a patient: `screen(amara, PREGNANT=yes())`."""

    def record(patient, areas=None, stage="booking", at=None, by=None, **given):
        by = by or (priya if stage == "visit" else rosa)
        return screened(patient, acne_scars, areas or [cheeks, chin], by, stage=stage, at=at, **given)

    return record


def screened(patient, indication, areas, by, *, stage="booking", at=None, **given):
    """A screening; everything is no, but for what is given."""
    return screenings.record_screening(
        patient,
        stage=stage,
        indication=indication,
        areas=areas,
        answers=answers(stage, **given),
        by=by,
        at=at,
    )


@kept
def consent_text(acne_scars, priya):
    """An approved text."""
    return make_text(acne_scars, priya)


def make_text(indication, priya, number=1, language="en", approved=True):
    """One version of a consent text."""
    from clinic import clock

    return ConsentText.objects.create(
        indication=indication,
        language=language,
        number=number,
        body=f"Why you are here\nYou have acne scars.\nVersion {number}.\n\nYou decide\nYou can say no.",
        approved_by=priya.practitioner if approved else None,
        approved_at=clock.now() if approved else None,
    )
