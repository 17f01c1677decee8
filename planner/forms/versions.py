"""Protocols and consent texts: drafts are changed in place, after an approved version comes a new draft."""

from django import forms

from clinic.forms.base import SettingsForm, typed_field
from clinic.refusals import Refusal
from patients.models import ConsentText
from planner import versions
from planner.models import Protocol


class VersionForm(SettingsForm):
    """One version; `family` names what stays the same over all versions."""

    family: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # An unsaved copy of an approved version belongs to its family as well.
        if getattr(self.instance, f"{self.family[0]}_id"):
            for name in self.family:
                self.fields[name].disabled = True

    def clean(self):
        """Refuse a second draft before anything is saved."""
        data = super().clean()
        if self.instance.pk is None and not self.errors:
            draft = self._meta.model(**{name: data[name] for name in self.family})
            try:
                versions.check_no_draft(draft, self.family)
            except Refusal as refusal:
                self.add_error(self.family[0], str(refusal))
        return data

    def save(self, commit=True):
        """Save through the command that knows versions."""
        try:
            self.instance = versions.save_version(self.instance, self.family)
        except Refusal as refusal:
            raise Refusal(refusal.code, refusal.sentence, refusal.next_step, field=self.family[0]) from None
        return self.instance


class ProtocolForm(VersionForm):
    """A template of a course."""

    family = ("indication",)
    rows = (
        ("indication",),
        ("sessions_min", "sessions_target", "sessions_max"),
        ("gap_min_days", "gap_target_days", "gap_max_days"),
        ("first_area_minutes", "further_area_minutes", "most_minutes"),
        ("numbing_minutes", "review_after_days"),
        ("source",),
    )
    beside = {
        "protocol_sessions_are_in_order": "sessions_target",
        "protocol_gaps_are_in_order_and_at_least_28_days": "gap_target_days",
        "protocol_minutes_are_plausible": "most_minutes",
    }

    class Meta:
        model = Protocol
        fields = [
            "indication",
            "sessions_min",
            "sessions_target",
            "sessions_max",
            "gap_min_days",
            "gap_target_days",
            "gap_max_days",
            "first_area_minutes",
            "further_area_minutes",
            "most_minutes",
            "numbing_minutes",
            "review_after_days",
            "source",
        ]
        formfield_callback = typed_field
        help_texts = {"source": "Where these numbers come from."}


class ConsentTextForm(VersionForm):
    """What a patient agrees to, in one language."""

    family = ("indication", "language")
    rows = (("indication", "language"), ("body",))

    class Meta:
        model = ConsentText
        fields = ["indication", "language", "body"]
        formfield_callback = typed_field
        widgets = {"body": forms.Textarea(attrs={"rows": 24})}
        labels = {"body": "Text"}
        help_texts = {
            "body": "An empty line separates paragraphs; the first line of each is its heading. "
            "Write short, plain sentences."
        }
