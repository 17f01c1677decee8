"""Commands of consent: record that a text was signed, record that it was withdrawn."""

import datetime as dt
import re

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from clinic import clock
from clinic.constraints import check_values, in_words, sentences_of
from clinic.models import Indication, User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.gates import current_text, newest_consent
from patients.models import Consent, ConsentText, Patient, PatientLink

SIGNATURE_MOST = 60000  # characters of SVG path data
SIGNATURE_LEAST = 20  # width and height together, of a box of 400 by 140: less is a dot
_POINT = r"\d{1,3}(?:\.\d)? \d{1,3}(?:\.\d)?"
_SIGNATURE = re.compile(rf"(?:M{_POINT}(?:L{_POINT})+)+")


def record_consent(
    patient: Patient,
    *,
    text: ConsentText,
    method: str,
    signature: str = "",
    by: User,
    at: dt.datetime | None = None,
) -> Consent:
    """Record that the patient signed one text, on the screen (path data) or on paper, witnessed by `by`.

    Raises Refusal: the role (on the screen: practitioners only), a text that is not approved or not the
    newest, no signature, signed already.
    """
    if not may(by, "consent_create"):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
    if method not in Consent.Method.values:
        raise Refusal("unknown_method", "Choose how it is signed.", field="method")
    if method == Consent.Method.DRAWN:
        _refuse_drawn(by, signature)
    elif signature:
        raise Refusal("signature_not_wanted", "A paper consent has no drawn signature.", field="signature")
    return _record(patient, text, method, signature, by, at or clock.now())


@in_words(sentences_of(Consent))
def _record(patient, text, method, signature, by, at) -> Consent:
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    newest = current_text(text.indication, text.language)
    if newest is None or newest.pk != text.pk:
        raise Refusal(
            "text_not_current", "This is not the approved text of today.", "Open the form again.", stale=True
        )
    last = newest_consent(patient, text.indication)
    if last and last.text_id == text.pk and last.withdrawn_at is None:
        raise Refusal("already_signed", "This text is already signed.", "Open the consent.", stale=True)
    consent = Consent(
        patient=patient,
        indication=text.indication,
        text=text,
        method=method,
        signature=signature,
        signed_at=at,
        witnessed_by=by,
    )
    check_values(consent)
    consent.save()
    return consent


def withdraw_consent(consent: Consent, *, by: User, at: dt.datetime | None = None) -> Consent:
    """Record that the patient takes the consent back; the row itself stays, the course of it is stopped.

    Raises Refusal: not a practitioner, withdrawn already, a newer consent that counts instead.
    """
    if not _is_practitioner(by):
        raise Refusal("role", "Only a practitioner records this.", "Ask a practitioner.")
    return _withdraw(consent, by, at or clock.now())


def withdraw_own_consent(consent: Consent, *, link: PatientLink, at: dt.datetime | None = None) -> Consent:
    """The patient takes the own consent back behind a link to the own page; what follows is the same.

    Raises Refusal in the patient's words: not theirs or another kind of link, withdrawn already, a newer one.
    """
    if link.purpose != PatientLink.Purpose.PLAN or consent.patient_id != link.patient_id:
        raise Refusal("own_no_consent", _("This consent is not here."), _("Please call us."), stale=True)
    try:
        return _withdraw(consent, None, at or clock.now())
    except Refusal as refusal:
        if refusal.code not in ("already_withdrawn", "newer_consent"):
            raise
        already = refusal.code == "already_withdrawn"
        told = _("You took this consent back already.") if already else _("You signed a newer consent since.")
        raise Refusal(refusal.code, told, _("Please call us."), stale=True) from None


def own_consents(patient: Patient) -> list[Consent]:
    """The consents that stand, the newest of each reason, for the patient's own page."""
    rows = Consent.objects.filter(patient=patient).select_related("indication", "text", "patient__location")
    newest = {row.indication_id: row for row in rows.order_by("signed_at", "pk")}
    return [row for row in newest.values() if row.withdrawn_at is None]


@in_words(sentences_of(Consent))
def _withdraw(consent, by, at) -> Consent:
    with import_string(settings.COURSES_FOLLOW)(consent.patient_id, by=by, at=at):
        return _write_withdrawal(consent.pk, at)


def _write_withdrawal(pk: int, at) -> Consent:
    consent = Consent.objects.select_related("patient", "indication").get(pk=pk)
    if consent.withdrawn_at:
        raise Refusal("already_withdrawn", "This consent was already withdrawn.", stale=True)
    if not is_newest(consent):
        raise Refusal("newer_consent", "A newer consent counts instead.", "Open the newer one.", stale=True)
    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at"])
    return consent


def is_newest(consent: Consent) -> bool:
    """Whether this consent counts for its indication, or counted until it was withdrawn."""
    newest = newest_consent(consent.patient, consent.indication)
    return newest is not None and newest.pk == consent.pk


def current_consent(patient: Patient, indication: Indication) -> Consent | None:
    """The consent that counts today: to the newest approved text of its language, not withdrawn."""
    consent = newest_consent(patient, indication)
    if consent is None or consent.withdrawn_at:
        return None
    newest = current_text(indication, consent.text.language)
    return consent if newest and newest.pk == consent.text_id else None


def _refuse_drawn(by: User, signature: str) -> None:
    if not _is_practitioner(by):
        raise Refusal(
            "role",
            "A practitioner takes a signature on the screen.",
            "Record a paper consent, or ask a practitioner.",
            field="method",
        )
    if not signature:
        raise Refusal("signature_missing", "Ask the patient to sign in the box.", field="signature")
    if len(signature) > SIGNATURE_MOST or not _SIGNATURE.fullmatch(signature):
        raise Refusal("signature_unreadable", "Clear the box and sign again.", field="signature")
    if _extent(signature) < SIGNATURE_LEAST:
        raise Refusal(
            "signature_missing", "This is a dot. Ask the patient to sign in the box.", field="signature"
        )


def _extent(signature: str) -> float:
    """How far the drawing reaches, across and down together."""
    points = [tuple(map(float, point.split())) for point in re.findall(_POINT, signature)]
    across, down = zip(*points, strict=True)
    return max(across) - min(across) + max(down) - min(down)


def _is_practitioner(user: User) -> bool:
    practitioner = getattr(user, "practitioner", None)
    return bool(may(user, "consent_create") and practitioner and practitioner.is_active)
