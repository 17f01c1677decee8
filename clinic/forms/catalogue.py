"""Indications and treatment areas."""

from clinic.forms.base import LimitedForm, SettingsForm, typed_field
from clinic.models import Indication, TreatmentArea


class IndicationForm(SettingsForm):
    """A reason for a course."""

    rows = (("name", "name_es"), ("code",), ("source",), ("is_active",))

    class Meta:
        model = Indication
        fields = ["name", "name_es", "code", "source", "is_active"]
        formfield_callback = typed_field
        error_messages = {"code": {"unique": "Another indication has this code."}}
        help_texts = {
            "code": "Letters, digits, - and _. It stays once it is in use.",
            "name_es": "For patients who read Spanish.",
            "source": "Where the reason is described.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = bool(self.instance.pk)


class AreaForm(LimitedForm):
    """A place on the body with its depth limits."""

    rows = (
        ("name", "name_es"),
        ("code", "region", "position"),
        ("start_mm", "warn_mm"),
        ("source", "confidence"),
        ("is_active",),
    )
    beside = {"area_depths_are_between_0_10_and_3_mm_and_in_order": "warn_mm"}

    class Meta:
        model = TreatmentArea
        fields = [
            "name",
            "name_es",
            "code",
            "region",
            "position",
            "start_mm",
            "warn_mm",
            "source",
            "confidence",
            "is_active",
        ]
        formfield_callback = typed_field
        error_messages = {"code": {"unique": "Another area has this code."}}
        help_texts = {
            "code": "Letters, digits, - and _. It stays once it is in use.",
            "name_es": "For patients who read Spanish.",
            "region": "Decides which aftercare advice is printed.",
            "position": "Smaller numbers come first in lists.",
            "source": "Where these depths come from.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = bool(self.instance.pk)
