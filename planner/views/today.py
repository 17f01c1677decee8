"""Today: the day bar, arrivals with their next step, what needs attention; and the steps themselves."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from clinic import clock
from clinic.returning import next_url
from patients.gates import safety_beside
from patients.screenings import safety_of
from planner import booking
from planner.models import Appointment
from planner.queries import today as queries
from planner.queries.attention import attention_items
from planner.queries.gaps import filled_gaps, open_gaps, worth_showing
from planner.queries.news import today_version
from planner.queries.waiting import lists_with_rows
from planner.shortlist import listed_courses, waiters_of
from planner.site import read_site


@require_safe
def today(request):
    """The day of the person's location; a practitioner sees their own visits first."""
    return render(request, "planner/today.html", _drawn(request))


@require_safe
def today_changes(request):
    """Today anew if it changed since the version that the page holds, else 304 and nothing."""
    location, now = request.user.location, clock.now()
    version = today_version(location, clock.local_date(now, location.time_zone), now)
    if request.headers.get("If-None-Match") == version:
        return HttpResponseNotModified()
    response = render(request, "planner/today.html", _drawn(request) | {"layout": "_part.html"})
    response["ETag"] = version
    return response


def _drawn(request) -> dict:
    location, now = request.user.location, clock.now()
    day = clock.local_date(now, location.time_zone)
    version = today_version(location, day, now)
    visits = queries.visits_of(location, day)
    courses = listed_courses(location)
    waiting = {one.patient_id for one in courses}
    safety, files = safety_beside([visit.patient_id for visit in visits], waiting, day)
    rows = queries.rows_of(visits, safety, request.user, now)
    site, _ = read_site(location, None, first_date=day)
    gaps = open_gaps(location, site, day, now, waiters_of(location, site, now, courses, files))
    waits = lists_with_rows(location, day, now)
    show = _shown(request)
    shown = _filtered(rows, show, request.user)
    return {
        "location": location,
        "day": day,
        "now": now,
        "version": version,
        "opening": queries.opening_words(location, site, day),
        "rows": rows,
        "none_words": "" if rows else queries.none_words(location, now),
        "counts": queries.counts(rows),
        "groups": queries.grouped(shown, location.time_zone, now),
        "over": [row for row in shown if row.is_done],
        "show": show,
        "has_own": hasattr(request.user, "practitioner"),
        "attention": attention_items(location, rows, day, now, waits),
        "gaps": worth_showing(gaps),
        "gaps_in_all": len(gaps),
        "filled": filled_gaps(location, day) if "taken" in waits else (),
    }


@require_safe
def day_list(request):
    """The day on paper, for the desk and the rooms."""
    location, now = request.user.location, clock.now()
    day = clock.local_date(now, location.time_zone)
    visits = [visit for visit in queries.visits_of(location, day) if visit.status != "cancelled"]
    safety = safety_of([visit.patient_id for visit in visits], day)
    rows = queries.rows_of(visits, safety, request.user, now)
    return render(
        request, "planner/day_list.html", {"location": location, "day": day, "now": now, "rows": rows}
    )


@require_POST
def appointment_check_in(request, pk):
    """The patient is here; the toast can take it back."""
    appointment = booking.check_in(_visit(request, pk), by=request.user)
    undo = _undo(request, "appointment_undo_check_in", pk)
    messages.success(request, f"{appointment.patient} is checked in.", extra_tags=undo)
    return redirect(next_url(request) or "today")


@require_POST
def appointment_to_room(request, pk):
    """The patient goes to the room of the visit; the toast can take it back."""
    appointment = booking.send_to_room(_visit(request, pk), by=request.user)
    undo = _undo(request, "appointment_undo_to_room", pk)
    messages.success(request, f"{appointment.patient} goes to {appointment.room}.", extra_tags=undo)
    return redirect(next_url(request) or "today")


@require_POST
def appointment_undo_to_room(request, pk):
    """The wrong person was sent to the room."""
    appointment = booking.undo_send_to_room(_visit(request, pk), by=request.user)
    messages.success(request, f"{appointment.patient} is checked in and waits.")
    return redirect(next_url(request) or "today")


@require_POST
def appointment_undo_check_in(request, pk):
    """The wrong person was checked in."""
    appointment = booking.undo_check_in(_visit(request, pk), by=request.user)
    messages.success(request, f"{appointment.patient} is no longer checked in.")
    return redirect(next_url(request) or "today")


def _undo(request, name: str, pk: int) -> str:
    """The toast's Undo, which leads back to the page where the step was taken."""
    back = next_url(request)
    return f"undo:{reverse(name, args=[pk])}" + (f"?{urlencode({'next': back})}" if back else "")


def _visit(request, pk, **wanted) -> Appointment:
    return get_object_or_404(queries.visits_at(request.user.location), pk=pk, **wanted)


def _shown(request) -> str:
    has_own = hasattr(request.user, "practitioner")
    wanted = request.GET.get("show", "mine" if has_own else "everyone")
    offered = ("everyone", "unscreened", "mine") if has_own else ("everyone", "unscreened")
    return wanted if wanted in offered else "everyone"


def _filtered(rows, show, user):
    if show == "unscreened":
        return [row for row in rows if row.safety == "missing" and not row.is_done]
    if show == "mine":
        return [row for row in rows if row.appointment.practitioner_id == user.practitioner.pk]
    return rows
