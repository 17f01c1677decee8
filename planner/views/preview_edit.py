"""One visit of a preview taken elsewhere before anything is confirmed."""

from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from clinic import clock
from clinic.refusals import Refusal
from planner import moving
from planner.editing import options_for, taken
from planner.previews import with_moves
from planner.queries.changes import movable
from planner.queries.courses import course_rows
from planner.replanning import first_day_of, gate_of
from planner.views.move import drawn_page
from planner.views.sealed import seal, unseal, wanted_again


@require_POST
def course_change_edit(request, pk):
    """The preview as it was sent; with a visit's number, where else that visit could be."""
    course = get_object_or_404(course_rows(request.user.location), pk=pk)
    try:
        order, wish, _ = unseal(request.POST.get("change", ""))
    except signing.BadSignature:
        messages.warning(request, "This page cannot be used any more. Nothing was changed.")
        return redirect("course_detail", pk=course.pk)
    if order.course_id != course.pk:
        raise Http404("made for another course")
    now = clock.now()
    row = wish["row"] and movable(course.location).filter(pk=wish["row"]).first()
    wanted = wanted_again(wish, row)
    try:
        gate = gate_of(course, now, fresh=wanted.kind in moving.NEED_A_SCREEN, by=request.user)
        first = first_day_of(course, gate, now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("course_detail", pk=course.pk)
    preview = with_moves(course, wanted, order.moves, now)
    return drawn_page(request, preview, gate, first, **_editing(request, preview, first, now))


def _editing(request, preview, first, now) -> dict:
    """The other places of the visit that is asked about, each with the preview that takes it."""
    typed = request.POST.get("visit", "")
    if not typed.isdecimal() or len(typed) > 3:
        return {}
    number, earliest = int(typed), max(first, preview.wanted.not_before or first)
    try:
        options = options_for(preview, number, earliest_on=earliest, at=now)
    except Refusal as refusal:
        return {"refusal": refusal}
    carried = [(one, seal(taken(preview, number, one.slot, now))) for one in options]
    return {"editing": number, "options": carried}
