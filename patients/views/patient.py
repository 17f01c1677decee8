"""Patients: find, register, change."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.refusals import Refusal
from clinic.returning import next_url
from patients import intake, queries
from patients.duplicates import possible_duplicates
from patients.forms.base import refuse
from patients.forms.profile import PatientForm
from patients.gates import safety_of
from patients.naming import details_from


@require_safe
def patient_list(request):
    """Search, or the patients added last here."""
    text = request.GET.get("q", "").strip()
    recent = queries.recent_patients
    found = queries.find_patients(text) if text else queries.Found(recent(request.user.location))
    safety = safety_of([patient.pk for patient in found.patients], _today(request))
    rows = [(patient, safety[patient.pk]) for patient in found.patients]
    context = {"q": text, "rows": rows, "near": found.near, "limit": queries.LIMIT}
    return render(request, "patients/patient_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def patient_create(request):
    """Register a patient; who may be the same person is shown first.

    `walk-in`: the patient is here; `q`: what was searched for and not found.
    """
    walks_in = "walk-in" in request.GET
    known = details_from(request.GET.get("q", ""))
    form = PatientForm(request.POST or None, today=_today(request), initial=known)
    status, duplicates = 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                patient = intake.register_patient(
                    details=form.details(), by=request.user, passed_by=form.known_ids()
                )
            except Refusal as refusal:
                if refusal.code == "possible_duplicate":
                    duplicates = possible_duplicates(form.details())
                status = refusal.status if duplicates else refuse(form, refusal)
            else:
                messages.success(request, f"{patient} is added as {patient.record_number}.")
                return redirect("walk_in_patient" if walks_in else "patient_detail", patient.pk)
    page = _page(form, duplicates=duplicates) | {"walks_in": walks_in}
    return render(request, "patients/patient_form.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def patient_edit(request, pk):
    """Change the profile; nothing typed is lost when somebody else was faster."""
    patient = get_object_or_404(queries.patient_rows(), pk=pk)
    form = PatientForm(
        request.POST or None, instance=get_object_or_404(queries.patient_rows(), pk=pk), today=_today(request)
    )
    status, differing = 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"] or 0
            try:
                intake.edit_patient(patient, details=form.details(), version=version, by=request.user)
            except Refusal as refusal:
                status = refuse(form, refusal)
                differing = intake.differences(patient, form.details()) if refusal.stale else []
            else:
                messages.success(request, f"The details of {patient} are saved.")
                return redirect(next_url(request) or reverse("patient_detail", args=[pk]))
    page = _page(form, patient=patient, differing=differing) | {"back": next_url(request)}
    return render(request, "patients/patient_form.html", page, status=status)


def _page(form, patient=None, duplicates=(), differing=()):
    known = form.known_ids() | {one.patient.pk for one in duplicates}
    return {
        "form": form,
        "patient": patient,
        "duplicates": duplicates,
        "known": ",".join(str(pk) for pk in sorted(known)),
        "differing": differing,
        "version": patient.version if patient and differing else None,
    }


def _today(request):
    return clock.local_date(clock.now(), request.user.location.time_zone)
