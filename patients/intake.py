"""Commands of the profile: register a patient, change the details. The only writers of `Patient`."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from clinic import clock
from clinic.constraints import check_values, in_words, sentences_of
from clinic.models import User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.duplicates import possible_duplicates
from patients.folding import digits, fold
from patients.models import Patient
from patients.models.profile import DETAILS

FIRST_NUMBER = 10000
REGISTERING = 7_105_001  # key of the advisory lock: one registration at a time, so that twins are seen


def register_patient(
    *,
    details: Mapping[str, Any],
    by: User,
    at: dt.datetime | None = None,
    passed_by: Collection[int] | None = (),
) -> Patient:
    """Add a patient at the location of `by` under the next record number.

    `details` are the fields of DETAILS, `passed_by` the keys of the likely duplicates that were shown and are
    somebody else (None: nobody looked). Raises Refusal: the role, a birth date that is not past, anybody else
    on file who may be the same person, a field that does not hold.
    """
    if not may(by, "patient_create"):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
    return _register(dict(details), by, at or clock.now(), passed_by)


@in_words(sentences_of(Patient))
def _register(details: dict, by: User, at: dt.datetime, passed_by: Collection[int] | None) -> Patient:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTERING])
    _refuse_wrong_dates(details, clock.local_date(at, by.location.time_zone))
    found = [] if passed_by is None else possible_duplicates(details)
    if any(one.patient.pk not in passed_by for one in found):
        raise Refusal(
            "possible_duplicate",
            f"{found[0].patient.full_name} ({found[0].patient.record_number}) is already on file: "
            f"{found[0].why}.",
            "Open that patient, or say that this is somebody else.",
        )
    key = _next_key()
    patient = Patient(
        pk=key, record_number=f"NP-{FIRST_NUMBER + key}", location=by.location, created_by=by, created_at=at
    )
    if "contact_by" in details:
        patient.contact_asked_on = clock.local_date(at, by.location.time_zone)
    _write(patient, details)
    patient.save(force_insert=True)
    return patient


def edit_patient(
    patient: Patient, *, details: Mapping[str, Any], version: int, by: User, at: dt.datetime | None = None
) -> Patient:
    """Change some details of a patient as they stood at `version`.

    Raises Refusal: the role, a birth date that is not past, a field that does not hold, or (`stale`) a
    patient whom somebody else changed since; the sentence names what differs.
    """
    if not may(by, "patient_edit"):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
    return _edit(patient, dict(details), version, by, at or clock.now())


@in_words(sentences_of(Patient))
def _edit(patient: Patient, details: dict, version: int, by: User, at: dt.datetime) -> Patient:
    patient = Patient.objects.select_for_update(of=("self",)).select_related("location").get(pk=patient.pk)
    today = clock.local_date(at, patient.location.time_zone)
    _refuse_wrong_dates(details, today)
    if patient.version != version:
        raise Refusal(
            "patient_changed",
            f"Somebody else changed this patient meanwhile{_differing(patient, details)}.",
            "Compare with what is on file now, then save again.",
            stale=True,
        )
    patient.version += 1
    if details.get("contact_by", patient.contact_by) != patient.contact_by:
        patient.contact_asked_on = today
    _write(patient, details)
    patient.save()
    return patient


def differences(patient: Patient, details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value on file of each detail that differs from what was typed."""
    return [
        (str(Patient._meta.get_field(name).verbose_name), _shown(patient, name))
        for name in DETAILS
        if name in details and _plain(getattr(patient, name)) != _plain(details[name])
    ]


def _differing(patient: Patient, details: Mapping[str, Any]) -> str:
    labels = ", ".join(label for label, _ in differences(patient, details))
    return f" ({labels})" if labels else ""


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _shown(patient: Patient, name: str) -> str:
    display = getattr(patient, f"get_{name}_display", None)
    value = display() if display else getattr(patient, name)
    return _plain(value) or "empty"


def _refuse_wrong_dates(details: Mapping[str, Any], today: dt.date) -> None:
    born, talked = details.get("birth_date"), details.get("expectations_on")
    if born and born >= today:
        raise Refusal("birth_date_ahead", "A date of birth lies in the past.", field="birth_date")
    if talked and talked > today:
        raise Refusal("date_ahead", "This day has not come yet.", field="expectations_on")


def _next_key() -> int:
    """Take the key before the row is written: the record number runs with it and is never given twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('patients_patient', 'id'))")
        return cursor.fetchone()[0]


def _write(patient: Patient, details: Mapping[str, Any]) -> None:
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise ValueError(f"not a detail: {sorted(unknown)}")
    rewrite_details(patient, details)
    try:
        check_values(patient)
    except ValidationError as wrong:
        field, sentences = next(iter(wrong.message_dict.items()))
        raise Refusal("invalid_detail", sentences[0], field=field if field in DETAILS else "") from wrong


def rewrite_details(patient: Patient, details: Mapping[str, Any]) -> None:
    """Put details into a patient's row, with what is searched and sorted by; nothing is saved."""
    for name, value in details.items():
        setattr(patient, name, value)
    patient.sort_name = fold(f"{patient.family_name} {patient.given_name}")
    patient.search_text = search_text(patient)


def search_text(patient: Patient) -> str:
    """All that a search may find: names, record number, phone digits as dialled here and from abroad."""
    names = fold(f"{patient.given_name} {patient.family_name} {patient.preferred_name}")
    numbers = {}
    if patient.phone:
        numbers = dict.fromkeys([digits(patient.phone.as_national), digits(patient.phone.as_e164)])
    return " ".join([names, fold(patient.record_number), *numbers, *_taken_over(patient)])


def _taken_over(patient: Patient) -> list[str]:
    """The names and numbers of the files that were merged into this one: it is found by them, too."""
    if patient.joined_at is None:
        return []
    found = Patient.objects.filter(merged_into=patient).order_by("pk")
    return [fold(f"{one.given_name} {one.family_name} {one.record_number}") for one in found]
