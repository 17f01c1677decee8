import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

KEYS = [  # child, its column, parent: all three rows are of one patient
    ("photo", "appointment", "appointment"),
    ("coursereview", "appointment", "appointment"),
    ("appointment", "reviewed", "treatmentcourse"),
]


def of_one_patient(child: str, column: str, parent: str) -> migrations.RunSQL:
    """A foreign key over two columns."""
    name = f"{child}_{column}_same_patient"
    return migrations.RunSQL(
        f"ALTER TABLE planner_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}_id, patient_id) "
        f"REFERENCES planner_{parent} (id, patient_id)",
        f"ALTER TABLE planner_{child} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("planner", "0026_photos_and_reviews_know_their_visit")]

    operations = [
        migrations.AlterField(
            model_name="photo",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="planner.appointment"
            ),
        ),
        migrations.RemoveField(
            model_name="photo",
            name="session",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="photo",
            trigger=pgtrigger.compiler.Trigger(
                name="photo_stays_with_its_visit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."appointment_id" IS DISTINCT FROM (NEW."appointment_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."moment" IS DISTINCT FROM (NEW."moment") OR OLD."view" IS DISTINCT FROM (NEW."view") OR OLD."taken_at" IS DISTINCT FROM (NEW."taken_at") OR OLD."taken_by_id" IS DISTINCT FROM (NEW."taken_by_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="1aeee079eb915534fe0d365f119529d6fcf7655e",
                    operation="UPDATE",
                    pgid="pgtrigger_photo_stays_with_its_visit_d93e9",
                    table="planner_photo",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "review"), ("reviewed__isnull", False)),
                    models.Q(models.Q(("kind", "review"), _negated=True), ("reviewed", None)),
                    _connector="OR",
                ),
                name="a_review_and_only_a_review_looks_back_on_a_course",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("booked", "arrived"))),
                fields=("reviewed",),
                name="a_course_has_one_review_ahead",
                violation_error_message="The review of this course is already booked.",
            ),
        ),
        *(of_one_patient(*key) for key in KEYS),
    ]
