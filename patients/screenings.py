"""Commands of the screen: record answers, decide a review, clear what no date ends. Also the gates to ask."""

import datetime as dt
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager

from django.conf import settings
from django.utils.module_loading import import_string

from clinic import clock
from clinic.constraints import check_values, in_words, sentences_of
from clinic.models import Indication, Practitioner, TreatmentArea, User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.asking import refuse_open_questions, refuse_what_was_not_asked
from patients.gates import (  # the gates are asked for here by the planner
    Safety,
    ScreeningGate,
    booking_gate_for,
    refuse_closed_gate,
    safety_of,
    start_gate_for,
)
from patients.judgement import (
    GIVEN,
    PatientFile,
    area_codes_of,
    current_finding,
    facts_of,
    is_open_to_decision,
    read_file,
    stages_of,
    standing_before,
    stored_details,
    superseded_by,
)
from patients.models import (
    AnswerView,
    ClearingEvent,
    ClinicalDecision,
    Patient,
    PatientLink,
    RuleSet,
    ScreenedFinding,
    Screening,
    ScreeningAnswer,
)
from patients.rulesets import approved_rules, engine_rules
from patients.screening import model as engine
from patients.screening.evaluate import evaluate
from patients.screening.replies import ScreeningError
from patients.screening.rows import finding_to_row
from patients.screening.terms import RECORDS
from patients.unfinished import Shown, draft_shown, end_draft

__all__ = [
    "Safety",
    "ScreeningGate",
    "booking_gate_for",
    "clear_finding",
    "decide_finding",
    "open_answers",
    "preview",
    "record_phone_screening",
    "record_screening",
    "refuse_closed_gate",
    "safety_of",
    "start_gate_for",
]

SAME_AGAIN = dt.timedelta(minutes=5)  # the same answers of one person within this time: pressed twice

DECIDED = Refusal("already_decided", "This was already decided.", "Look at the decision.", stale=True)
CLEARED = Refusal("already_cleared", "This was already recorded.", "Look at the record.", stale=True)


def preview(
    file: PatientFile,
    *,
    stage: str,
    areas: Iterable[TreatmentArea],
    answers: Mapping[str, engine.Answer],
    rule_set: RuleSet,
    on: dt.date,
) -> engine.Evaluation:
    """Judge answers that are not saved yet; questions without an answer are open findings."""
    return _evaluate(file, stage, list(areas), answers, rule_set, on)


def record_screening(
    patient: Patient,
    *,
    stage: str,
    indication: Indication,
    areas: Iterable[TreatmentArea],
    answers: Mapping[str, engine.Answer],
    by: User,
    at: dt.datetime | None = None,
    confirms: Screening | None = None,
    shown: Shown | None = None,
) -> Screening:
    """Save one dated set of answers with its findings and verdict under the newest approved rules.

    `answers` by rule code; every question of the stage needs one ("not sure" is one). The same answers from
    the same person within five minutes return the screening already saved. `shown` is what the page knew of.
    Raises Refusal: the role, no approved rules, open questions, answers that do not fit the rules, somebody
    else's answers since.
    """
    _need(by, "screening_create")
    if stage not in Screening.Stage.values:
        raise Refusal("unknown_stage", "Choose what the screen is for.", field="stage")
    if stage == Screening.Stage.VISIT and not hasattr(by, "practitioner"):
        raise Refusal("role", "A practitioner asks on the day of the visit.", "Ask a practitioner.")
    chosen, at = list(areas), at or clock.now()
    if not chosen:
        raise Refusal("areas_missing", "Choose at least one area.", field="areas")
    how = {"answered_by": by, "confirms": confirms, "shown": shown}
    return _record(patient, stage, indication, chosen, answers, at, **how)


def record_phone_screening(
    patient: Patient,
    *,
    link: PatientLink,
    indication: Indication,
    areas: Iterable[TreatmentArea],
    answers: Mapping[str, engine.Answer],
    at: dt.datetime | None = None,
) -> Screening:
    """Save what the patient answered alone by link, judged like any screening before booking.

    The day is that of the patient's own clinic. Raises Refusal as `record_screening` does.
    """
    stage, at = Screening.Stage.BOOKING.value, at or clock.now()
    return _record(patient, stage, indication, list(areas), answers, at, link=link)


def followed(patient_id: int, *, by: User | None, at: dt.datetime) -> AbstractContextManager[None]:
    """Lock what a course of the patient holds, and let the courses follow what is written inside."""
    return import_string(settings.COURSES_FOLLOW)(patient_id, by=by, at=at)


