"""The booked visits that a screening holds: put on hold in one action, dates freed or kept."""

import uuid

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clinic import clock
from clinic.refusals import Refusal
from patients.queries import patient_rows
from planner.forms.course_state import HoldVisitsForm
from planner.midcourse import hold_for_screening
from planner.queries.midcourse import affected_courses
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
