"""Rows → the engine's values → what the rules say of a patient on a day. Reads only, no locks."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models.functions import JSONArray

from patients.models import Patient, ScreenedFinding, Screening, ScreeningAnswer
from patients.rulesets import engine_rules
from patients.screening import model as engine
from patients.screening.evaluate import evaluate
from patients.screening.replies import ScreeningError, check_answer
from patients.screening.rows import answer_from_row, answer_to_row, finding_from_row
from patients.screening.terms import (
    BOOKING_STAGES,
    RECORDS,
    START_STAGES,
    Choice,
    Outcome,
    Reason,
    Reply,
    Scope,
    Stage,
)

GIVEN = {Reply.NO: "no", Reply.YES: "yes", Reply.NOT_SURE: "unsure"}
REPLIES = {given: reply for reply, given in GIVEN.items()}
ROMAN = dict(Patient.PHOTOTYPES)


class Said(NamedTuple):
    """One stored answer."""

    code: str
    given: str
    details: dict


@dataclass(frozen=True)
class PatientFile:
    """All that is on file for one patient's safety; screenings newest first."""

    patient: Patient
    screenings: Sequence[Screening] = ()
    findings: Sequence[ScreenedFinding] = ()
    answers: Mapping[int, Sequence[Said]] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """Area names by code, of all areas ever screened."""
        return {area.code: area.name for screening in self.screenings for area in screening.areas.all()}


@dataclass(frozen=True)
class Judgement:
    """One screening judged on one day, with the decisions that count for it."""

    screening: Screening
    evaluation: engine.Evaluation
    decisions: tuple[engine.Decision, ...]
    rows: tuple[ScreenedFinding, ...]

    def row_of(self, finding: engine.Finding) -> ScreenedFinding | None:
        """The stored row of a finding: decisions and clearing events hang on it."""
        own = [row for row in self.rows if row.code == finding.code]
        exact = [row for row in own if set(row.row["areas"]) >= set(finding.areas)]
        return next(iter(exact or own), None)


# Of the patient of many files.
KNOWN = ("given_name", "family_name", "birth_date", "phototype", "location", "joined_at", "joined_deferrals")
NEWEST = 8  # screenings of one patient whose answers are read; older ones count through what still stands


def read_files(
    patient_ids: Iterable[int], newest: int = NEWEST, whole: Collection[int] = ()
) -> dict[int, PatientFile]:
    """Read the files of any number of patients in five queries; who does not exist is left out.

    `newest`: of how many screenings of a patient the answers are read; those of `whole` are read as usual.
    """
    return _files(Patient.objects.only(*KNOWN).in_bulk(list(patient_ids)), newest, whole)


def _files(
    patients: Mapping[int, Patient], newest: int, whole: Collection[int] = ()
) -> dict[int, PatientFile]:
    if not patients:
        return {}
    screenings, findings = defaultdict(list), defaultdict(list)
    rows = Screening.objects.filter(patient__in=patients).select_related("rule_set", "indication")
    by_key = {one.pk: one for one in rows.prefetch_related("areas").order_by()}
    for screening in sorted(by_key.values(), key=lambda one: (one.answered_at, one.pk), reverse=True):
        screenings[screening.patient_id].append(screening)
    fired = ScreenedFinding.objects.filter(screening__in=by_key).order_by()
    for row in sorted(
        fired.select_related("decision__practitioner", "clearing__recorded_by"), key=attrgetter("pk")
    ):
        row.screening = by_key[row.screening_id]
        findings[row.screening.patient_id].append(row)
    looked_at = (own[: NEWEST if pk in whole else newest] for pk, own in screenings.items())
    answers = _answers_of([one.pk for own in looked_at for one in own])
    return {
        pk: PatientFile(patient, screenings[pk], findings[pk], answers) for pk, patient in patients.items()
    }


def _answers_of(screening_ids: Sequence[int]) -> dict[int, tuple[Said, ...]]:
    """The answers by screening. A day has thousands: one row for each screening, read as JSON."""
    rows = ScreeningAnswer.objects.filter(screening__in=screening_ids).order_by().values_list("screening")
    said = rows.annotate(said=JSONBAgg(JSONArray("code", "given", "details"), order_by="pk"))
    return {pk: tuple(Said(*one) for one in own) for pk, own in said}


def read_file(patient: Patient | int) -> PatientFile:
    """Read the file of one patient, who is read whole."""
    pk = patient if isinstance(patient, int) else patient.pk
    return _files(Patient.objects.in_bulk([pk]), NEWEST)[pk]


def file_of(patient: Patient) -> PatientFile:
    """The file of a patient who was read whole just now, for a page that only shows it."""
    return _files({patient.pk: patient}, NEWEST)[patient.pk]


def judge_areas(file: PatientFile, area_codes: Iterable[str], on: dt.date) -> Judgement | None:
    """Judge the newest screening that touches any of the areas; None if there is none.

    Answers about the whole person are taken from still newer screenings of other areas. The screening's own
    rule-set version judges; an answer that does not fit it counts as not given.
    """
    wanted = set(area_codes)
    for place, screening in enumerate(file.screenings[:NEWEST]):
        if wanted & area_codes_of(screening):
            return _judge(file, screening, file.screenings[:place], on)
    return None