@in_words(sentences_of(Screening))
def _record(patient, stage, indication, areas, answers, at, answered_by=None, **how) -> Screening:
    with followed(patient.pk, by=answered_by, at=at):
        return _write(patient, stage, indication, areas, answers, at, answered_by, **how)


def _write(patient, stage, indication, areas, answers, at, answered_by, link=None, confirms=None, shown=None):
    patient = Patient.objects.select_for_update(of=("self",)).select_related("location").get(pk=patient.pk)
    place = answered_by.location if answered_by else patient.location
    on = clock.local_date(at, place.time_zone)  # the day where the patient is asked, not at home
    rule_set, file = approved_rules(), read_file(patient)
    refuse_open_questions(rule_set, stage, answers)
    refuse_what_was_not_asked(rule_set, stage, answers)
    if done := _said_before(file, stage, indication, areas, answers, answered_by, at):
        return done
    draft = draft_shown(file, shown, answered_by) if shown else None
    evaluation = _evaluate(file, stage, areas, answers, rule_set, on)
    screening = Screening(
        patient=patient,
        rule_set=rule_set,
        stage=stage,
        indication=indication,
        answered_at=at,
        answered_on=on,
        answered_by=answered_by,
        link=link,
        confirms=confirms,
        outcome=evaluation.headline.value,
        earliest_on=evaluation.earliest_on,
    )
    check_values(screening)
    screening.save()
    screening.areas.set(areas)
    _save_answers(screening, answers)
    _save_findings(screening, evaluation)
    if draft:
        end_draft(draft, at)
    return screening


def decide_finding(
    finding: ScreenedFinding,
    *,
    choice: str,
    reason: str,
    conditions: str = "",
    until: dt.date | None = None,
    by: User,
    at: dt.datetime | None = None,
) -> ClinicalDecision:
    """Accept (with conditions, one a line), defer until a local date, or decline one review.

    Raises Refusal: not a practitioner who decides reviews, no reason, a date that is not ahead, a finding
    that nobody may decide (a stop, an open question, a deferral that cannot be shortened), decided already,
    a newer screening.
    """
    _need(by, "screening_decide")
    practitioner = _decider(by)
    if choice not in ClinicalDecision.Choice.values:
        raise Refusal("unknown_choice", "Choose what you decide.", field="choice")
    if len(reason.strip()) < 2:
        raise Refusal("reason_missing", "Write the reason.", field="reason")
    return _decide(
        finding, practitioner, choice, reason.strip(), conditions.strip(), until, at or clock.now()
    )


@in_words(sentences_of(ClinicalDecision))
def _decide(finding, practitioner, choice, reason, conditions, until, at) -> ClinicalDecision:
    row, file, today = _locked(finding, at)
    _refuse_wrong_date(choice, until, today)
    if hasattr(row, "decision"):
        raise DECIDED.copy()
    _refuse_newer_screening(file, row)
    if not is_open_to_decision(current_finding(file, row, today)):
        raise Refusal("not_for_decision", "This cannot be decided.", "It ends by its answer, date or record.")
    decision = ClinicalDecision(
        finding=row,
        practitioner=practitioner,
        choice=choice,
        reason=reason,
        conditions=conditions,
        until=until,
        decided_at=at,
    )
    check_values(decision)
    decision.save()
    return decision


def clear_finding(
    finding: ScreenedFinding,
    *,
    happened_on: dt.date,
    note: str,
    by: User,
    at: dt.datetime | None = None,
) -> ClearingEvent:
    """Record the event, examination or document that ends a finding which no date ends (ruling 5).

    `happened_on` is the local day it happened or was dated. Raises Refusal: not a practitioner, no note, a
    day ahead, a finding that needs no record, recorded already.
    """
    _need(by, "finding_clear")
    practitioner = _practitioner(by)
    if len(note.strip()) < 2:
        raise Refusal("note_missing", "Write what was seen or received.", field="note")
    return _clear(finding, practitioner, happened_on, note.strip(), at or clock.now())


@in_words(sentences_of(ClearingEvent))
def _clear(finding, practitioner, happened_on, note, at) -> ClearingEvent:
    row, file, today = _locked(finding, at)
    if happened_on > today:
        raise Refusal("date_ahead", "This day has not come yet.", field="happened_on")
    if hasattr(row, "clearing"):
        raise CLEARED.copy()
    current = current_finding(file, row, today)
    if current is None or not RECORDS.intersection(current.needs):
        raise Refusal("needs_no_record", "No record ends this.", "Look at what would change it.")
    event = ClearingEvent(
        finding=row, happened_on=happened_on, note=note, recorded_by=practitioner, recorded_at=at
    )
    check_values(event)
    event.save()
    return event


