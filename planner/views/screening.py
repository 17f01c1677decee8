"""The list of what the screen holds up: decisions, deferrals, visits nobody screened for."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic import clock
from planner.queries.screening import held_up


@require_safe
def screening_list(request):
    """What waits for a decision, who is deferred, and who comes soon without a screen."""
    location = request.user.location
    today = clock.local_date(clock.now(), location.time_zone)
    sections = held_up(location, today, request.user)
    context = {"sections": sections, "total": sum(len(section.rows) for section in sections)}
    return render(request, "planner/screening_list.html", context)
