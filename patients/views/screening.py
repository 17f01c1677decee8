"""The screen: choose what for, answer, see the result, decide, clear."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.fresh import check_fresh
from clinic.refusals import Refusal
from clinic.returning import next_url
from patients import queries, screenings, unfinished
from patients.forms.base import refuse
from patients.forms.decision import ReasonForm
from patients.models import Screening
from patients.rulesets import approved_rules
from patients.views import pages


@require_http_methods(["GET", "HEAD", "POST"])
def screening_create(request, pk):
    """First what for, then the questions; saved at once as a whole. `next` says where to go afterwards."""
    patient = get_object_or_404(queries.patient_rows(), pk=pk)
    page = pages.Questions(request, patient, approved_rules())
    if not page.scope.is_valid():
        return render(
            request, "patients/screening_scope.html", page.scope_context(), status=page.scope_status
        )
    status = 200
    if request.method == "POST" and "later" in request.POST:
        try:
            return _kept(request, page)
        except Refusal as refusal:
            status = refuse(page.form, refusal)
    elif request.method == "POST":
        status = 422
        if page.form.is_valid():
            try:
                screening = screenings.record_screening(
                    patient,
                    **page.scope.cleaned_data,
                    answers=page.form.answers(),
                    by=request.user,
                    shown=page.shown(),
                )
                return redirect(next_url(request) or reverse("screening_detail", args=[screening.pk]))
            except Refusal as refusal:
                status = refuse(page.form, refusal)
    return render(request, "patients/screening_create.html", page.context(), status=status)


def _kept(request, page):
    """Keep what is typed and go back to the patient; it counts as no screen."""
    page.form.is_valid()
    unfinished.keep_unfinished(
        page.patient,
        **page.scope.cleaned_data,
        rule_set=page.rule_set,
        typed=page.typed(),
        counted=(len(page.form.answers()), len(page.form.rules)),
        seen=shown.draft if (shown := page.shown()) else (0, 0),
        by=request.user,
    )
    messages.success(request, "The answers are kept. The screen is not finished and counts as none.")
    return redirect(next_url(request) or reverse("patient_detail", args=[page.patient.pk]))


@require_POST
def screening_drop(request, pk):
    """Throw an unfinished screen away."""
    row = get_object_or_404(queries.unfinished_rows(), pk=pk)
    unfinished.drop_unfinished(row, by=request.user)
    messages.success(request, "The unfinished answers are dropped.")
    return redirect("patient_detail", row.patient_id)


@require_POST
def screening_preview(request, pk):
    """The result so far, for the side of the form; saves nothing."""
    patient = get_object_or_404(queries.patient_rows(), pk=pk)
    page = pages.Questions(request, patient, approved_rules())
    context = page.so_far() | {"is_update": True} if page.scope.is_valid() else {}
    return render(request, "patients/_so_far.html", context)


@require_safe
def screening_detail(request, pk):
    """The verdict, what decided it, what would change it; practitioners decide here."""
    screening = get_object_or_404(Screening, pk=pk)
    return render(request, "patients/screening_detail.html", pages.result_context(request, screening))


@require_POST
def screening_open(request, pk):
    """A manager reads the answers this once; the reason is recorded first and shown to practitioners."""
    screening = get_object_or_404(Screening, pk=pk)
    reason, refusal = request.POST.get("reason", ""), None
    form = ReasonForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal("reason", form.errors["reason"][0], field="reason")
        screenings.open_answers(screening, reason=form.cleaned_data["reason"], by=request.user)
    except Refusal as no:
        refusal = no
    context = pages.result_context(request, screening, opened=refusal is None)
    context |= {"open_refusal": refusal, "open_reason": reason}
    status = refusal.status if refusal else 200
    return render(request, "patients/screening_detail.html", context, status=status)


@require_POST
def screening_decide(request, pk):
    """Sign one decision with the password; for practitioners who decide reviews."""
    if not screenings.may_decide(request.user):
        raise PermissionDenied("decides_reviews")
    finding = get_object_or_404(queries.finding_rows(), pk=pk)
    form = pages.decision_form(finding, request.POST)
    status = 422
    if form.is_valid():
        try:
            check_fresh(request, form.cleaned_data["password"])
            screenings.decide_finding(finding, **form.decision(), by=request.user)
            messages.success(request, "The decision is signed.")
            return redirect("screening_detail", finding.screening_id)
        except Refusal as refusal:
            status = refuse(form, refusal)
    context = pages.result_context(request, finding.screening, bound=(finding.pk, form))
    return render(request, "patients/screening_detail.html", context, status=status)


@require_POST
def finding_clear(request, pk):
    """Record what ended a finding that no date ends."""
    finding = get_object_or_404(queries.finding_rows(), pk=pk)
    form = pages.clearing_form(finding, request.POST)
    status = 422
    if form.is_valid():
        try:
            screenings.clear_finding(finding, **form.cleaned_data, by=request.user)
            messages.success(request, "The record is saved.")
            return redirect("screening_detail", finding.screening_id)
        except Refusal as refusal:
            status = refuse(form, refusal)
    context = pages.result_context(request, finding.screening, bound=(finding.pk, form))
    return render(request, "patients/screening_detail.html", context, status=status)
