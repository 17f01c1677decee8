"""The page that joins all of one patient: safety, courses, screens, consents, details."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinic import clock
from patients import queries
from patients.gates import safety_of_file
from patients.judgement import read_file
from patients.models import Patient
from planner.models import TreatmentCourse
from planner.queries.courses import courses_of


@require_safe
def patient_detail(request, pk):
    """One patient: may they be treated, where are their courses, what is on file."""
    patient = get_object_or_404(Patient.objects.select_related("location"), pk=pk)
    today = clock.local_date(clock.now(), request.user.location.time_zone)
    courses = TreatmentCourse.objects.filter(patient=patient).order_by("-created_at", "-pk")
    context = {
        "patient": patient,
        "safety": safety_of_file(read_file(patient), today),
        "views": courses_of(courses),
        "screenings": queries.screenings_of(patient)[:8],
        "consents": queries.consents_of(patient)[:8],
        "today": today,
    }
    return render(request, "planner/patient_detail.html", context)
