"""Adverse events: report one, assess and follow it, close it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clinic import clock
from clinic.fresh import check_fresh
from clinic.permissions import may
from clinic.refusals import Refusal
from clinic.returning import next_url
from patients import queries as patients
from patients.forms.base import refuse
from planner import events
from planner.forms.event import EndingForm, FollowForm, ReportForm
from planner.queries.events import event_rows, treated_sessions, where_words


@require_http_methods(["GET", "HEAD", "POST"])
def event_create(request, pk):
    """Record a reaction of a patient; the desk reports, a practitioner assesses it at once."""
    patient = get_object_or_404(patients.patient_rows(), pk=pk)
    assesses = may(request.user, "event_detail")
    chosen = treated_sessions(patient).filter(pk=_number(request.GET.get("session"))).first()
    form = ReportForm(
        request.POST or None, patient=patient, assesses=assesses, session=chosen, now=clock.now()
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                event = events.report_event(patient, **form.cleaned_data, by=request.user)
                messages.success(request, "The reaction is recorded.")
                here = reverse("event_detail", args=[event.pk]) if assesses else ""
                return redirect(next_url(request) or here or reverse("patient_detail", args=[pk]))
            except Refusal as refusal:
                status = refuse(form, refusal)
    context = {"patient": patient, "form": form, "assesses": assesses, "back": next_url(request)}
    return render(request, "events/create.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def event_detail(request, pk):
    """One event with all that was done; an open one is assessed and followed here."""
    event = get_object_or_404(event_rows(), pk=pk)
    form, status = FollowForm(request.POST) if request.method == "POST" else FollowForm.of(event), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                events.follow_event(event, **form.cleaned_data, by=request.user)
                messages.success(request, "Saved.")
                return redirect("event_detail", pk)
            except Refusal as refusal:
                status = refuse(form, refusal)
    return render(request, "events/detail.html", _page(event, form), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def event_close(request, pk):
    """Close an assessed event, with the password."""
    event = get_object_or_404(event_rows(), pk=pk)
    if event.closed_at:
        return redirect("event_detail", pk)
    form, status = EndingForm(request.POST or None, initial={"version": event.version}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                check_fresh(request, form.cleaned_data.pop("password"))
                events.close_event(event, **form.cleaned_data, fresh=True, by=request.user)
                messages.success(request, "The event is closed.")
                return redirect("event_detail", pk)
            except Refusal as refusal:
                status = refuse(form, refusal)
    return render(request, "events/close.html", _page(event, form), status=status)


def _page(event, form) -> dict:
    zone = event.patient.location.time_zone
    return {
        "event": event,
        "patient": event.patient,
        "zone": zone,
        "where": where_words(event.areas.all()),
        "entries": event.entries.select_related("by"),
        "today": clock.local_date(clock.now(), zone),
        "form": form,
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
