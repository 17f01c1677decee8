"""The code on a patient's papers: it opens the own page, asks the birth date, lives 90 days past the plan."""

import datetime as dt

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from clinic.models import User
from patients import links
from patients.models import Patient, PatientLink
from planner.models import Appointment
from planner.print.codes import Code, draw_code

AFTER_THE_LAST_VISIT = dt.timedelta(days=90)  # a paper opens nothing for ever


def keep_code(patient: Patient, *, by: User, at: dt.datetime) -> PatientLink:
    """Make sure that papers carry a code that lives until 90 days after the last planned visit.

    A code that lives as long already is kept. Call it where the plan was written, in the same transaction.
    """
    booked = Appointment.objects.filter(patient=patient, status__in=("booked", "arrived"))
    last = booked.aggregate(last=Max("start"))["last"] or at
    return links.keep_code(patient, expires_at=max(last, at) + AFTER_THE_LAST_VISIT, by=by, at=at)


def code_for(patient: Patient, *, language: str, at: dt.datetime) -> Code | None:
    """The code for a paper of the patient's, with its words in a language; None where none is alive."""
    token = links.code_of(patient, at=at)
    if not token:
        return None
    with translation.override(language):
        words = _("Scan the code: your visits and today’s advice on your phone. It asks for your birth date.")
        return draw_code(links.address_of(token), alt=_("Code that opens your own page"), words=words)