def judge_screening(file: PatientFile, screening: Screening, on: dt.date) -> Judgement:
    """Judge one screening by its own answers, with what stood before it and what was recorded since."""
    found = next(one for one in file.screenings if one.pk == screening.pk)
    return _judge(file, found, (), on)


def current_finding(file: PatientFile, row: ScreenedFinding, on: dt.date) -> engine.Finding | None:
    """The finding of a stored row as its rules, dates and records stand on the local day `on`."""
    judgement = judge_screening(file, row.screening, on)
    own = [found for found in judgement.evaluation.findings if judgement.row_of(found) == row]
    return max(own, key=lambda found: found.outcome.strictness, default=None)


def is_open_to_decision(finding: engine.Finding | None) -> bool:
    """Whether a practitioner may decide it: an answered review, or a deferral that may be shortened."""
    if finding is None or finding.reason is Reason.UNANSWERED:
        return False
    waits_for_record = bool(RECORDS.intersection(finding.needs))
    return (finding.outcome is Outcome.REVIEW and not waits_for_record) or (
        finding.outcome is Outcome.DEFER and finding.shortenable
    )


def superseded_by(file: PatientFile, screening: Screening) -> Screening | None:
    """The newest screening that covers the same areas, if it is not this one."""
    areas = next(area_codes_of(one) for one in file.screenings if one.pk == screening.pk)
    newest = next(one for one in file.screenings if areas <= area_codes_of(one))
    return newest if newest.pk != screening.pk else None


def area_codes_of(screening: Screening) -> set[str]:
    """The codes of the areas asked for; uses the prefetched rows."""
    return {area.code for area in screening.areas.all()}


def stages_of(stage: str) -> frozenset[Stage]:
    """The stages whose rules a screening of this kind must answer."""
    return START_STAGES if stage == Screening.Stage.VISIT else BOOKING_STAGES


def facts_of(patient: Patient) -> engine.Facts:
    """What the profile says: birth date and phototype."""
    return engine.Facts(birth_date=patient.birth_date, phototype=ROMAN.get(patient.phototype))


def stored_details(answer: engine.Answer) -> dict:
    """The follow-up values of an answer as they are stored: flat, areas under their own key."""
    row = answer_to_row(answer)
    return row["details"] | ({"areas": row["areas"]} if row["areas"] else {})


def standing_before(
    file: PatientFile, on: dt.date, without: Mapping[str, int] | None = None, until: Screening | None = None
) -> tuple[engine.Standing, ...]:
    """Earlier stops and deferrals that only a record ends, with their records; reviews open or turned down.

    `without` names the screening per code whose answer is judged itself; `until` leaves out what came after
    that screening. Cleared deferrals are asked anew; a cleared stop stays a review until it is accepted.
    """
    standing = []
    for row in file.findings:
        if (without or {}).get(row.code) == row.screening_id or (until and _is_after(row.screening, until)):
            continue
        finding = finding_from_row(row.row)
        if _stands(finding) or _is_turned_down(row, finding) or _waits(row, finding):
            records = _records_of(file, row)
            if not _is_over(file, row, finding, records, on):
                standing.append(_standing(finding, row, records))
        elif _is_joined(file, row) and finding.until is not None and finding.until > on:
            standing.append(_standing(finding, row, ()))
    return tuple(standing)


def _judge(file: PatientFile, screening: Screening, newer: Sequence[Screening], on: dt.date) -> Judgement:
    rules = engine_rules(screening.rule_set)
    answers, source = _merged_answers(file, rules, screening, newer)
    rows = tuple(row for row in file.findings if row.screening_id == source.get(row.code, screening.pk))
    evaluation = evaluate(
        rules,
        answers,
        areas=[area.code for area in screening.areas.all()],
        on=on,
        answered_on=screening.answered_on,
        stages=stages_of(screening.stage),
        standing=standing_before(file, on, source, None if newer else screening),
        clearings=[clearing for row in rows for clearing in clearings_of(row)],
        facts=facts_of(file.patient),
    )
    return Judgement(screening, evaluation, tuple(_decision(row) for row in rows if _decided(row)), rows)


def _merged_answers(file, rules: engine.RuleSet, screening: Screening, newer: Sequence[Screening]):
    """The screening's answers, those about the person replaced by newer ones; and where each came from."""
    by_code = {rule.code: rule for rule in rules.rules}
    answers: dict[str, engine.Answer] = {}
    source: dict[str, int] = {}
    for one in (screening, *reversed(newer)):
        for row in file.answers.get(one.pk, ()):
            rule = by_code.get(row.code)
            if rule is None or (one is not screening and rule.scope is not Scope.PERSON):
                continue
            answer = _fitting(rule, row)
            if answer is not None:
                answers[row.code], source[row.code] = answer, one.pk
    return answers, source


