"""Phone hours as times instead of a sentence, so that every patient reads them in their own language."""

import datetime as dt
import re

from django.db import migrations, models

DAYS = ("phone", "phone_saturday", "phone_sunday")
TIMES = re.compile(r"(\d{1,2}):(\d{2})\D+(\d{1,2}):(\d{2})")


def times_of(sentence):
    """The first two times of a sentence, or none."""
    found = TIMES.search(sentence)
    if not found:
        return None
    hours = [int(part) for part in found.groups()]
    if hours[0] > 23 or hours[2] > 23 or hours[1] > 59 or hours[3] > 59 or hours[:2] >= hours[2:]:
        return None
    return dt.time(*hours[:2]), dt.time(*hours[2:])


def take_over(apps, schema_editor):
    """`Every day, 08:00 to 20:00` becomes times; of other sentences the times stand from Monday to Friday."""
    for place in apps.get_model("clinic", "Location").objects.all():
        if times := times_of(place.phone_hours):
            daily = re.search(r"every ?day|daily|7 days", place.phone_hours, re.IGNORECASE)
            for prefix in DAYS if daily else DAYS[:1]:
                setattr(place, f"{prefix}_from", times[0])
                setattr(place, f"{prefix}_until", times[1])
            place.save()


def said_again(apps, schema_editor):
    """The times of the week as a sentence."""
    for place in apps.get_model("clinic", "Location").objects.exclude(phone_from=None):
        days = "Every day" if place.phone_sunday_from else "Monday to Friday"
        place.phone_hours = f"{days}, {place.phone_from:%H:%M} to {place.phone_until:%H:%M}"
        place.save()


LABELS = ("phone answered Monday to Friday from", "on Saturday from", "on Sunday from")


def whole(prefix):
    """Both ends in order, or neither."""
    first, last = f"{prefix}_from", f"{prefix}_until"
    return models.CheckConstraint(
        condition=models.Q(
            **{f"{last}__gt": models.F(first), f"{first}__isnull": False, f"{last}__isnull": False}
        )
        | models.Q(**{first: None, last: None}),
        name=f"hours_of_the_{prefix}_are_whole",
        violation_error_message="Give both hours, the earlier first, or neither.",
    )


class Migration(migrations.Migration):
    dependencies = [("clinic", "0010_labels_of_devices")]

    operations = [
        *(
            migrations.AddField("location", f"{prefix}_{end}", models.TimeField(label, null=True, blank=True))
            for prefix, name in zip(DAYS, LABELS, strict=True)
            for end, label in (("from", name), ("until", "until"))
        ),
        migrations.AlterField(
            "location", "phone_hours", models.CharField(max_length=60, default="", blank=True)
        ),
        migrations.RunPython(take_over, said_again),
        migrations.RemoveField("location", "phone_hours"),
        *(migrations.AddConstraint("location", whole(prefix)) for prefix in DAYS),
    ]
