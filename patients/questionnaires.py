"""Commands of the questions on a patient's phone: ask, keep an answer, send in; confirm at the visit."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from clinic import clock
from clinic.constraints import in_words
from clinic.models import Indication, TreatmentArea, User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.judgement import engine_answer, read_file, superseded_by
from patients.models import Patient, PatientLink, Questionnaire, RuleSet, Screening
from patients.rulesets import approved_rules, engine_rules
from patients.screening import model as engine
from patients.screening.evaluate import questions
from patients.screening.replies import ScreeningError, check_answers
from patients.screening.rows import answer_from_row, answer_to_row
from patients.screening.terms import START_STAGES, AskedOf
from patients.screenings import followed, record_phone_screening, record_screening


@in_words({})
def ask_by_link(
    patient: Patient,
    *,
    indication: Indication,
    areas: Iterable[TreatmentArea],
    by: User,
    at: dt.datetime | None = None,
) -> Questionnaire:
    """Put the questions of the newest approved rules on the patient's own pages; earlier open ones go.

    Raises Refusal: the role, no approved rules, no area.
    """
    if not may(by, "questionnaire_send"):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
    chosen, at = list(areas), at or clock.now()
    if not chosen:
        raise Refusal("areas_missing", "Choose at least one area.", field="areas")
    rule_set = approved_rules()
    Patient.objects.select_for_update().get(pk=patient.pk)
    Questionnaire.objects.filter(patient=patient, screening=None, dropped_at=None).update(
        dropped_at=at, answers={}
    )
    row = Questionnaire.objects.create(
        patient=patient, rule_set=rule_set, indication=indication, created_at=at, created_by=by
    )
    row.areas.set(chosen)
    return row


@in_words({})
def keep_answer(
    questionnaire: Questionnaire, *, code: str, answer: engine.Answer, seen: int
) -> Questionnaire:
    """Keep one answer as a draft; `seen` is the revision of this answer that the page showed (0: none).

    Raises Refusal: sent in or taken back meanwhile, answered on another device meanwhile, no such question.
    """
    row = _locked(questionnaire)
    rules = engine_rules(row.rule_set)
    if revision_of(row, code) != seen:
        raise Refusal(
            "answered_elsewhere",
            _("This question was answered somewhere else just now."),
            _("Here is that answer. Change it if it is not right."),
            stale=True,
        )
    if code not in {rule.code for rule in phone_questions(row.rule_set)} or not _fits(rules, code, answer):
        raise Refusal("no_such_question", _("This question is not asked any more."), stale=True)
    row.revision += 1
    row.answers[code] = answer_to_row(answer) | {"revision": row.revision}
    row.save(update_fields=["answers", "revision"])
    return row


def send_in(questionnaire: Questionnaire, *, link: PatientLink, at: dt.datetime | None = None) -> Screening:
    """Turn the draft into a screening, as the staff's command does; sent twice it is one.

    Raises Refusal: taken back meanwhile, open questions, questions that changed since the draft was begun
    (what still fits is kept).
    """
    if screening := _send_in(questionnaire, link, at or clock.now()):
        return screening
    raise Refusal(
        "older_version",
        _("Our questions have changed since you began."),
        _("Please look through your answers and send them again."),
        stale=True,
    )


@in_words({})
def _send_in(questionnaire: Questionnaire, link: PatientLink, at: dt.datetime) -> Screening | None:
    """The screening; None where the draft was moved to newer questions, which is kept."""
    with followed(questionnaire.patient_id, by=None, at=at):  # before the draft, as who asks anew locks
        row = _locked(questionnaire, sent_too=True)
        if row.screening:
            return row.screening
        return None if _renew(row) else _send(row, link, at)


def phone_questions(rule_set: RuleSet) -> tuple[engine.Rule, ...]:
    """The questions that a patient answers alone."""
    return tuple(rule for rule in questions(engine_rules(rule_set)) if rule.asked_of is AskedOf.PATIENT)


def answers_of(questionnaire: Questionnaire) -> dict[str, engine.Answer]:
    """The draft as engine values, in the order of the questions."""
    found = {}
    for rule in phone_questions(questionnaire.rule_set):
        if row := questionnaire.answers.get(rule.code):
            found[rule.code] = answer_from_row(rule, row)
    return found


def revision_of(questionnaire: Questionnaire, code: str) -> int:
    """Which writing of an answer is kept; 0 if there is none."""
    return questionnaire.answers.get(code, {}).get("revision", 0)


@in_words({})
def confirm_screening(
    phone: Screening,
    *,
    answers: Mapping[str, engine.Answer],
    by: User,
    at: dt.datetime | None = None,
) -> Screening:
    """Make the screening of today's visit from answers of the phone that were gone through with the patient.

    `answers` are those of the practitioner's own examination. Raises Refusal: not a practitioner, not from
    the phone, sent more than the rule set's phone days (3) before today, a newer screening, older rules.
    """
    at = at or clock.now()
    with followed(phone.patient_id, by=by, at=at):
        patient = Patient.objects.select_for_update(of=("self",)).get(pk=phone.patient_id)
        _refuse_unconfirmable(phone, clock.local_date(at, by.location.time_zone))
        rules = {rule.code: rule for rule in engine_rules(phone.rule_set).rules}
        said = {row.code: engine_answer(rules[row.code], row) for row in phone.answers.all()}
        return record_screening(
            patient,
            stage=Screening.Stage.VISIT,
            indication=phone.indication,
            areas=phone.areas.all(),
            answers=said | dict(answers),
            by=by,
            at=at,
            confirms=phone,
        )


def examination_questions(rule_set: RuleSet) -> engine.RuleSet:
    """The rule set with nothing but what the practitioner answers at the visit."""
    rules = engine_rules(rule_set)
    asked = tuple(rule for rule in questions(rules, START_STAGES) if rule.asked_of is AskedOf.PRACTITIONER)
    return engine.RuleSet(rules.version, asked, rules.booking_valid_days, rules.phone_valid_days)


def may_be_confirmed(phone: Screening, on: dt.date) -> bool:
    """Whether a practitioner may confirm these answers on this day."""
    try:
        _refuse_unconfirmable(phone, on)
    except Refusal:
        return False
    return True


def _refuse_unconfirmable(phone: Screening, on: dt.date) -> None:
    days = phone.rule_set.phone_valid_days
    if phone.link_id is None:
        raise Refusal("not_from_phone", "These answers did not come from the phone.", "Ask the questions.")
    if not 0 <= (on - phone.answered_on).days <= days:
        raise Refusal("phone_too_old", f"Answers from the phone are good for {days} days.", "Ask again.")
    if phone.rule_set_id != approved_rules().pk:
        raise Refusal("older_version", "The questions have changed since they were answered.", "Ask again.")
    if superseded_by(read_file(phone.patient_id), phone):
        raise Refusal("newer_screening", "There is a newer screening of these areas.", "Look at that one.")


def _locked(questionnaire: Questionnaire, *, sent_too: bool = False) -> Questionnaire:
    # No joins: after a wait PostgreSQL reads this row anew, but not the rows that were joined to it.
    row = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if row.dropped_at is not None:
        raise Refusal("taken_back", _("These questions were taken back."), _("Call us."), stale=True)
    if row.screening_id and not sent_too:
        raise Refusal("sent_already", _("Your answers were sent in already."), stale=True)
    return row


def _renew(row: Questionnaire) -> bool:
    """Move a draft to the newest approved rules; answers to questions that changed are dropped."""
    newest = approved_rules()
    if newest.pk == row.rule_set_id:
        return False
    before = {rule.code: rule for rule in engine_rules(row.rule_set).rules}
    kept = {}
    for rule in phone_questions(newest):
        old, draft = before.get(rule.code), row.answers.get(rule.code)
        if draft and old and (old.question, old.follow_ups) == (rule.question, rule.follow_ups):
            kept[rule.code] = draft
    row.rule_set, row.answers = newest, kept
    row.revision += 1
    row.save(update_fields=["rule_set", "answers", "revision"])
    return True


def _send(row: Questionnaire, link: PatientLink, at: dt.datetime) -> Screening:
    screening = record_phone_screening(
        row.patient,
        link=link,
        indication=row.indication,
        areas=row.areas.all(),
        answers=answers_of(row),
        at=at,
    )
    row.screening, row.answers = screening, {}
    row.save(update_fields=["screening", "answers"])
    return screening


def _fits(rules: engine.RuleSet, code: str, answer: engine.Answer) -> bool:
    try:
        check_answers(rules, {code: answer})
    except ScreeningError:
        return False
    return True
