"""Staff make, send, show and revoke a patient's own link."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from clinic.models import OutboxMessage
from clinic.refusals import Refusal
from patients import links, queries
from patients.contact import way_to
from patients.forms.base import refuse
from patients.forms.link import LinkForm
from patients.models import PatientLink

SENT_AS = {
    PatientLink.Purpose.PLAN: OutboxMessage.Kind.PATIENT_LINK,
    PatientLink.Purpose.SCREENING: OutboxMessage.Kind.SCREENING_LINK,
}


@require_http_methods(["GET", "HEAD", "POST"])
def link_create(request, pk):
    """Make a link to the patient's own page; send it, or show its address this once."""
    patient = get_object_or_404(queries.patient_rows(), pk=pk)
    way = way_to(patient)
    form = LinkForm(request.POST or None, way=way)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _made(request, patient, form.cleaned_data["how"])
            except Refusal as refusal:
                status = refuse(form, refusal)
    context = {"patient": patient, "form": form, "days": links.LIVES.days, "way": way}
    return render(request, "links/create.html", context, status=status)


@require_POST
def link_revoke(request, pk):
    """End a link at once."""
    link = links.revoke_link(get_object_or_404(queries.link_rows(), pk=pk), by=request.user)
    messages.success(request, "The link is ended.")
    return redirect("patient_detail", link.patient_id)


def _made(request, patient, how: str):
    link = links.create_link(patient, purpose=PatientLink.Purpose.PLAN, by=request.user)
    return handed_over(request, link, how)


def handed_over(request, link: PatientLink, how: str):
    """Send the link and go back, or show its address on a page that can be printed."""
    if how == "mail":
        links.send_link(link, by=request.user, kind=SENT_AS[link.purpose])
        messages.success(request, f"The link goes to {way_to(link.patient).masked}.")
        return redirect("patient_detail", link.patient_id)
    return address_page(request, link, links.new_token(link))


def address_page(request, link: PatientLink, token: str):
    """The one page that shows a link's address, as a code too."""
    context = {"patient": link.patient, "link": link, "address": links.address_of(token)}
    return render(request, "links/address.html", context)
