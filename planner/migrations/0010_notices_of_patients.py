"""What patients tell on their own pages; a change without a person is the patient's."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

KEYS = [
    ("link_id", "patients_patientlink", "patientnotice_link_same_patient"),
    ("appointment_id", "planner_appointment", "patientnotice_appointment_same_patient"),
]


def key(column: str, parent: str, name: str) -> migrations.RunSQL:
    """One composite foreign key: a notice, its link and its visit belong to one patient."""
    return migrations.RunSQL(
        f"ALTER TABLE planner_patientnotice ADD CONSTRAINT {name} FOREIGN KEY ({column}, patient_id) "
        f"REFERENCES {parent} (id, patient_id)",
        f"ALTER TABLE planner_patientnotice DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0006_recall_and_needles"),
        ("patients", "0006_phone_same_patient"),
        ("planner", "0009_change_of_a_course"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PatientNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("move", "Asks for another date"),
                            ("cancelled", "Cancelled a visit"),
                            ("problem", "Reports a problem"),
                        ],
                        max_length=9,
                    ),
                ),
                ("key", models.UUIDField(help_text="The same page sent twice tells it once", unique=True)),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("now", "emergency"),
                            ("today", "same day"),
                            ("soon", "in 1 to 2 days"),
                            ("next", "by the next visit"),
                            ("unlisted", "read it today"),
                        ],
                        max_length=8,
                    ),
                ),
                ("signs", models.JSONField(default=list)),
                ("words", models.TextField(blank=True, max_length=500)),
                ("told", models.JSONField(default=list)),
                (
                    "about_start",
                    models.DateTimeField(help_text="When the visit was, as the patient saw it", null=True),
                ),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("done_note", models.CharField(blank=True, max_length=300, verbose_name="what was done")),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="coursechange",
            name="a_change_taken_back_names_who_and_when",
        ),
        migrations.AlterField(
            model_name="appointmentevent",
            name="by",
            field=models.ForeignKey(
                help_text="Empty: the patient",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="coursechange",
            name="by",
            field=models.ForeignKey(
                help_text="Empty: the patient",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="coursechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at", None), ("undone_by", None)),
                    models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                    models.Q(("by", None), ("undone_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_change_taken_back_names_who_and_when",
            ),
        ),
        migrations.AddField(
            model_name="patientnotice",
            name="appointment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="planner.appointment",
            ),
        ),
        migrations.AddField(
            model_name="patientnotice",
            name="change",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="planner.coursechange",
            ),
        ),
        migrations.AddField(
            model_name="patientnotice",
            name="done_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="patientnotice",
            name="link",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patientlink"
            ),
        ),
        migrations.AddField(
            model_name="patientnotice",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinic.location"
            ),
        ),
        migrations.AddField(
            model_name="patientnotice",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="patients.patient"
            ),
        ),
        migrations.AddIndex(
            model_name="patientnotice",
            index=models.Index(
                condition=models.Q(("done_at", None), ("withdrawn_at", None)),
                fields=["location", "at"],
                name="notices_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="patientnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "problem"),
                        ("urgency__in", ["now", "today", "soon", "next", "unlisted"]),
                        ("withdrawn_at", None),
                    ),
                    models.Q(
                        ("about_start__isnull", False),
                        ("appointment__isnull", False),
                        ("kind__in", ["move", "cancelled"]),
                        ("urgency", ""),
                    ),
                    _connector="OR",
                ),
                name="a_problem_has_its_urgency_and_the_rest_their_visit",
            ),
        ),
        migrations.AddConstraint(
            model_name="patientnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("done_by", None)),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_notice_dealt_with_names_who_and_when",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="patient_notice_is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="62387031ea333ec9e61a3e5d6c47e99d93ec04d7",
                    operation="DELETE",
                    pgid="pgtrigger_patient_notice_is_never_deleted_e33d6",
                    table="planner_patientnotice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="patient_notice_changes_only_by_its_end",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."about_start" IS DISTINCT FROM (NEW."about_start") OR OLD."appointment_id" IS DISTINCT FROM (NEW."appointment_id") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."change_id" IS DISTINCT FROM (NEW."change_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."link_id" IS DISTINCT FROM (NEW."link_id") OR OLD."location_id" IS DISTINCT FROM (NEW."location_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."signs" IS DISTINCT FROM (NEW."signs") OR OLD."told" IS DISTINCT FROM (NEW."told") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency") OR OLD."words" IS DISTINCT FROM (NEW."words"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="65ddaa7f8a314a68f1a8f8d6edfce2ca24d8678a",
                    operation="UPDATE",
                    pgid="pgtrigger_patient_notice_changes_only_by_its_end_82a39",
                    table="planner_patientnotice",
                    when="BEFORE",
                ),
            ),
        ),
        *(key(*columns) for columns in KEYS),
    ]
