"""Two people merge, or write, at the same moment."""

import threading

import pytest
from django.db import connections, transaction

from clinic.refusals import Refusal
from patients import links
from patients.models import Patient, PatientMerge
from planner.merging import merge_patients, undo_merge
from tests.planner import making
from tests.planner.making import NOW
from tests.planner.merges import REASON, held, merge_two
from tests.refusing import at_once, waits_for_us

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(site, rosa):
    """A screened patient and a second file."""
    return making.make_patient(rosa), making.make_patient(rosa)


def merging(kept, merged, by):
    how = {"details": {}, "versions": (1, 1), "reason": REASON, "by": by, "at": NOW}
    return lambda: merge_patients(kept, merged, **how)


def test_two_who_merge_at_once_merge_once(two, mona, priya):
    kept, merged = two
    told = at_once(merging(kept, merged, mona), merging(kept, merged, priya))
    assert told[0] == told[1] == PatientMerge.objects.get()


def test_two_who_merge_each_into_the_other_leave_one_file(two, mona, priya):
    one, other = two
    told = at_once(merging(one, other, mona), merging(other, one, priya))
    assert sorted(type(one).__name__ for one in told) == ["PatientMerge", "Refusal"]
    assert next(one.code for one in told if isinstance(one, Refusal)) == "merged_already"
    assert Patient.objects.filter(merged_into=None).count() == 1


def test_what_is_written_while_a_merge_runs_is_in_the_kept_file_or_refused(two, mona, rosa):
    kept, merged = two
    told = at_once(merging(kept, merged, mona), lambda: links.create_link(merged, purpose="plan", by=rosa))
    assert isinstance(told[0], PatientMerge)
    assert held(merged) == {}
    assert isinstance(told[1], Refusal) or held(kept)["patients_patientlink"] == [told[1].pk]


def test_two_who_take_a_merge_back_at_once_do_so_once(two, mona, priya):
    done = merge_two(*two, by=mona)
    told = at_once(lambda: undo_merge(done, by=mona, at=NOW), lambda: undo_merge(done, by=priya, at=NOW))
    assert told[0].undone_by == told[1].undone_by
    assert Patient.objects.filter(merged_into=None).count() == 2


def test_what_joins_a_file_waits_until_its_merge_is_over(two, mona, rosa):
    kept, merged = two
    told, thread = [], threading.Thread(target=lambda: told.append(_written(merged, rosa)))
    with transaction.atomic():
        merging(kept, merged, mona)()
        thread.start()
        assert waits_for_us(lambda: bool(told))
    thread.join()
    assert isinstance(told[0], Refusal) and held(merged) == {}


def _written(patient, by):
    """What comes of a link that is made for a patient."""
    try:
        return links.create_link(patient, purpose="plan", by=by)
    except Refusal as refusal:
        return refusal
    finally:
        connections.close_all()
