"""Taking over an open record: who keeps it, asked once."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clinic.refusals import Refusal
from planner import taking_over
from planner.queries import sessions as queries
from planner.queries.reviews import review_rows
from planner.queries.takeovers import keeps_another, takeovers_of


@require_http_methods(["GET", "HEAD", "POST"])
def session_take(request, pk):
    """Go on with the open record of a visit."""
    session = get_object_or_404(queries.record_rows(request.user.location), pk=pk)
    return _page(request, session, session.appointment, queries.url_of(session))


@require_http_methods(["GET", "HEAD", "POST"])
def review_take(request, pk):
    """Go on with the open record of a review."""
    visit = get_object_or_404(review_rows(request.user.location), pk=pk, review__isnull=False)
    return _page(request, visit.review, visit, f"/reviews/{visit.pk}/")


def _page(request, record, visit, goes_on: str):
    if record.signed_at or not keeps_another(record, request.user):
        return redirect(goes_on)
    refusal = None
    if request.method == "POST":
        keeper = request.POST.get("keeper", "")
        try:
            keeper = int(keeper) if keeper.isascii() and keeper.isdigit() else 0
            taking_over.take_over(record, keeper=keeper, by=request.user)
            messages.success(request, "You keep this record from now on, and you sign it.")
            return redirect(goes_on)
        except Refusal as said:
            refusal = said
            record.refresh_from_db()
    context = {"record": record, "visit": visit, "takeovers": takeovers_of(record), "refusal": refusal}
    context |= {"zone": visit.location.time_zone}
    return render(request, "sessions/take.html", context, status=refusal.status if refusal else 200)
