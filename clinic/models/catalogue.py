"""Why and where we treat: indications and treatment areas, each number with its source."""

from django.core.validators import MinValueValidator
from django.db import models

from clinic.shipped import arabic


def _translated(row: "Indication | TreatmentArea", language: str) -> str:
    """What the clinic calls it in Spanish; the names of the test language are shipped and by code."""
    return row.name_es if language == "es" else arabic.NAMES.get(row.code, "") if language == "ar" else ""


class Indication(models.Model):
    """A reason for a course, such as acne scars."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_es = models.CharField("name in Spanish", max_length=80, blank=True)
    is_active = models.BooleanField("offered", default=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def name_in(self, language: str) -> str:
        """The name for patients who read this language; the English one where there is no other."""
        return _translated(self, language) or self.name


class TreatmentArea(models.Model):
    """A place on the body with its depth limits in millimetres (clinical-facts 2.3)."""

    class Region(models.TextChoices):
        """Which aftercare variant the area takes (clinical-facts 6.3)."""

        FACE_NECK = "face_neck", "Face and neck"
        BREAST = "breast", "Breast"
        ABDOMEN = "abdomen", "Abdomen"
        HIPS_THIGHS = "hips_thighs", "Hips and thighs"
        TRUNK_LIMBS = "trunk_limbs", "Trunk and limbs"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_es = models.CharField("name in Spanish", max_length=80, blank=True)
    region = models.CharField(max_length=12, choices=Region)
    start_mm = models.DecimalField("usual depth (mm)", max_digits=3, decimal_places=2)
    warn_mm = models.DecimalField("ask for a reason above (mm)", max_digits=3, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0, validators=[MinValueValidator(0)])
    is_active = models.BooleanField("offered", default=True)
    source = models.CharField(max_length=200, blank=True)
    confidence = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start_mm__gte="0.10", warn_mm__lte="3.00")
                & models.Q(start_mm__lte=models.F("warn_mm")),
                name="area_depths_are_between_0_10_and_3_mm_and_in_order",
                violation_error_message="Depths run from 0.10 to 3.00 mm, the usual depth first.",
            )
        ]

    def __str__(self):
        return self.name

    def name_in(self, language: str) -> str:
        """The name for patients who read this language; the English one where there is no other."""
        return _translated(self, language) or self.name
