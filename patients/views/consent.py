"""Consent: show the text and take the signature; the exact text signed, for paper."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from clinic.permissions import may
from clinic.refusals import Refusal
from clinic.returning import next_url
from patients import consents, queries
from patients.forms.base import refuse
from patients.forms.consent import ConsentForm
from patients.models import ConsentText


@require_http_methods(["GET", "HEAD", "POST"])
def consent_create(request, pk):
    """The approved text of one indication in the patient's language, and how it is signed."""
    patient = get_object_or_404(queries.patient_rows(), pk=pk)
    choice = queries.consent_choice(
        patient, request.GET.get("indication", ""), request.GET.get("language", "")
    )
    form = ConsentForm(
        request.POST or None,
        may_draw=hasattr(request.user, "practitioner"),
        initial={"text": choice.text.pk if choice.text else None},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            text = get_object_or_404(ConsentText, pk=form.cleaned_data["text"])
            try:
                consent = consents.record_consent(
                    patient,
                    text=text,
                    method=form.cleaned_data["method"],
                    signature=form.drawn(),
                    by=request.user,
                )
                messages.success(request, "The consent is recorded.")
                return redirect(next_url(request) or reverse("consent_detail", args=[consent.pk]))
            except Refusal as refusal:
                status = refuse(form, refusal)
    context = {"patient": patient, "choice": choice, "form": form}
    return render(request, "patients/consent_create.html", context, status=status)


@require_safe
def consent_paper(request, pk):
    """The approved text with lines to sign on, in its language; recorded afterwards as signed on paper."""
    patient = get_object_or_404(queries.patient_rows(), pk=pk)
    choice = queries.consent_choice(
        patient, request.GET.get("indication", ""), request.GET.get("language", "")
    )
    if choice.text is None:
        return redirect("consent_create", pk)
    language = choice.text.language
    context = {
        "patient": patient,
        "location": patient.location,
        "text": choice.text,
        "reason": choice.indication.name_in(language),
    }
    with translation.override(language):
        return render(request, "patients/consent_paper.html", context)


@require_safe
def consent_detail(request, pk):
    """The exact text that was signed, to read and to print."""
    consent = get_object_or_404(queries.consent_rows(), pk=pk)
    context = {
        "consent": consent,
        "patient": consent.patient,
        "location": consent.patient.location,
        "may_withdraw": may(request.user, "consent_withdraw") and consents.is_newest(consent),
    }
    return render(request, "patients/consent_detail.html", context)
