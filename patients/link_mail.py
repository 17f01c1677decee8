"""The mail that carries a patient's own link: its address is made here, as it leaves, and kept nowhere."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from clinic.refusals import Refusal
from patients import links
from patients.models import PatientLink


def compose_link(link_id: int) -> tuple[EmailMessage | None, str]:
    """Write the mail with a new address of the link, or say why there is nothing to send."""
    link = PatientLink.objects.select_related("patient__location").get(pk=link_id)
    patient, location = link.patient, link.patient.location
    if not patient.email:
        return None, "the patient has no e-mail address"
    try:
        address = settings.PUBLIC_URL + reverse("own_open", args=[links.new_token(link)])
    except Refusal as refusal:
        return None, refusal.code
    with translation.override(patient.language), timezone.override(location.time_zone):
        text = render_to_string(
            f"messages/patient_link_{link.purpose}.{patient.language}.txt",
            {"location": location, "link": link, "address": address},
        )
    subject, _, body = text.partition("\n")
    return EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[patient.email]), ""
