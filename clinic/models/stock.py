"""What is used up: products with their limits, lots with their expiry, single cartridges."""

from decimal import Decimal

from django.db import models

from clinic.models.people import User
from clinic.models.places import Location


class Product(models.Model):
    """A product; for numbing creams with the limits of its label (clinical-facts 4.1)."""

    class Kind(models.TextChoices):
        """What it is for."""

        CARTRIDGE = "cartridge", "Needle cartridge"
        NUMBING = "numbing", "Numbing cream"
        GLIDE = "glide", "Glide gel"
        FINISHING = "finishing", "Finishing cream"

    class Agent(models.TextChoices):
        """Active agents that a screening rule may block."""

        LIDOCAINE = "lidocaine", "Lidocaine"
        LIDOCAINE_PRILOCAINE = "lidocaine_prilocaine", "Lidocaine and prilocaine"
        LIDOCAINE_TETRACAINE = "lidocaine_tetracaine", "Lidocaine and tetracaine"
        TETRACAINE = "tetracaine", "Tetracaine"

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    agent = models.CharField("numbing agent", max_length=24, choices=Agent, blank=True)
    strength = models.CharField(max_length=40, blank=True)
    min_minutes = models.PositiveSmallIntegerField("works after (min)", null=True, blank=True)
    max_minutes = models.PositiveSmallIntegerField("off after at most (min)", null=True, blank=True)
    max_grams = models.DecimalField(
        "most per visit (g)", max_digits=5, decimal_places=1, null=True, blank=True
    )
    max_area_cm2 = models.PositiveSmallIntegerField("largest area (cm²)", null=True, blank=True)
    needle_count = models.PositiveSmallIntegerField("needles", null=True, blank=True)
    needle_mm = models.DecimalField(
        "needle thickness (mm)", max_digits=4, decimal_places=2, null=True, blank=True
    )
    needs_prescriber = models.BooleanField(
        "compounded, or sold without a prescription above 4% lidocaine", default=False
    )
    is_cosmetic = models.BooleanField("a cosmetic, or with vitamin C", default=False)
    is_sterile = models.BooleanField("sterile", null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(max_minutes__gte=models.F("min_minutes"))
                | models.Q(min_minutes=None)
                | models.Q(max_minutes=None),
                name="product_minutes_are_in_order",
                violation_error_message="The longest time must not be shorter than the shortest.",
            ),
            models.CheckConstraint(
                condition=(models.Q(kind="numbing") & ~models.Q(agent=""))
                | (~models.Q(kind="numbing") & models.Q(agent="")),
                name="numbing_creams_and_only_they_name_their_agent",
                violation_error_message="Name the agent of a numbing cream, and of nothing else.",
            ),
            models.CheckConstraint(
                condition=models.Q(needle_count=None) | models.Q(needle_count__range=(1, 540)),
                name="needles_are_1_to_540",
                violation_error_message="A cartridge or roller has 1 to 540 needles.",
            ),
            models.CheckConstraint(
                condition=models.Q(needle_mm=None) | models.Q(needle_mm__range=("0.10", "0.35")),
                name="needles_are_0_10_to_0_35_mm_thick",
                violation_error_message="A needle is 0.10 to 0.35 mm thick.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def needles(self) -> str:
        """`14 needles, 0.25 mm thick`, as far as it is known."""
        return needle_words(self.needle_count, self.needle_mm)


def needle_words(count: int | None, thickness: Decimal | None) -> str:
    """Say how many needles there are and how thick, as far as it is known."""
    number = f"{count} needle{'' if count == 1 else 's'}" if count else ""
    thick = f"{thickness:.2f} mm thick" if thickness is not None else ""
    return ", ".join(part for part in (number, thick) if part)


class Lot(models.Model):
    """A batch of one product at one location."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lots")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField("lot number", max_length=40)
    expires_on = models.DateField()
    is_active = models.BooleanField("in stock", default=True)
    received = models.PositiveIntegerField("pieces received", null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recall_reason = models.CharField("why it is recalled", max_length=300, blank=True)

    class Meta:
        ordering = ["expires_on", "number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recalled_at=None, recalled_by=None, recall_reason="")
                | models.Q(
                    recalled_at__isnull=False,
                    recalled_by__isnull=False,
                    recall_reason__regex=r"\S",
                    is_active=False,
                ),
                name="a_recalled_lot_is_out_of_use_and_says_why",
                violation_error_message="A recalled lot stays out of use.",
            ),
            models.UniqueConstraint(
                fields=["product", "location", "number"],
                name="lot_number_is_unique_for_its_product_and_location",
                violation_error_message="This lot is already in stock here.",
            ),
        ]

    def __str__(self):
        return f"{self.product} {self.number}"


class CartridgeUnit(models.Model):
    """One needle cartridge: its maker's serial, or our own running number; used once, for one patient."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="units")
    serial = models.CharField(max_length=40)

    class Meta:
        ordering = ["lot", "serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "serial"],
                name="cartridge_serial_is_unique_in_its_lot",
                violation_error_message="This cartridge is already recorded.",
            )
        ]

    def __str__(self):
        return self.serial
