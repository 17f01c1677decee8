"""Limits that guard a patient: a manager tightens them, a practitioner approves what loosens."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from clinic.models.approved import Approved, approval_names_who_and_when, frozen_once_approved
from clinic.models.catalogue import TreatmentArea
from clinic.models.people import User
from clinic.models.places import Device
from clinic.models.stock import Product

SUBJECTS = {"product": Product, "area": TreatmentArea, "device": Device}


class LimitChange(Approved):
    """Values of one product, area or device that wait for a practitioner; the row keeps its own until then.

    `values` are the fields that change, as JSON. A first change is that of a new row: it stays out of use.
    """

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True, related_name="limit_changes"
    )
    area = models.ForeignKey(
        TreatmentArea, on_delete=models.CASCADE, null=True, blank=True, related_name="limit_changes"
    )
    device = models.ForeignKey(
        Device, on_delete=models.CASCADE, null=True, blank=True, related_name="limit_changes"
    )
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    is_first = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        ordering = ["proposed_at"]
        verbose_name = "change of its limits"
        verbose_name_plural = "changes of its limits"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(product__isnull=False, area=None, device=None)
                | models.Q(product=None, area__isnull=False, device=None)
                | models.Q(product=None, area=None, device__isnull=False),
                name="limits_are_those_of_one_thing",
            ),
            approval_names_who_and_when("approval_of_limits_names_who_and_when"),
            *(
                models.UniqueConstraint(
                    fields=[name],
                    condition=models.Q(approved_at=None),
                    name=f"one_change_of_an_{name}_waits"
                    if name == "area"
                    else f"one_change_of_a_{name}_waits",
                )
                for name in SUBJECTS
            ),
        ]
        triggers = [frozen_once_approved("approved_limits_stay")]

    def __str__(self):
        return f"{self.subject}: limits"

    @property
    def subject(self) -> Product | TreatmentArea | Device:
        """What the limits are those of."""
        return self.product or self.area or self.device
