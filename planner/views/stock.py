"""Stock and lots; who had something of one lot; its recall and its list."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from clinic import clock
from clinic.fresh import check_fresh
from clinic.refusals import Refusal
from patients.forms.base import refuse
from planner import stock
from planner.forms.stock import ExportForm, RecallForm
from planner.queries import stock as queries


@require_safe
def lot_list(request):
    """Every lot of the location, what needs a hand first."""
    location = request.user.location
    today = clock.local_date(clock.now(), location.time_zone)
    typed = request.GET.get("q", "").replace("\0", "")[:60]  # PostgreSQL takes no NUL
    rows = queries.stock_of(location, today, typed=typed)
    return render(request, "stock/lot_list.html", {"rows": rows, "typed": typed, "location": location})


@require_safe
def lot_detail(request, pk):
    """One lot: who had it, when, where, and their visits ahead."""
    return _page(request, _lot(request, pk))


@require_POST
def lot_recall(request, pk):
    """Take a lot out of use for good."""
    lot, form, status = _lot(request, pk), RecallForm(request.POST), 422
    if form.is_valid():
        try:
            stock.recall_lot(lot, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, f"Lot {lot.number} is recalled. Nobody can use it any more.")
            return redirect("lot_detail", pk)
        except Refusal as refusal:
            status = refuse(form, refusal)
    return _page(request, lot, recall=form, status=status)


@require_POST
def lot_csv(request, pk):
    """The list of one lot as a file, for a reason and with the password."""
    lot, form, status = _lot(request, pk), ExportForm(request.POST), 422
    if form.is_valid():
        try:
            check_fresh(request, form.cleaned_data["password"])
            text = stock.recall_csv(lot, reason=form.cleaned_data["reason"], fresh=True, by=request.user)
            answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
            answer["Content-Disposition"] = f'attachment; filename="lot-{lot.pk}.csv"'
            answer["Cache-Control"] = "no-store"
            return answer
        except Refusal as refusal:
            status = refuse(form, refusal)
    return _page(request, lot, export=form, status=status)


def _lot(request, pk: int):
    return get_object_or_404(queries.lot_rows(request.user.location), pk=pk)


def _page(request, lot, *, recall=None, export=None, status=200):
    now = clock.now()
    uses = queries.uses_of(lot, now)
    context = {
        "lot": lot,
        "uses": uses,
        "patients": len({use.patient.pk for use in uses}),
        "zone": lot.location.time_zone,
        "now": now,
        "recall": recall or RecallForm(),
        "export": export or ExportForm(),
    }
    return render(request, "stock/lot_detail.html", context, status=status)
