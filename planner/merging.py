"""Commands on two files of one person: say what a pair is, merge one into the other, take the merge back."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from clinic import clock
from clinic.constraints import check_values, in_words, sentences_of
from clinic.models import User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.intake import rewrite_details
from patients.models import PairNote, Patient, PatientLink, PatientMerge, Questionnaire, UnfinishedScreening
from planner import changes
from planner.locks import lock_held
from planner.midcourse import courses_follow
from planner.models import Appointment, AppointmentArea
from planner.queries.merging import (
    TABLES,
    keys_of,
    newer_than,
    running_deferrals,
)
from planner.queries.merging_visits import AREAS, close_of, obstacles_of

ROLE = Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
SENTENCES = sentences_of(PatientMerge) | {
    name: Refusal(code, sentence, "Open the preview again.", stale=True)
    for name, code, sentence in (
        ("patient_is_in_one_place_at_a_time", "visits_overlap", "Two visits would be at the same time."),
        ("an_area_of_a_patient_keeps_its_gap", "visits_too_close", "Two visits would be too close together."),
        ("an_area_keeps_its_gap_from_joined_visits", "visits_too_close", "A visit would come too soon."),
        ("a_file_is_merged_once_at_a_time", "merged_already", "This file was merged just now."),
    )
}


def note_pair(
    one: Patient, other: Patient, *, said: str, by: User, at: dt.datetime | None = None
) -> PairNote:
    """Say of two files that they are one person (others may merge them) or two; the last word counts."""
    if not may(by, "duplicate_note"):
        raise ROLE.copy()
    if said not in PairNote.Said.values or one.pk == other.pk:
        raise Refusal("unknown_choice", "Say whether this is the same person.")
    first, second = sorted((one, other), key=lambda patient: patient.pk)
    told = {"said": said, "by": by, "at": at or clock.now()}
    return PairNote.objects.update_or_create(first=first, second=second, defaults=told)[0]


def merge_patients(
    kept: Patient,
    merged: Patient,
    *,
    details: Mapping[str, Any],
    versions: tuple[int, int],
    reason: str,
    by: User,
    at: dt.datetime | None = None,
) -> PatientMerge:
    """Move all that belongs to `merged` into `kept`; `details` are the kept file's as they were chosen.

    `versions` are those of both files as the preview showed them. Open links and questions of the merged file
    end. What is frozen keeps its content: only the file it lies in changes. Twice is once. Raises Refusal:
    the role, no reason, one file, changed since, merged elsewhere, a record under way, visits that collide.
    """
    if not may(by, "patient_merge"):
        raise ROLE.copy()
    if kept.pk == merged.pk:
        raise Refusal("same_file", "This is one file already.", "Choose another patient.")
    if len("".join(reason.split())) < 10:
        raise Refusal("reason_missing", str(SENTENCES["a_merge_has_its_reason"].sentence), field="reason")
    return _merge(kept.pk, merged.pk, dict(details), versions, reason.strip(), by, at or clock.now())


@in_words(SENTENCES)
def _merge(kept_id, merged_id, details, versions, reason, by, at) -> PatientMerge:
    kept, merged = _locked(kept_id, merged_id, at)
    done = PatientMerge.objects.filter(kept=kept, merged=merged, undone_at=None).first()
    if done:
        return done
    _refuse_changed(kept, merged, versions)
    if obstacles := obstacles_of(kept, merged):
        raise Refusal("files_collide", obstacles[0].words, stale=True)
    today = clock.local_date(at, kept.location.time_zone)
    deferrals = running_deferrals((kept, merged), today)
    before = {name: _stored(getattr(kept, name)) for name in details}
    before |= {"joined_at": _stored(kept.joined_at), "joined_deferrals": kept.joined_deferrals}
    chosen = {name: _stored(value) for name, value in details.items()}
    merge = PatientMerge(
        kept=kept,
        merged=merged,
        at=at,
        by=by,
        reason=reason,
        before=before,
        chosen=chosen,
        moved=keys_of(merged_id) | {AREAS: _joined_keys(kept, merged)},
    )
    merge.save()
    with courses_follow(kept.pk, by=by, at=at):
        _end_what_is_open(merged, by, at)
        _move(merge, kept.pk)
        AppointmentArea.objects.filter(pk__in=merge.moved[AREAS]).update(is_joined=1)
        merged.merged_into, merged.search_text = kept, ""
        merged.version += 1
        merged.save(update_fields=["merged_into", "search_text", "version"])
        kept.joined_at, kept.joined_deferrals = at, deferrals
        _write(kept, details)
    return merge


def undo_merge(merge: PatientMerge, *, by: User, at: dt.datetime | None = None) -> PatientMerge:
    """Put back into the merged file just what came from it; details not edited since get their old values.

    Links stay ended, what the courses did since stays. Twice is once. Raises Refusal: the role, a later merge
    of the same file, a record under way, something newer that rests on both (which it names).
    """
    if not may(by, "merge_undo"):
        raise ROLE.copy()
    return _undo(merge.pk, merge.kept_id, merge.merged_id, by, at or clock.now())


@in_words(SENTENCES)
def _undo(pk, kept_id, merged_id, by, at) -> PatientMerge:
    kept, merged = _locked(kept_id, merged_id, at)
    merge = PatientMerge.objects.select_related("kept", "merged", "by").get(pk=pk)
    if merge.undone_at:
        return merge
    if why := why_not_undone(merge):
        raise Refusal("merge_holds", why, stale=True)
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    with courses_follow(kept.pk, by=by, at=at):
        _move(merge, merged.pk)
        _part_visits(merge)
        merged.merged_into = None
        _write(merged, {})
        since = merge.before["joined_at"]
        kept.joined_at = dt.datetime.fromisoformat(since) if since else None
        kept.joined_deferrals = merge.before["joined_deferrals"]
        _write(kept, _old_details(merge, kept))
    return merge


def why_not_undone(merge: PatientMerge) -> str:
    """Why a merge cannot be taken back, in a sentence; empty when it can."""
    if merge.kept.merged_into_id:
        return f"{merge.kept} was merged into another file since. Take that merge back first."
    later = PatientMerge.objects.filter(kept=merge.kept, undone_at=None, at__gt=merge.at).first()
    if later:
        return f"{later.merged.record_number} was merged into this file later. Take that merge back first."
    if newer := newer_than(merge):
        return f"Something newer belongs to both files: {', '.join(newer)}. The merge stays."
    return ""


def _locked(kept_id: int, merged_id: int, at: dt.datetime) -> list[Patient]:
    """Both files with the places of all their booked visits, in the one order; re-read."""
    keys = [kept_id, merged_id]
    lock_held(Appointment.objects.filter(patient__in=keys, status="booked", start__gt=at).all, patients=keys)
    found = Patient.objects.select_related("location").in_bulk(keys)
    return [found[key] for key in keys]


def _refuse_changed(kept: Patient, merged: Patient, versions: tuple[int, int]) -> None:
    for one in (kept, merged):
        if one.merged_into_id:
            raise Refusal(
                "merged_already",
                f"{one.record_number} was merged into another file meanwhile.",
                "Open that file.",
                stale=True,
            )
    if (kept.version, merged.version) != versions:
        raise Refusal(
            "patient_changed",
            "Somebody else changed one of the files meanwhile.",
            "Look at the preview again.",
            stale=True,
        )


def _end_what_is_open(merged: Patient, by: User, at: dt.datetime) -> None:
    PatientLink.objects.filter(patient=merged, revoked_at=None).update(revoked_at=at, revoked_by=by)
    open_ones = Questionnaire.objects.filter(patient=merged, screening=None, dropped_at=None)
    open_ones.update(dropped_at=at, answers={})
    UnfinishedScreening.objects.filter(patient=merged, ended_at=None).update(ended_at=at, typed={})


def _move(merge: PatientMerge, to: int) -> None:
    """Every row of the ledger changes its file; keys and spacing are asked when all have."""
    changes.defer_constraints()
    for table in TABLES:
        keys = merge.moved[table._meta.db_table]
        if keys:
            table._default_manager.filter(pk__in=keys).update(patient_id=to)


def _joined_keys(kept: Patient, merged: Patient) -> list[int]:
    """The areas of held visits between which there is no spacing once the files are one."""
    return sorted({row.pk for close in close_of(kept, merged) for row in close.rows})


def _part_visits(merge: PatientMerge) -> None:
    """What no other merge has joined keeps its spacing from everything again."""
    others = PatientMerge.objects.filter(undone_at=None)
    apart = [
        key
        for key in merge.moved.get(AREAS, ())
        if not others.filter(**{f"moved__{AREAS}__contains": [key]}).exists()
    ]
    AppointmentArea.objects.filter(pk__in=apart).update(is_joined=0)


def _write(patient: Patient, details: Mapping[str, Any]) -> None:
    patient.version += 1
    try:
        rewrite_details(patient, details)
        check_values(patient)
    except ValidationError as wrong:
        sentence = next(iter(wrong.message_dict.values()))[0]
        raise Refusal("invalid_detail", sentence, "Choose another value.") from wrong
    patient.save()


def _old_details(merge: PatientMerge, kept: Patient) -> dict[str, Any]:
    """The old value of each detail that still is as it was chosen; what was edited since stays."""
    untouched = [name for name, value in merge.chosen.items() if _stored(getattr(kept, name)) == value]
    fields = {name: Patient._meta.get_field(name) for name in untouched}
    return {name: field.to_python(merge.before[name]) for name, field in fields.items()}


def _stored(value: Any) -> Any:
    if value is None or isinstance(value, int | str):
        return value
    return value.isoformat() if isinstance(value, dt.date) else str(value)
