"""The questions go to the phone, or the tablet is handed over; practitioners confirm the answers."""

from django.contrib.auth import logout
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clinic import clock
from clinic.refusals import Refusal
from clinic.returning import next_url
from patients import links, queries, questionnaires
from patients.contact import way_to
from patients.forms.base import refuse
from patients.forms.link import SendForm
from patients.forms.question import ConfirmForm
from patients.forms.screening import ScopeForm
from patients.models import PatientLink
from patients.rulesets import approved_rules
from patients.views import pages
from patients.views.link import handed_over


@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_send(request, pk):
    """What for is in the address; how it goes out is asked: mail, paper, or this very tablet."""
    patient = get_object_or_404(queries.patient_rows(), pk=pk)
    scope = ScopeForm(request.GET, may_visit=False)
    if not scope.is_valid():
        return redirect("screening_create", pk)
    rules = approved_rules()
    form, status = SendForm(request.POST or None, way=way_to(patient)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _sent(request, patient, scope.cleaned_data, form.cleaned_data["how"])
            except Refusal as refusal:
                status = refuse(form, refusal)
    context = {
        "patient": patient,
        "form": form,
        "scope": scope.cleaned_data,
        "count": len(questionnaires.phone_questions(rules)),
        "days": links.LIVES.days,
    }
    return render(request, "patients/questionnaire_send.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def screening_confirm(request, pk):
    """Go through the answers from the phone with the patient, and add the examination."""
    phone = get_object_or_404(queries.phone_screenings(), pk=pk)
    today = clock.local_date(clock.now(), request.user.location.time_zone)
    form = ConfirmForm(
        request.POST if request.method == "POST" else None,
        rules=questionnaires.examination_questions(phone.rule_set),
        areas=list(phone.areas.all()),
        today=today,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = questionnaires.confirm_screening(phone, answers=form.answers(), by=request.user)
                return redirect(next_url(request) or reverse("screening_detail", args=[made.pk]))
            except Refusal as refusal:
                status = refuse(form, refusal)
    context = pages.confirm_context(phone, form, today)
    return render(request, "patients/screening_confirm.html", context, status=status)


def _sent(request, patient, scope: dict, how: str):
    questionnaires.ask_by_link(patient, indication=scope["indication"], areas=scope["areas"], by=request.user)
    link = links.create_link(patient, purpose=PatientLink.Purpose.SCREENING, by=request.user)
    if how != "tablet":
        return handed_over(request, link, how)
    token = links.new_token(link)
    logout(request)  # the patient holds the tablet now: nothing of the staff's stays open on it
    return redirect("own_open", token)
