"""Visits that lost their place: their courses and the proposed repair, one by one or all at once."""

import time
import uuid

from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from clinic import clock
from clinic.refusals import Refusal
from planner import moving
from planner.queries.affected import lost_visits
from planner.queries.changes import change_page
from planner.repairing import repair_of
from planner.views.move import say_done
from planner.views.sealed import seal, unseal

SECONDS = 3.0  # for the proven best; a good answer is there at once
AT_ONCE = 40  # visits looked at together; the next ones come when these have their places


@require_safe
def diary_repair(request):
    """What lost its place and where it would go."""
    return _page(request)


@require_POST
def diary_repair_all(request):
    """Accept every proposal that was shown, or none."""
    try:
        opened = [unseal(change) for change in request.POST.getlist("change")]
    except signing.BadSignature:
        messages.warning(request, "This page cannot be used any more. Nothing was changed.")
        return redirect("diary_repair")
    orders = [order for order, _, _ in opened]
    here = set(moving.courses_at(request.user.location, [order.course_id for order in orders]))
    if not orders or any(order.course_id not in here for order in orders):
        messages.warning(request, "Nothing was changed.")
        return redirect("diary_repair")
    keys = [key for _, _, key in opened]
    batch = uuid.uuid5(keys[0], "together")
    try:
        made = moving.change_courses(orders, keys=keys, by=request.user, batch=batch)
    except Refusal as refusal:
        return _page(request, refusal)
    many = "course has" if len(made) == 1 else "courses have"
    say_done(request, f"{len(made)} {many} new dates.", made)
    return redirect("diary_repair")


def _page(request, refusal: Refusal | None = None):
    location, now = request.user.location, clock.now()
    lost = list(lost_visits(location, now))
    until = time.monotonic() + SECONDS
    found = repair_of(location, lost[:AT_ONCE], at=now, seconds_left=lambda: until - time.monotonic())
    today = clock.local_date(now, location.time_zone)
    repairs = [
        {
            "repair": one,
            "page": change_page(one.preview, today, today) if one.preview else None,
            "sealed": seal(one.preview) if one.preview and one.preview.moves else "",
        }
        for one in found
    ]
    context = {
        "location": location,
        "repairs": repairs,
        "lost": lost,
        "more": max(len(lost) - AT_ONCE, 0),
        "ready": [one for one in repairs if one["sealed"]],
        "refusal": refusal,
    }
    return render(request, "planner/diary_repair.html", context, status=refusal.status if refusal else 200)
