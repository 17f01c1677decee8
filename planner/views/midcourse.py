"""What ends or holds a course under way: the booked visits that a screening holds, a consent taken back."""

import uuid

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clinic import clock
from clinic.refusals import Refusal
from patients.consents import is_newest, withdraw_consent
from patients.contact import way_to
from patients.queries import consent_rows, patient_rows
from planner.forms.course_state import HoldVisitsForm
from planner.midcourse import hold_for_screening
from planner.queries.midcourse import affected_courses, courses_of_consent
from planner.views.move import done


@require_http_methods(["GET", "HEAD", "POST"])
def patient_hold(request, pk):
    """What is held and why; nothing to hold leads back to the patient."""
    patient = get_object_or_404(patient_rows(), pk=pk)
    affected = affected_courses(patient, request.user.location, clock.now())
    release = any(one.suggests_release for one in affected)
    posted = request.POST if request.method == "POST" else None
    start = {"key": uuid.uuid4(), "dates": "release" if release else "keep"}
    form, refusal = HoldVisitsForm(posted, initial=start), None
    if form.is_valid():
        typed = form.cleaned_data
        try:
            made = hold_for_screening(
                patient, release=typed["dates"] == "release", batch=typed["key"], by=request.user
            )
            return done(request, made[0])
        except Refusal as no:
            refusal = no
    elif not affected and posted is None:
        return redirect("patient_detail", pk)
    context = {"patient": patient, "affected": affected, "form": form, "refusal": refusal}
    status = refusal.status if refusal else (422 if form.errors else 200)
    return render(request, "planner/patient_hold.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def consent_withdraw(request, pk):
    """What a withdrawal stops, then the press of the button; both in one transaction."""
    consent, refusal = get_object_or_404(consent_rows(), pk=pk), None
    courses = courses_of_consent(consent, clock.now())
    if request.method == "POST":
        try:
            withdraw_consent(consent, by=request.user)
            messages.success(request, f"The consent is withdrawn. {_stopped(courses)}".strip())
            return redirect("consent_detail", consent.pk)
        except Refusal as no:
            refusal = no
    elif consent.withdrawn_at or not is_newest(consent):
        return redirect("consent_detail", consent.pk)
    context = {"consent": consent, "patient": consent.patient, "courses": courses, "refusal": refusal}
    context["way"] = way_to(consent.patient)
    status = refusal.status if refusal else 200
    return render(request, "planner/consent_withdraw.html", context, status=status)


def _stopped(courses) -> str:
    """What a withdrawal did to the courses, for the toast."""
    if not courses:
        return ""
    visits = sum(len(one.visits) for one in courses)
    course = "The course is" if len(courses) == 1 else f"{len(courses)} courses are"
    freed = f", {visits} booked visit{'' if visits == 1 else 's'} cancelled" if visits else ""
    return f"{course} stopped{freed}."
