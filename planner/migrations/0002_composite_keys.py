"""Children belong to the same patient (and day and state) as their parent: foreign keys over several columns."""

from django.db import migrations

KEYS = [
    # child, its columns, parent, the parent's columns, what follows an update of the parent
    (
        "planner_appointmentarea",
        'appointment_id, patient_id, "on", next_earliest_on, status',
        "planner_appointment",
        'id, patient_id, "on", next_earliest_on, status',
        "ON UPDATE CASCADE",
    ),
    ("planner_appointment", "course_id, patient_id", "planner_treatmentcourse", "id, patient_id", ""),
    ("planner_treatmentcourse", "screening_id, patient_id", "patients_screening", "id, patient_id", ""),
    ("planner_treatmentsession", "appointment_id, patient_id", "planner_appointment", "id, patient_id", ""),
    ("planner_treatmentsession", "screening_id, patient_id", "patients_screening", "id, patient_id", ""),
    ("planner_treatmentsession", "consent_id, patient_id", "patients_consent", "id, patient_id", ""),
    ("planner_aftercaresheet", "session_id, patient_id", "planner_treatmentsession", "id, patient_id", ""),
]


def key(child: str, columns: str, parent: str, target: str, rule: str) -> migrations.RunSQL:
    """One composite foreign key, named after what it ties together."""
    name = f"{child.removeprefix('planner_')}_{columns.split('_id')[0]}_same_patient"
    return migrations.RunSQL(
        f"ALTER TABLE {child} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {parent} ({target}) {rule}",
        f"ALTER TABLE {child} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("planner", "0001_initial")]
    operations = [key(*columns) for columns in KEYS]
