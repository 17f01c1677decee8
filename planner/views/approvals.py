"""Approvals: what waits, each version in full, and a practitioner's approval with a fresh sign-in."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from clinic.accounts import may_confirm, waiting_accounts
from clinic.fresh import check_fresh
from clinic.refusals import Refusal
from patients.queries import rules_before
from patients.rulewords import differences
from planner import approvals
from planner.queries import approvals as queries
from planner.queries.texts import new_codes


@require_safe
def approval_list(request):
    """What waits for approval, and what is approved."""
    context = {
        "groups": queries.groups(),
        "may_approve": approvals.approver(request.user) is not None,
        "accounts": [(one, may_confirm(one, request.user)) for one in waiting_accounts()],
    }
    return render(request, "settings/approval_list.html", context)


@require_safe
def approval_detail(request, kind, pk):
    """One version in full."""
    return _detail(request, kind, _version_or_404(kind, pk))


@require_POST
def approval_give(request, kind, pk):
    """Approve a version, after the password was typed once more."""
    row = _version_or_404(kind, pk)
    try:
        if approvals.approver(request.user) is None:
            raise approvals.MAY_NOT
        check_fresh(request, request.POST.get("password", ""))
        row = approvals.approve(row, seen=request.POST.get("seen", ""), by=request.user)
    except Refusal as refusal:
        return _detail(request, kind, _version_or_404(kind, pk), refusal)
    messages.success(request, f"{queries.said(row)} is approved.")
    return redirect("approval_list")


def _version_or_404(kind, pk):
    row = queries.version(kind, pk)
    if row is None:
        raise Http404(kind)
    return row


def _detail(request, kind, row, refusal=None):
    # What was read stays what was read over a mistyped password; only the refusal itself says to read anew.
    kept = refusal and refusal.code != approvals.CHANGED.code and request.POST.get("seen")
    context = {
        "kind": kind,
        "seen": kept or approvals.content_hash(row),
        "kind_title": queries.TITLES[kind],
        "row": row,
        "title": queries.said(row),
        "content": _content(kind, row),
        "new": new_codes(row) if kind == "aftercare-texts" and not row.approved_at else (),
        "differences": _differences(kind, row),
        "before": rules_before(row) if kind == "rules" else None,
        "problems": () if row.approved_at else approvals.problems(row),
        "may_approve": approvals.approver(request.user) is not None,
        "refusal": refusal,
        "zone": request.user.location.time_zone,
    }
    status = refusal.status if refusal else 200
    return render(request, "settings/approval_detail.html", context, status=status)


def _differences(kind, row):
    """What a version of the rules changes of the one before."""
    before = rules_before(row) if kind == "rules" else None
    return differences(before, row) if before else []


def _content(kind, row):
    """What the page shows, by kind."""
    if kind == "rules":
        return queries.rule_sections(row)
    if kind == "aftercare-texts":
        return queries.text_rows(row)
    if kind == "limits":
        return queries.limit_lines(row)
    return queries.paragraphs(row.body) if kind == "consent-texts" else None
