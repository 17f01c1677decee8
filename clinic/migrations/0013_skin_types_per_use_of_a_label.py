"""The indications on a device's label may name skin types of their own: their table gets two columns."""

import django.db.models.deletion
from django.db import migrations, models

SKIN_TYPES = [(1, "I"), (2, "II"), (3, "III"), (4, "IV"), (5, "V"), (6, "VI")]
KNOWN = [  # the table is there already, as that of the many-to-many field
    migrations.CreateModel(
        name="DeviceLabelUse",
        fields=[
            (
                "id",
                models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
            ),
            (
                "device",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="label_uses",
                    to="clinic.device",
                ),
            ),
            (
                "indication",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.indication"
                ),
            ),
        ],
        options={
            "verbose_name": "use on a label",
            "verbose_name_plural": "uses on labels",
            "db_table": "clinic_device_label_indications",
            "ordering": ["device", "indication"],
            "unique_together": {("device", "indication")},
        },
    ),
    migrations.AlterField(
        model_name="device",
        name="label_indications",
        field=models.ManyToManyField(
            blank=True,
            related_name="+",
            through="clinic.DeviceLabelUse",
            to="clinic.indication",
            verbose_name="indications on its label",
        ),
    ),
]


def skin_type(name: str, words: str) -> migrations.AddField:
    """One end of the skin types."""
    field = models.PositiveSmallIntegerField(blank=True, choices=SKIN_TYPES, null=True, verbose_name=words)
    return migrations.AddField(model_name="devicelabeluse", name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [("clinic", "0012_sent_messages_may_follow_their_patient")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=KNOWN),
        skin_type("phototype_from", "skin types for this use from"),
        skin_type("phototype_to", "skin types for this use to"),
        migrations.AddConstraint(
            model_name="devicelabeluse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phototype_from", None), ("phototype_to", None)),
                    models.Q(
                        ("phototype_from__gte", 1),
                        ("phototype_from__isnull", False),
                        ("phototype_to__gte", models.F("phototype_from")),
                        ("phototype_to__isnull", False),
                        ("phototype_to__lte", 6),
                    ),
                    _connector="OR",
                ),
                name="skin_types_of_a_use_are_in_order",
                violation_error_message="Give both skin types, the lighter first.",
            ),
        ),
    ]
