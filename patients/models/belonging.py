"""Triggers of what belongs to a patient: it changes its file only with a recorded merge, or its undo."""

import pgtrigger

MOVED = """
    IF NEW.patient_id = OLD.patient_id THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM patients_patientmerge merge
        WHERE (merge.moved -> TG_TABLE_NAME::text) @> to_jsonb(OLD.id)
        AND (
            (merge.undone_at IS NULL AND (merge.merged_id, merge.kept_id) = (OLD.patient_id, NEW.patient_id))
            OR (merge.undone_at IS NOT NULL
                AND (merge.kept_id, merge.merged_id) = (OLD.patient_id, NEW.patient_id))
        )
    ) THEN
        RAISE EXCEPTION 'a row changes its patient only in a merge of two files';
    END IF;
    RETURN NEW;
"""

# The lock waits for a merge under way, and reads what it wrote.
TAKES_NOTHING = """
    IF (SELECT merged_into_id FROM patients_patient WHERE id = NEW.patient_id FOR KEY SHARE) IS NOT NULL THEN
        RAISE EXCEPTION 'a file that was merged takes nothing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_merged_file_takes_nothing';
    END IF;
    RETURN NEW;
"""


def belongs_to_a_patient(what: str) -> list[pgtrigger.Trigger]:
    """The two triggers of a table with a `patient`; `what` are its rows, for the names."""
    return [
        pgtrigger.Trigger(
            name=f"{what}_keeps_its_patient",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange("patient"),
            func=MOVED,
        ),
        pgtrigger.Trigger(
            name=f"{what}_joins_no_merged_file",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=TAKES_NOTHING,
        ),
    ]
