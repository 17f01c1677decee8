"""Answers by phone, their link and what confirms them belong to one patient."""

from django.db import migrations

KEYS = [
    ("patients_screening", "link_id", "patients_patientlink", "screening_link_same_patient"),
    ("patients_screening", "confirms_id", "patients_screening", "screening_confirms_same_patient"),
    ("patients_questionnaire", "screening_id", "patients_screening", "questionnaire_screening_same_patient"),
]


def key(child: str, column: str, parent: str, name: str) -> migrations.RunSQL:
    """One composite foreign key."""
    return migrations.RunSQL(
        f"ALTER TABLE {child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, patient_id) "
        f"REFERENCES {parent} (id, patient_id)",
        f"ALTER TABLE {child} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("patients", "0005_questions_by_phone")]
    operations = [key(*columns) for columns in KEYS]
