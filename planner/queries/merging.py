"""What a merge of two files would do: what goes where, which details differ, what stands against it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, Q, QuerySet

from clinic.models import OutboxMessage
from clinic.words import day_date
from patients.judgement import area_codes_of, judge_areas, read_file
from patients.models import (
    Consent,
    PairNote,
    Patient,
    PatientLink,
    PatientMerge,
    Questionnaire,
    Screening,
)
from patients.models.profile import DETAILS
from patients.screening.terms import Outcome
from planner.models import (
    AdverseEvent,
    AftercareSheet,
    Appointment,
    CourseReview,
    PatientNotice,
    Photo,
    TreatmentCourse,
    TreatmentSession,
)

# Everything that hangs on a patient, parents before what rests on them; areas of visits follow their visit.
TABLES: tuple[type[Model], ...] = (
    PatientLink,
    Questionnaire,
    Screening,
    Consent,
    TreatmentCourse,
    Appointment,
    TreatmentSession,
    AftercareSheet,
    CourseReview,
    Photo,
    AdverseEvent,
    PatientNotice,
    OutboxMessage,
)
COUNTED = {
    TreatmentCourse: "Courses",
    Appointment: "Visits",
    TreatmentSession: "Treatment records",
    CourseReview: "Records of reviews",
    Screening: "Screenings",
    Consent: "Consents",
    AdverseEvent: "Reactions",
    Photo: "Photos",
    AftercareSheet: "Aftercare sheets",
    PatientNotice: "What the patient told",
    OutboxMessage: "Messages",
}
ADDED_UP = ("allergies", "goals", "notes")  # of two texts both may be kept
NEVER_LOST = "allergies"  # and of two allergies both are
BOTH = "both"


def rows_of(table: type[Model], patient_id: int) -> QuerySet:
    """The rows of one table that belong to a patient."""
    return table._default_manager.filter(patient_id=patient_id)


def keys_of(patient_id: int) -> dict[str, list[int]]:
    """Every row of a patient, by table."""
    keys = {one._meta.db_table: rows_of(one, patient_id).order_by("pk") for one in TABLES}
    return {name: list(rows.values_list("pk", flat=True)) for name, rows in keys.items()}


@dataclass(frozen=True)
class Counted:
    """How many rows of one kind each file has."""

    label: str
    kept: int
    merged: int

    @property
    def both(self) -> int:
        """How many the one file has then."""
        return self.kept + self.merged


def counts_of(kept: Patient, merged: Patient) -> list[Counted]:
    """How many of each kind both files have; kinds that neither has are left out."""
    found = []
    for table, label in COUNTED.items():
        rows = table._default_manager.filter(patient_id__in=[kept.pk, merged.pk])
        number = dict(rows.order_by().values_list("patient_id").annotate(Count("pk")))
        if number:
            found.append(Counted(label, number.get(kept.pk, 0), number.get(merged.pk, 0)))
    return found


@dataclass(frozen=True)
class Difference:
    """One detail that the files tell differently; `choices` are values to pick with their words.

    Without choices both values stay, or the only one there is.
    """

    name: str
    label: str
    kept: str
    merged: str
    default: str
    choices: tuple[tuple[str, str], ...]


def differences_of(kept: Patient, merged: Patient) -> list[Difference]:
    """The details that differ, with what is suggested: nothing is lost that the other file lacks."""
    return [_difference(kept, merged, name) for name in DETAILS if _plain(kept, name) != _plain(merged, name)]


def chosen_details(kept: Patient, merged: Patient, picks: dict[str, str]) -> dict[str, Any]:
    """The details of the one file by what was picked; without a pick the suggestion."""
    return {
        one.name: _picked(kept, merged, one.name, picks.get(one.name, one.default))
        for one in differences_of(kept, merged)
    }


def _picked(kept: Patient, merged: Patient, name: str, pick: str) -> Any:
    if name == NEVER_LOST or (pick == BOTH and name in ADDED_UP):
        own, other = _plain(kept, name), _plain(merged, name)
        separator = "; " if name == NEVER_LOST else "\n"
        return separator.join(dict.fromkeys(part for part in (own, other) if part))
    return getattr(merged if pick == "merged" else kept, name)


def _difference(kept: Patient, merged: Patient, name: str) -> Difference:
    own, other = _shown(kept, name), _shown(merged, name)
    both = name in ADDED_UP and bool(own and other)
    label = str(Patient._meta.get_field(name).verbose_name).capitalize()
    choices: tuple[tuple[str, str], ...] = ()
    if own and other and not (both and name == NEVER_LOST):
        named = {"kept": f"{own} ({kept.record_number})", "merged": f"{other} ({merged.record_number})"}
        choices = (*named.items(), *([(BOTH, "Both")] if both else []))
    return Difference(name, label, own, other, _suggested(kept, merged, name, both), choices)


def _suggested(kept: Patient, merged: Patient, name: str, both: bool) -> str:
    """The stricter or the fuller of the two: no contact, the darker skin type, the later talk, any value."""
    if both:
        return BOTH
    own, other = getattr(kept, name), getattr(merged, name)
    if name == "contact_by":
        return "merged" if other == Patient.Contact.NONE else "kept"
    if name in ("phototype", "expectations_on") and own and other:
        return "merged" if other > own else "kept"
    return "kept" if _plain(kept, name) else "merged"


def _plain(patient: Patient, name: str) -> str:
    value = getattr(patient, name)
    return "" if value is None else str(value)


def _shown(patient: Patient, name: str) -> str:
    display = getattr(patient, f"get_{name}_display", None)
    value = display() if display else getattr(patient, name)
    value = getattr(value, "as_national", value)
    return day_date(value, weekday=False) if isinstance(value, dt.date) else str(value or "")


def running_deferrals(patients: Iterable[Patient], on: dt.date) -> list[int]:
    """Findings whose date holds either of the files back on a day: the one file is held by all of them."""
    found: list[int] = []
    for patient in patients:
        file = read_file(patient)
        codes = {code for screening in file.screenings for code in area_codes_of(screening)}
        for code in sorted(codes):
            judgement = judge_areas(file, [code], on)
            if judgement is None:
                continue
            for finding in judgement.evaluation.findings:
                row = judgement.row_of(finding)
                if finding.outcome is Outcome.DEFER and finding.until and finding.until > on and row:
                    found.append(row.pk)
        found += [pk for pk in patient.joined_deferrals if pk not in found]
    return list(dict.fromkeys(found))


# What rests on what, by a key that also holds the patient: these may not lie in two files.
RESTS_ON: Sequence[tuple[type[Model], str, type[Model], str]] = (
    (Appointment, "course", TreatmentCourse, "a visit of a course"),
    (Appointment, "reviewed", TreatmentCourse, "a review of a course"),
    (TreatmentCourse, "screening", Screening, "a course on a screening"),
    (TreatmentSession, "appointment", Appointment, "a record of a visit"),
    (TreatmentSession, "screening", Screening, "a record on a screening"),
    (TreatmentSession, "consent", Consent, "a record on a consent"),
    (AftercareSheet, "session", TreatmentSession, "an aftercare sheet"),
    (CourseReview, "appointment", Appointment, "a record of a review"),
    (Photo, "appointment", Appointment, "a photo"),
    (AdverseEvent, "session", TreatmentSession, "a reaction to a visit"),
    (PatientNotice, "appointment", Appointment, "what the patient told of a visit"),
    (Screening, "confirms", Screening, "answers that were confirmed"),
)


def newer_than(merge: PatientMerge) -> list[str]:
    """What was written since that rests on rows of both files, in words: it holds the files together."""
    moved = merge.moved
    found = []
    for child, key, parent, words in RESTS_ON:
        own, theirs = moved[child._meta.db_table], moved[parent._meta.db_table]
        apart = (Q(**{f"{key}__in": theirs}) & ~Q(pk__in=own)) | (
            Q(pk__in=own) & ~Q(**{f"{key}__in": theirs})
        )
        rows = rows_of(child, merge.kept_id).filter(apart, **{f"{key}__isnull": False})
        if rows.exists():
            found.append(words)
    return found


def merge_rows() -> QuerySet[PatientMerge]:
    """Merges with both files and who made them."""
    return PatientMerge.objects.select_related("kept__location", "merged", "by", "undone_by")


def merges_of(patient: Patient) -> list[PatientMerge]:
    """The files that are part of this one now; no query for a patient who never had two."""
    if patient.joined_at is None:
        return []
    return list(merge_rows().filter(kept=patient, undone_at=None))


def record_lines(merge: PatientMerge) -> list[tuple[str, int]]:
    """How many rows of each kind a merge moved."""
    numbers = [(label, len(merge.moved[table._meta.db_table])) for table, label in COUNTED.items()]
    return [(label, number) for label, number in numbers if number]


def proposed_pairs() -> list[PairNote]:
    """Pairs of files of which somebody said that they are one person's, and which are still two."""
    rows = PairNote.objects.filter(said=PairNote.Said.SAME, first__merged_into=None, second__merged_into=None)
    return list(rows.select_related("first", "second", "by"))
