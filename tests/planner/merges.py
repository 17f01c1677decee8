"""Merging two files in a test, and what they hold."""

from planner.merging import merge_patients
from planner.queries.merging import chosen_details, keys_of
from tests.planner.making import NOW

REASON = "She came with her passport; both names are hers."


def merge_two(kept, merged, *, by, at=NOW, **picks):
    """Merge as the page does that was just opened."""
    for one in (kept, merged):
        one.refresh_from_db()
    details = chosen_details(kept, merged, picks)
    versions = (kept.version, merged.version)
    return merge_patients(kept, merged, details=details, versions=versions, reason=REASON, by=by, at=at)


def held(patient):
    """The keys of every row of a patient, by table; tables without any are left out."""
    return {table: keys for table, keys in keys_of(patient.pk).items() if keys}