def engine_answer(rule: engine.Rule, row: Said) -> engine.Answer:
    """The stored answer as the engine reads it."""
    if not row.details:
        return engine.Answer(REPLIES[row.given])
    details = {key: value for key, value in row.details.items() if key != "areas"}
    areas = row.details.get("areas", [])
    return answer_from_row(rule, {"reply": REPLIES[row.given], "details": details, "areas": areas})


def _fitting(rule: engine.Rule, row: Said) -> engine.Answer | None:
    try:
        answer = engine_answer(rule, row)
        check_answer(rule, answer)
    except (ScreeningError, ValueError):
        return None
    return answer


def clearings_of(row: ScreenedFinding) -> list[engine.Clearing]:
    """The clearing event of a finding, once for each kind of record the finding still needed."""
    if not hasattr(row, "clearing"):
        return []
    finding = finding_from_row(row.row)
    areas = finding.areas if finding.scope is Scope.AREA else ()
    event = row.clearing
    return [
        engine.Clearing(row.code, kind, event.happened_on, areas, event.recorded_by.name, event.note)
        for kind in finding.needs
        if kind in RECORDS
    ]


def _decided(row: ScreenedFinding) -> bool:
    return hasattr(row, "decision")


def _decision(row: ScreenedFinding) -> engine.Decision:
    finding, decision = finding_from_row(row.row), row.decision
    return engine.Decision(
        code=row.code,
        choice=Choice(decision.choice),
        areas=finding.areas if finding.scope is Scope.AREA else (),
        until=decision.until,
        conditions=tuple(line.strip() for line in decision.conditions.splitlines() if line.strip()),
    )


def _stands(finding: engine.Finding) -> bool:
    return (
        finding.reason is Reason.YES
        and finding.outcome in (Outcome.STOP, Outcome.DEFER)
        and bool(RECORDS.intersection(finding.needs))
        and not finding.missing
    )


def _is_joined(file: PatientFile, row: ScreenedFinding) -> bool:
    """A dated deferral that held in one of two files when they became one: the other's answer ends it not."""
    return row.pk in file.patient.joined_deferrals


def _is_turned_down(row: ScreenedFinding, finding: engine.Finding) -> bool:
    """A practitioner declined or deferred this review: another answer alone does not undo that."""
    is_review = finding.outcome is Outcome.REVIEW and not finding.missing
    return is_review and _decided(row) and row.decision.choice != Choice.ACCEPT


def _waits(row: ScreenedFinding, finding: engine.Finding) -> bool:
    """An answered review that nobody has decided: other answers of a later screening do not end it."""
    is_answered = finding.reason in (Reason.YES, Reason.NOT_SURE)
    return finding.outcome is Outcome.REVIEW and is_answered and not _decided(row)


def _standing(
    finding: engine.Finding, row: ScreenedFinding, records: tuple[engine.Clearing, ...]
) -> engine.Standing:
    return engine.Standing(
        code=finding.code,
        label=finding.label,
        outcome=finding.outcome,
        scope=finding.scope,
        areas=finding.areas,
        since=row.screening.answered_on,
        cleared_by=finding.needs,
        until=finding.until,
        after=finding.after,
        clears_when=finding.clears_when,
        effects=finding.effects,
        conditions=finding.conditions,
        clearings=records,
    )


def _records_of(file: PatientFile, row: ScreenedFinding) -> tuple[engine.Clearing, ...]:
    """Records made against this finding or against a later copy of it."""
    later = [
        other
        for other in file.findings
        if other.code == row.code and not _is_after(row.screening, other.screening)
    ]
    return tuple(clearing for other in later for clearing in clearings_of(other))


def _is_over(file, row, finding: engine.Finding, records: tuple[engine.Clearing, ...], on: dt.date) -> bool:
    if finding.outcome is Outcome.REVIEW:
        return _is_reviewed_anew(file, row, finding, on)
    cleared = {area for record in records for area in record.areas or finding.areas}
    if not records or (finding.scope is Scope.AREA and not set(finding.areas) <= cleared):
        return False
    if finding.outcome is Outcome.DEFER:
        return finding.until is None or finding.until <= on
    return any(
        _decided(other) and other.decision.choice == Choice.ACCEPT
        for other in file.findings
        if other.code == row.code and not _is_after(row.screening, other.screening)
    )


def _is_reviewed_anew(file, row, finding: engine.Finding, on: dt.date) -> bool:
    """Its deferral's day has come, or the same was decided later for all its areas.

    A later answer of the same kind waits in the place of an open one.
    """
    until = row.decision.until if _decided(row) else None
    if until is not None and until <= on:
        return True
    later = [
        found
        for other in file.findings
        if other.code == row.code and _is_after(other.screening, row.screening)
        for found in [finding_from_row(other.row)]
        if _decided(other) or (not _decided(row) and _waits(other, found))
    ]
    return any(finding.scope is Scope.PERSON or set(finding.areas) <= set(other.areas) for other in later)


def _is_after(one: Screening, other: Screening) -> bool:
    return (one.answered_at, one.pk) > (other.answered_at, other.pk)
