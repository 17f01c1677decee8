"""Answers to the screening questions: no to everything, but for what a story needs."""

import datetime as dt

from patients.judgement import stages_of
from patients.models import Patient, Screening
from patients.rulesets import approved_rules, engine_rules
from patients.screening.evaluate import questions
from patients.screening.model import Answer
from patients.screening.terms import Reply
from patients.screenings import record_screening
from planner.demo.place import Place


def answers_for(stage: str, yes: dict[str, dict] | None = None) -> dict[str, Answer]:
    """An answer to every question of a stage; `yes` holds the follow-up details of each yes."""
    said = yes or {}
    asked = questions(engine_rules(approved_rules()), stages_of(stage))
    return {
        rule.code: Answer(Reply.YES, said[rule.code]) if rule.code in said else Answer(Reply.NO)
        for rule in asked
    }


def screen(
    place: Place,
    patient: Patient,
    *,
    indication,
    areas,
    at: dt.datetime,
    stage: str = Screening.Stage.BOOKING,
    yes: dict[str, dict] | None = None,
) -> Screening:
    """Record one screening of the demo."""
    by = place.priya if stage == Screening.Stage.VISIT else place.rosa
    return record_screening(
        patient,
        stage=stage,
        indication=indication,
        areas=areas,
        answers=answers_for(stage, yes),
        by=by,
        at=at,
    )
