"""Screens on paper: the blank questions to fill in by hand, and a result."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_safe

from clinic import clock
from patients import queries
from patients.forms.screening import TITLES, ScopeForm
from patients.judgement import read_file
from patients.models import Patient
from patients.questionnaires import phone_questions
from patients.results import may_see_answers, result_of, seen_by
from patients.rulesets import approved_rules
from patients.screening.table.translated import label_in, question_in
from patients.screening.terms import FollowUpKind


@require_safe
def questionnaire_paper(request, pk):
    """Every question of the patient with boxes to tick, in the patient's language; nothing is filled in."""
    patient = get_object_or_404(queries.patient_rows(), pk=pk)
    scope = ScopeForm(request.GET, may_visit=False)
    if not scope.is_valid():
        return redirect("screening_create", pk)
    rule_set, chosen = approved_rules(), scope.cleaned_data
    wanted = request.GET.get("language", patient.language)
    language = wanted if wanted in Patient.Language.values else patient.language
    context = {
        "patient": patient,
        "location": patient.location,
        "rule_set": rule_set,
        "language": language,
        "reason": chosen["indication"].name_in(language),
        "areas": ", ".join(area.name_in(language) for area in chosen["areas"]),
        "questions": [_line(rule, language) for rule in phone_questions(rule_set)],
        "address": request.GET.urlencode(),
    }
    with translation.override(language):
        return render(request, "patients/questionnaire_paper.html", context)


@require_safe
def screening_paper(request, pk):
    """The result for the file: the verdict for everybody, the answers for practitioners."""
    screening = get_object_or_404(queries.screening_rows(), pk=pk)
    on = clock.local_date(clock.now(), request.user.location.time_zone)
    result = result_of(read_file(screening.patient_id), screening, on)
    context = {
        "result": result,
        "safety": seen_by(result.safety, request.user),
        "screening": result.screening,
        "patient": screening.patient,
        "location": screening.patient.location,
        "shows_answers": may_see_answers(request.user),
        "titles": TITLES,
        "on": on,
    }
    return render(request, "patients/screening_paper.html", context)


def _line(rule, language: str) -> tuple[str, list[tuple[str, list[str]]]]:
    """One question and what a Yes asks for: a label with its options, or without any a line to write on."""
    more = [
        (label_in(item.label, language), [label_in(option.label, language) for option in item.options])
        for item in rule.follow_ups
        if item.kind is not FollowUpKind.AREAS
    ]
    return question_in(rule.code, rule.question, language), more
