"""The message that carries a patient's own link: its address is made here, as it leaves, and kept nowhere."""

import datetime as dt

from clinic.letters import Letter, compose
from patients import links
from patients.contact import way_to
from patients.models import PatientLink

ENDED = {
    "revoked": "the link was ended",
    "expired": "the link has run out",
    "locked": "the link was closed after too many tries",
}


def compose_link(link_id: int, kind: str, at: dt.datetime) -> tuple[Letter | None, str]:
    """Write the message with a new address of the link, or say why there is nothing to send."""
    link = PatientLink.objects.select_related("patient__location").get(pk=link_id)
    patient, location = link.patient, link.patient.location
    if reason := _ended(link, at):
        return None, reason
    if not (way := way_to(patient)):
        return None, way.why_not
    token = links.new_token(link, at=at)
    letter = compose(
        kind,
        channel=way.channel,
        to=way.address,
        language=patient.language,
        zone=location.time_zone,
        secret=token,
        location=location,
        link=link,
        address=links.address_of(token),
    )
    return letter, ""


def link_ended(link_id: int, at: dt.datetime) -> str:
    """Why a link opens nothing any more; "" if it does."""
    return _ended(PatientLink.objects.get(pk=link_id), at)


def _ended(link: PatientLink, at: dt.datetime) -> str:
    return ENDED.get(links.state_of(link, at), "")
