"""Two files of one person: the list of pairs, what a merge would do, the merge, its record and its undo."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic import clock
from clinic.fresh import check_fresh
from clinic.refusals import Refusal
from patients.duplicates import possible_duplicates, possible_pairs
from patients.forms.base import refuse
from patients.gates import safety_of
from patients.models import Patient
from patients.models.profile import DETAILS
from patients.queries import find_patients, patient_rows
from planner.forms.merging import MergeForm
from planner.merging import merge_patients, note_pair, undo_merge, why_not_undone
from planner.queries.merging import (
    chosen_details,
    counts_of,
    differences_of,
    merge_rows,
    record_lines,
)
from planner.queries.merging_visits import close_of, joined_by, obstacles_of


@require_safe
def patient_duplicates(request):
    """Pairs of files that may be one person's, with what to do about each."""
    return render(request, "planner/patient_duplicates.html", {"pairs": possible_pairs()})


@require_safe
def patient_same(request, pk):
    """Who may be the same person as this patient: those who look alike, or those found by a search."""
    patient = get_object_or_404(patient_rows(), pk=pk)
    text = request.GET.get("q", "").strip()
    if text:
        hits = find_patients(text)
        why = "Spelt nearly like it" if hits.near else ""
        found = [(one, why) for one in hits.patients if one.pk != pk]
    else:
        alike = possible_duplicates({name: getattr(patient, name) for name in DETAILS}, other_than=pk)
        found = [(one.patient, one.why) for one in alike]
    return render(request, "planner/patient_same.html", {"patient": patient, "q": text, "found": found})


@require_POST
def duplicate_note(request, pk):
    """Say of this patient and another one whether they are the same person."""
    one, other = _both(request, pk, request.POST)
    note = note_pair(one, other, said=request.POST.get("said", ""), by=request.user)
    same = note.said == note.Said.SAME
    told = (
        "A manager or practitioner can merge the two files now." if same else "They are not listed any more."
    )
    messages.success(request, f"Noted. {told}")
    return redirect("patient_duplicates")


@require_http_methods(["GET", "HEAD", "POST"])
def patient_merge(request, pk):
    """What goes where, field by field; then the merge into this patient's file."""
    kept, merged = _both(request, pk, request.GET)
    differences = differences_of(kept, merged)
    seen = {"versions": f"{kept.version},{merged.version}"}
    form = MergeForm(request.POST or None, differences=differences, initial=seen)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _merged(request, kept, merged, form)
            except Refusal as refusal:
                status = refuse(form, refusal)
    today = clock.local_date(clock.now(), request.user.location.time_zone)
    safety = safety_of([kept.pk, merged.pk], today)
    context = {
        "kept": kept,
        "merged": merged,
        "form": form,
        "fixed": [one for one in differences if one.name not in form.names],
        "versions": seen["versions"],
        "counts": counts_of(kept, merged),
        "obstacles": obstacles_of(kept, merged),
        "close": close_of(kept, merged),
        "safety": [(one, safety[one.pk]) for one in (kept, merged)],
    }
    return render(request, "planner/patient_merge.html", context, status=status)


@require_safe
def merge_detail(request, pk):
    """The record of a merge: who, when, why, what was moved; and its undo, or why there is none."""
    merge = get_object_or_404(merge_rows(), pk=pk)
    context = {
        "merge": merge,
        "patient": merge.kept,
        "lines": record_lines(merge),
        "close": joined_by(merge),
        "why_not": "" if merge.undone_at else why_not_undone(merge),
    }
    return render(request, "planner/merge_detail.html", context)


@require_POST
def merge_undo(request, pk):
    """Put everything back where it came from."""
    merge = undo_merge(get_object_or_404(merge_rows(), pk=pk), by=request.user)
    messages.success(
        request, f"{merge.merged} ({merge.merged.record_number}) has the file back. Its links stay ended."
    )
    return redirect("patient_detail", merge.merged_id)


def _merged(request, kept: Patient, merged: Patient, form: MergeForm):
    check_fresh(request, form.cleaned_data["password"])
    merge = merge_patients(
        kept,
        merged,
        details=chosen_details(kept, merged, form.picks()),
        versions=form.seen(),
        reason=form.cleaned_data["reason"],
        by=request.user,
    )
    words = f"{merged.record_number} is merged into this file. Screen before the next session."
    undo = reverse("merge_undo", args=[merge.pk])
    messages.success(request, words, extra_tags=f"undo:{undo}")
    return redirect("patient_detail", kept.pk)


def _both(request, pk: int, data) -> tuple[Patient, Patient]:
    """This patient and the one named by `with`."""
    other = data.get("with", "")
    if not other.isdecimal() or len(other) > 9 or int(other) == pk:
        raise Http404
    return get_object_or_404(patient_rows(), pk=pk), get_object_or_404(patient_rows(), pk=int(other))
