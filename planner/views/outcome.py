"""Outcomes of a course: scores over the visits, and new ones."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clinic import clock
from clinic.refusals import Refusal
from patients.forms.base import refuse
from planner import outcomes
from planner.forms.outcome import ScoreForm
from planner.queries.courses import course_rows
from planner.queries.outcomes import charts_of


@require_http_methods(["GET", "HEAD", "POST"])
def course_outcomes(request, pk):
    """Every scale as a chart with its table and one sentence; below, the scores of today."""
    course = get_object_or_404(course_rows(request.user.location), pk=pk)
    form, status = ScoreForm(request.POST or None, course=course, now=clock.now()), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                day = form.cleaned_data["scored_on"]
                rows = outcomes.record_scores(course, values=form.values(), scored_on=day, by=request.user)
                messages.success(request, f"{len(rows)} score{'s' if len(rows) > 1 else ''} kept.")
                return redirect("course_outcomes", pk)
            except Refusal as refusal:
                status = refuse(form, refusal)
    context = {"course": course, "patient": course.patient, "form": form, "charts": charts_of(course)}
    return render(request, "outcomes/course.html", context, status=status)