@in_words(sentences_of(AnswerView))
def open_answers(screening: Screening, *, reason: str, by: User, at: dt.datetime | None = None) -> AnswerView:
    """Record that a manager opens the answers of a screening, and why (10 to 200 characters)."""
    _need(by, "screening_open")
    return AnswerView.objects.create(screening=screening, by=by, at=at or clock.now(), reason=reason.strip())


def may_decide(user: User) -> bool:
    """Whether this person is a practitioner who decides reviews."""
    practitioner = getattr(user, "practitioner", None)
    return bool(may(user, "screening_decide") and practitioner and practitioner.decides_reviews)


def _evaluate(
    file: PatientFile,
    stage: str,
    areas: list[TreatmentArea],
    answers: Mapping[str, engine.Answer],
    rule_set: RuleSet,
    on: dt.date,
) -> engine.Evaluation:
    try:
        return evaluate(
            engine_rules(rule_set),
            answers,
            areas=[area.code for area in areas],
            on=on,
            stages=stages_of(stage),
            standing=standing_before(file, on),
            facts=facts_of(file.patient),
        )
    except ScreeningError as wrong:
        raise Refusal(
            "answers_do_not_fit", "The questions changed meanwhile.", "Open the form again.", stale=True
        ) from wrong


def _said_before(file, stage, indication, areas, answers, by, at) -> Screening | None:
    last = file.screenings[0] if file.screenings else None
    if last is None or by is None or last.answered_by_id != by.pk:
        return None
    if abs(at - last.answered_at) > SAME_AGAIN:  # the later press may have got the lock first
        return None
    said = {row.code: (row.given, row.details) for row in file.answers.get(last.pk, ())}
    says = {code: (GIVEN[answer.reply], stored_details(answer)) for code, answer in answers.items()}
    same_question = (last.stage, last.indication_id, area_codes_of(last)) == (
        stage,
        indication.pk,
        {area.code for area in areas},
    )
    return last if same_question and said == says else None


def _save_answers(screening: Screening, answers: Mapping[str, engine.Answer]) -> None:
    ScreeningAnswer.objects.bulk_create(
        ScreeningAnswer(
            screening=screening, code=code, given=GIVEN[answer.reply], details=stored_details(answer)
        )
        for code, answer in answers.items()
    )


def _save_findings(screening: Screening, evaluation: engine.Evaluation) -> None:
    ScreenedFinding.objects.bulk_create(
        ScreenedFinding(
            screening=screening,
            code=finding.code,
            outcome=finding.outcome.value,
            until=finding.until,
            row=finding_to_row(finding),
        )
        for finding in evaluation.findings
    )


def _locked(finding: ScreenedFinding, at: dt.datetime):
    """Lock the patient, then read the finding anew with the whole file and the local day."""
    patient = (
        Patient.objects.select_for_update(of=("self",))
        .select_related("location")
        .get(screenings__findings=finding.pk)
    )
    file = read_file(patient)
    row = next(one for one in file.findings if one.pk == finding.pk)
    return row, file, clock.local_date(at, patient.location.time_zone)


def _refuse_wrong_date(choice: str, until: dt.date | None, today: dt.date) -> None:
    if choice == ClinicalDecision.Choice.DEFER and (until is None or until <= today):
        raise Refusal("date_not_ahead", "Choose a day after today.", field="until")
    if choice != ClinicalDecision.Choice.DEFER and until is not None:
        raise Refusal("date_not_wanted", "Only a deferral has a date.", field="until")


def _refuse_newer_screening(file: PatientFile, row: ScreenedFinding) -> None:
    if superseded_by(file, row.screening):
        raise Refusal(
            "newer_screening", "There is a newer screening of these areas.", "Decide there.", stale=True
        )


def _need(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")


def _practitioner(by: User) -> Practitioner:
    practitioner = getattr(by, "practitioner", None)
    if practitioner is None or not practitioner.is_active:
        raise Refusal("role", "Only a practitioner may do this.", "Ask a practitioner.")
    return practitioner


def _decider(by: User) -> Practitioner:
    practitioner = _practitioner(by)
    if not practitioner.decides_reviews:
        raise Refusal("role", "You do not decide reviews.", "Ask a practitioner who does.")
    return practitioner
