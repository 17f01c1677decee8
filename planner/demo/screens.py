"""What waits around the screen: answers by phone, half a questionnaire, a hold, a draft of rules."""

import datetime as dt
import uuid

from patients import links, questionnaires, ruledrafts
from patients.models import Patient, PatientLink
from patients.questionnaires import phone_questions
from patients.rulesets import approved_rules
from patients.screening.model import Answer
from patients.screening.rows import rule_from_row
from patients.screening.terms import Reply
from planner.demo.answers import screen
from planner.demo.place import Place
from planner.midcourse import hold_for_screening

HALF = 9  # questions answered so far on the phone that still has them open


def tell_screens(place: Place, patients: dict[str, Patient]) -> None:
    """After the courses are booked and today has come as far as it has."""
    _by_phone(place, patients["Hannah Byrne"], {"NSAID_USE": {}})
    _half_done(place, patients["Amara Osei"])
    _on_hold(place, patients["Camila Rojas"])
    _rules_drafted(place)


def _by_phone(place: Place, patient: Patient, yes: dict[str, dict]) -> None:
    """Answered last night: the practitioner confirms it at the visit."""
    asked, link, at = _asked(place, patient, dt.timedelta(days=2))
    for rule in phone_questions(asked.rule_set):
        said = Answer(Reply.YES, yes[rule.code]) if rule.code in yes else Answer(Reply.NO)
        asked = questionnaires.keep_answer(asked, code=rule.code, answer=said, seen=0)
    questionnaires.send_in(asked, link=link, at=at + dt.timedelta(days=1))


def _half_done(place: Place, patient: Patient) -> None:
    """Begun on the phone and left: it goes on where it was."""
    asked, _, _ = _asked(place, patient, dt.timedelta(hours=20))
    for rule in phone_questions(asked.rule_set)[:HALF]:
        questionnaires.keep_answer(asked, code=rule.code, answer=Answer(Reply.NO), seen=0)


def _asked(place: Place, patient: Patient, ago: dt.timedelta):
    course, at = patient.courses.get(), place.now - ago
    areas = list(course.areas.all())
    asked = questionnaires.ask_by_link(
        patient, indication=course.indication, areas=areas, by=place.rosa, at=at
    )
    link = links.create_link(patient, purpose=PatientLink.Purpose.SCREENING, by=place.rosa, at=at)
    return asked, link, at


def _on_hold(place: Place, patient: Patient) -> None:
    """A rash before the next visit: its dates are freed until a practitioner has seen the skin clear."""
    course, hour = patient.courses.get(), dt.timedelta(hours=1)
    areas = list(course.areas.all())
    said = {"INFECTION_FUNGAL": {}}
    screen(place, patient, indication=course.indication, areas=areas, at=place.now - 2 * hour, yes=said)
    key = uuid.uuid5(uuid.NAMESPACE_URL, "demo/camila")
    hold_for_screening(patient, release=True, batch=key, by=place.rosa, at=place.now - hour)


def _rules_drafted(place: Place) -> None:
    """The manager asks for more days after waxing and fresher answers from the phone: not approved yet."""
    draft, by = ruledrafts.begin_draft(by=place.mona), place.mona
    fresher = approved_rules().phone_valid_days - 1
    ruledrafts.change_validity(draft, booking_days=draft.booking_valid_days, phone_days=fresher, by=by)
    row = draft.rules.get(code="HAIR_REMOVAL_RECENT")
    rule = rule_from_row(row.row)
    longer = [
        ruledrafts.BranchChange(branch.outcome, (branch.washout_days or 0) + 3, branch.shortenable)
        for branch in rule.branches
    ]
    ruledrafts.change_rule(row, enabled=True, type_=rule.type, branches=longer, by=by)
