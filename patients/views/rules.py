"""The manager's draft of the screening rules: begin, change rule by rule, throw away."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from clinic.refusals import Refusal
from patients import queries, ruledrafts
from patients.forms.base import refuse
from patients.forms.rules import RuleForm, ValidityForm
from patients.rulewords import branch_words, differences
from patients.screening.rows import rule_from_row


@require_http_methods(["GET", "HEAD", "POST"])
def rules_draft(request):
    """The draft with what it changes; without one, how to begin it. A POST begins it or saves its days."""
    draft = queries.rules_waiting()
    if request.method == "POST" and draft is None:
        ruledrafts.begin_draft(by=request.user)
        return redirect("rules_draft")
    form, status = None, 200
    if draft:
        days = {"booking_days": draft.booking_valid_days, "phone_days": draft.phone_valid_days}
        form = ValidityForm(request.POST if request.method == "POST" else None, initial=days)
        if form.is_bound:
            status = 422
            if form.is_valid():
                ruledrafts.change_validity(draft, **form.cleaned_data, by=request.user)
                messages.success(request, "The days are saved.")
                return redirect("rules_draft")
    return render(request, "settings/rules_draft.html", _draft_context(draft, form), status=status)


@require_POST
def rules_drop(request):
    """Throw the draft away."""
    draft = queries.rules_waiting()
    if draft is None:
        raise Http404
    ruledrafts.drop_draft(draft, by=request.user)
    messages.success(request, "The draft is thrown away. The approved rules stay as they are.")
    return redirect("rules_draft")


@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request, pk):
    """One rule of the draft: numbers and choices."""
    row = get_object_or_404(queries.draft_rules(), pk=pk)
    rule = rule_from_row(row.row)
    words = [branch_words(rule, branch) for branch in rule.branches]
    form = RuleForm(request.POST if request.method == "POST" else None, rule=rule, words=words)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                ruledrafts.change_rule(row, **form.change(), by=request.user)
                messages.success(request, f"{rule.label} is saved in the draft.")
                return redirect("rules_draft")
            except Refusal as refusal:
                status = refuse(form, refusal)
    context = {"row": row, "rule": rule, "form": form}
    return render(request, "settings/rule_edit.html", context, status=status)


def _draft_context(draft, form) -> dict:
    newest = queries.rules_in_use()
    rules = [(row, rule_from_row(row.row)) for row in draft.rules.order_by("position")] if draft else []
    return {
        "draft": draft,
        "newest": newest,
        "form": form,
        "rules": rules,
        "differences": differences(newest, draft) if draft and newest else [],
    }
