"""Every table that names a patient is either moved in a merge of two files or known to stay."""

from django.apps import apps

from patients.models import Patient
from planner.queries.merging import TABLES

STAYS = {
    "Patient",  # says itself into which file it was merged
    "PairNote",  # why there is a merge
    "PatientMerge",
    "FoundPair",  # found anew each night
    "UnfinishedScreening",  # ended by the merge
    "AppointmentArea",  # goes along with its visit
    "PhotoReason",  # who looked when, at the file as it was then
}


def test_a_merge_knows_every_table_that_names_a_patient():
    named = {
        model.__name__
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Patient
    }
    # A message names its patient by number: it outlives what it was about.
    assert {model.__name__ for model in TABLES} == (named - STAYS) | {"OutboxMessage"}
