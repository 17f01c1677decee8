"""Registering a patient and changing the details."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from clinic.refusals import Refusal
from patients import intake
from patients.models import Patient
from tests.patients.conftest import AMARA


def test_register_patient_gives_the_next_number_and_the_search_text(rosa):
    patient = intake.register_patient(details=AMARA | {"family_name": "Đặng"}, by=rosa)
    stored = Patient.objects.get(pk=patient.pk)
    assert stored.record_number == f"NP-{10000 + stored.pk}"
    assert stored.sort_name == "dang amara"
    assert stored.search_text == f"amara dang np-{10000 + stored.pk} 02079460911 442079460911"
    assert (stored.location, stored.created_by, stored.version) == (rosa.location, rosa, 1)


def test_register_patient_refuses_a_wrong_role(otto):
    with pytest.raises(Refusal) as refused:
        intake.register_patient(details=AMARA, by=otto)
    assert refused.value.code == "role"
    assert not Patient.objects.exists()


@pytest.mark.parametrize("days", [0, 1])
def test_register_patient_refuses_a_birth_date_that_is_not_past(rosa, today, days):
    with pytest.raises(Refusal) as refused:
        intake.register_patient(details=AMARA | {"birth_date": today + dt.timedelta(days)}, by=rosa)
    assert (refused.value.code, refused.value.field) == ("birth_date_ahead", "birth_date")


def test_register_patient_refuses_expectations_talked_through_tomorrow(rosa, today):
    with pytest.raises(Refusal) as refused:
        intake.register_patient(details=AMARA | {"expectations_on": today + dt.timedelta(1)}, by=rosa)
    assert (refused.value.code, refused.value.field) == ("date_ahead", "expectations_on")


@pytest.mark.parametrize(
    ("field", "value"),
    [("family_name", ""), ("given_name", "x" * 61), ("phone", "12"), ("email", "no"), ("phototype", 7)],
)
def test_register_patient_refuses_a_detail_that_does_not_hold(rosa, field, value):
    with pytest.raises(Refusal) as refused:
        intake.register_patient(details=AMARA | {field: value}, by=rosa)
    assert (refused.value.code, refused.value.field) == ("invalid_detail", field)


def test_register_patient_refuses_an_unknown_detail(rosa):
    with pytest.raises(ValueError, match="not a detail"):
        intake.register_patient(details=AMARA | {"record_number": "X"}, by=rosa)


def test_register_patient_twice_names_the_one_on_file(rosa, amara):
    with pytest.raises(Refusal) as refused:
        intake.register_patient(details=AMARA, by=rosa)
    assert refused.value.code == "possible_duplicate"
    assert "Amara Osei" in refused.value.sentence
    assert Patient.objects.count() == 1


def test_register_patient_adds_a_known_duplicate(rosa, amara):
    twin = intake.register_patient(details=AMARA, by=rosa, passed_by={amara.pk})
    assert twin.record_number != amara.record_number
    with pytest.raises(Refusal) as refused:  # the same page sent again: the twin itself was not passed by
        intake.register_patient(details=AMARA, by=rosa, passed_by={amara.pk})
    assert refused.value.code == "possible_duplicate"


@pytest.mark.django_db(transaction=True)
def test_register_patient_by_two_at_once_adds_one(transactional_db, rosa):
    def register(_):
        try:
            return intake.register_patient(details=AMARA, by=rosa).record_number
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(register, range(2)))
    assert results.count("possible_duplicate") == 1
    assert Patient.objects.count() == 1


def test_edit_patient_changes_details_and_search_text(rosa, amara):
    changed = intake.edit_patient(amara, details={"family_name": "Mensah", "phone": ""}, version=1, by=rosa)
    stored = Patient.objects.get(pk=amara.pk)
    assert (stored.family_name, stored.version, changed.version) == ("Mensah", 2, 2)
    assert stored.search_text == f"amara mensah {stored.record_number.lower()}"


def test_edit_patient_of_an_older_version_says_what_differs(rosa, amara):
    intake.edit_patient(amara, details={"email": "amara@example.org"}, version=1, by=rosa)
    with pytest.raises(Refusal) as refused:
        intake.edit_patient(amara, details={"email": "osei@example.org", "goals": ""}, version=1, by=rosa)
    assert (refused.value.code, refused.value.stale, refused.value.status) == ("patient_changed", True, 409)
    assert "(email)" in refused.value.sentence
    assert Patient.objects.get(pk=amara.pk).email == "amara@example.org"


def test_edit_patient_refuses_a_wrong_role(otto, amara):
    with pytest.raises(Refusal) as refused:
        intake.edit_patient(amara, details={"email": ""}, version=1, by=otto)
    assert refused.value.code == "role"


@pytest.mark.django_db(transaction=True)
def test_edit_patient_by_two_at_once_keeps_one(transactional_db, rosa, amara):
    def edit(goals):
        try:
            return intake.edit_patient(amara, details={"goals": goals}, version=1, by=rosa).goals
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = set(pool.map(edit, ["one", "two"]))
    kept = Patient.objects.get(pk=amara.pk)
    assert results == {"patient_changed", kept.goals}
    assert kept.version == 2
