"""What a patient told on the own page, for the desk: read it, act on it, say that it is dealt with."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from clinic.permissions import may
from clinic.refusals import Refusal
from patients.forms.base import refuse
from planner import notices
from planner.engine.aftercare.problems import in_words
from planner.forms.own import SettleForm
from planner.queries.attention import consent_words
from planner.queries.notices import is_open, notice_rows


@require_safe
def notice_detail(request, pk):
    """One notice; signs and words of a problem are for practitioners, the urgency is for everybody."""
    return _page(request, _notice(request, pk), SettleForm())


@require_POST
def notice_settle(request, pk):
    """Somebody has dealt with it."""
    notice, form = _notice(request, pk), SettleForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            notices.settle_notice(notice, note=form.cleaned_data["note"], by=request.user)
            messages.success(request, f"Dealt with: {notice.patient}.")
            return redirect("today")
        except Refusal as refusal:
            status = refuse(form, refusal)
    return _page(request, notice, form, status)


def _page(request, notice, form, status=200):
    reads = notice.kind != "problem" or may(request.user, "event_detail")
    context = {
        "notice": notice,
        "patient": notice.patient,
        "visit": notice.appointment,
        "form": form,
        "reads": reads,
        "consent": consent_words(notice) if notice.kind == "consent" else "",
        "signs": [in_words(code) for code in notice.signs] if reads else [],
        "is_open": is_open(notice),
        "zone": notice.location.time_zone,
    }
    return render(request, "notices/detail.html", context, status=status)


def _notice(request, pk):
    return get_object_or_404(notice_rows(request.user.location), pk=pk)
