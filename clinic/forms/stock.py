"""Products and lots."""

from django import forms

from clinic.forms.base import LimitedForm, SettingsForm, typed_field
from clinic.models import Lot, Product
from clinic.used import NAMED, is_lot_used, is_product_used


class ProductForm(LimitedForm):
    """A product; the limits are those of a numbing cream's label."""

    rows = (
        ("name", "kind"),
        ("agent", "strength"),
        ("min_minutes", "max_minutes"),
        ("max_grams", "max_area_cm2"),
        ("needle_count", "needle_mm"),
        ("is_sterile", "is_cosmetic"),
        ("needs_prescriber",),
        ("source",),
        ("is_active",),
    )
    beside = {
        "product_minutes_are_in_order": "max_minutes",
        "numbing_creams_and_only_they_name_their_agent": "agent",
        "needles_are_1_to_540": "needle_count",
        "needles_are_0_10_to_0_35_mm_thick": "needle_mm",
    }

    class Meta:
        model = Product
        fields = [
            "name",
            "kind",
            "agent",
            "strength",
            "min_minutes",
            "max_minutes",
            "max_grams",
            "max_area_cm2",
            "needle_count",
            "needle_mm",
            "is_sterile",
            "is_cosmetic",
            "needs_prescriber",
            "source",
            "is_active",
        ]
        formfield_callback = typed_field
        error_messages = {"name": {"unique": "A product of that name is already there."}}
        help_texts = {
            "agent": "For numbing creams only.",
            "is_sterile": "For gels and creams on needled skin.",
            "is_cosmetic": "The record then asks why it is used.",
            "needs_prescriber": "Numbing creams: the record then asks who prescribed it.",
            "min_minutes": "Numbing creams: minutes before needling may start.",
            "source": "Where these limits come from.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and is_product_used(self.instance):
            for name in NAMED:
                self.fields[name].disabled = True
            self.fields["name"].help_text = (
                "Records name this product, so its name, kind, agent and strength stay. "
                "For another one make a new product, and switch this one off below."
            )

    def clean(self):
        """A numbing cream that is in use has its times; without them nobody is warned."""
        data = super().clean()
        if data.get("kind") == Product.Kind.NUMBING and data.get("is_active"):
            for name in ("min_minutes", "max_minutes"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, "A numbing cream in use needs this time from its label.")
        return data


class LotForm(SettingsForm):
    """A batch of one product at one location."""

    rows = (("product", "location"), ("number", "expires_on"), ("received",), ("is_active",))
    beside = {
        "lot_number_is_unique_for_its_product_and_location": "number",
        "a_recalled_lot_is_out_of_use_and_says_why": "is_active",
    }

    class Meta:
        model = Lot
        fields = ["product", "location", "number", "expires_on", "received", "is_active"]
        formfield_callback = typed_field
        labels = {"expires_on": "Use by"}
        help_texts = {
            "received": "Empty: it is not counted.",
            "expires_on": "The last day on which it may be used, such as 31 Dec 2027.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].strip = True
        if self.instance.pk and is_lot_used(self.instance):
            for name in ("product", "location", "number"):
                self.fields[name].disabled = True
            self.fields["number"].help_text = "This lot stands in records, which keep its number and product."

    def clean_number(self):
        """Lot numbers hold no spaces at the ends and no line breaks."""
        number = " ".join(self.cleaned_data["number"].split())
        if not number:
            raise forms.ValidationError("Write the number printed on the box.", code="required")
        return number
