"""Walk-in: a patient who is here without an appointment, led to a visit by the usual ways."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinic import clock
from patients import queries
from patients.gates import safety_of_file
from patients.judgement import read_file
from patients.results import seen_by
from planner.queries import walk_in as reads
from planner.queries.board import closure_on


@require_safe
def walk_in(request):
    """Who is free now and until when, and who is here: search, or add a patient."""
    location, now = request.user.location, clock.now()
    text = request.GET.get("q", "").strip()
    found = queries.find_patients(text)
    context = {
        "location": location,
        "now": now,
        "closed": closure_on(location, clock.local_date(now, location.time_zone)),
        "free": reads.free_today(location, now),
        "q": text,
        "found": found.patients,
        "near": found.near,
    }
    return render(request, "planner/walk_in.html", context)


@require_safe
def walk_in_patient(request, pk):
    """The steps for one patient: on file, screened, a visit today."""
    patient = get_object_or_404(queries.patient_rows(), pk=pk)
    location, now = request.user.location, clock.now()
    today = clock.local_date(now, location.time_zone)
    context = {
        "patient": patient,
        "location": location,
        "now": now,
        "today": today,
        "safety": seen_by(safety_of_file(read_file(patient), today), request.user),
        "here": reads.visits_today(patient, location, now),
        "early": reads.early_visits(patient, location, now, request.user),
    }
    return render(request, "planner/walk_in_patient.html", context)
